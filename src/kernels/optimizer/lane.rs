//! What a rule is written over: a number, or four side by side.

use std::ops::{Add, Div, Mul, Sub};

use crate::kernels::Real;
use crate::kernels::simd::F32x4;

/// Arithmetic that numbers and lanes of numbers share.
pub(super) trait Lane:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// The same number in each lane.
    fn of(value: f64) -> Self;
    fn sqrt(self) -> Self;
    /// The larger; NaN where either is NaN.
    fn max(self, other: Self) -> Self;
    /// `self · b + c`; rounded once in relaxed builds of wasm.
    fn mul_add(self, b: Self, c: Self) -> Self;
    /// −1, 0 or 1; 0 for NaN.
    fn sign(self) -> Self;
}

impl<T: Real> Lane for T {
    fn of(value: f64) -> Self {
        T::from_f64(value)
    }
    fn sqrt(self) -> Self {
        Real::sqrt(self)
    }
    fn max(self, other: Self) -> Self {
        if self < other || other.is_nan() {
            other
        } else {
            self
        }
    }
    fn mul_add(self, b: Self, c: Self) -> Self {
        self * b + c
    }
    fn sign(self) -> Self {
        if self > T::ZERO {
            T::ONE
        } else if self < T::ZERO {
            -T::ONE
        } else {
            T::ZERO
        }
    }
}

impl Lane for F32x4 {
    #[inline(always)]
    fn of(value: f64) -> Self {
        F32x4::splat(value as f32)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        F32x4::sqrt(self)
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        F32x4::max(self, other)
    }
    #[inline(always)]
    fn mul_add(self, b: Self, c: Self) -> Self {
        F32x4::mul_add(self, b, c)
    }
    #[inline(always)]
    fn sign(self) -> Self {
        let one = F32x4::splat(1.0);
        self.gt(F32x4::ZERO).keep(one) - F32x4::ZERO.gt(self).keep(one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_do_what_numbers_do() {
        let (a, b) = ([1.5, -2.0, 0.0, f32::NAN], [0.5, 4.0, -1.0, 1.0]);
        let check = |what: &str, lanes: F32x4, numbers: fn(f32, f32) -> f32| {
            let mut got = [9.0; 4];
            lanes.write_lanes(&mut got);
            for (lane, got) in got.into_iter().enumerate() {
                let want = numbers(a[lane], b[lane]);
                let same = got == want || (got.is_nan() && want.is_nan());
                assert!(same, "{what}, lane {lane}: got {got}, expected {want}");
            }
        };
        let (x, y) = (F32x4::from_lanes(&a), F32x4::from_lanes(&b));
        check("sign", Lane::sign(x), |a, _| Lane::sign(a));
        check("max", Lane::max(x, y), Lane::max);
        check("max", Lane::max(y, x), |a, b| Lane::max(b, a));
        check("sqrt", Lane::sqrt(x * x), |a, _| a.abs());
        check("mul_add", Lane::mul_add(x, y, y), |a, b| a * b + b);
        check("of", Lane::of(0.25), |_, _| 0.25);
    }

    #[test]
    fn the_sign_of_a_number_is_one_of_three() {
        assert_eq!(
            [-3.0, 0.0, 0.1, f64::NAN].map(Lane::sign),
            [-1.0, 0.0, 1.0, 0.0]
        );
    }
}
