//! A limit on norms, kept after each step.

use crate::kernels::Real;

/// Where the norm along `axes` is above `max_value`, the numbers shrink to it (Srivastava et al.
/// 2014). As in Keras's `MaxNorm`, all are multiplied by min(norm, max) / (norm + 1e-7), so those
/// below shrink by a rounding too.
#[derive(Clone, Debug, PartialEq)]
pub struct MaxNorm {
    /// Above 0.
    pub max_value: f64,
    /// One after another: [0] for the weights that come into a dense unit, [0, 1, 2] for those of
    /// a convolution's filter.
    pub axes: Vec<u64>,
}

impl Default for MaxNorm {
    /// Keras's defaults: 2 along the first axis.
    fn default() -> Self {
        Self {
            max_value: 2.0,
            axes: vec![0],
        }
    }
}

/// Keras's, against a division by 0.
const EPSILON: f64 = 1e-7;

impl MaxNorm {
    /// Whether an array of that many dimensions has the axes.
    pub fn fits(&self, dimensions: usize) -> bool {
        self.axes.iter().all(|&axis| axis < dimensions as u64)
    }

    /// Shrinks what is too long. Panics where the shape lacks an axis.
    pub fn hold<T: Real>(&self, shape: &[usize], values: &mut [T]) {
        let first = self.axes.first().map_or(0, |&axis| axis as usize);
        let last = first + self.axes.len();
        let inner: usize = shape[last..].iter().product();
        let summed: usize = shape[first..last].iter().product();
        if values.is_empty() {
            return;
        }
        let mut squares = vec![0.0; inner];
        for block in values.chunks_exact_mut(summed * inner) {
            squares.fill(0.0);
            for row in block.chunks_exact(inner) {
                for (sum, value) in squares.iter_mut().zip(row) {
                    *sum += value.to_f64() * value.to_f64();
                }
            }
            let scales: Vec<T> = squares
                .iter()
                .map(|&squares| {
                    let norm = libm::sqrt(squares);
                    T::from_f64(norm.min(self.max_value) / (EPSILON + norm))
                })
                .collect();
            for row in block.chunks_exact_mut(inner) {
                for (value, &scale) in row.iter_mut().zip(&scales) {
                    *value *= scale;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_norms(axes: &[u64], shape: &[usize], values: &[f64], expected: &[f64]) {
        let limit = MaxNorm {
            max_value: 2.0,
            axes: axes.to_vec(),
        };
        let mut held = values.to_vec();
        limit.hold(shape, &mut held);
        for (got, want) in held.iter().zip(expected) {
            assert!((got - want).abs() < 1e-6, "{axes:?}: {held:?}");
        }
    }

    #[test]
    fn norms_are_taken_along_the_axes_that_are_named() {
        let values = [3.0, 0.5, 4.0, 0.5];
        check_norms(&[0], &[2, 2], &values, &[1.2, 0.5, 1.6, 0.5]);
        let long = 9.25f64.sqrt();
        let longer = 16.25f64.sqrt();
        let rows = [6.0 / long, 1.0 / long, 8.0 / longer, 1.0 / longer];
        check_norms(&[1], &[2, 2], &values, &rows);
        check_norms(&[0], &[1, 2, 2], &values, &[2.0, 0.5, 2.0, 0.5]);
        check_norms(&[0, 1, 2], &[1, 2, 1, 2], &values, &[1.2, 0.5, 1.6, 0.5]);
    }
}
