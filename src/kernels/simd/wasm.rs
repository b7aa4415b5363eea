//! Four lanes on wasm's `v128`.

use std::arch::wasm32::*;
use std::ops::{Add, Div, Mul, Sub};

/// Four f32.
#[derive(Clone, Copy)]
pub struct F32x4(v128);

/// A yes or no for each lane.
#[derive(Clone, Copy)]
pub struct Mask4(v128);

impl F32x4 {
    pub const ZERO: F32x4 = F32x4(f32x4(0.0, 0.0, 0.0, 0.0));

    /// The same value in each lane.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        F32x4(f32x4_splat(value))
    }

    /// # Safety
    /// Four f32 must be readable at `from`; it need not be aligned to 16 bytes.
    #[inline(always)]
    pub unsafe fn load(from: *const f32) -> Self {
        // Safety: the caller's promise.
        F32x4(unsafe { v128_load(from.cast()) })
    }

    /// One value in each lane.
    ///
    /// # Safety
    /// One f32 must be readable at `from`.
    #[inline(always)]
    pub unsafe fn load_splat(from: *const f32) -> Self {
        // Safety: the caller's promise.
        F32x4(unsafe { v128_load32_splat(from.cast()) })
    }

    /// # Safety
    /// Four f32 must be writable at `to`; it need not be aligned to 16 bytes.
    #[inline(always)]
    pub unsafe fn store(self, to: *mut f32) {
        // Safety: the caller's promise.
        unsafe { v128_store(to.cast(), self.0) }
    }

    /// `self · b + c`; rounded once in relaxed builds, else twice.
    #[inline(always)]
    pub fn mul_add(self, b: Self, c: Self) -> Self {
        #[cfg(target_feature = "relaxed-simd")]
        return F32x4(f32x4_relaxed_madd(self.0, b.0, c.0));
        #[cfg(not(target_feature = "relaxed-simd"))]
        return F32x4(f32x4_add(f32x4_mul(self.0, b.0), c.0));
    }

    #[inline(always)]
    pub fn sqrt(self) -> Self {
        F32x4(f32x4_sqrt(self.0))
    }

    #[inline(always)]
    pub fn abs(self) -> Self {
        F32x4(f32x4_abs(self.0))
    }

    /// The larger of two numbers. Beside a NaN either may come out: in relaxed builds LLVM makes
    /// `relaxed_max` of any `a < b ? b : a`, and on x86 that forgets a NaN on its left.
    #[inline(always)]
    pub fn max_of_numbers(self, b: Self) -> Self {
        F32x4(f32x4_pmax(self.0, b.0))
    }

    /// 0 where `self < 0`, else `self`, so that a NaN stays.
    #[inline(always)]
    pub fn relu(self) -> Self {
        F32x4(v128_andnot(self.0, f32x4_lt(self.0, Self::ZERO.0)))
    }

    #[inline(always)]
    pub fn gt(self, b: Self) -> Mask4 {
        Mask4(f32x4_gt(self.0, b.0))
    }

    /// Where `self` is larger, or NaN and `b` is not.
    #[inline(always)]
    pub fn exceeds(self, b: Self) -> Mask4 {
        Mask4(v128_andnot(f32x4_eq(b.0, b.0), f32x4_le(self.0, b.0)))
    }

    /// The value of one lane in each lane.
    #[inline(always)]
    pub fn splat_lane(self, lane: usize) -> Self {
        // A constant where the caller's loop is unrolled: one instruction is left.
        F32x4(match lane {
            0 => i32x4_shuffle::<0, 0, 0, 0>(self.0, self.0),
            1 => i32x4_shuffle::<1, 1, 1, 1>(self.0, self.0),
            2 => i32x4_shuffle::<2, 2, 2, 2>(self.0, self.0),
            _ => i32x4_shuffle::<3, 3, 3, 3>(self.0, self.0),
        })
    }

    /// Four rows become four columns.
    #[inline(always)]
    pub fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        let low_ab = i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0);
        let low_cd = i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0);
        let high_ab = i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0);
        let high_cd = i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0);
        [
            F32x4(i64x2_shuffle::<0, 2>(low_ab, low_cd)),
            F32x4(i64x2_shuffle::<1, 3>(low_ab, low_cd)),
            F32x4(i64x2_shuffle::<0, 2>(high_ab, high_cd)),
            F32x4(i64x2_shuffle::<1, 3>(high_ab, high_cd)),
        ]
    }
}

impl Mask4 {
    /// `yes` where the mask is set, else `no`.
    #[inline(always)]
    pub fn select(self, yes: F32x4, no: F32x4) -> F32x4 {
        F32x4(v128_bitselect(yes.0, no.0, self.0))
    }

    /// `yes` where this mask is set, else `no`.
    #[inline(always)]
    pub fn select_mask(self, yes: Mask4, no: Mask4) -> Mask4 {
        Mask4(v128_bitselect(yes.0, no.0, self.0))
    }

    /// `value` where the mask is set, else 0.
    #[inline(always)]
    pub fn keep(self, value: F32x4) -> F32x4 {
        F32x4(v128_and(value.0, self.0))
    }

    /// The mask whose [`Mask4::bits`] are the lowest four of `bits`.
    #[inline(always)]
    pub fn from_bits(bits: u8) -> Self {
        let one_each = i32x4(1, 2, 4, 8);
        let held = v128_and(i32x4_splat(i32::from(bits)), one_each);
        Mask4(i32x4_eq(held, one_each))
    }

    /// One bit a lane, the first lane lowest.
    #[inline(always)]
    pub fn bits(self) -> u8 {
        i32x4_bitmask(self.0)
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, $intrinsic:ident) => {
        impl $trait for F32x4 {
            type Output = F32x4;
            #[inline(always)]
            fn $method(self, b: F32x4) -> F32x4 {
                F32x4($intrinsic(self.0, b.0))
            }
        }
    };
}

operator!(Add, add, f32x4_add);
operator!(Sub, sub, f32x4_sub);
operator!(Mul, mul, f32x4_mul);
operator!(Div, div, f32x4_div);
