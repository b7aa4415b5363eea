//! Where a layer stands while its sizes are worked out, for its errors.

use super::Activation;
use crate::error::{Error, Result};
use crate::kernels::Pool2dShape;
use crate::train::check::LARGEST;
use crate::train::spec::Padding;

/// The layer being worked out.
pub(in crate::train) struct Place<'a> {
    /// Its name, or its number in a chain.
    pub label: String,
    /// Its number in the order of computation.
    pub index: usize,
    pub kind: &'static str,
    /// The shapes that come in.
    pub inputs: &'a [&'a [usize]],
    /// The activation that the loss takes over if the layer ends in it.
    pub loss_takes: Option<Activation>,
    /// How many steps a sequence has in all, where one is computed at a time.
    pub context: Option<usize>,
}

impl Place<'_> {
    /// Layer and type.
    pub fn name(&self) -> String {
        format!("layer {} ({})", self.label, self.kind)
    }

    /// An argument outside its range.
    pub fn misfit(&self, argument: &str, expected: &str, got: &str) -> Error {
        Error::LayerArgument {
            layer: self.label.clone(),
            kind: self.kind.into(),
            argument: argument.into(),
            expected: expected.into(),
            got: got.into(),
        }
    }

    /// An input of another shape than the layer takes.
    pub fn refuse(&self, expected: &str, got: &[usize]) -> Error {
        Error::LayerInput {
            layer: self.label.clone(),
            kind: self.kind.into(),
            expected: expected.into(),
            got: got.to_vec(),
        }
    }

    /// The only input's shape; errs where there are more.
    pub fn input(&self) -> Result<&[usize]> {
        match self.inputs {
            [shape] => Ok(shape),
            inputs => Err(self.misfit("inputs", "1", &inputs.len().to_string())),
        }
    }

    /// Its height, width and channels.
    pub fn image(&self) -> Result<[usize; 3]> {
        let shape = self.input()?;
        shape
            .try_into()
            .map_err(|_| self.refuse("[height, width, channels]", shape))
    }

    /// Its steps and features.
    pub fn sequence(&self) -> Result<[usize; 2]> {
        let shape = self.input()?;
        shape
            .try_into()
            .map_err(|_| self.refuse("[steps, features]", shape))
    }

    /// How many places an image or a sequence has, and its channels.
    pub fn places(&self) -> Result<(usize, usize)> {
        let shape = self.input()?;
        match shape.len() {
            2 | 3 => self.rows(),
            _ => Err(self.refuse("[height, width, channels] | [steps, features]", shape)),
        }
    }

    /// Its last axis, and how many rows of it a sample has.
    pub fn rows(&self) -> Result<(usize, usize)> {
        let shape = self.input()?;
        let (columns, rows) = shape.split_last().expect("a value has an axis");
        Ok((rows.iter().product(), *columns))
    }

    /// Errs where a value is 0.
    pub fn at_least_one(&self, argument: &str, values: &[usize]) -> Result<()> {
        if values.contains(&0) {
            return Err(self.misfit(argument, ">= 1", &joined(values)));
        }
        Ok(())
    }

    /// Errs where a number is outside its range, or none.
    pub fn in_range(
        &self,
        argument: &str,
        value: f64,
        range: std::ops::RangeInclusive<f64>,
    ) -> Result<()> {
        if !range.contains(&value) {
            let expected = format!("in [{}, {}]", range.start(), range.end());
            return Err(self.misfit(argument, &expected, &value.to_string()));
        }
        Ok(())
    }

    /// Errs where a value is so large that sizes made of it could overflow.
    pub fn at_most(&self, argument: &str, values: &[usize], most: usize) -> Result<()> {
        if values.iter().any(|&value| value > most) {
            return Err(self.misfit(argument, &format!("<= {most}"), &joined(values)));
        }
        Ok(())
    }

    /// Checks a window against the image and gives its padding: top, bottom, left, right.
    pub(super) fn window(&self, image: [usize; 2], window: &Window) -> Result<[usize; 4]> {
        let Window {
            argument,
            size,
            stride,
            dilation,
            padding,
        } = *window;
        for (argument, pair) in [(argument, size), ("stride", stride), ("dilation", dilation)] {
            self.at_least_one(argument, &pair)?;
            self.at_most(argument, &pair, LARGEST_WINDOW)?;
        }
        let mut pad = [0; 4];
        for axis in 0..2 {
            let reach = (size[axis] - 1) * dilation[axis] + 1;
            let (before, behind) = match padding {
                Padding::Valid => (0, 0),
                Padding::Causal => {
                    return Err(self.misfit("padding", "valid | same | sizes", "causal"));
                }
                Padding::Explicit(sizes) => {
                    self.at_most("padding", &sizes, LARGEST_WINDOW)?;
                    (sizes[2 * axis], sizes[2 * axis + 1])
                }
                Padding::Same => {
                    let covered = (image[axis].div_ceil(stride[axis]) - 1) * stride[axis] + reach;
                    let rest = covered.saturating_sub(image[axis]);
                    (rest / 2, rest - rest / 2)
                }
            };
            let around = image[axis] + before + behind;
            if reach > around {
                let shape = self.inputs[0];
                return Err(self.refuse(&format!("{argument} <= input, {reach} > {around}"), shape));
            }
            (pad[2 * axis], pad[2 * axis + 1]) = (before, behind);
        }
        Ok(pad)
    }

    /// The same for a pooling of an image, whose padding must leave no window empty.
    pub(super) fn pooling(&self, window: &Window) -> Result<Pool2dShape> {
        let [h, w, c] = self.image()?;
        let pad = self.window([h, w], window)?;
        let size = window.size;
        if pad[0].max(pad[1]) >= size[0] || pad[2].max(pad[3]) >= size[1] {
            return Err(self.misfit("padding", "< size", &joined(&pad)));
        }
        Ok(Pool2dShape {
            n: 1,
            h,
            w,
            c,
            size: size.into(),
            stride: window.stride.into(),
            pad,
        })
    }

    /// Errs unless so many groups divide the channels in and out.
    pub fn channels(&self, argument: &str, outputs: usize, c: usize, groups: usize) -> Result<()> {
        self.at_least_one(argument, &[outputs])?;
        if groups == 0 || !c.is_multiple_of(groups) || !outputs.is_multiple_of(groups) {
            let expected = format!("a divisor of {c} and {outputs}");
            return Err(self.misfit("groups", &expected, &groups.to_string()));
        }
        Ok(())
    }

    /// What the layer's stage applies: its activation, unless the loss takes it over.
    pub fn applied(&self, activation: Activation) -> Activation {
        if self.loss_takes == Some(activation) {
            Activation::Linear
        } else {
            activation
        }
    }
}

/// No side of a window may be greater: sums and products of them stay far from overflow.
const LARGEST_WINDOW: usize = 1 << 14;
const _: () = assert!(LARGEST_WINDOW < LARGEST);

/// How a window moves over an image: down, across.
pub(super) struct Window {
    /// What the spec calls its size.
    pub argument: &'static str,
    pub size: [usize; 2],
    pub stride: [usize; 2],
    pub dilation: [usize; 2],
    pub padding: Padding,
}

fn joined(values: &[usize]) -> String {
    let values: Vec<String> = values.iter().map(usize::to_string).collect();
    values.join(", ")
}
