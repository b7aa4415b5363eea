//! The same values in another shape.

use super::Args;
use crate::array::shape::infer_shape;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// y = x in another shape, in C order; dx = dy in the shape of x.
pub fn reshape<T: Scalar>(x: &Tensor<T>, shape: &[usize]) -> Result<Tensor<T>> {
    let x_shape = x.shape();
    let y = x.value().reshape(shape)?;
    Ok(Tensor::record("reshape", y)
        .input(x, move |dy| dy.reshape(&x_shape).expect("as many values"))
        .done())
}

/// By name: one tensor; `shape`, of which one size may be −1.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let x = args.tensor(0)?;
    let Some(wanted) = args.integers("shape")? else {
        return Err(args.refused("shape", "integers"));
    };
    let wanted: Vec<isize> = wanted.iter().map(|&size| size as isize).collect();
    reshape(x, &infer_shape(x.value().len(), &wanted)?)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input};
    use super::super::transpose;
    use super::*;

    #[test]
    fn gradient_is_the_slope_also_of_a_transposed_view() {
        check(&[&[2, 6]], |x| reshape(&x[0], &[3, 1, 4]));
        check(&[&[2, 6]], |x| reshape(&transpose(&x[0])?, &[3, 4]));
    }

    #[test]
    fn another_number_of_values_is_refused() {
        assert_eq!(
            reshape(&input(1, &[2, 3]), &[4]).unwrap_err().code(),
            "array_reshape"
        );
    }
}
