//! What the normalising ops share: the statistics, and the tape's way through `kernels::normalize`.

use super::shapes::{expect, require};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::bias;
use crate::kernels::normalize::{self as kernel, NormShape, Statistics};

/// Mean and variance of each (outer, group).
pub struct Moments<T> {
    pub mean: Vec<T>,
    pub variance: Vec<T>,
}

/// The moments of x; the variance is Σ (x − mean)² / count, the mean 0 unless `centred`.
pub fn moments<T: Scalar>(x: &NdArray<T>, shape: &NormShape, centred: bool) -> Moments<T> {
    let mut mean = vec![T::ZERO; shape.statistics()];
    let mut variance = mean.clone();
    let x = x.contiguous();
    if !shape.is_empty() {
        let x = x.as_slice().expect("contiguous");
        kernel::statistics(shape, centred, x, &mut mean, &mut variance);
    }
    Moments { mean, variance }
}

/// Scale and shift; each may be left out.
#[derive(Clone, Copy)]
pub struct Affine<'a, T: Scalar> {
    pub gamma: Option<&'a Tensor<T>>,
    pub beta: Option<&'a Tensor<T>>,
}

impl<T: Scalar> Affine<'_, T> {
    /// Errs unless both have the shape `expected`.
    pub fn check(&self, op: &str, expected: &[usize]) -> Result<()> {
        for (name, tensor) in [("gamma", self.gamma), ("beta", self.beta)] {
            if let Some(tensor) = tensor {
                expect(&format!("{op} {name}"), tensor, expected)?;
            }
        }
        Ok(())
    }
}

/// y = (x − mean) · r · γ + β with r = 1 / √(variance + ε);
/// dx = r · (g − mean(g) − x̂ · mean(g · x̂)) with g = dy · γ, dγ = Σ dy · x̂, dβ = Σ dy.
pub fn normalized<T: Scalar>(
    op: &'static str,
    x: &Tensor<T>,
    shape: NormShape,
    source: Statistics,
    moments: &Moments<T>,
    affine: Affine<T>,
    epsilon: f64,
) -> Result<Tensor<T>> {
    require(epsilon >= 0.0, op, "epsilon", ">= 0", epsilon)?;
    let x_value = x.value().contiguous();
    let x_shape = x.shape();
    let mut y = vec![T::ZERO; x_value.len()];
    let epsilon = T::from_f64(epsilon);
    let deviations = moments.variance.iter().map(|&v| (v + epsilon).sqrt());
    let r: Vec<T> = deviations.map(|deviation| T::ONE / deviation).collect();
    let values = |x: &Tensor<T>| x.value().contiguous();
    let (gamma, beta) = (affine.gamma.map(values), affine.beta.map(values));
    if !shape.is_empty() {
        kernel::forward(
            &shape,
            slice(&x_value),
            &moments.mean,
            &r,
            gamma.as_ref().map(slice),
            beta.as_ref().map(slice),
            &mut y,
        );
    }
    // Both gradients that need them share the statistics.
    let held = NdArray::from_vec(moments.mean.clone(), &[shape.statistics()]);
    let r = NdArray::from_vec(r, &[shape.statistics()]);
    let (x_again, held_again, r_again) = (x_value.clone(), held.clone(), r.clone());
    let y_shape = x_shape.clone();
    let mut recorder = Tensor::record(op, NdArray::from_vec(y, &y_shape)).input(x, move |dy| {
        let mut dx = vec![T::ZERO; dy.len()];
        if !shape.is_empty() {
            kernel::backward_input(
                &shape,
                source,
                slice(&x_value),
                slice(&held),
                slice(&r),
                gamma.as_ref().map(slice),
                slice(&dy.contiguous()),
                &mut dx,
            );
        }
        NdArray::from_vec(dx, &x_shape)
    });
    if let Some(gamma) = affine.gamma {
        let gamma_shape = gamma.shape();
        recorder = recorder.input(gamma, move |dy| {
            let mut dgamma = vec![T::ZERO; shape.width()];
            if !shape.is_empty() {
                let (x, mean, r) = (slice(&x_again), slice(&held_again), slice(&r_again));
                let dy = dy.contiguous();
                kernel::backward_scale(&shape, x, mean, r, slice(&dy), &mut dgamma);
            }
            NdArray::from_vec(dgamma, &gamma_shape)
        });
    }
    if let Some(beta) = affine.beta {
        let beta_shape = beta.shape();
        recorder = recorder.input(beta, move |dy| {
            let mut dbeta = vec![T::ZERO; shape.width()];
            let rows = shape.outer * shape.middle;
            bias::backward(rows, shape.width(), slice(&dy.contiguous()), &mut dbeta);
            NdArray::from_vec(dbeta, &beta_shape)
        });
    }
    Ok(recorder.done())
}

fn slice<T: Scalar>(values: &NdArray<T>) -> &[T] {
    values.as_slice().expect("contiguous")
}

/// Rows of x under `normalized_shape`, its last axes. Errs where they are not.
pub fn rows<T: Scalar>(op: &str, x: &Tensor<T>, normalized_shape: &[usize]) -> Result<NormShape> {
    let shape = x.shape();
    require(
        !normalized_shape.is_empty() && shape.ends_with(normalized_shape),
        op,
        "normalized_shape",
        format!("the last sizes of {shape:?}"),
        format!("{normalized_shape:?}"),
    )?;
    let lead = shape.len() - normalized_shape.len();
    Ok(NormShape {
        outer: shape[..lead].iter().product(),
        middle: 1,
        groups: 1,
        inner: normalized_shape.iter().product(),
    })
}
