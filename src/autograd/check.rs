//! Whether a backward is the derivative of its forward.
//!
//! With random output weights w, L(x) = ⟨w, f(x)⟩. Along a random direction d, the central
//! difference (L(x + h·d) − L(x − h·d)) / 2h must equal ⟨∂L/∂x, d⟩. Weights of ones would hide
//! errors that cancel in a sum, such as a transposed index.

use super::tensor::{Tensor, no_grad, vjp};
use crate::array::NdArray;
use crate::rng::Rng;

const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 1e-7;
const DIRECTIONS: usize = 4;

/// Panics unless the gradients of `f` by every one of `inputs` are right, naming the input and
/// its worst element.
///
/// `f` must be smooth within 1e-5 of the inputs and give the same result each time.
pub fn check_gradient(
    name: &str,
    inputs: &[NdArray<f64>],
    f: impl Fn(&[Tensor<f64>]) -> Tensor<f64>,
) {
    if let Some(error) = gradient_error(inputs, f) {
        panic!("{name}: {error}");
    }
}

/// What is wrong with the gradients of `f` at `inputs`, if anything.
pub fn gradient_error(
    inputs: &[NdArray<f64>],
    f: impl Fn(&[Tensor<f64>]) -> Tensor<f64>,
) -> Option<String> {
    let mut rng = Rng::new(0x6772_6164);
    let tensors: Vec<_> = inputs.iter().cloned().map(Tensor::parameter).collect();
    let y = f(&tensors);
    let weights = normal(&mut rng, &y.shape());
    let gradients = vjp(&y, &weights, &tensors);

    let weighted = |which: usize, moved: NdArray<f64>| {
        let moved: Vec<_> = (0..inputs.len())
            .map(|i| {
                Tensor::constant(if i == which {
                    moved.clone()
                } else {
                    inputs[i].clone()
                })
            })
            .collect();
        dot(&weights, &no_grad(|| f(&moved)).value())
    };
    let slope = |which: usize, direction: &NdArray<f64>| {
        let moved = |step: f64| {
            let at = inputs[which].zip_broadcast(direction, |x, d| x + step * d);
            weighted(which, at.expect("equal shapes"))
        };
        (moved(STEP) - moved(-STEP)) / (2.0 * STEP)
    };
    // The difference of two sums carries their rounding, about 1e-16 of |L|, over h.
    let rounding = 1e-15 * dot(&weights, &y.value()).abs().max(1.0) / STEP;
    for (which, gradient) in gradients.iter().enumerate() {
        for _ in 0..DIRECTIONS {
            let direction = normal(&mut rng, gradient.shape());
            let (got, want) = (dot(gradient, &direction), slope(which, &direction));
            let scale = norm(gradient).max(want.abs() / norm(&direction).max(1e-300));
            let allowed = TOLERANCE * scale * norm(&direction) + rounding;
            if (got - want).abs() <= allowed {
                continue;
            }
            let worst = worst_element(gradient, |one_hot| slope(which, one_hot));
            return Some(format!(
                "gradient by input {which} of shape {:?}: {got} along a random direction, \
                 {want} by differences (allowed {allowed:e}); {worst}",
                gradient.shape()
            ));
        }
    }
    None
}

fn worst_element(gradient: &NdArray<f64>, slope: impl Fn(&NdArray<f64>) -> f64) -> String {
    let values = gradient.to_vec();
    let mut worst: (usize, f64, f64) = (0, 0.0, 0.0);
    for (index, &got) in values.iter().enumerate() {
        let mut one_hot = vec![0.0; values.len()];
        one_hot[index] = 1.0;
        let want = slope(&NdArray::from_vec(one_hot, gradient.shape()));
        let off = (got - want).abs();
        if off.is_nan() || off >= (worst.1 - worst.2).abs() {
            worst = (index, got, want);
        }
    }
    format!(
        "worst at flat index {}: got {}, expected {}",
        worst.0, worst.1, worst.2
    )
}

fn normal(rng: &mut Rng, shape: &[usize]) -> NdArray<f64> {
    let n = shape.iter().product();
    NdArray::from_vec((0..n).map(|_| rng.normal()).collect(), shape)
}

fn dot(a: &NdArray<f64>, b: &NdArray<f64>) -> f64 {
    a.to_vec().iter().zip(b.to_vec()).map(|(a, b)| a * b).sum()
}

fn norm(a: &NdArray<f64>) -> f64 {
    dot(a, a).sqrt()
}

/// A normal array for tests of ops, the same for the same seed and shape.
pub fn random_input(seed: u64, shape: &[usize]) -> NdArray<f64> {
    normal(&mut Rng::new(seed), shape)
}

/// Errors planted on purpose: each must be caught.
#[cfg(test)]
mod tests {
    use super::*;

    fn planted(
        value: fn(&NdArray<f64>) -> NdArray<f64>,
        pull: fn(&NdArray<f64>, &NdArray<f64>) -> NdArray<f64>,
    ) -> Option<String> {
        gradient_error(&[random_input(1, &[6, 6])], |inputs| {
            let x = inputs[0].value();
            Tensor::record("planted", value(&x))
                .input(&inputs[0], move |dy| pull(&x, dy))
                .done()
        })
    }

    fn relu(x: &NdArray<f64>) -> NdArray<f64> {
        x.map(|x| x.max(0.0))
    }

    fn relu_back(x: &NdArray<f64>, dy: &NdArray<f64>, below: f64) -> NdArray<f64> {
        x.zip_broadcast(dy, |x, dy| if x > 0.0 { dy } else { below * dy })
            .unwrap()
    }

    #[test]
    fn right_gradients_pass() {
        assert_eq!(planted(relu, |x, dy| relu_back(x, dy, 0.0)), None);
        assert_eq!(planted(|x| x.transpose(), |_, dy| dy.transpose()), None);
        assert_eq!(
            planted(|x| x.map(f64::exp), |x, dy| times(dy, &x.map(f64::exp))),
            None
        );
    }

    fn times(a: &NdArray<f64>, b: &NdArray<f64>) -> NdArray<f64> {
        a.zip_broadcast(b, |a, b| a * b).unwrap()
    }

    #[test]
    fn a_scale_of_1_001_is_caught() {
        let error = planted(
            |x| x.map(f64::exp),
            |x, dy| times(dy, &x.map(|x| 1.001 * x.exp())),
        );
        assert!(error.unwrap().contains("worst at flat index"));
    }

    #[test]
    fn a_relu_leak_of_a_thousandth_is_caught() {
        assert!(planted(relu, |x, dy| relu_back(x, dy, 1e-3)).is_some());
    }

    #[test]
    fn a_transposed_index_is_caught() {
        assert!(planted(|x| x.clone(), |_, dy| dy.transpose().contiguous()).is_some());
        // With weights of ones it would pass: a transposed matrix of ones is itself.
    }

    #[test]
    fn one_wrong_element_is_caught_and_named() {
        let error = planted(
            |x| x.clone(),
            |_, dy| {
                let mut dx = dy.to_owned_array();
                dx.make_mut()[17] *= 1.01;
                dx
            },
        );
        assert!(error.unwrap().contains("worst at flat index 17"));
    }

    #[test]
    fn a_gradient_that_never_comes_is_caught() {
        assert!(planted(|x| x.clone(), |x, _| NdArray::zeros(x.shape())).is_some());
    }
}
