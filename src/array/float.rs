//! The functions of a real number, all from `libm`: the platform's differ in the last bit.

/// float32 and float64.
pub trait Float: super::dtype::Held + PartialOrd {
    fn of(x: f64) -> Self;
    fn to(self) -> f64;
}

impl Float for f32 {
    fn of(x: f64) -> f32 {
        x as f32
    }
    fn to(self) -> f64 {
        self as f64
    }
}

impl Float for f64 {
    fn of(x: f64) -> f64 {
        x
    }
    fn to(self) -> f64 {
        self
    }
}

macro_rules! float_functions {
    ($($name:ident($($arg:ident),*) = $narrow:ident, $wide:ident;)*) => {
        /// `libm` by the name of the mathematical function.
        pub trait FloatMath: Float {
            $( fn $name(self $(, $arg: Self)*) -> Self; )*
        }
        impl FloatMath for f32 {
            $( fn $name(self $(, $arg: f32)*) -> f32 { libm::$narrow(self $(, $arg)*) } )*
        }
        impl FloatMath for f64 {
            $( fn $name(self $(, $arg: f64)*) -> f64 { libm::$wide(self $(, $arg)*) } )*
        }
    };
}

float_functions! {
    m_exp() = expf, exp;           m_exp2() = exp2f, exp2;       m_expm1() = expm1f, expm1;
    m_log() = logf, log;           m_log2() = log2f, log2;       m_log10() = log10f, log10;
    m_log1p() = log1pf, log1p;     m_sqrt() = sqrtf, sqrt;       m_cbrt() = cbrtf, cbrt;
    m_sin() = sinf, sin;           m_cos() = cosf, cos;          m_tan() = tanf, tan;
    m_asin() = asinf, asin;        m_acos() = acosf, acos;       m_atan() = atanf, atan;
    m_sinh() = sinhf, sinh;        m_cosh() = coshf, cosh;       m_tanh() = tanhf, tanh;
    m_asinh() = asinhf, asinh;     m_acosh() = acoshf, acosh;    m_atanh() = atanhf, atanh;
    m_floor() = floorf, floor;     m_ceil() = ceilf, ceil;       m_trunc() = truncf, trunc;
    m_rint() = rintf, rint;        m_fabs() = fabsf, fabs;
    m_pow(y) = powf, pow;          m_atan2(y) = atan2f, atan2;   m_hypot(y) = hypotf, hypot;
    m_fmod(y) = fmodf, fmod;       m_copysign(y) = copysignf, copysign;
    m_nextafter(y) = nextafterf, nextafter;
}

/// Python's `divmod`: the quotient rounded down, the remainder with the divisor's sign.
pub fn floor_divmod<T: Float + FloatMath + std::ops::Sub<Output = T> + std::ops::Add<Output = T> + std::ops::Div<Output = T>>(
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
        if quotient - floor > T::of(0.5) { floor + one } else { floor }
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
