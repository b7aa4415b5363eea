//! Whatever fits together stretches as NumPy has it, there and back; the rest is refused.

use danlu::array::NdArray;
use danlu::autograd::{Tensor, vjp};
use danlu::ops;
use proptest::prelude::*;

use super::inputs::{close, config, indices, made, shape, size, tensor};

/// A shape that stretches to `whole`: leading axes left out, others of size 1.
fn shrunk(whole: Vec<usize>) -> impl Strategy<Value = Vec<usize>> {
    let axes = whole.len();
    (0..=axes, prop::collection::vec(any::<bool>(), axes)).prop_map(move |(first, ones)| {
        let size = |axis: usize| if ones[axis] { 1 } else { whole[axis] };
        (first..axes).map(size).collect()
    })
}

fn pair() -> impl Strategy<Value = [Vec<usize>; 2]> {
    shape(0..=4).prop_flat_map(|whole| [shrunk(whole.clone()), shrunk(whole)])
}

/// NumPy's rule, written again: the broadcast shape if there is one.
fn together(a: &[usize], b: &[usize]) -> Option<Vec<usize>> {
    let axes = a.len().max(b.len());
    let at = |shape: &[usize], axis: usize| {
        (axis + shape.len())
            .checked_sub(axes)
            .map_or(1, |axis| shape[axis])
    };
    (0..axes)
        .map(|axis| match (at(a, axis), at(b, axis)) {
            (1, size) | (size, 1) => Some(size),
            (a, b) => (a == b).then_some(a),
        })
        .collect()
}

/// The index into a stretched array of `shape` that `index` falls on.
fn origin(index: &[usize], shape: &[usize]) -> Vec<usize> {
    let lead = index.len() - shape.len();
    index[lead..]
        .iter()
        .zip(shape)
        .map(|(&i, &size)| if size == 1 { 0 } else { i })
        .collect()
}

/// Σ dy · slope over the places that fall on each element.
fn gathered(shape: &[usize], dy: &NdArray<f64>, slope: impl Fn(&[usize]) -> f64) -> NdArray<f64> {
    let sums = NdArray::zeros(shape);
    for index in indices(dy.shape()) {
        let at = origin(&index, shape);
        sums.set(&at, sums.get(&at) + dy.get(&index) * slope(&index));
    }
    sums
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn products_stretch_and_their_gradients_sum([a, b] in pair()) {
        let whole = together(&a, &b).unwrap();
        let (a, b) = (tensor(1, &a), tensor(2, &b));
        let (x, z) = (a.value(), b.value());
        let [a, b] = [a, b].map(|x| Tensor::parameter(x.value()));
        let y = ops::mul(&a, &b).unwrap();
        let of = |x: &NdArray<f64>, index: &[usize]| x.get(&origin(index, x.shape()));
        close(&y.value(), &made(&whole, |index| of(&x, index) * of(&z, index)))?;
        let dy = tensor(3, &whole).value();
        let gradients = vjp(&y, &dy, &[a, b]);
        close(&gradients[0], &gathered(x.shape(), &dy, |index| of(&z, index)))?;
        close(&gradients[1], &gathered(z.shape(), &dy, |index| of(&x, index)))?;
    }

    #[test]
    fn a_choice_stretches_all_three([m, a] in pair(), b in size()) {
        let (m, a, b) = (tensor(1, &m), tensor(2, &a), tensor(3, &[b]));
        let mask = m.value().map(|m| m > 0.0);
        let both = together(mask.shape(), &a.shape()).unwrap();
        let y = ops::r#where(&mask, &a, &b);
        let Some(whole) = together(&both, &b.shape()) else {
            prop_assert_eq!(y.unwrap_err().code(), "array_broadcast");
            return Ok(());
        };
        let (a, b) = (a.value(), b.value());
        let want = made(&whole, |index| {
            let x = if mask.get(&origin(index, mask.shape())) { &a } else { &b };
            x.get(&origin(index, x.shape()))
        });
        close(&y.unwrap().value(), &want)?;
    }

    #[test]
    fn shapes_fit_together_by_the_rule_or_are_refused(a in shape(0..=3), b in shape(0..=3)) {
        let (x, z) = (tensor(1, &a), tensor(2, &b));
        let y = [ops::add(&x, &z), ops::maximum(&x, &z)];
        let compared = ops::lt(&x, &z);
        match together(&a, &b) {
            Some(whole) => {
                for y in y {
                    prop_assert_eq!(y.unwrap().shape(), whole.clone());
                }
                let compared = compared.unwrap();
                prop_assert_eq!(compared.shape(), &whole[..]);
            }
            None => {
                for y in y {
                    prop_assert_eq!(y.unwrap_err().code(), "array_broadcast");
                }
                prop_assert!(compared.is_err());
            }
        }
    }
}
