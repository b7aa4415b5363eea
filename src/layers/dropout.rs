//! The layer that drops values at random in training.

use super::{Layer, Mode};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::Real;
use crate::ops;
use crate::rng::Rng;

/// Fills the mask of one sample: 0 with probability `rate`, else `1 / (1 − rate)`; a draw for each
/// element, in C order.
pub fn fill_mask<T: Real>(rng: &mut Rng, rate: f64, mask: &mut [T]) {
    let kept = T::from_f64(1.0 / (1.0 - rate));
    mask.fill_with(|| {
        if f64::from(rng.uniform_f32()) < rate {
            T::ZERO
        } else {
            kept
        }
    });
}

/// y = x · m in training, m drawn for each sample from a fork of the mode's generator by the layer's
/// number, then by the sample's place; y = x afterwards.
#[derive(Clone, Copy, Debug)]
pub struct Dropout {
    /// The share that is dropped, 0 to 1, 1 excluded.
    pub rate: f64,
    /// The layer's number in its network, so that layers draw apart.
    pub number: u64,
}

impl<T: Scalar> Layer<T> for Dropout {
    fn kind(&self) -> &'static str {
        "dropout"
    }

    fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        Ok(x.clone())
    }

    fn call(&self, inputs: &[Tensor<T>], mode: &Mode) -> Result<Tensor<T>> {
        let (Mode::Training(noise), [x]) = (mode, inputs) else {
            return self.forward(&inputs[0]);
        };
        let noise = noise.fork(self.number);
        let mut mask = vec![T::ZERO; x.value().len()];
        let width = mask.len() / x.shape().first().copied().unwrap_or(1).max(1);
        for (place, mask) in mask.chunks_exact_mut(width.max(1)).enumerate() {
            fill_mask(&mut noise.fork(place as u64), self.rate, mask);
        }
        ops::mul(x, &Tensor::constant(NdArray::from_vec(mask, &x.shape())))
    }
}
