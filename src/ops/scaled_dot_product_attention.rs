//! Attention.

use super::shapes::{at_least, require};
use super::{Args, add, matmul, mul, permute, reshape};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::kernels::softmax as kernel;

/// What a query may not look at.
pub enum Mask<T: Scalar> {
    /// It may look where this is true (PyTorch's and Keras's way round).
    Boolean(NdArray<bool>),
    /// Added to the scores; −∞ forbids.
    Additive(Tensor<T>),
}

/// How queries meet keys.
pub struct AttentionOptions<T: Scalar> {
    /// Broadcasts to the scores [..., heads, L, S].
    pub mask: Option<Mask<T>>,
    /// Query i may look at keys 0 to i, counted from the first of both (PyTorch's rule); goes
    /// together with a mask.
    pub causal: bool,
    /// What the products are multiplied by; 1 / √E where it is left out.
    pub scale: Option<f64>,
}

impl<T: Scalar> Default for AttentionOptions<T> {
    fn default() -> Self {
        Self {
            mask: None,
            causal: false,
            scale: None,
        }
    }
}

/// y = softmax(q · kᵀ · scale + mask) · v, composed.
///
/// Shape: q [..., HQ, L, E], k [..., H, S, E], v [..., H, S, EV] → [..., HQ, L, EV]. Where there are
/// fewer heads of keys than of queries, HQ / H neighbouring queries' heads share one (grouped-query
/// attention, Ainslie et al. 2023; PyTorch's `enable_gqa`). Without heads, two axes are enough. A
/// query that may look at nothing gives zeros and gets no gradient, as in PyTorch since 2.5. Errs
/// where shapes don't fit. Vaswani et al. 2017.
pub fn scaled_dot_product_attention<T: Scalar>(
    q: &Tensor<T>,
    k: &Tensor<T>,
    v: &Tensor<T>,
    options: &AttentionOptions<T>,
) -> Result<Tensor<T>> {
    let q_shape = at_least(OP, q, 2)?;
    let k_shape = at_least(OP, k, 2)?;
    let v_shape = at_least(OP, v, 2)?;
    let lead = k_shape.len() - 1;
    if v_shape.len() != k_shape.len() || v_shape[..lead] != k_shape[..lead] {
        return Err(Error::ShapeMismatch {
            place: format!("{OP} v"),
            expected: [&k_shape[..lead], &v_shape[v_shape.len() - 1..]].concat(),
            got: v_shape,
        });
    }
    let (length, e) = (q_shape[q_shape.len() - 2], q_shape[q_shape.len() - 1]);
    let (query_heads, heads) = (heads(&q_shape), heads(&k_shape));
    let share = query_heads.checked_div(heads).unwrap_or(0);
    let expected = format!("a multiple of {heads}");
    let divides = share > 0 && share * heads == query_heads;
    require(divides, OP, "heads of q", expected, query_heads)?;
    // The queries that share a head of keys are rows of one product, so that no key is copied.
    let together = |x: &Tensor<T>| regroup(x, share, heads, share * length);
    let apart = |x: &Tensor<T>| regroup(x, share, query_heads, length);

    let scale = options.scale.unwrap_or(1.0 / libm::sqrt(e as f64));
    let q = together(&mul(q, &Tensor::scalar(scale))?)?;
    let mut scores = apart(&matmul(&q, &turned(k)?)?)?;
    let shape = scores.shape();
    let mut allowed = options
        .causal
        .then(|| causal(length, shape[shape.len() - 1]));
    match &options.mask {
        None => {}
        Some(Mask::Additive(mask)) => {
            check_mask(&mask.shape(), &shape)?;
            scores = add(&scores, mask)?;
        }
        Some(Mask::Boolean(mask)) => {
            check_mask(mask.shape(), &shape)?;
            allowed = Some(match allowed {
                None => mask.clone(),
                Some(causal) => mask.zip_broadcast(&causal, |a, b| a & b)?,
            });
        }
    }
    let shares = softmax_where(&scores, allowed.as_ref())?;
    apart(&matmul(&together(&shares)?, v)?)
}

const OP: &str = "scaled_dot_product_attention";

fn heads(shape: &[usize]) -> usize {
    shape.iter().rev().nth(2).copied().unwrap_or(1)
}

/// [..., heads, rows, columns], where heads are shared.
fn regroup<T: Scalar>(x: &Tensor<T>, share: usize, heads: usize, rows: usize) -> Result<Tensor<T>> {
    if share == 1 {
        return Ok(x.clone());
    }
    let mut shape = x.shape();
    let axes = shape.len();
    shape[axes - 3] = heads;
    shape[axes - 2] = rows;
    reshape(x, &shape)
}

/// The last two axes swapped.
fn turned<T: Scalar>(x: &Tensor<T>) -> Result<Tensor<T>> {
    let mut order: Vec<i64> = (0..x.ndim() as i64).collect();
    let axes = order.len();
    order.swap(axes - 2, axes - 1);
    permute(x, &order)
}

fn causal(queries: usize, keys: usize) -> NdArray<bool> {
    let sees = |i: usize| i % keys <= i / keys;
    NdArray::from_vec((0..queries * keys).map(sees).collect(), &[queries, keys])
}

/// Errs unless a mask broadcasts to the scores' shape.
fn check_mask(mask: &[usize], scores: &[usize]) -> Result<()> {
    let sizes = mask.iter().rev().zip(scores.iter().rev());
    if mask.len() <= scores.len() && sizes.into_iter().all(|(&m, &s)| m == 1 || m == s) {
        return Ok(());
    }
    Err(Error::ShapeMismatch {
        place: format!("{OP} mask"),
        expected: scores.to_vec(),
        got: mask.to_vec(),
    })
}

/// y = eˣ / Σ eˣ along the last axis over what is allowed, 0 elsewhere and in rows where nothing is;
/// dx = y · (dy − Σ dy · y).
fn softmax_where<T: Scalar>(x: &Tensor<T>, allowed: Option<&NdArray<bool>>) -> Result<Tensor<T>> {
    let shape = x.shape();
    let mut scores = x.value().to_vec();
    if let Some(allowed) = allowed {
        let allowed = allowed.broadcast_to(&shape)?.to_vec();
        for (score, allowed) in scores.iter_mut().zip(allowed) {
            if !allowed {
                *score = T::NEG_INFINITY;
            }
        }
    }
    let cols = shape[shape.len() - 1].max(1);
    let mut y = vec![T::ZERO; scores.len()];
    for (scores, y) in scores.chunks_exact(cols).zip(y.chunks_exact_mut(cols)) {
        if scores.iter().any(|&score| score != T::NEG_INFINITY) {
            kernel::forward(1, cols, scores, y);
        }
    }
    let y = NdArray::from_vec(y, &shape);
    let y_value = y.clone();
    let op = "scaled_dot_product_attention weights";
    let record = Tensor::record(op, y).input(x, move |dy| {
        let mut dx = vec![T::ZERO; dy.len()];
        let dy = dy.contiguous();
        let y = y_value.as_slice().expect("contiguous");
        let dy = dy.as_slice().expect("contiguous");
        kernel::backward(dx.len() / cols, cols, y, dy, &mut dx);
        NdArray::from_vec(dx, &shape)
    });
    Ok(record.done())
}

/// By name: q, k, v and, if there is one, a mask; `boolean` (true where the mask's zeros forbid;
/// else it is added), `causal`, `scale`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let boolean = args.flag("boolean")?;
    let mask = args.optional_tensor(3).map(|mask| {
        if boolean {
            Mask::Boolean(mask.value().map(|mask| mask != T::ZERO))
        } else {
            Mask::Additive(mask.clone())
        }
    });
    let options = AttentionOptions {
        mask,
        causal: args.flag("causal")?,
        scale: args.number("scale")?,
    };
    scaled_dot_product_attention(args.tensor(0)?, args.tensor(1)?, args.tensor(2)?, &options)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    fn options(causal: bool, mask: Option<Mask<f64>>) -> AttentionOptions<f64> {
        AttentionOptions {
            mask,
            causal,
            scale: None,
        }
    }

    fn check_attention(q: &[usize], k: &[usize], v: &[usize], options: AttentionOptions<f64>) {
        check(&[q, k, v], |x| {
            scaled_dot_product_attention(&x[0], &x[1], &x[2], &options)
        });
    }

    #[test]
    fn gradients_are_the_slopes_whatever_is_masked() {
        check_attention(&[3, 4], &[5, 4], &[5, 2], options(false, None));
        let (q, k, v) = ([2, 2, 3, 4], [2, 2, 5, 4], [2, 2, 5, 3]);
        check_attention(&q, &k, &v, options(false, None));
        check_attention(&q, &k, &v, options(true, None));
        let some = input(7, &[3, 5]).value().map(|x| x > -0.5);
        check_attention(&q, &k, &v, options(true, Some(Mask::Boolean(some))));
        let scale = AttentionOptions {
            scale: Some(-0.3),
            ..options(false, None)
        };
        check_attention(&q, &k, &v, scale);
        check(&[&q, &k, &v, &[2, 1, 3, 5]], |x| {
            let options = options(true, Some(Mask::Additive(x[3].clone())));
            scaled_dot_product_attention(&x[0], &x[1], &x[2], &options)
        });
    }

    #[test]
    fn heads_of_keys_are_shared_by_neighbouring_heads_of_queries() {
        let (q, k, v) = ([2, 4, 3, 2], [2, 2, 5, 2], [2, 2, 5, 3]);
        let mask = || Mask::Boolean(input(7, &[4, 1, 5]).value().map(|x| x > -0.5));
        check_attention(&q, &k, &v, options(true, Some(mask())));
        let (q, k, v) = (input(1, &q), input(2, &k), input(3, &v));
        let shared = options(true, Some(mask()));
        let y = scaled_dot_product_attention(&q, &k, &v, &shared).unwrap();
        let repeat = |x: &Tensor<f64>| {
            let x = x.value();
            let parts: Vec<_> = [0, 0, 1, 1]
                .map(|head| Tensor::constant(x.slice_axis(1, head, head + 1)))
                .into();
            super::super::concat(&parts, 1).unwrap()
        };
        let same = scaled_dot_product_attention(&q, &repeat(&k), &repeat(&v), &shared).unwrap();
        for (a, b) in y.value().to_vec().iter().zip(same.value().to_vec()) {
            assert!((a - b).abs() < 1e-12);
        }
    }

    #[test]
    fn a_query_that_sees_nothing_gives_zeros_and_gets_no_gradient() {
        let minus = f64::NEG_INFINITY;
        let additive = tensor(&[0., 0., minus, minus], &[2, 2]);
        let boolean = NdArray::from_vec(vec![true, true, false, false], &[2, 2]);
        for mask in [Mask::Additive(additive), Mask::Boolean(boolean)] {
            let parameter = |seed| Tensor::parameter(input(seed, &[2, 3]).value());
            let (q, k, v) = (parameter(1), parameter(2), parameter(3));
            let y = scaled_dot_product_attention(&q, &k, &v, &options(false, Some(mask))).unwrap();
            assert_eq!(y.value().to_vec()[3..], [0.0; 3]);
            y.backward(&input(4, &[2, 3]).value());
            assert_eq!(q.grad().unwrap().to_vec()[3..], [0.0; 3]);
            for x in [&q, &k, &v] {
                assert!(x.grad().unwrap().to_vec().iter().all(|d| d.is_finite()));
            }
        }
        let nothing = |shape: &[usize]| input(1, shape);
        let y = scaled_dot_product_attention(
            &nothing(&[2, 3]),
            &nothing(&[0, 3]),
            &nothing(&[0, 4]),
            &options(true, None),
        );
        assert_eq!(y.unwrap().value().to_vec(), [0.0; 8]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |q: &[usize], k: &[usize], v: &[usize], mask: &[usize]| {
            let mask = Mask::Additive(input(4, mask));
            let (q, k, v) = (input(1, q), input(2, k), input(3, v));
            scaled_dot_product_attention(&q, &k, &v, &options(false, Some(mask)))
                .unwrap_err()
                .code()
        };
        assert_eq!(code(&[3], &[2, 3], &[2, 3], &[1]), "dimension_count");
        assert_eq!(code(&[2, 3], &[2, 3], &[4, 3], &[1]), "shape_mismatch");
        assert_eq!(code(&[2, 3], &[2, 4], &[2, 3], &[1]), "array_matmul");
        assert_eq!(code(&[2, 3], &[4, 3], &[4, 3], &[3]), "shape_mismatch");
        assert_eq!(
            code(&[2, 3], &[4, 3], &[4, 3], &[5, 2, 4]),
            "shape_mismatch"
        );
        let (q, k, v) = (input(1, &[2, 3]), input(2, &[2, 3]), input(3, &[4, 5]));
        let error = scaled_dot_product_attention(&q, &k, &v, &options(false, None)).unwrap_err();
        assert_eq!(error.fields()["expected"], serde_json::json!([2, 5]));
        let (three, two) = ([3, 5, 2], [2, 5, 2]);
        assert_eq!(code(&three, &two, &two, &[1]), "invalid_argument");
    }
}
