//! Arrays that fill one block of memory in another order of their axes than C's, as a transposed
//! array or a picture with its channels ahead does.
//!
//! What is elementwise works on the block as it lies and keeps its layout, as NumPy does: neither
//! the operands nor, later, the result must be laid out anew.

use super::dynamic::Array;
use super::error::Result;
use super::shape::is_contiguous;

/// The axes in the order in which memory runs, where that is not C's and leaves no gap.
pub fn memory_order(x: &Array) -> Option<Vec<usize>> {
    let (shape, strides) = (x.shape(), x.strides());
    if shape.len() < 2 || strides.iter().any(|&step| step <= 0) || is_contiguous(shape, strides) {
        return None;
    }
    let mut order: Vec<usize> = (0..shape.len()).collect();
    // Stable, so that axes of one element stay where they are.
    order.sort_by_key(|&axis| std::cmp::Reverse(strides[axis]));
    runs(x, &order).then_some(order)
}

/// Whether memory runs through the axes of `x` in this order, without a gap.
fn runs(x: &Array, order: &[usize]) -> bool {
    let shape: Vec<usize> = order.iter().map(|&axis| x.shape()[axis]).collect();
    let strides: Vec<isize> = order.iter().map(|&axis| x.strides()[axis]).collect();
    is_contiguous(&shape, &strides)
}

fn restored(y: &Array, order: &[usize]) -> Result<Array> {
    let mut back = vec![0; order.len()];
    for (at, &axis) in order.iter().enumerate() {
        back[axis] = at;
    }
    y.permute(&back)
}

/// `f` of x as it lies in memory, in x's own layout; None where C's order does.
pub fn as_it_lies(x: &Array, f: impl Fn(&Array) -> Result<Array>) -> Option<Result<Array>> {
    let order = memory_order(x)?;
    let turned = x.permute(&order).expect("a permutation");
    Some(f(&turned).and_then(|y| restored(&y, &order)))
}

/// `f` of two arrays of one layout, or of one and a single number.
pub fn both_as_they_lie(
    a: &Array,
    b: &Array,
    f: impl Fn(&Array, &Array) -> Result<Array>,
) -> Option<Result<Array>> {
    if b.ndim() == 0 {
        return as_it_lies(a, |a| f(a, b));
    }
    if a.ndim() == 0 {
        return as_it_lies(b, |b| f(a, b));
    }
    if a.shape() != b.shape() {
        return None;
    }
    let order = memory_order(a)?;
    if !runs(b, &order) {
        return None;
    }
    let turned = |x: &Array| x.permute(&order).expect("a permutation");
    Some(f(&turned(a), &turned(b)).and_then(|y| restored(&y, &order)))
}

#[cfg(test)]
mod tests {
    use super::super::binary::{BinaryOp, binary};
    use super::super::unary::{UnaryOp, unary};
    use super::super::{DType, NdArray};
    use super::*;

    fn pictures() -> NdArray<f64> {
        let values = (0..2 * 3 * 4 * 5).map(|i| f64::from(i % 17) - 8.0);
        NdArray::from_vec(values.collect(), &[2, 3, 4, 5])
    }

    /// The same result as of copies in C order, laid out as the operands are.
    fn check(x: &Array) {
        let plain = x.to_owned_array();
        let y = unary(UnaryOp::Square, x).unwrap();
        assert_eq!(y, unary(UnaryOp::Square, &plain).unwrap());
        assert_eq!(y.strides(), x.strides());
        let sum = binary(BinaryOp::Add, x, &y, [None, None]).unwrap();
        assert_eq!(
            sum,
            binary(BinaryOp::Add, &plain, &y.to_owned_array(), [None, None]).unwrap()
        );
        assert_eq!(sum.strides(), x.strides());
        let number = NdArray::scalar(0.5f64).into();
        let top = binary(BinaryOp::Maximum, x, &number, [None, None]).unwrap();
        assert_eq!(
            top,
            binary(BinaryOp::Maximum, &plain, &number, [None, None]).unwrap()
        );
        assert_eq!(top.strides(), x.strides());
        let mixed = binary(BinaryOp::Subtract, x, &plain, [None, None]).unwrap();
        assert!((0..x.len()).all(|i| mixed.reshape(&[-1]).unwrap().number(&[i]) == 0.0));
        let whole = x.cast(DType::I64);
        assert_eq!(whole.strides(), x.strides());
        assert_eq!(whole, plain.cast(DType::I64));
    }

    #[test]
    fn elementwise_functions_keep_the_layout() {
        check(&pictures().permute(&[0, 3, 1, 2]).unwrap().into());
        check(&pictures().transpose().into());
    }

    #[test]
    fn gaps_repeats_and_c_order_are_left_alone() {
        let x = pictures();
        assert_eq!(memory_order(&x.clone().into()), None);
        assert_eq!(memory_order(&x.index_axis(1, 0).transpose().into()), None);
        let wide = x.index_axis(0, 0).index_axis(0, 0).transpose();
        assert_eq!(memory_order(&wide.clone().into()), Some(vec![1, 0]));
        let repeated = wide.broadcast_to(&[3, 5, 4]).unwrap();
        assert_eq!(memory_order(&repeated.into()), None);
    }
}
