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
    /// The larger; a NaN in `self` stays.
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
        if self < other { other } else { self }
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
