//! Convolution of each channel by itself, with bias and activation.

use std::rc::Rc;

use super::conv2d::Convolution;
use super::place::Window;
use super::{Activation, Blueprint, Built, Place, Weight};
use crate::error::Result;
use crate::kernels::Conv2dShape;
use crate::layers::Init;
use crate::train::spec::{Fields, Padding};

/// Pairs are down, across.
pub(super) struct DepthwiseConv2d {
    pub kernel: [usize; 2],
    pub stride: [usize; 2],
    pub padding: Padding,
    pub dilation: [usize; 2],
    /// Outputs for each channel.
    pub depth_multiplier: usize,
}

struct WithBias {
    window: DepthwiseConv2d,
    activation: Activation,
    use_bias: bool,
    init: Init,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(WithBias {
        window: DepthwiseConv2d::read(fields),
        activation: fields.or("activation", Activation::Linear),
        use_bias: fields.or("use_bias", true),
        init: fields.or("init", Init::default()),
    })
}

impl DepthwiseConv2d {
    pub fn read(fields: &mut Fields) -> DepthwiseConv2d {
        DepthwiseConv2d {
            kernel: fields.required("kernel"),
            stride: fields.or("stride", [1, 1]),
            padding: fields.or("padding", Padding::Valid),
            dilation: fields.or("dilation", [1, 1]),
            depth_multiplier: fields.or("depth_multiplier", 1),
        }
    }

    /// The convolution with as many groups as channels. Its kernel `[kh][kw][1][c · multiplier]`
    /// lies as Keras's `[kh][kw][c][multiplier]`.
    pub fn shape(&self, place: &Place) -> Result<Conv2dShape> {
        let [h, w, c] = place.image()?;
        place.at_least_one("depth_multiplier", &[self.depth_multiplier])?;
        place.at_most("depth_multiplier", &[self.depth_multiplier], 1 << 14)?;
        let window = Window {
            argument: "kernel",
            size: self.kernel,
            stride: self.stride,
            dilation: self.dilation,
            padding: self.padding,
        };
        let outputs = c * self.depth_multiplier;
        Ok(Conv2dShape {
            stride: self.stride.into(),
            pad: place.window([h, w], &window)?,
            dilation: self.dilation.into(),
            groups: c,
            ..Conv2dShape::valid((1, h, w, c), self.kernel.into(), outputs)
        })
    }

    /// The kernel's shape, as Keras has it.
    pub fn kernel_shape(&self, shape: &Conv2dShape) -> Vec<usize> {
        vec![shape.kh, shape.kw, shape.c, self.depth_multiplier]
    }
}

impl Blueprint for WithBias {
    fn build(&self, place: &Place) -> Result<Built> {
        let shape = self.window.shape(place)?;
        let kernel = self.window.kernel_shape(&shape);
        let bias = self.use_bias.then_some(shape.o);
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
