//! What losses of single elements share.

use super::reduction::Reduction;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// The loss of one element and its slopes.
pub struct Point<T> {
    /// The loss of x against t.
    pub loss: T,
    /// Its slope by x.
    pub dx: T,
    /// Its slope by t.
    pub dt: T,
}

/// loss = rule(x, t, p) for each element, then reduced; dx = dloss · slope, dt alike. `parameters`
/// is one p for all, or one for each place of the last axis.
///
/// Shape: input and target have one shape; nothing is stretched, for that is nearly always a
/// mistake. Rules come as pointers, so that one copy of the walk serves every loss.
pub fn pointwise_loss<T: Scalar>(
    op: &'static str,
    input: &Tensor<T>,
    target: &Tensor<T>,
    parameters: Vec<T>,
    rule: fn(T, T, T) -> Point<T>,
    reduction: Reduction,
) -> Result<Tensor<T>> {
    let shape = input.shape();
    if target.shape() != shape {
        return Err(Error::ShapeMismatch {
            place: format!("{op} target"),
            expected: shape,
            got: target.shape(),
        });
    }
    let (x, t) = (input.value().contiguous(), target.value().contiguous());
    let points = move |take: fn(Point<T>) -> T| -> Vec<T> {
        let (x, t) = (x.as_slice(), t.as_slice());
        let pairs = x.expect("contiguous").iter().zip(t.expect("contiguous"));
        let walk = pairs.zip(parameters.iter().cycle());
        walk.map(|((&x, &t), &p)| take(rule(x, t, p))).collect()
    };
    let losses = NdArray::from_vec(points(|point| point.loss), &shape);
    let way_back = |take: fn(Point<T>) -> T| {
        let (points, shape) = (points.clone(), shape.clone());
        move |dy: &NdArray<T>| {
            let slopes = points(take).into_iter().zip(dy.to_vec());
            NdArray::from_vec(slopes.map(|(slope, dy)| slope * dy).collect(), &shape)
        }
    };
    let losses = Tensor::record(op, losses)
        .input(input, way_back(|point| point.dx))
        .input(target, way_back(|point| point.dt))
        .done();
    reduction.apply(&losses)
}
