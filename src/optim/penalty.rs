//! Penalties: what large parameters cost.

use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::Real;
use crate::kernels::optimizer::prepare;
use crate::ops;

/// l1·Σ|p| + l2·Σp², added to the loss (Keras's `L1`, `L2` and `L1L2`; without a ½).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Penalty {
    /// 0 or more: draws parameters to 0 and leaves few.
    pub l1: f64,
    /// 0 or more: keeps them small.
    pub l2: f64,
}

impl Penalty {
    /// What `params` cost.
    pub fn cost<T: Real>(&self, params: &[T]) -> f64 {
        let mut cost = 0.0;
        if self.l1 != 0.0 {
            cost += self.l1 * prepare::sum_of_magnitudes(params);
        }
        if self.l2 != 0.0 {
            cost += self.l2 * prepare::sum_of_squares(params);
        }
        cost
    }

    /// Adds its slope, l1·sign(p) + 2·l2·p, to a gradient. Shape: both `[N]`.
    pub fn pull<T: Real>(&self, params: &[T], gradient: &mut [T]) {
        prepare::pull(gradient, params, self.l1, 2.0 * self.l2);
    }

    /// The cost on the tape, to be added to a loss. Shape: any → [].
    pub fn of<T: Scalar>(&self, params: &Tensor<T>) -> Result<Tensor<T>> {
        let magnitudes = ops::sum(&ops::abs(params)?, None, false)?;
        let squares = ops::sum(&ops::mul(params, params)?, None, false)?;
        let scaled = |x: &Tensor<T>, by: f64| ops::mul(x, &Tensor::scalar(by));
        ops::add(&scaled(&magnitudes, self.l1)?, &scaled(&squares, self.l2)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::NdArray;

    #[test]
    fn the_tape_and_the_flat_way_agree_on_cost_and_slope() {
        let penalty = Penalty { l1: 0.3, l2: 0.05 };
        let values = vec![1.5, -0.25, 0.0, 2.0, -3.0];
        let tensor = Tensor::parameter(NdArray::from_vec(values.clone(), &[5]));
        let cost = penalty.of(&tensor).unwrap();
        let expected = 0.3 * 6.75 + 0.05 * 15.3125;
        assert!((cost.item() - expected).abs() < 1e-12);
        assert!((penalty.cost(&values) - expected).abs() < 1e-12);
        cost.backward_scalar();
        let mut slope = vec![0.0; 5];
        penalty.pull(&values, &mut slope);
        let on_tape = tensor.grad().unwrap().to_vec();
        for (flat, tape) in slope.iter().zip(on_tape) {
            assert!((flat - tape).abs() < 1e-12, "{flat}, {tape}");
        }
    }
}
