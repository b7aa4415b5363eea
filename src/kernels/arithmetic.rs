//! Sums, differences, products, quotients and extremes of vectors, and whether all that came out is
//! finite; and comparisons.
//!
//! NumPy warns of what is not finite; asking while the results are in registers costs next to
//! nothing, where a pass of its own costs as much as the operation.

/// What is computed of each pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// The larger of both, a NaN where either is one.
    Maximum,
    /// The smaller of both, a NaN where either is one.
    Minimum,
}

/// What is asked of each pair. The other three are these, turned around or denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Less,
    LessEqual,
    Equal,
}

/// Elements taken at once. A single operand is laid out so often, once.
const BLOCK: usize = 64;

/// Elements whose finiteness is summed side by side.
const SIDE: usize = 4;

/// One element, laid out as a block.
fn single<T: Copy + Default>(x: &[T]) -> [T; BLOCK] {
    [if x.len() == 1 { x[0] } else { T::default() }; BLOCK]
}

/// `out[i] = f(a[i], b[i])`; an operand of one element stretches.
#[inline(always)]
fn compare<T: Copy + Default>(a: &[T], b: &[T], out: &mut [bool], f: impl Fn(T, T) -> bool) {
    for x in [a, b] {
        assert!(
            x.len() == out.len() || x.len() == 1,
            "compare: {} elements for {}",
            x.len(),
            out.len()
        );
    }
    let (a_single, b_single) = (single(a), single(b));
    let mut first = 0;
    for block in out.chunks_mut(BLOCK) {
        let n = block.len();
        let x = if a.len() == 1 {
            &a_single[..n]
        } else {
            &a[first..][..n]
        };
        let y = if b.len() == 1 {
            &b_single[..n]
        } else {
            &b[first..][..n]
        };
        for ((place, &x), &y) in block.iter_mut().zip(x).zip(y) {
            *place = f(x, y);
        }
        first += n;
    }
}

macro_rules! comparison {
    ($(#[$doc:meta])* $name:ident, $T:ty) => {
        $(#[$doc])*
        pub fn $name(op: Comparison, a: &[$T], b: &[$T], out: &mut [bool]) {
            match op {
                Comparison::Less => compare(a, b, out, |x, y| x < y),
                Comparison::LessEqual => compare(a, b, out, |x, y| x <= y),
                Comparison::Equal => compare(a, b, out, |x, y| x == y),
            }
        }
    };
}

comparison!(
    /// Whether each pair compares so; an operand of one element stretches.
    compare_f64,
    f64
);
comparison!(
    /// As [`compare_f64`].
    compare_f32,
    f32
);

macro_rules! arithmetic {
    ($(#[$doc:meta])* $name:ident, $run:ident, $T:ty) => {
        $(#[$doc])*
        pub fn $name(op: Arithmetic, a: &[$T], b: &[$T], out: &mut [$T]) -> bool {
            for (side, x) in [("left", a), ("right", b)] {
                assert!(
                    x.len() == out.len() || x.len() == 1,
                    "{op:?}: {} elements on the {side} for {}",
                    x.len(),
                    out.len()
                );
            }
            match op {
                Arithmetic::Add => $run(a, b, out, |x, y| x + y),
                Arithmetic::Subtract => $run(a, b, out, |x, y| x - y),
                Arithmetic::Multiply => $run(a, b, out, |x, y| x * y),
                Arithmetic::Divide => $run(a, b, out, |x, y| x / y),
                // Of a NaN, neither comparison holds.
                Arithmetic::Maximum => {
                    $run(a, b, out, |x, y| if x >= y || x.is_nan() { x } else { y })
                }
                Arithmetic::Minimum => {
                    $run(a, b, out, |x, y| if x <= y || x.is_nan() { x } else { y })
                }
            }
        }

        #[inline(always)]
        fn $run(a: &[$T], b: &[$T], out: &mut [$T], f: impl Fn($T, $T) -> $T) -> bool {
            let (a_single, b_single) = (single(a), single(b));
            // A number taken from itself leaves zero where it is finite, and NaN where it is not.
            let mut wrong = [0.0; SIDE];
            let mut first = 0;
            for block in out.chunks_mut(BLOCK) {
                let n = block.len();
                let x = if a.len() == 1 { &a_single[..n] } else { &a[first..][..n] };
                let y = if b.len() == 1 { &b_single[..n] } else { &b[first..][..n] };
                let (fours, rest) = block.as_chunks_mut::<SIDE>();
                let (x_fours, x_rest) = x.as_chunks::<SIDE>();
                let (y_fours, y_rest) = y.as_chunks::<SIDE>();
                for ((four, x), y) in fours.iter_mut().zip(x_fours).zip(y_fours) {
                    for i in 0..SIDE {
                        let value = f(x[i], y[i]);
                        four[i] = value;
                        wrong[i] += value - value;
                    }
                }
                for ((place, &x), &y) in rest.iter_mut().zip(x_rest).zip(y_rest) {
                    *place = f(x, y);
                    wrong[0] += *place - *place;
                }
                first += n;
            }
            wrong.iter().all(|&sum| sum == 0.0)
        }
    };
}

arithmetic!(
    /// `out[i] = a[i] op b[i]`; an operand of one element stretches. Whether all of `out` is finite.
    arithmetic_f64,
    run_f64,
    f64
);
arithmetic!(
    /// As [`arithmetic_f64`].
    arithmetic_f32,
    run_f32,
    f32
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::Numbers;

    fn check_pairs(op: Arithmetic, n: usize, single: (bool, bool)) {
        let mut numbers = Numbers::new(n as u64 + 1);
        let a: Vec<f64> = numbers.vec(if single.0 { 1 } else { n });
        let b: Vec<f64> = numbers.vec(if single.1 { 1 } else { n });
        let mut out = vec![7.0; n];
        assert!(arithmetic_f64(op, &a, &b, &mut out));
        for (i, got) in out.iter().enumerate() {
            let (x, y) = (a[i % a.len()], b[i % b.len()]);
            let expected = match op {
                Arithmetic::Add => x + y,
                Arithmetic::Subtract => x - y,
                Arithmetic::Multiply => x * y,
                Arithmetic::Divide => x / y,
                Arithmetic::Maximum => x.max(y),
                Arithmetic::Minimum => x.min(y),
            };
            assert_eq!(
                got.to_bits(),
                expected.to_bits(),
                "{op:?}, element {i} of {n}"
            );
        }
    }

    #[test]
    fn pairs_and_singles_give_what_scalars_give_on_odd_sizes() {
        use Arithmetic::*;
        for op in [Add, Subtract, Multiply, Divide, Maximum, Minimum] {
            for n in [0, 1, 2, 3, 5, 63, 64, 65, 131] {
                for single in [(false, false), (true, false), (false, true)] {
                    check_pairs(op, n, single);
                }
            }
        }
    }

    #[test]
    fn an_extreme_with_a_nan_is_nan_on_either_side() {
        for op in [Arithmetic::Maximum, Arithmetic::Minimum] {
            let mut out = [0.0; 2];
            assert!(!arithmetic_f64(
                op,
                &[f64::NAN, 1.0],
                &[1.0, f64::NAN],
                &mut out
            ));
            assert!(out.iter().all(|v| v.is_nan()), "{op:?}");
        }
    }

    #[test]
    fn comparisons_stretch_and_hold_for_no_nan() {
        let a: Vec<f32> = (0..131).map(|i| (i % 7) as f32).collect();
        for (op, expected) in [
            (Comparison::Less, [true, false, false]),
            (Comparison::LessEqual, [true, true, false]),
            (Comparison::Equal, [false, true, false]),
        ] {
            let mut out = vec![false; a.len()];
            compare_f32(op, &a, &[3.0], &mut out);
            for (&x, &got) in a.iter().zip(&out) {
                let case = usize::from(x >= 3.0) + usize::from(x > 3.0);
                assert_eq!(got, expected[case], "{op:?} {x}");
            }
            compare_f32(op, &[f32::NAN], &a, &mut out);
            assert!(!out.contains(&true));
        }
    }

    #[test]
    fn one_infinity_or_nan_is_seen_wherever_it_stands() {
        for n in [1, 4, 67] {
            for at in 0..n {
                for bad in [f32::INFINITY, f32::NAN] {
                    let mut a = vec![1.0f32; n];
                    a[at] = bad;
                    let mut out = vec![0.0; n];
                    assert!(!arithmetic_f32(Arithmetic::Add, &a, &[2.0], &mut out));
                }
            }
        }
        assert!(!arithmetic_f64(
            Arithmetic::Divide,
            &[1.0],
            &[0.0],
            &mut [0.0]
        ));
    }

    #[test]
    #[should_panic(expected = "2 elements on the right for 3")]
    fn unequal_lengths_are_named() {
        arithmetic_f64(Arithmetic::Add, &[0.0; 3], &[0.0; 2], &mut [0.0; 3]);
    }
}
