//! Convolution along a sequence: that of an image one row high.

use std::rc::Rc;

use super::conv2d::Convolution;
use super::place::Window;
use super::{Activation, Blueprint, Built, Place, Weight};
use crate::error::Result;
use crate::kernels::Conv2dShape;
use crate::layers::Init;
use crate::train::spec::{Fields, Padding};

struct Conv1d {
    filters: usize,
    kernel: usize,
    stride: usize,
    padding: Padding,
    dilation: usize,
    groups: usize,
    activation: Activation,
    use_bias: bool,
    init: Init,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Conv1d {
        filters: fields.required("filters"),
        kernel: fields.required("kernel"),
        stride: fields.or("stride", 1),
        padding: fields.or("padding", Padding::Valid),
        dilation: fields.or("dilation", 1),
        groups: fields.or("groups", 1),
        activation: fields.or("activation", Activation::Linear),
        use_bias: fields.or("use_bias", true),
        init: fields.or("init", Init::default()),
    })
}

impl Blueprint for Conv1d {
    fn build(&self, place: &Place) -> Result<Built> {
        let [steps, c] = place.sequence()?;
        place.channels("filters", self.filters, c, self.groups)?;
        let padding = match self.padding {
            Padding::Causal => {
                let before = self.kernel.saturating_sub(1).saturating_mul(self.dilation);
                Padding::Explicit([0, 0, before, 0])
            }
            Padding::Explicit([before, other, behind, last]) => {
                if before != other || behind != last {
                    let got = format!("{:?}", [before, other, behind, last]);
                    return Err(place.misfit("padding", "1 | 2 sizes", &got));
                }
                Padding::Explicit([0, 0, before, behind])
            }
            named => named,
        };
        let window = Window {
            argument: "kernel",
            size: [1, self.kernel],
            stride: [1, self.stride],
            dilation: [1, self.dilation],
            padding,
        };
        let shape = Conv2dShape {
            stride: (1, self.stride),
            pad: place.window([1, steps], &window)?,
            dilation: (1, self.dilation),
            groups: self.groups,
            ..Conv2dShape::valid((1, 1, steps, c), (1, self.kernel), self.filters)
        };
        let kernel = vec![shape.kw, c / self.groups, shape.o];
        let bias = self.use_bias.then_some(self.filters);
        Ok(Built {
            weights: Weight::kernel_and_bias(kernel, self.init, bias),
            activation: self.activation,
            ..Built::new(
                vec![shape.ow(), shape.o],
                Convolution::new(shape, place.applied(self.activation)),
            )
        })
    }
}
