//! Convolution, bias and activation.

use std::rc::Rc;

use super::activation::End;
use super::conv_relu_pool::ConvReluPool;
use super::place::Window;
use super::{Activation, Blueprint, Built, Place, Weight};
use crate::error::Result;
use crate::kernels::{Conv2dShape, conv2d};
use crate::layers::Init;
use crate::train::spec::{Fields, Padding};
use crate::train::stage::{Backward, Forward, Plain, Stage};

/// Pairs are down, across.
pub(super) struct Conv2d {
    filters: usize,
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: Padding,
    dilation: [usize; 2],
    groups: usize,
    activation: Activation,
    use_bias: bool,
    init: Init,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Conv2d {
        filters: fields.required("filters"),
        kernel: fields.required("kernel"),
        stride: fields.or("stride", [1, 1]),
        padding: fields.or("padding", Padding::Valid),
        dilation: fields.or("dilation", [1, 1]),
        groups: fields.or("groups", 1),
        activation: fields.or("activation", Activation::Linear),
        use_bias: fields.or("use_bias", true),
        init: fields.or("init", Init::default()),
    })
}

impl Blueprint for Conv2d {
    fn build(&self, place: &Place) -> Result<Built> {
        let [h, w, c] = place.image()?;
        let groups = self.groups;
        place.channels("filters", self.filters, c, groups)?;
        let window = Window {
            argument: "kernel",
            size: self.kernel,
            stride: self.stride,
            dilation: self.dilation,
            padding: self.padding,
        };
        let shape = Conv2dShape {
            stride: self.stride.into(),
            pad: place.window([h, w], &window)?,
            dilation: self.dilation.into(),
            groups,
            ..Conv2dShape::valid((1, h, w, c), self.kernel.into(), self.filters)
        };
        let kernel = vec![shape.kh, shape.kw, c / groups, shape.o];
        let bias = self.use_bias.then_some(self.filters);
        Ok(Built {
            weights: Weight::kernel_and_bias(kernel, self.init, bias),
            activation: self.activation,
            ..Built::new(
                vec![shape.oh(), shape.ow(), shape.o],
                Convolution::new(shape, place.applied(self.activation)),
            )
        })
    }
}

/// The stage of one sample's convolution; weights are the kernel and, if there is one, the bias.
pub(super) struct Convolution {
    shape: Conv2dShape,
    end: End,
}

impl Convolution {
    pub fn new(shape: Conv2dShape, activation: Activation) -> Convolution {
        let end = End::new(activation);
        Convolution { shape, end }
    }
}

impl Stage for Convolution {
    /// `y = f(x ∗ kernel + bias)`
    fn forward(&mut self, pass: Forward<'_>) {
        let shape = Conv2dShape {
            n: pass.n,
            ..self.shape
        };
        let training = pass.training();
        let (kernel, bias) = (pass.weights.get(0), pass.weights.optional(1));
        conv2d::forward(&shape, pass.inputs.get(0), kernel, bias, pass.y);
        self.end.forward(shape.o, training, pass.y);
    }

    /// With dy through f: `db = Σ dy`, `dkernel = x ∗ dy`, `dx = dy ∗ kernel` turned round.
    fn backward(&mut self, pass: Backward<'_>) {
        let Backward {
            n,
            weights,
            inputs,
            y,
            dy,
            mut dx,
            grads,
            ..
        } = pass;
        let shape = Conv2dShape { n, ..self.shape };
        self.end.backward(shape.o, y, dy);
        if let Some(mut grads) = grads {
            if let Some(db) = grads.optional(1) {
                conv2d::backward_bias(&shape, dy, db);
            }
            conv2d::backward_weight(&shape, inputs.get(0), dy, grads.get(0));
        }
        if let Some(dx) = &mut dx[0] {
            conv2d::backward_input(&shape, dy, weights.get(0), dx);
        }
    }

    fn plain(&self) -> Option<Plain> {
        Some(Plain::Conv2d(self.shape, self.end.curve()))
    }

    fn fuse(&self, next: &dyn Stage) -> Option<Box<dyn Stage>> {
        let relu = self.end.activation == Activation::Relu;
        let pool = next.max_pool2d().filter(|_| relu)?;
        let fused = ConvReluPool::new(&self.shape, pool)?;
        Some(Box::new(fused))
    }
}
