//! The normalising layers.

use super::{Layer, Mode, filled};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::ops;

/// Each channel by the batch's statistics in training, and by their moving means afterwards.
/// Shape: [N, ..., C] → the same.
pub struct BatchNormalization<T: Scalar> {
    /// [C]; begins at 1.
    pub gamma: Tensor<T>,
    /// [C]; begins at 0.
    pub beta: Tensor<T>,
    /// [C]; begins at 0.
    pub moving_mean: Tensor<T>,
    /// [C]; begins at 1.
    pub moving_variance: Tensor<T>,
    /// How much of a moving mean stays in a step: 0.99 in Keras.
    pub momentum: f64,
    /// Added to the variance: 1e-3 in Keras.
    pub epsilon: f64,
}

impl<T: Scalar> BatchNormalization<T> {
    /// A layer on `channels` with Keras's numbers.
    pub fn new(channels: usize) -> Self {
        let constant =
            |value: f64| Tensor::constant(NdArray::full(&[channels], T::from_f64(value)));
        Self {
            gamma: filled(&[channels], 1.0),
            beta: filled(&[channels], 0.0),
            moving_mean: constant(0.0),
            moving_variance: constant(1.0),
            momentum: 0.99,
            epsilon: 1e-3,
        }
    }
}

impl<T: Scalar> Layer<T> for BatchNormalization<T> {
    fn kind(&self) -> &'static str {
        "batch_normalization"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        let (mean, variance) = (self.moving_mean.value(), self.moving_variance.value());
        let (gamma, beta) = (Some(&self.gamma), Some(&self.beta));
        ops::batch_norm(x, &mean, &variance, gamma, beta, self.epsilon)
    }

    fn call(&self, inputs: &[Tensor<T>], mode: &Mode) -> Result<Tensor<T>> {
        let (Mode::Training(_), [x]) = (mode, inputs) else {
            return self.forward(&inputs[0]);
        };
        let (gamma, beta) = (Some(&self.gamma), Some(&self.beta));
        let batch = ops::batch_norm_training(x, gamma, beta, self.epsilon)?;
        let (mean, variance) = (self.moving_mean.value(), self.moving_variance.value());
        let (mean, variance) = batch.running(&mean, &variance, 1.0 - self.momentum, false)?;
        for (moving, value) in [(&self.moving_mean, mean), (&self.moving_variance, variance)] {
            let value = value.to_vec();
            moving.update(|old| old.copy_from_slice(&value));
        }
        Ok(batch.y)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("gamma", self.gamma.clone()), ("beta", self.beta.clone())]
    }

    fn state(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![
            ("moving_mean", self.moving_mean.clone()),
            ("moving_variance", self.moving_variance.clone()),
        ]
    }
}

/// Each row of the last axis by itself. Shape: [..., C] → the same.
pub struct LayerNormalization<T: Scalar> {
    /// [C]; begins at 1.
    pub gamma: Tensor<T>,
    /// [C]; begins at 0.
    pub beta: Tensor<T>,
    /// Added to the variance: 1e-3 in Keras.
    pub epsilon: f64,
}

impl<T: Scalar> LayerNormalization<T> {
    /// A layer on `columns` with Keras's number.
    pub fn new(columns: usize) -> Self {
        Self {
            gamma: filled(&[columns], 1.0),
            beta: filled(&[columns], 0.0),
            epsilon: 1e-3,
        }
    }
}

impl<T: Scalar> Layer<T> for LayerNormalization<T> {
    fn kind(&self) -> &'static str {
        "layer_normalization"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        let (gamma, beta) = (Some(&self.gamma), Some(&self.beta));
        ops::layer_norm(x, &self.gamma.shape(), gamma, beta, self.epsilon)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("gamma", self.gamma.clone()), ("beta", self.beta.clone())]
    }
}

/// Groups of a sample's channels by themselves. Shape: [N, ..., C] → the same.
pub struct GroupNormalization<T: Scalar> {
    /// [C]; begins at 1.
    pub gamma: Tensor<T>,
    /// [C]; begins at 0.
    pub beta: Tensor<T>,
    /// Divides the channels.
    pub groups: usize,
    /// Added to the variance: 1e-3 in Keras.
    pub epsilon: f64,
}

impl<T: Scalar> GroupNormalization<T> {
    /// A layer on `channels` with Keras's number.
    pub fn new(groups: usize, channels: usize) -> Self {
        Self {
            gamma: filled(&[channels], 1.0),
            beta: filled(&[channels], 0.0),
            groups,
            epsilon: 1e-3,
        }
    }
}

impl<T: Scalar> Layer<T> for GroupNormalization<T> {
    fn kind(&self) -> &'static str {
        "group_normalization"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        let (gamma, beta) = (Some(&self.gamma), Some(&self.beta));
        ops::group_norm(x, self.groups, gamma, beta, self.epsilon)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("gamma", self.gamma.clone()), ("beta", self.beta.clone())]
    }
}

/// Each row of the last axis by its root mean square alone. Shape: [..., C] → the same.
pub struct RmsNormalization<T: Scalar> {
    /// [C]; begins at 1. Keras calls it `scale`.
    pub gamma: Tensor<T>,
    /// Added to the mean square: 1e-6 in Keras.
    pub epsilon: f64,
}

impl<T: Scalar> RmsNormalization<T> {
    /// A layer on `columns` with Keras's number.
    pub fn new(columns: usize) -> Self {
        Self {
            gamma: filled(&[columns], 1.0),
            epsilon: 1e-6,
        }
    }
}

impl<T: Scalar> Layer<T> for RmsNormalization<T> {
    fn kind(&self) -> &'static str {
        "rms_normalization"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        ops::rms_norm(x, &self.gamma.shape(), Some(&self.gamma), self.epsilon)
    }

    fn parameters(&self) -> Vec<(&'static str, Tensor<T>)> {
        vec![("gamma", self.gamma.clone())]
    }
}
