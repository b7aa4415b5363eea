//! The scalar that kernels are generic over: f32 for speed, f64 for gradient checks and NumPy.

use std::fmt::{Debug, Display};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

/// A real scalar, f32 or f64.
///
/// The transcendental functions come from the `libm` crate and never from the platform, so that
/// the same bits come out natively and in every browser. On a *concrete* f32 or f64 the method
/// call `x.exp()` means the standard library's: write generic code, or `Real::exp(x)`.
pub trait Real:
    Copy
    + PartialOrd
    + Default
    + Debug
    + Display
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
{
    const ZERO: Self;
    const ONE: Self;
    const INFINITY: Self;
    const NEG_INFINITY: Self;
    const NAN: Self;
    /// The distance from 1 to the next larger value.
    const EPSILON: Self;

    /// The same slice where the scalar is f32: the door to the fast paths.
    fn as_f32s(values: &[Self]) -> Option<&[f32]>;
    /// The same slice where the scalar is f32.
    fn as_f32s_mut(values: &mut [Self]) -> Option<&mut [f32]>;
    /// The same slice where the scalar is f64.
    fn as_f64s(values: &[Self]) -> Option<&[f64]>;
    /// The same slice where the scalar is f64.
    fn as_f64s_mut(values: &mut [Self]) -> Option<&mut [f64]>;

    fn from_f64(value: f64) -> Self;
    fn to_f64(self) -> f64;
    fn exp(self) -> Self;
    fn exp_m1(self) -> Self;
    fn ln(self) -> Self;
    fn ln_1p(self) -> Self;
    fn sqrt(self) -> Self;
    fn tanh(self) -> Self;
    fn sin(self) -> Self;
    fn cos(self) -> Self;
    fn erf(self) -> Self;
    fn powf(self, exponent: Self) -> Self;
    fn abs(self) -> Self;
    fn floor(self) -> Self;
    fn ceil(self) -> Self;
    fn is_nan(self) -> bool;
    fn is_finite(self) -> bool;
}

macro_rules! impl_real {
    ($float:ident, $as_f32s:expr, $as_f32s_mut:expr, $as_f64s:expr, $as_f64s_mut:expr, $exp:ident, $exp_m1:ident, $ln:ident, $ln_1p:ident, $tanh:ident,
     $sin:ident, $cos:ident, $erf:ident, $powf:ident) => {
        impl Real for $float {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const INFINITY: Self = $float::INFINITY;
            const NEG_INFINITY: Self = $float::NEG_INFINITY;
            const NAN: Self = $float::NAN;
            const EPSILON: Self = $float::EPSILON;

            #[inline(always)]
            fn as_f32s(values: &[Self]) -> Option<&[f32]> {
                $as_f32s(values)
            }
            #[inline(always)]
            fn as_f32s_mut(values: &mut [Self]) -> Option<&mut [f32]> {
                $as_f32s_mut(values)
            }
            #[inline(always)]
            fn as_f64s(values: &[Self]) -> Option<&[f64]> {
                $as_f64s(values)
            }
            #[inline(always)]
            fn as_f64s_mut(values: &mut [Self]) -> Option<&mut [f64]> {
                $as_f64s_mut(values)
            }
            fn from_f64(value: f64) -> Self {
                value as $float
            }
            fn to_f64(self) -> f64 {
                self as f64
            }
            fn exp(self) -> Self {
                libm::$exp(self)
            }
            fn exp_m1(self) -> Self {
                libm::$exp_m1(self)
            }
            fn ln(self) -> Self {
                libm::$ln(self)
            }
            fn ln_1p(self) -> Self {
                libm::$ln_1p(self)
            }
            // What IEEE 754 rounds exactly is one instruction of wasm, with the same bits as libm's many.
            #[inline]
            fn sqrt(self) -> Self {
                <$float>::sqrt(self)
            }
            fn tanh(self) -> Self {
                libm::$tanh(self)
            }
            fn sin(self) -> Self {
                libm::$sin(self)
            }
            fn cos(self) -> Self {
                libm::$cos(self)
            }
            fn erf(self) -> Self {
                libm::$erf(self)
            }
            fn powf(self, exponent: Self) -> Self {
                libm::$powf(self, exponent)
            }
            #[inline]
            fn abs(self) -> Self {
                <$float>::abs(self)
            }
            #[inline]
            fn floor(self) -> Self {
                <$float>::floor(self)
            }
            #[inline]
            fn ceil(self) -> Self {
                <$float>::ceil(self)
            }
            #[inline]
            fn is_nan(self) -> bool {
                $float::is_nan(self)
            }
            #[inline]
            fn is_finite(self) -> bool {
                $float::is_finite(self)
            }
        }
    };
}

impl_real!(
    f32,
    Some,
    Some,
    |_| None,
    |_| None,
    expf,
    expm1f,
    logf,
    log1pf,
    tanhf,
    sinf,
    cosf,
    erff,
    powf
);
impl_real!(
    f64,
    |_| None,
    |_| None,
    Some,
    Some,
    exp,
    expm1,
    log,
    log1p,
    tanh,
    sin,
    cos,
    erf,
    pow
);
