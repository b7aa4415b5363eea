//! Moves that can be undone, and slices against Python's rule.

use danlu::array::views::Slice;
use danlu::autograd::Tensor;
use danlu::ops::{self, PadMode};
use proptest::prelude::*;
use proptest::sample::Index;

use super::inputs::{close, config, from_front, made, shape, shape_and_axis, tensor};

/// The entries of an axis of n that Python's `range(n)[start:stop:step]` gives.
fn python_range(n: usize, start: Option<i64>, stop: Option<i64>, step: i64) -> Vec<usize> {
    let n = n as i64;
    let place = |bound: i64| if bound < 0 { bound + n } else { bound };
    let (mut at, end) = if step > 0 {
        (
            start.map_or(0, |s| place(s).max(0)),
            stop.map_or(n, |s| place(s).min(n)),
        )
    } else {
        (
            start.map_or(n - 1, |s| place(s).min(n - 1)),
            stop.map_or(-1, |s| place(s).max(-1)),
        )
    };
    let mut entries = Vec::new();
    while if step > 0 { at < end } else { at > end } {
        entries.push(at as usize);
        at += step;
    }
    entries
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_permutation_is_undone_by_its_inverse(
        (shape, order) in shape(0..=4).prop_flat_map(|shape| {
            let order: Vec<i64> = (0..shape.len() as i64).collect();
            (Just(shape), Just(order).prop_shuffle())
        }),
    ) {
        let x = tensor(1, &shape);
        let y = ops::permute(&x, &order).unwrap();
        let there: Vec<usize> = order.iter().map(|&axis| shape[axis as usize]).collect();
        prop_assert_eq!(y.shape(), there);
        let mut inverse = order.clone();
        for (to, &from) in order.iter().enumerate() {
            inverse[from as usize] = to as i64;
        }
        close(&ops::permute(&y, &inverse).unwrap().value(), &x.value())?;
    }

    #[test]
    fn a_reshape_keeps_the_order_of_values(shape in shape(0..=4), flipped: bool) {
        let x = tensor(1, &shape);
        let x = if flipped { ops::transpose(&x).unwrap() } else { x };
        let row = ops::reshape(&x, &[x.value().len()]).unwrap();
        prop_assert_eq!(row.value().to_vec(), x.value().to_vec());
        close(&ops::reshape(&row, &x.shape()).unwrap().value(), &x.value())?;
        prop_assert!(ops::reshape(&x, &[x.value().len() + 1]).is_err());
    }

    #[test]
    fn slices_are_pythons(
        n in 0usize..8,
        start in prop::option::of(-9i64..9),
        stop in prop::option::of(-9i64..9),
        step in prop_oneof![-3i64..0, 1i64..4],
    ) {
        let x = tensor(1, &[2, n]);
        let slices = [Slice::all(2), Slice::python(n, start, stop, step)];
        let y = ops::slice(&x, &slices).unwrap().value();
        let entries = python_range(n, start, stop, step);
        let want = made(&[2, entries.len()], |index| x.value().get(&[index[0], entries[index[1]]]));
        close(&y, &want)?;
    }

    #[test]
    fn what_is_cut_can_be_joined(
        (shape, axis) in shape_and_axis(),
        cuts in prop::collection::vec(any::<Index>(), 0..4),
        one_size in 1usize..5,
    ) {
        let x = tensor(1, &shape);
        let n = shape[from_front(axis, shape.len())];
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut.index(n + 1)).chain([n]).collect();
        ends.sort_unstable();
        let starts = [0].into_iter().chain(ends.iter().copied());
        let sizes: Vec<usize> = starts.zip(&ends).map(|(start, end)| end - start).collect();
        let parts = ops::split(&x, &sizes, axis).unwrap();
        close(&ops::concat(&parts, axis).unwrap().value(), &x.value())?;
        let parts = ops::chunk(&x, one_size, axis).unwrap();
        close(&ops::concat(&parts, axis).unwrap().value(), &x.value())?;
        prop_assert!(ops::split(&x, &[n + 1], axis).is_err());
    }

    #[test]
    fn a_stack_is_taken_apart_entry_by_entry((shape, axis) in shape_and_axis(), count in 1usize..4) {
        let x: Vec<Tensor<f64>> = (0..count).map(|i| tensor(i as u64, &shape[1..])).collect();
        // The axis of a shape with one axis more, as the stack's is.
        let y = ops::stack(&x, axis).unwrap();
        for (part, x) in ops::split(&y, &vec![1; count], axis).unwrap().iter().zip(&x) {
            let part = ops::squeeze(part, Some(&[axis])).unwrap();
            close(&part.value(), &x.value())?;
            close(&part.value(), &ops::squeeze(&ops::unsqueeze(x, axis).unwrap(), Some(&[axis])).unwrap().value())?;
        }
    }

    #[test]
    fn what_is_turned_can_be_turned_back((shape, axis) in shape_and_axis(), shift in -20i64..20) {
        let x = tensor(1, &shape);
        let there = ops::roll(&x, &[shift], Some(&[axis])).unwrap();
        close(&ops::roll(&there, &[-shift], Some(&[axis])).unwrap().value(), &x.value())?;
        let there = ops::roll(&x, &[shift], None).unwrap();
        close(&ops::roll(&there, &[-shift], None).unwrap().value(), &x.value())?;
        let there = ops::flip(&x, Some(&[axis])).unwrap();
        close(&ops::flip(&there, Some(&[axis])).unwrap().value(), &x.value())?;
        let n = shape[from_front(axis, shape.len())].max(1) as i64;
        close(
            &ops::roll(&x, &[shift + 3 * n], Some(&[axis])).unwrap().value(),
            &ops::roll(&x, &[shift], Some(&[axis])).unwrap().value(),
        )?;
    }

    #[test]
    fn a_pad_is_cut_off_by_its_negative(
        shape in shape(1..=3),
        pads in prop::collection::vec(0i64..4, 1..4),
        mode in prop_oneof![
            Just(PadMode::Constant(2.5)), Just(PadMode::Reflect), Just(PadMode::Replicate)
        ],
    ) {
        let x = tensor(1, &shape);
        let pads: Vec<i64> = pads.iter().flat_map(|&pad| [pad, (pad + 1) % 3]).take(2 * shape.len()).collect();
        let most = |n: usize| match mode {
            PadMode::Constant(_) => i64::MAX,
            PadMode::Reflect => (n as i64 - 1).max(0),
            PadMode::Replicate => if n > 0 { i64::MAX } else { 0 },
        };
        let sizes = shape.iter().rev();
        let fits = pads.chunks(2).zip(sizes).all(|(pair, &n)| pair.iter().all(|&pad| pad <= most(n)));
        let y = ops::pad(&x, &pads, mode);
        prop_assert_eq!(y.is_ok(), fits);
        if let Ok(y) = y {
            let negative: Vec<i64> = pads.iter().map(|pad| -pad).collect();
            close(&ops::pad(&y, &negative, mode).unwrap().value(), &x.value())?;
        }
    }

    #[test]
    fn triangles_make_the_whole(shape in shape(2..=4), diagonal in -4i64..5) {
        let x = tensor(1, &shape);
        let below = ops::tril(&x, diagonal).unwrap();
        let above = ops::triu(&x, diagonal + 1).unwrap();
        close(&ops::add(&below, &above).unwrap().value(), &x.value())?;
        let stays = |index: &[usize]| {
            let [row, col] = index[index.len() - 2..] else { unreachable!("two axes") };
            if col as i64 <= row as i64 + diagonal { x.value().get(index) } else { 0.0 }
        };
        close(&below.value(), &made(&shape, stays))?;
    }
}
