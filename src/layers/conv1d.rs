//! The convolutional layer over sequences.

use super::{Activation, Init, Layer, drawn, filled};
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::ops::{self, Conv1dOptions};
use crate::rng::Rng;

/// y = activation(conv1d(x, kernel) + bias). Shape: [N, L, C] → [N, OL, filters].
pub struct Conv1d<T: Scalar> {
    /// [K, C / groups, filters]
    pub kernel: Tensor<T>,
    /// [filters]; begins at 0.
    pub bias: Tensor<T>,
    /// Stride, padding, dilation, groups.
    pub options: Conv1dOptions,
    /// What ends the layer.
    pub activation: Activation,
}

impl<T: Scalar> Conv1d<T> {
    /// A layer from `channels` to `filters` with a window of `kernel` places, drawn from `rng`. Errs
    /// where the groups don't divide the channels.
    pub fn new(
        channels: usize,
        filters: usize,
        kernel: usize,
        options: Conv1dOptions,
        activation: Activation,
        init: Init,
        rng: &mut Rng,
    ) -> Result<Self> {
        let groups = options.groups;
        if groups == 0 || !channels.is_multiple_of(groups) || !filters.is_multiple_of(groups) {
            return Err(Error::InvalidArgument {
                place: "conv1d".into(),
                argument: "groups".into(),
                expected: format!("a divisor of {channels} and {filters}"),
                got: groups.to_string(),
            });
        }
        Ok(Self {
            kernel: drawn(&[kernel, channels / groups, filters], init, rng),
            bias: filled(&[filters], 0.0),
            options,
            activation,
        })
    }
}

impl<T: Scalar> Layer<T> for Conv1d<T> {
    fn kind(&self) -> &'static str {
        "conv1d"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        self.activation.apply(ops::conv1d(
            x,
            &self.kernel,
            Some(&self.bias),
            &self.options,
        )?)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("kernel", self.kernel.clone()), ("bias", self.bias.clone())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{RmsNormalization, Sequential};

    fn conv1d(channels: usize, filters: usize, groups: usize) -> Result<Conv1d<f64>> {
        let options = Conv1dOptions {
            groups,
            ..Conv1dOptions::default()
        };
        let (linear, init) = (Activation::Linear, Init::GlorotUniform);
        Conv1d::new(
            channels,
            filters,
            3,
            options,
            linear,
            init,
            &mut Rng::new(1),
        )
    }

    /// `Layer.count_params()` of Keras's Conv1D(10, 3), of the same in two groups, and of its
    /// RMSNormalization on ten channels.
    #[test]
    fn it_has_the_names_and_counts_that_keras_gives() {
        let net = Sequential::new()
            .with(conv1d(6, 10, 1).unwrap())
            .with(conv1d(10, 10, 2).unwrap())
            .with(RmsNormalization::new(10));
        let parameters = net.parameters();
        let counts: Vec<(&str, usize)> = parameters
            .iter()
            .map(|(name, tensor)| (&name[..], tensor.shape().iter().product()))
            .collect();
        let want = [
            ("conv1d/kernel", 180),
            ("conv1d/bias", 10),
            ("conv1d_1/kernel", 150),
            ("conv1d_1/bias", 10),
            ("rms_normalization/gamma", 10),
        ];
        assert_eq!(counts, want);
    }

    #[test]
    fn groups_that_do_not_divide_are_refused() {
        for (channels, filters, groups) in [(6, 10, 3), (5, 10, 2), (6, 10, 0)] {
            let error = conv1d(channels, filters, groups).err().unwrap();
            assert_eq!(error.fields()["argument"], "groups", "{error}");
        }
    }
}
