//! Products and sums as Einstein wrote them.

use std::collections::BTreeMap;

use super::equation::{Equation, Label, refused, spelt};
use super::places::{grid, steps, take};
use super::{Args, broadcast_to, matmul, mul, permute, reshape, sum};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y[output] = Σ over what the output leaves out of the product of all operands, composed.
///
/// The equation names the axes of every operand by letters: "ij,jk->ik" is a matrix product, "ii" a
/// trace, "bij->bji" a transpose. "..." stands for any axes, aligned at the last. Without "->" the
/// result has what "..." stands for, then in the alphabet's order the letters that stand once.
/// Axes of one name have one size, or 1, which stretches. What "..." stands for is summed where the
/// output has none (PyTorch; NumPy refuses).
///
/// Operands are contracted from the left, two at a time, each time by one matrix product.
pub fn einsum<T: Scalar>(equation: &str, operands: &[Tensor<T>]) -> Result<Tensor<T>> {
    let shapes: Vec<Vec<usize>> = operands.iter().map(Tensor::shape).collect();
    let dimensions: Vec<usize> = shapes.iter().map(Vec::len).collect();
    let equation = Equation::read(equation, &dimensions)?;
    let sizes = equation.sizes(&shapes)?;
    let named: Vec<Named<T>> = operands
        .iter()
        .zip(&equation.inputs)
        .map(|(operand, labels)| diagonal(operand, labels))
        .collect::<Result<_>>()?;
    let mut rest = named.as_slice();
    let mut y: Option<Named<T>> = None;
    while let Some((next, later)) = rest.split_first() {
        let wanted = |label: &Label| {
            let waits = later.iter().any(|named| named.labels.contains(label));
            waits || equation.output.contains(label)
        };
        y = Some(match y {
            None => next.clone(),
            Some(y) => contract(&y, next, &sizes, &wanted)?,
        });
        rest = later;
    }
    // The notation has at least one term, and there are as many operands.
    let y = y
        .expect("an operand")
        .without(|label| !equation.output.contains(label))?;
    y.in_order(&equation.output)
}

/// A tensor whose axes have names, each another.
#[derive(Clone)]
struct Named<T: Scalar> {
    tensor: Tensor<T>,
    labels: Vec<Label>,
}

impl<T: Scalar> Named<T> {
    fn axis(&self, label: Label) -> Option<usize> {
        self.labels.iter().position(|&other| other == label)
    }

    /// The sum over the axes whose labels go.
    fn without(&self, goes: impl Fn(&Label) -> bool) -> Result<Self> {
        let (gone, labels): (Vec<Label>, Vec<Label>) = self.labels.iter().partition(|l| goes(l));
        if gone.is_empty() {
            return Ok(self.clone());
        }
        let axes: Vec<i64> = gone
            .iter()
            .filter_map(|&l| self.axis(l))
            .map(|a| a as i64)
            .collect();
        let tensor = sum(&self.tensor, Some(&axes), false)?;
        Ok(Self { tensor, labels })
    }

    /// The axes in the order of `labels`, which name them all.
    fn in_order(&self, labels: &[Label]) -> Result<Tensor<T>> {
        if labels == self.labels {
            return Ok(self.tensor.clone());
        }
        let axes = labels.iter().filter_map(|&label| self.axis(label));
        permute(
            &self.tensor,
            &axes.map(|axis| axis as i64).collect::<Vec<_>>(),
        )
    }

    /// The axes in the order of `labels`, with size 1 for one that it has not.
    fn laid_out(&self, labels: &[Label]) -> Result<Tensor<T>> {
        let own: Vec<Label> = labels
            .iter()
            .copied()
            .filter(|&l| self.axis(l).is_some())
            .collect();
        let tensor = self.in_order(&own)?;
        let shape = self.tensor.shape();
        let size = |&label: &Label| self.axis(label).map_or(1, |axis| shape[axis]);
        reshape(&tensor, &labels.iter().map(size).collect::<Vec<_>>())
    }
}

/// The operand with axes of one name made one: the elements whose places along them are equal.
fn diagonal<T: Scalar>(operand: &Tensor<T>, labels: &[Label]) -> Result<Named<T>> {
    let shape = operand.shape();
    let (mut own, mut sizes): (Vec<Label>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut joined: Vec<Vec<usize>> = Vec::new();
    for ((&label, &size), steps) in labels.iter().zip(&shape).zip(steps(&shape)) {
        let Some(axis) = own.iter().position(|&other| other == label) else {
            own.push(label);
            sizes.push(size);
            joined.push(steps);
            continue;
        };
        if sizes[axis] != size {
            let name = format!("size of {}", spelt(label));
            return Err(refused(&name, sizes[axis], size));
        }
        for (sum, step) in joined[axis].iter_mut().zip(steps) {
            *sum += step;
        }
    }
    let tensor = if own.len() == labels.len() {
        operand.clone()
    } else {
        take("diagonal", operand, grid(&joined), &sizes, T::ZERO)
    };
    Ok(Named {
        tensor,
        labels: own,
    })
}

/// The product of two tensors, summed over the labels that nobody wants any more.
fn contract<T: Scalar>(
    a: &Named<T>,
    b: &Named<T>,
    sizes: &BTreeMap<Label, usize>,
    wanted: &dyn Fn(&Label) -> bool,
) -> Result<Named<T>> {
    // What only one has and nobody wants is summed before the product.
    let a = a.without(|&label| b.axis(label).is_none() && !wanted(&label))?;
    let b = b.without(|&label| a.axis(label).is_none() && !wanted(&label))?;
    let (shared, left): (Vec<Label>, Vec<Label>) =
        a.labels.iter().partition(|&&label| b.axis(label).is_some());
    let (batch, summed): (Vec<Label>, Vec<Label>) = shared.iter().partition(|label| wanted(label));
    let right: Vec<Label> = b
        .labels
        .iter()
        .copied()
        .filter(|&l| a.axis(l).is_none())
        .collect();
    let labels = [&batch[..], &left, &right].concat();
    if summed.is_empty() {
        let tensor = mul(&a.laid_out(&labels)?, &b.laid_out(&labels)?)?;
        return Ok(Named { tensor, labels });
    }
    let size = |labels: &[Label]| -> usize { labels.iter().map(|label| sizes[label]).product() };
    let (m, k, n) = (size(&left), size(&summed), size(&right));
    let prefix = if batch.is_empty() {
        vec![]
    } else {
        vec![size(&batch)]
    };
    // One matrix for each place along the batch axes; sizes of 1 stretch first.
    let matrices = |of: &Named<T>, order: [&[Label]; 3], rows: usize, cols: usize| {
        let order = order.concat();
        let shape: Vec<usize> = order.iter().map(|label| sizes[label]).collect();
        let laid = broadcast_to(&of.in_order(&order)?, &shape)?;
        reshape(&laid, &[&prefix[..], &[rows, cols]].concat())
    };
    let y = matmul(
        &matrices(&a, [&batch, &left, &summed], m, k)?,
        &matrices(&b, [&batch, &summed, &right], k, n)?,
    )?;
    let shape: Vec<usize> = labels.iter().map(|label| sizes[label]).collect();
    let tensor = reshape(&y, &shape)?;
    Ok(Named { tensor, labels })
}

/// By name: any number of tensors; `equation`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let equation = args.text("equation")?;
    let equation = equation.ok_or_else(|| args.refused("equation", "\"ij,jk->ik\""))?;
    einsum(equation, args.tensors())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradients_are_the_slopes_whatever_the_equation() {
        for (equation, shapes) in [
            ("ij,jk->ik", &[&[2, 3][..], &[3, 4]][..]),
            ("ij,jk", &[&[2, 3], &[1, 4]]),
            ("bij,bjk->bik", &[&[2, 3, 2], &[2, 2, 4]]),
            ("bhqd,bhkd->bhqk", &[&[2, 2, 3, 2], &[2, 2, 1, 2]]),
            ("ij,kj->", &[&[2, 3], &[4, 3]]),
            ("ij,ij->ij", &[&[2, 3], &[2, 1]]),
            ("i,j->ji", &[&[2], &[3]]),
            ("ii", &[&[3, 3]]),
            ("iji->ji", &[&[3, 2, 3]]),
            ("ii,ij->j", &[&[3, 3], &[3, 2]]),
            ("...ij,jk->...ik", &[&[2, 1, 2, 3], &[3, 2]]),
            ("i...,...->...i", &[&[2, 3, 1], &[4]]),
            ("...i->i", &[&[2, 3, 4]]),
            ("ij,jk,kl->il", &[&[2, 3], &[3, 2], &[2, 4]]),
            ("i,i,i->i", &[&[3], &[3], &[3]]),
            ("ab,cd,ac,bd->", &[&[2, 3], &[2, 3], &[2, 2], &[3, 3]]),
            (",i->i", &[&[], &[3]]),
            ("ij,jk->ik", &[&[2, 0], &[0, 3]]),
            ("->", &[&[]]),
        ] {
            check(shapes, |x| einsum(equation, x));
        }
    }

    #[test]
    fn values_by_hand() {
        let a = tensor(&[1., 2., 3., 4.], &[2, 2]);
        let of = |equation, operands: &[&Tensor<f64>]| {
            let operands: Vec<_> = operands.iter().map(|&x| x.clone()).collect();
            einsum(equation, &operands).unwrap().value().to_vec()
        };
        assert_eq!(of("ij,jk", &[&a, &a]), [7., 10., 15., 22.]);
        assert_eq!(of("ij->ji", &[&a]), [1., 3., 2., 4.]);
        assert_eq!(of("ji", &[&a]), [1., 3., 2., 4.]);
        assert_eq!(of("ii", &[&a]), [5.]);
        assert_eq!(of("ii->i", &[&a]), [1., 4.]);
        assert_eq!(of("ij->j", &[&a]), [4., 6.]);
        assert_eq!(of("ij,ij", &[&a, &a]), [30.]);
    }

    #[test]
    fn an_operand_used_twice_gets_both_gradients() {
        check(&[&[3, 3]], |x| {
            einsum("ij,jk,ki->", &[x[0].clone(), x[0].clone(), x[0].clone()])
        });
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused() {
        let refused = |equation, a: &[usize], b: &[usize]| {
            let error = einsum(equation, &[input(1, a), input(2, b)]).unwrap_err();
            error.fields()["argument"].as_str().unwrap().to_string()
        };
        assert_eq!(refused("ij,jk", &[2, 3], &[4, 5]), "size of j");
        assert_eq!(refused("ii,i", &[1, 3], &[3]), "size of i");
        assert_eq!(refused("...,...", &[2], &[3]), "size of ...");
        assert_eq!(refused("ij,jk", &[2, 3], &[3]), "equation");
        assert_eq!(
            einsum::<f64>("i", &[]).unwrap_err().fields()["argument"],
            "tensors"
        );
    }
}
