//! Convolution, relu and max pooling in one node of the tape.

use std::cell::Cell;
use std::rc::Rc;

use super::{Conv2dOptions, MaxPool2dOptions, conv2d, max_pool2d, relu};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;
use crate::kernels::{Conv2dShape, conv_relu_pool as kernel};

/// y = max_pool2d(relu(conv2d(x, w, b))), whose value and gradients it has. A first layer in f32
/// is computed by the kernel that compiled plans use: the convolution's output, four times as large
/// as what pooling keeps, is never written. Anything else goes op by op, and errs as these do.
///
/// Shape: as [`conv2d`], then [`max_pool2d`].
pub fn conv_relu_pool<T: Scalar>(
    x: &Tensor<T>,
    w: &Tensor<T>,
    b: &Tensor<T>,
    options: &Conv2dOptions,
    pool: &MaxPool2dOptions,
) -> Result<Tensor<T>> {
    if let Some(y) = in_one(x, w, b, options, pool) {
        return Ok(y);
    }
    max_pool2d(&relu(&conv2d(x, w, Some(b), options)?)?, pool)
}

/// None where the kernel does not take it.
fn in_one<T: Scalar>(
    x: &Tensor<T>,
    w: &Tensor<T>,
    b: &Tensor<T>,
    options: &Conv2dOptions,
    pool: &MaxPool2dOptions,
) -> Option<Tensor<T>> {
    let s = conv2d::shape_of(&x.shape(), &w.shape(), Some(b.shape()), options).ok()?;
    let windows = max_pool2d::shape_of(&[s.n, s.oh(), s.ow(), s.o], pool).ok()?;
    if x.requires_grad() || !kernel::fits(&s, &windows) || !kernel::scatters(&s) {
        return None;
    }
    let (x_value, w_value) = (x.value().contiguous(), w.value().contiguous());
    let b_value = b.value().contiguous();
    let mut y = vec![T::ZERO; kernel::y_len(&s)];
    let mut winners = vec![0; kernel::winners_len(&s)];
    {
        let (x, w, b) = (f32s(&x_value)?, f32s(&w_value)?, f32s(&b_value)?);
        // By three ops a pixel that is NaN takes every weight's gradient with it, here only winners'.
        let finite = |values: &[f32]| values.iter().all(|value| value.is_finite());
        if !finite(x) || !finite(w) {
            return None;
        }
        kernel::forward(&s, x, w, b, T::as_f32s_mut(&mut y)?, &mut winners);
    }
    let y = NdArray::from_vec(y, &[s.n, s.oh() / 2, s.ow() / 2, s.o]);
    let parameters = Rc::new(Parameters {
        s,
        x: x_value,
        y: y.clone(),
        winners,
        db: Cell::new(None),
    });
    let (of_w, w_shape) = (Rc::clone(&parameters), w.shape());
    Some(
        Tensor::record("conv_relu_pool", y)
            .input(w, move |dy| {
                let (dw, db) = of_w.gradients(dy);
                of_w.db.set(Some(db));
                NdArray::from_vec(dw, &w_shape)
            })
            .input(b, move |dy| {
                // A sweep has just asked for that of w, unless w stands still.
                let db = parameters.db.take();
                let db = db.unwrap_or_else(|| parameters.gradients(dy).1);
                NdArray::from_vec(db, &[s.o])
            })
            .done(),
    )
}

/// What the gradients of w and b need, which the kernel gives together.
struct Parameters<T: Scalar> {
    s: Conv2dShape,
    x: NdArray<T>,
    y: NdArray<T>,
    winners: Vec<u8>,
    /// That of b, from when w asked until b asks.
    db: Cell<Option<Vec<T>>>,
}

impl<T: Scalar> Parameters<T> {
    fn gradients(&self, dy: &NdArray<T>) -> (Vec<T>, Vec<T>) {
        let s = &self.s;
        let (mut dw, mut db) = (vec![T::ZERO; s.w_len()], vec![T::ZERO; s.o]);
        let dy = dy.contiguous();
        let slices = (f32s(&self.x), f32s(&self.y), f32s(&dy));
        let sums = (T::as_f32s_mut(&mut dw), T::as_f32s_mut(&mut db));
        let ((Some(x), Some(y), Some(dy)), (Some(to_w), Some(to_b))) = (slices, sums) else {
            unreachable!("conv_relu_pool: the forward pass was in f32");
        };
        kernel::backward_parameters(s, x, (y, dy), &self.winners, to_w, to_b);
        (dw, db)
    }
}

fn f32s<T: Scalar>(x: &NdArray<T>) -> Option<&[f32]> {
    T::as_f32s(x.as_slice().expect("contiguous"))
}

#[cfg(test)]
mod tests {
    use super::super::Padding;
    use super::super::testing::check;
    use super::*;
    use crate::autograd::check::random_input;

    const POOL: MaxPool2dOptions = MaxPool2dOptions {
        size: (2, 2),
        stride: None,
        padding: Padding::Valid,
    };

    fn single(seed: u64, shape: &[usize]) -> NdArray<f32> {
        let values = random_input(seed, shape).to_vec();
        NdArray::from_vec(values.into_iter().map(|v| v as f32).collect(), shape)
    }

    fn check_equal(what: &str, got: &NdArray<f32>, want: &NdArray<f32>) {
        assert_eq!(got.shape(), want.shape(), "{what}");
        for (got, want) in got.to_vec().into_iter().zip(want.to_vec()) {
            let near = (got - want).abs() <= 1e-5 * (1.0 + want.abs());
            assert!(
                near || (got.is_nan() && want.is_nan()),
                "{what}: {got}, not {want}"
            );
        }
    }

    /// Holds it to its three ops, with the op that the last node is to be of.
    fn check_like_three(op: &str, x: NdArray<f32>, w: [usize; 4], options: Conv2dOptions) {
        let x = Tensor::constant(x);
        let weights = || {
            let w = Tensor::parameter(single(2, &w));
            (w, Tensor::parameter(single(3, &[5])))
        };
        let ((w, b), (w3, b3)) = (weights(), weights());
        let y = conv_relu_pool(&x, &w, &b, &options, &POOL).unwrap();
        let conv = conv2d(&x, &w3, Some(&b3), &options).unwrap();
        let y3 = max_pool2d(&relu(&conv).unwrap(), &POOL).unwrap();
        assert_eq!(y.op(), op);
        check_equal("y", &y.value(), &y3.value());
        // Twice, for gradients gather.
        for seed in [4, 5] {
            let dy = single(seed, &y.shape());
            y.backward(&dy);
            y3.backward(&dy);
        }
        check_equal("dw", &w.grad().unwrap(), &w3.grad().unwrap());
        check_equal("db", &b.grad().unwrap(), &b3.grad().unwrap());
    }

    #[test]
    fn value_and_gradients_are_those_of_the_three_ops() {
        let plain = Conv2dOptions::default();
        check_like_three(
            "conv_relu_pool",
            single(1, &[3, 9, 7, 1]),
            [3, 3, 1, 5],
            plain,
        );
        let same = Conv2dOptions {
            padding: Padding::Same,
            ..plain
        };
        check_like_three("max_pool2d", single(1, &[2, 6, 6, 1]), [3, 3, 1, 5], same);
        check_like_three("max_pool2d", single(1, &[2, 6, 6, 3]), [3, 3, 3, 5], plain);
        let mut broken = single(1, &[1, 6, 6, 1]);
        broken.make_mut()[14] = f32::NAN;
        check_like_three("max_pool2d", broken, [3, 3, 1, 5], plain);
    }

    #[test]
    fn a_bias_alone_learns_as_well() {
        let x = Tensor::constant(single(1, &[2, 6, 6, 1]));
        let w = Tensor::constant(single(2, &[3, 3, 1, 5]));
        let b = Tensor::parameter(single(3, &[5]));
        let options = Conv2dOptions::default();
        let y = conv_relu_pool(&x, &w, &b, &options, &POOL).unwrap();
        assert_eq!(y.op(), "conv_relu_pool");
        y.backward(&single(4, &y.shape()));
        let fused = b.grad().unwrap();
        b.zero_grad();
        let conv = conv2d(&x, &w, Some(&b), &options).unwrap();
        let y = max_pool2d(&relu(&conv).unwrap(), &POOL).unwrap();
        y.backward(&single(4, &y.shape()));
        check_equal("db", &fused, &b.grad().unwrap());
    }

    #[test]
    fn gradients_are_the_slopes_in_f64() {
        check(&[&[2, 6, 5, 1], &[3, 3, 1, 4], &[4]], |x| {
            conv_relu_pool(&x[0], &x[1], &x[2], &Conv2dOptions::default(), &POOL)
        });
    }

    #[test]
    fn what_does_not_fit_is_refused_as_by_the_ops() {
        let (x, w) = (
            Tensor::constant(single(1, &[1, 6, 6, 2])),
            single(2, &[3, 3, 1, 5]),
        );
        let (w, b) = (Tensor::constant(w), Tensor::constant(single(3, &[5])));
        let error = conv_relu_pool(&x, &w, &b, &Conv2dOptions::default(), &POOL).unwrap_err();
        assert_eq!(error.code(), "shape_mismatch");
    }
}
