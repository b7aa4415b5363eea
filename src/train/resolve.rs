//! How large each layer is, given the shape that comes in.

use super::check::LARGEST;
use super::network::LayerOp;
use super::spec::{Activation, LayerSpec, Padding};
use crate::error::{Error, Result};
use crate::kernels::{Conv2dShape, Pool2dShape};

/// The layer's type, as specs write it.
pub(super) fn kind(layer: &LayerSpec) -> &'static str {
    match layer {
        LayerSpec::Conv2d { .. } => "conv2d",
        LayerSpec::MaxPool2d { .. } => "max_pool2d",
        LayerSpec::Flatten {} => "flatten",
        LayerSpec::Dense { .. } => "dense",
    }
}

/// The layer being worked out, for its errors.
pub(super) struct Place<'a> {
    pub index: usize,
    pub kind: &'static str,
    /// The shape that comes in.
    pub shape: &'a [usize],
}

impl Place<'_> {
    pub fn name(&self) -> String {
        format!("layer {} ({})", self.index, self.kind)
    }

    pub fn misfit(&self, argument: &str, expected: &str, got: &str) -> Error {
        Error::LayerArgument {
            layer: self.index,
            kind: self.kind.into(),
            argument: argument.into(),
            expected: expected.into(),
            got: got.into(),
        }
    }

    pub fn resolve(&self, layer: &LayerSpec) -> Result<(LayerOp, Activation, Vec<usize>)> {
        match *layer {
            LayerSpec::Conv2d {
                filters,
                kernel,
                stride,
                padding,
                activation,
                ..
            } => {
                let [h, w, c] = self.image()?;
                self.at_least_one("filters", &[filters])?;
                let pad = self.window("kernel", [h, w], kernel, stride, padding)?;
                if activation == Activation::Softmax {
                    return Err(self.misfit("activation", "linear | relu", "softmax"));
                }
                let shape = Conv2dShape {
                    stride: (stride[0], stride[1]),
                    pad,
                    ..Conv2dShape::valid((1, h, w, c), (kernel[0], kernel[1]), filters)
                };
                let out = vec![shape.oh(), shape.ow(), filters];
                Ok((LayerOp::Conv2d(shape), activation, out))
            }
            LayerSpec::MaxPool2d {
                size,
                stride,
                padding,
            } => {
                let [h, w, c] = self.image()?;
                let stride = stride.unwrap_or(size);
                let pad = self.window("size", [h, w], size, stride, padding)?;
                let (size, stride) = ((size[0], size[1]), (stride[0], stride[1]));
                let shape = Pool2dShape {
                    n: 1,
                    h,
                    w,
                    c,
                    size,
                    stride,
                    pad,
                };
                let out = vec![shape.oh(), shape.ow(), c];
                Ok((LayerOp::MaxPool2d(shape), Activation::Linear, out))
            }
            LayerSpec::Flatten {} => {
                let out = vec![self.shape.iter().product()];
                Ok((LayerOp::Flatten, Activation::Linear, out))
            }
            LayerSpec::Dense {
                units, activation, ..
            } => {
                let &[inputs] = self.shape else {
                    return Err(self.input("[features]"));
                };
                self.at_least_one("units", &[units])?;
                Ok((LayerOp::Dense { inputs, units }, activation, vec![units]))
            }
        }
    }

    fn input(&self, expected: &str) -> Error {
        Error::LayerInput {
            layer: self.index,
            kind: self.kind.into(),
            expected: expected.into(),
            got: self.shape.to_vec(),
        }
    }

    fn image(&self) -> Result<[usize; 3]> {
        self.shape
            .try_into()
            .map_err(|_| self.input("[height, width, channels]"))
    }

    fn at_least_one(&self, argument: &str, values: &[usize]) -> Result<()> {
        if values.contains(&0) {
            let got = values
                .iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join(", ");
            return Err(self.misfit(argument, ">= 1", &got));
        }
        Ok(())
    }

    /// Checks a window against the image and gives its padding: top, bottom, left, right.
    fn window(
        &self,
        argument: &str,
        image: [usize; 2],
        window: [usize; 2],
        stride: [usize; 2],
        padding: Padding,
    ) -> Result<[usize; 4]> {
        self.at_least_one(argument, &window)?;
        self.at_least_one("stride", &stride)?;
        let mut pad = [0; 4];
        for axis in 0..2 {
            let (size, window, stride) = (image[axis], window[axis], stride[axis]);
            match padding {
                Padding::Valid if window > size => {
                    return Err(self.input(&format!("{argument} <= input, {window} > {size}")));
                }
                Padding::Valid => {}
                Padding::Same => {
                    if window > LARGEST || stride > LARGEST {
                        return Err(self.misfit(argument, "<= 268435456", &window.to_string()));
                    }
                    let reach = (size.div_ceil(stride) - 1) * stride + window;
                    let rest = reach.saturating_sub(size);
                    pad[2 * axis] = rest / 2;
                    pad[2 * axis + 1] = rest - rest / 2;
                }
            }
        }
        Ok(pad)
    }
}
