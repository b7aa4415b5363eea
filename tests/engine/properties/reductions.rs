//! Reductions over any axes, against plain loops over the values that meet.

use danlu::array::NdArray;
use danlu::autograd::Tensor;
use danlu::error::Result;
use danlu::ops;
use proptest::prelude::*;

use super::inputs::{close, config, from_front, indices, shape, shape_and_axis, tied};

/// A shape and some of its axes, each counted from either end; `None` for all.
fn shape_and_axes() -> impl Strategy<Value = (Vec<usize>, Option<Vec<i64>>)> {
    shape(0..=4).prop_flat_map(|shape| {
        let axes = shape.len();
        let picked = prop::collection::vec((any::<bool>(), any::<bool>()), axes);
        let picked = picked.prop_map(move |picked| {
            let axes = axes as i64;
            let counted =
                |(axis, (_, back)): (i64, (bool, bool))| if back { axis - axes } else { axis };
            let picked = (0..axes).zip(picked).filter(|(_, (taken, _))| *taken);
            picked.map(counted).collect::<Vec<i64>>()
        });
        (Just(shape), prop::option::weighted(0.8, picked))
    })
}

/// The values that meet in each place of the result, in C order, the axes kept with size 1.
fn lanes(x: &NdArray<f64>, axes: Option<&[i64]>) -> (Vec<usize>, Vec<Vec<f64>>) {
    let dimensions = x.ndim();
    let goes = |axis: usize| match axes {
        None => true,
        Some(axes) => axes.iter().any(|&a| from_front(a, dimensions) == axis),
    };
    let kept: Vec<usize> = (0..dimensions)
        .map(|axis| if goes(axis) { 1 } else { x.shape()[axis] })
        .collect();
    let places = indices(&kept);
    let mut lanes = vec![Vec::new(); places.len()];
    for index in indices(x.shape()) {
        let at: Vec<usize> = (0..dimensions)
            .map(|axis| if goes(axis) { 0 } else { index[axis] })
            .collect();
        let place = places.iter().position(|place| *place == at).unwrap();
        lanes[place].push(x.get(&index));
    }
    (kept, lanes)
}

type Reduction = fn(&Tensor<f64>, Option<&[i64]>, bool) -> Result<Tensor<f64>>;
/// What a reduction makes of the values that meet.
type Plain = fn(&[f64]) -> f64;
/// What one step of a running reduction makes of two values.
type Step = fn(f64, f64) -> f64;

fn flags(answer: Result<NdArray<bool>>) -> Result<Tensor<f64>> {
    Ok(Tensor::constant(
        answer?.map(|flag| f64::from(u8::from(flag))),
    ))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len() as f64
}

fn truth(holds: bool) -> f64 {
    f64::from(u8::from(holds))
}

const REDUCTIONS: [(Reduction, Plain); 8] = [
    (ops::sum, |x| x.iter().sum()),
    (ops::mean, mean),
    (ops::prod, |x| x.iter().product()),
    (
        |x, axes, keepdims| ops::var(x, axes, 0.0, keepdims),
        variance,
    ),
    (
        |x, axes, keepdims| ops::std(x, axes, 0.0, keepdims),
        |x| variance(x).sqrt(),
    ),
    (ops::logsumexp, |x| {
        x.iter().map(|x| x.exp()).sum::<f64>().ln()
    }),
    (
        |x, axes, keepdims| flags(ops::any(x, axes, keepdims)),
        |x| truth(x.iter().any(|&x| x != 0.0)),
    ),
    (
        |x, axes, keepdims| flags(ops::all(x, axes, keepdims)),
        |x| truth(x.iter().all(|&x| x != 0.0)),
    ),
];

const EXTREMES: [(Reduction, Step); 2] = [(ops::max, f64::max), (ops::min, f64::min)];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn reductions_are_those_of_plain_loops((shape, axes) in shape_and_axes(), keepdims: bool) {
        let x = tied(1, &shape);
        let axes = axes.as_deref();
        let (kept, lanes) = lanes(&x.value(), axes);
        let gone = axes.map_or(shape.len(), <[i64]>::len);
        let dimensions = if keepdims { shape.len() } else { shape.len() - gone };
        let check = |y: Tensor<f64>, want: Vec<f64>| {
            prop_assert_eq!(y.ndim(), dimensions);
            let y = y.value().reshape(&kept).unwrap();
            close(&y, &NdArray::from_vec(want, &kept))
        };
        for (reduce, plain) in REDUCTIONS {
            let want = lanes.iter().map(|lane| plain(lane)).collect();
            check(reduce(&x, axes, keepdims).unwrap(), want)?;
        }
        for (reduce, plain) in EXTREMES {
            let y = reduce(&x, axes, keepdims);
            let best = |lane: &Vec<f64>| lane.iter().copied().reduce(plain);
            // Nothing has no largest value; no lanes at all are no trouble where none is empty.
            let size = |axis: i64| shape[from_front(axis, shape.len())];
            let empty = match axes {
                None => shape.contains(&0),
                Some(axes) => axes.iter().any(|&axis| size(axis) == 0),
            };
            if empty {
                prop_assert_eq!(y.unwrap_err().code(), "array_empty_reduction");
            } else {
                check(y.unwrap(), lanes.iter().filter_map(best).collect())?;
            }
        }
    }

    #[test]
    fn places_of_extremes_are_the_first_in_plain_loops((shape, axis) in shape_and_axis(), keepdims: bool) {
        let x = tied(1, &shape);
        let (_, lanes) = lanes(&x.value(), Some(&[axis]));
        let places = ops::argmax(&x, Some(axis), keepdims);
        if shape[from_front(axis, shape.len())] == 0 {
            prop_assert_eq!(places.unwrap_err().code(), "array_empty_reduction");
            return Ok(());
        }
        let first = |lane: &Vec<f64>| {
            let most = lane.iter().copied().reduce(f64::max).unwrap();
            lane.iter().position(|&x| x == most).unwrap() as i64
        };
        let want: Vec<i64> = lanes.iter().map(first).collect();
        prop_assert_eq!(places.unwrap().to_vec(), want.clone());
        let negative = ops::neg(&x).unwrap();
        prop_assert_eq!(ops::argmin(&negative, Some(axis), keepdims).unwrap().to_vec(), want);
    }

    #[test]
    fn running_sums_and_products_are_those_of_plain_loops((shape, axis) in shape_and_axis()) {
        let x = tied(1, &shape);
        let running: [(Tensor<f64>, Step); 2] = [
            (ops::cumsum(&x, axis).unwrap(), |a, b| a + b),
            (ops::cumprod(&x, axis).unwrap(), |a, b| a * b),
        ];
        let at = from_front(axis, shape.len());
        for (y, plain) in running {
            let want = x.value().to_owned_array();
            for index in indices(&shape).into_iter().filter(|index| index[at] > 0) {
                let mut before = index.clone();
                before[at] -= 1;
                let value = plain(want.get(&before), want.get(&index));
                want.set(&index, value);
            }
            close(&y.value(), &want)?;
        }
    }
}
