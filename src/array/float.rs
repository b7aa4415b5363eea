//! The functions of a real number, all from `libm`: the platform's differ in the last bit.

use crate::kernels::arithmetic::{
    Arithmetic, Comparison, arithmetic_f32, arithmetic_f64, compare_f32, compare_f64,
};

/// float32 and float64.
pub trait Float: super::dtype::Held + PartialOrd {
    fn of(x: f64) -> Self;
    fn to(self) -> f64;
    /// `out = a op b` with the kernel of this type, and whether all of `out` is finite.
    fn arithmetic(op: Arithmetic, a: &[Self], b: &[Self], out: &mut [Self]) -> bool;
    /// Whether each pair compares so, with the kernel of this type.
    fn compare(op: Comparison, a: &[Self], b: &[Self], out: &mut [bool]);

    fn is_nan_value(self) -> bool {
        self.partial_cmp(&self).is_none()
    }
}

impl Float for f32 {
    fn of(x: f64) -> f32 {
        x as f32
    }
    fn to(self) -> f64 {
        self as f64
    }
    fn arithmetic(op: Arithmetic, a: &[f32], b: &[f32], out: &mut [f32]) -> bool {
        arithmetic_f32(op, a, b, out)
    }
    fn compare(op: Comparison, a: &[f32], b: &[f32], out: &mut [bool]) {
        compare_f32(op, a, b, out)
    }
}

impl Float for f64 {
    fn of(x: f64) -> f64 {
        x
    }
    fn to(self) -> f64 {
        self
    }
    fn arithmetic(op: Arithmetic, a: &[f64], b: &[f64], out: &mut [f64]) -> bool {
        arithmetic_f64(op, a, b, out)
    }
    fn compare(op: Comparison, a: &[f64], b: &[f64], out: &mut [bool]) {
        compare_f64(op, a, b, out)
    }
}

macro_rules! float_functions {
    (
        rounded { $($name:ident($($arg:ident),*) = $wide:ident;)* }
        exact { $($same:ident($($other:ident),*) = $narrow:ident, $double:ident;)* }
        built_in { $($own:ident($($with:ident),*) = $method:ident;)* }
    ) => {
        /// `libm` by the name of the mathematical function. float32 rounds what float64 gives,
        /// which is nearer than a float32 function and half the code. What IEEE 754 rounds exactly is
        /// one instruction of wasm, with the same bits as `libm`'s many.
        pub trait FloatMath: Float {
            $( fn $name(self $(, $arg: Self)*) -> Self; )*
            $( fn $same(self $(, $other: Self)*) -> Self; )*
            $( fn $own(self $(, $with: Self)*) -> Self; )*
        }
        impl FloatMath for f32 {
            $( fn $name(self $(, $arg: f32)*) -> f32 {
                libm::$wide(f64::from(self) $(, f64::from($arg))*) as f32
            } )*
            $( fn $same(self $(, $other: f32)*) -> f32 { libm::$narrow(self $(, $other)*) } )*
            $( fn $own(self $(, $with: f32)*) -> f32 { self.$method($($with),*) } )*
        }
        impl FloatMath for f64 {
            $( fn $name(self $(, $arg: f64)*) -> f64 { libm::$wide(self $(, $arg)*) } )*
            $( fn $same(self $(, $other: f64)*) -> f64 { libm::$double(self $(, $other)*) } )*
            $( fn $own(self $(, $with: f64)*) -> f64 { self.$method($($with),*) } )*
        }
    };
}

float_functions! {
    rounded {
    m_exp() = exp;      m_exp2() = exp2;    m_expm1() = expm1;
    m_log() = log;      m_log2() = log2;    m_log10() = log10;  m_log1p() = log1p;
    m_cbrt() = cbrt;    m_sin() = sin;      m_cos() = cos;      m_tan() = tan;
    m_asin() = asin;    m_acos() = acos;    m_atan() = atan;
    m_sinh() = sinh;    m_cosh() = cosh;    m_tanh() = tanh;
    m_asinh() = asinh;  m_acosh() = acosh;  m_atanh() = atanh;
    m_pow(y) = pow;     m_atan2(y) = atan2; m_hypot(y) = hypot; m_fmod(y) = fmod;
    }
    exact {
    m_nextafter(y) = nextafterf, nextafter;
    }
    built_in {
    m_sqrt() = sqrt;    m_floor() = floor;  m_ceil() = ceil;    m_trunc() = trunc;
    m_rint() = round_ties_even;             m_fabs() = abs;     m_copysign(y) = copysign;
    }
}

/// Python's `divmod`: the quotient rounded down, the remainder with the divisor's sign.
pub fn floor_divmod<
    T: Float
        + FloatMath
        + std::ops::Sub<Output = T>
        + std::ops::Add<Output = T>
        + std::ops::Div<Output = T>,
>(
    a: T,
    b: T,
) -> (T, T) {
    let zero = T::of(0.0);
    let one = T::of(1.0);
    let mut rest = a.m_fmod(b);
    if b == zero {
        return (a / b, rest);
    }
    let mut quotient = (a - rest) / b;
    if rest != zero {
        if (b < zero) != (rest < zero) {
            rest = rest + b;
            quotient = quotient - one;
        }
    } else {
        rest = zero.m_copysign(b);
    }
    let whole = if quotient != zero {
        let floor = quotient.m_floor();
        if quotient - floor > T::of(0.5) {
            floor + one
        } else {
            floor
        }
    } else {
        zero.m_copysign(a / b)
    };
    (whole, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remainder_takes_the_divisors_sign() {
        assert_eq!(floor_divmod(-7.0f64, 3.0), (-3.0, 2.0));
        assert_eq!(floor_divmod(7.0f64, -3.0), (-3.0, -2.0));
        assert_eq!(floor_divmod(7.0f32, 3.5), (2.0, 0.0));
        assert_eq!(floor_divmod(1.0f64, 0.0).0, f64::INFINITY);
    }
}
