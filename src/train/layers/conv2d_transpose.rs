//! The transpose of a convolution, which makes images larger, with bias and activation.

use std::rc::Rc;

use super::activation::End;
use super::place::Window;
use super::{Activation, Blueprint, Built, Place, Weight};
use crate::error::Result;
use crate::kernels::{Conv2dShape, bias, conv2d};
use crate::layers::Init;
use crate::train::check::check_size;
use crate::train::spec::{Fields, Padding};
use crate::train::stage::{Backward, Forward, Stage};

/// Pairs are down, across.
struct Conv2dTranspose {
    filters: usize,
    kernel: [usize; 2],
    stride: [usize; 2],
    /// `same` makes the output `stride` times as large as the input.
    padding: Padding,
    activation: Activation,
    use_bias: bool,
    init: Init,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Conv2dTranspose {
        filters: fields.required("filters"),
        kernel: fields.required("kernel"),
        stride: fields.or("stride", [1, 1]),
        padding: fields.or("padding", Padding::Valid),
        activation: fields.or("activation", Activation::Linear),
        use_bias: fields.or("use_bias", true),
        init: fields.or("init", Init::default()),
    })
}

impl Blueprint for Conv2dTranspose {
    /// Keras's sizes: `valid` gives H · stride + max(K − stride, 0) rows.
    fn build(&self, place: &Place) -> Result<Built> {
        let [h, w, c] = place.image()?;
        let (kernel, stride) = (self.kernel, self.stride);
        for (argument, values) in [
            ("filters", &[self.filters][..]),
            ("kernel", &kernel),
            ("stride", &stride),
        ] {
            place.at_least_one(argument, values)?;
            place.at_most(argument, values, 1 << 14)?;
        }
        let mut sizes = [h, w];
        for axis in 0..2 {
            let beyond = kernel[axis].saturating_sub(stride[axis]);
            sizes[axis] = sizes[axis].saturating_mul(stride[axis]);
            match self.padding {
                Padding::Same => {}
                Padding::Valid => sizes[axis] = sizes[axis].saturating_add(beyond),
                _ => return Err(place.misfit("padding", "valid | same", "sizes")),
            }
        }
        check_size(&place.name(), &[sizes[0], sizes[1], self.filters])?;
        // The convolution, from y to x, whose transpose this is.
        let window = Window {
            argument: "kernel",
            size: kernel,
            stride,
            dilation: [1, 1],
            padding: self.padding,
        };
        let shape = Conv2dShape {
            stride: stride.into(),
            pad: place.window(sizes, &window)?,
            ..Conv2dShape::valid((1, sizes[0], sizes[1], self.filters), kernel.into(), c)
        };
        assert_eq!(
            (shape.oh(), shape.ow()),
            (h, w),
            "conv2d_transpose: {shape:?}"
        );
        let weights = vec![kernel[0], kernel[1], self.filters, c];
        let bias = self.use_bias.then_some(self.filters);
        let end = End::new(place.applied(self.activation));
        Ok(Built {
            weights: Weight::kernel_and_bias(weights, self.init, bias),
            activation: self.activation,
            ..Built::new(
                vec![sizes[0], sizes[1], self.filters],
                Transposed { shape, end },
            )
        })
    }
}

/// The stage; `shape` takes its output to its input.
struct Transposed {
    shape: Conv2dShape,
    end: End,
}

impl Stage for Transposed {
    /// What the convolution does to gradients: `y[p + tap] = f(Σ x[p] · kernel[tap] + bias)`
    fn forward(&mut self, pass: Forward<'_>) {
        let shape = Conv2dShape {
            n: pass.n,
            ..self.shape
        };
        let (training, channels) = (pass.training(), shape.c);
        conv2d::backward_input(&shape, pass.inputs.get(0), pass.weights.get(0), pass.y);
        if let Some(bias) = pass.weights.optional(1) {
            bias::add(pass.y.len() / channels, channels, bias, pass.y);
        }
        self.end.forward(channels, training, pass.y);
    }

    /// With dy through f: `dx = dy ∗ kernel`, `dkernel = dy ∗ x`, `db = Σ dy`
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
        self.end.backward(shape.c, y, dy);
        if let Some(mut grads) = grads {
            if let Some(db) = grads.optional(1) {
                bias::backward(dy.len() / shape.c, shape.c, dy, db);
            }
            conv2d::backward_weight(&shape, dy, inputs.get(0), grads.get(0));
        }
        if let Some(dx) = &mut dx[0] {
            conv2d::forward(&shape, dy, weights.get(0), None, dx);
        }
    }
}
