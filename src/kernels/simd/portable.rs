//! Four lanes on a plain array, for targets without wasm SIMD.

use std::array::from_fn;
use std::ops::{Add, Div, Mul, Sub};

/// Four f32.
#[derive(Clone, Copy)]
#[repr(C, align(16))]
pub struct F32x4([f32; 4]);

/// A yes or no for each lane.
#[derive(Clone, Copy)]
pub struct Mask4([bool; 4]);

impl F32x4 {
    pub const ZERO: F32x4 = F32x4([0.0; 4]);

    /// The same value in each lane.
    #[inline(always)]
    pub fn splat(value: f32) -> Self {
        F32x4([value; 4])
    }

    /// # Safety
    /// Four f32 must be readable at `from`; it need not be aligned to 16 bytes.
    #[inline(always)]
    pub unsafe fn load(from: *const f32) -> Self {
        // Safety: the caller's promise.
        F32x4(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
    }

    /// One value in each lane.
    ///
    /// # Safety
    /// One f32 must be readable at `from`.
    #[inline(always)]
    pub unsafe fn load_splat(from: *const f32) -> Self {
        // Safety: the caller's promise.
        F32x4::splat(unsafe { *from })
    }

    /// # Safety
    /// Four f32 must be writable at `to`; it need not be aligned to 16 bytes.
    #[inline(always)]
    pub unsafe fn store(self, to: *mut f32) {
        // Safety: the caller's promise.
        unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
    }

    /// `self · b + c`, rounded twice.
    #[inline(always)]
    pub fn mul_add(self, b: Self, c: Self) -> Self {
        self * b + c
    }

    #[inline(always)]
    pub fn sqrt(self) -> Self {
        F32x4(self.0.map(libm::sqrtf))
    }

    #[inline(always)]
    pub fn abs(self) -> Self {
        F32x4(self.0.map(f32::abs))
    }

    /// The larger of two numbers. Beside a NaN either may come out, in relaxed builds of wasm.
    #[inline(always)]
    pub fn max_of_numbers(self, b: Self) -> Self {
        F32x4(from_fn(|i| {
            if self.0[i] < b.0[i] {
                b.0[i]
            } else {
                self.0[i]
            }
        }))
    }

    /// 0 where `self < 0`, else `self`, so that a NaN stays.
    #[inline(always)]
    pub fn relu(self) -> Self {
        F32x4(self.0.map(|lane| if lane < 0.0 { 0.0 } else { lane }))
    }

    #[inline(always)]
    pub fn gt(self, b: Self) -> Mask4 {
        Mask4(from_fn(|i| self.0[i] > b.0[i]))
    }

    /// Where `self` is larger, or NaN and `b` is not.
    #[inline(always)]
    pub fn exceeds(self, b: Self) -> Mask4 {
        Mask4(from_fn(|i| {
            let (a, b) = (self.0[i], b.0[i]);
            a > b || (a.is_nan() && !b.is_nan())
        }))
    }

    /// The value of one lane in each lane.
    #[inline(always)]
    pub fn splat_lane(self, lane: usize) -> Self {
        F32x4::splat(self.0[lane])
    }

    /// Four rows become four columns.
    #[inline(always)]
    pub fn transpose(rows: [Self; 4]) -> [Self; 4] {
        from_fn(|i| F32x4(from_fn(|j| rows[j].0[i])))
    }
}

impl Mask4 {
    /// `yes` where the mask is set, else `no`.
    #[inline(always)]
    pub fn select(self, yes: F32x4, no: F32x4) -> F32x4 {
        F32x4(from_fn(|i| if self.0[i] { yes.0[i] } else { no.0[i] }))
    }

    /// `yes` where this mask is set, else `no`.
    #[inline(always)]
    pub fn select_mask(self, yes: Mask4, no: Mask4) -> Mask4 {
        Mask4(from_fn(|i| if self.0[i] { yes.0[i] } else { no.0[i] }))
    }

    /// `value` where the mask is set, else 0.
    #[inline(always)]
    pub fn keep(self, value: F32x4) -> F32x4 {
        self.select(value, F32x4::ZERO)
    }

    /// The mask whose [`Mask4::bits`] are the lowest four of `bits`.
    #[inline(always)]
    pub fn from_bits(bits: u8) -> Self {
        Mask4(from_fn(|i| bits >> i & 1 == 1))
    }

    /// One bit a lane, the first lane lowest.
    #[inline(always)]
    pub fn bits(self) -> u8 {
        (0..4).map(|i| u8::from(self.0[i]) << i).sum()
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl $trait for F32x4 {
            type Output = F32x4;
            #[inline(always)]
            fn $method(self, b: F32x4) -> F32x4 {
                F32x4(from_fn(|i| self.0[i].$method(b.0[i])))
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);
