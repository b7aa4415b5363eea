//! What picks values by indices or masks, and what puts them back.

use danlu::array::NdArray;
use danlu::autograd::Tensor;
use danlu::ops;
use proptest::prelude::*;
use proptest::sample::Index;

use super::inputs::{close, config, dot, from_front, indices, made, shape_and_axis, tensor, tied};

/// A shape, an axis, and indices for it: as long along it as they please, elsewhere no longer.
fn picked() -> impl Strategy<Value = (Vec<usize>, i64, NdArray<i64>)> {
    let whole = shape_and_axis();
    whole.prop_flat_map(|(shape, axis)| {
        let at = from_front(axis, shape.len());
        let lengths: Vec<_> = (0..shape.len())
            .map(|axis| if axis == at { 0..6 } else { 0..shape[axis] + 1 })
            .collect();
        let values = prop::collection::vec(any::<Index>(), 1..20);
        (Just(shape), lengths, values).prop_map(move |(shape, mut lengths, values)| {
            let n = shape[at];
            lengths[at] = if n == 0 { 0 } else { lengths[at] };
            let count = lengths.iter().product::<usize>();
            let value = |i: usize| values[i % values.len()].index(n) as i64;
            let indices = NdArray::from_vec((0..count).map(value).collect(), &lengths);
            (shape, axis, indices)
        })
    })
}

/// Where in x the index at `place` points.
fn source(place: &[usize], axis: i64, indices: &NdArray<i64>) -> Vec<usize> {
    let mut at = place.to_vec();
    at[from_front(axis, place.len())] = indices.get(place) as usize;
    at
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn gather_takes_and_scatter_add_is_its_transpose((shape, axis, at) in picked()) {
        let (x, v) = (tensor(1, &shape), tensor(2, at.shape()));
        let y = ops::gather(&x, axis, &at).unwrap().value();
        close(&y, &made(at.shape(), |place| x.value().get(&source(place, axis, &at))))?;
        let zeros = tensor(3, &shape).value().map(|_| 0.0);
        let zeros = Tensor::constant(zeros);
        let back = ops::scatter_add(&zeros, axis, &at, &v).unwrap().value();
        // ⟨gather x, v⟩ = ⟨x, scatter_add v⟩
        let (there, here) = (dot(&y, &v.value()), dot(&x.value(), &back));
        prop_assert!((there - here).abs() < 1e-10 * (1.0 + there.abs()), "{} and {}", there, here);
    }

    #[test]
    fn scatter_writes_in_order((shape, axis, at) in picked()) {
        let (x, v) = (tensor(1, &shape), tensor(2, at.shape()));
        let y = ops::scatter(&x, axis, &at, &v).unwrap().value();
        let want = x.value().to_owned_array();
        for place in indices(at.shape()) {
            want.set(&source(&place, axis, &at), v.value().get(&place));
        }
        close(&y, &want)?;
    }

    #[test]
    fn an_index_outside_is_refused((shape, axis, at) in picked(), below: bool) {
        prop_assume!(!at.is_empty());
        let n = shape[from_front(axis, shape.len())] as i64;
        let wrong = at.to_owned_array();
        wrong.set(&vec![0; at.ndim()], if below { -1 } else { n });
        let (x, v) = (tensor(1, &shape), tensor(2, at.shape()));
        for y in [
            ops::gather(&x, axis, &wrong),
            ops::scatter(&x, axis, &wrong, &v),
            ops::scatter_add(&x, axis, &wrong, &v),
        ] {
            prop_assert_eq!(y.unwrap_err().code(), "index_out_of_range");
        }
    }

    #[test]
    fn entries_are_those_of_slices((shape, axis) in shape_and_axis(), picks in prop::collection::vec(any::<Index>(), 0..6)) {
        let x = tensor(1, &shape);
        let at = from_front(axis, shape.len());
        let n = shape[at];
        let picks: Vec<usize> = if n == 0 { vec![] } else { picks.iter().map(|pick| pick.index(n)).collect() };
        let listed = picks.iter().map(|&pick| pick as i64).collect();
        let y = ops::index_select(&x, axis, &NdArray::from_vec(listed, &[picks.len()])).unwrap();
        let mut wanted = shape.clone();
        wanted[at] = picks.len();
        let want = made(&wanted, |place| {
            let mut from = place.to_vec();
            from[at] = picks[place[at]];
            x.value().get(&from)
        });
        close(&y.value(), &want)?;
    }

    #[test]
    fn a_mask_parts_the_values((shape, _) in shape_and_axis()) {
        let (x, mask) = (tensor(1, &shape), tensor(2, &shape).value().map(|m| m > 0.3));
        let chosen = ops::masked_select(&x, &mask).unwrap().value().to_vec();
        let pairs = x.value().to_vec().into_iter().zip(mask.to_vec());
        let want: Vec<f64> = pairs.filter(|(_, holds)| *holds).map(|(x, _)| x).collect();
        prop_assert_eq!(&chosen, &want);
        let filled = ops::masked_fill(&x, &mask, 0.0).unwrap().value();
        let rest: f64 = filled.to_vec().iter().sum();
        let (all, chosen): (f64, f64) = (x.value().to_vec().iter().sum(), chosen.iter().sum());
        prop_assert!((rest + chosen - all).abs() < 1e-10);
    }

    #[test]
    fn sorted_values_ascend_and_the_best_come_first(
        (shape, axis) in shape_and_axis(),
        k in any::<Index>(),
        descending: bool,
    ) {
        let x = tied(1, &shape);
        let n = shape[from_front(axis, shape.len())];
        let order = ops::argsort(&x, axis, descending).unwrap();
        let sorted = ops::sort(&x, axis, descending).unwrap();
        close(&ops::gather(&x, axis, &order).unwrap().value(), &sorted.value())?;
        let last = |x: &NdArray<f64>| {
            let mut axes: Vec<usize> = (0..shape.len()).collect();
            axes.remove(from_front(axis, shape.len()));
            axes.push(from_front(axis, shape.len()));
            x.permute(&axes).unwrap().to_vec()
        };
        let (values, order) = (last(&x.value()), last(&order.map(|i| i as f64)));
        for (lane, order) in values.chunks(n.max(1)).zip(order.chunks(n.max(1))) {
            let mut want: Vec<usize> = (0..lane.len()).collect();
            want.sort_by(|&a, &b| if descending { lane[b].partial_cmp(&lane[a]).unwrap() } else { lane[a].partial_cmp(&lane[b]).unwrap() });
            let want: Vec<f64> = want.into_iter().map(|i| i as f64).collect();
            prop_assert_eq!(order, &want[..]);
        }
        let k = k.index(n + 1);
        let best = ops::topk(&x, k, axis, descending).unwrap();
        let first = ops::split(&sorted, &[k, n - k], axis).unwrap().remove(0);
        close(&best.value(), &first.value())?;
        prop_assert!(ops::topk(&x, n + 1, axis, descending).is_err());
    }

    #[test]
    fn rows_of_ones_say_their_index((shape, _) in shape_and_axis(), classes in 1usize..6) {
        let at = tensor(1, &shape).value().map(|x| (x.abs() * 100.0) as i64 % classes as i64);
        let rows = ops::one_hot::<f64>(&at, Some(classes)).unwrap();
        if !at.is_empty() {
            prop_assert_eq!(ops::argmax(&rows, Some(-1), false).unwrap(), at.clone());
        }
        let ones = ops::sum(&rows, Some(&[-1]), false).unwrap().value();
        close(&ones, &made(at.shape(), |_| 1.0))?;
    }
}
