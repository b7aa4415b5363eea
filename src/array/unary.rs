//! The functions of one array, elementwise.

use std::ops::{Div, Mul, Neg};

use super::binary::{all_finite, named_operations};
use super::dtype::DType;
use super::dynamic::Array;
use super::error::{ArrayError, Result};
use super::float::FloatMath;
use super::layout::as_it_lies;
use super::storage::room;
use super::typed::NdArray;
use super::warn;

named_operations! {
    /// In the order of the codes that Python uses.
    UnaryOp {
        Negative = "negative", Positive = "positive", Absolute = "absolute", Sign = "sign",
        Square = "square", Reciprocal = "reciprocal", Sqrt = "sqrt", Cbrt = "cbrt",
        Exp = "exp", Exp2 = "exp2", Expm1 = "expm1",
        Log = "log", Log2 = "log2", Log10 = "log10", Log1p = "log1p",
        Sin = "sin", Cos = "cos", Tan = "tan",
        ArcSin = "arcsin", ArcCos = "arccos", ArcTan = "arctan",
        Sinh = "sinh", Cosh = "cosh", Tanh = "tanh",
        ArcSinh = "arcsinh", ArcCosh = "arccosh", ArcTanh = "arctanh",
        Deg2Rad = "deg2rad", Rad2Deg = "rad2deg",
        Floor = "floor", Ceil = "ceil", Trunc = "trunc", Rint = "rint",
        IsNan = "isnan", IsInf = "isinf", IsFinite = "isfinite", SignBit = "signbit",
        LogicalNot = "logical_not", Invert = "invert",
    }
}

pub fn unary(op: UnaryOp, x: &Array) -> Result<Array> {
    as_it_lies(x, |x| unary_in_order(op, x)).unwrap_or_else(|| unary_in_order(op, x))
}

fn unary_in_order(op: UnaryOp, x: &Array) -> Result<Array> {
    use UnaryOp::*;
    // The operand as float64, at worst, and the result.
    room(x.shape(), 8, 2)?;
    match op {
        LogicalNot => return Ok(x.typed::<bool>().map(|v| !v).into()),
        IsNan | IsInf | IsFinite | SignBit => {
            let test: fn(f64) -> bool = match op {
                IsNan => f64::is_nan,
                IsInf => f64::is_infinite,
                IsFinite => f64::is_finite,
                _ => f64::is_sign_negative,
            };
            return Ok(x.typed::<f64>().map(test).into());
        }
        _ => {}
    }
    match x {
        Array::F32(x) => float_op(op, x),
        Array::F64(x) => float_op(op, x),
        Array::I64(x) => Ok(match op {
            Negative => x.map(i64::wrapping_neg).into(),
            Positive | Floor | Ceil | Trunc => x.to_owned_array().into(),
            Absolute => x.map(i64::wrapping_abs).into(),
            Sign => x.map(i64::signum).into(),
            Square => x.map(|v| v.wrapping_mul(v)).into(),
            Reciprocal => x.map(|v| if v == 0 { i64::MIN } else { 1 / v }).into(),
            Invert => x.map(|v| !v).into(),
            _ => return unary(op, &x.map(|v| v as f64).into()),
        }),
        Array::Bool(flags) => match op {
            Invert => Ok(flags.map(|v| !v).into()),
            Absolute | Floor | Ceil | Trunc => Ok(flags.to_owned_array().into()),
            Negative => Err(ArrayError::type_error(
                "array_bool_negative",
                "The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead.",
            )),
            Positive | Sign => Err(unsupported(op)),
            Square | Reciprocal => unary(op, &x.cast(DType::I64)),
            _ => unary(op, &x.cast(DType::F64)),
        },
    }
}

fn unsupported(op: UnaryOp) -> ArrayError {
    ArrayError::type_error(
        "array_unsupported",
        format!(
            "ufunc '{}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''",
            op.name()
        ),
    )
}

fn float_op<T>(op: UnaryOp, x: &NdArray<T>) -> Result<Array>
where
    T: FloatMath + Neg<Output = T> + Mul<Output = T> + Div<Output = T>,
    NdArray<T>: Into<Array>,
{
    use UnaryOp::*;
    let f: fn(T) -> T = match op {
        Negative => |v| -v,
        Positive => |v| v,
        Absolute => |v| v.m_fabs(),
        Sign => |v| {
            if v > T::of(0.0) {
                T::of(1.0)
            } else if v < T::of(0.0) {
                T::of(-1.0)
            } else if v == T::of(0.0) {
                T::of(0.0)
            } else {
                v
            }
        },
        Square => |v| v * v,
        Reciprocal => |v| T::of(1.0) / v,
        Sqrt => |v| v.m_sqrt(),
        Cbrt => |v| v.m_cbrt(),
        Exp => |v| v.m_exp(),
        Exp2 => |v| v.m_exp2(),
        Expm1 => |v| v.m_expm1(),
        Log => |v| v.m_log(),
        Log2 => |v| v.m_log2(),
        Log10 => |v| v.m_log10(),
        Log1p => |v| v.m_log1p(),
        Sin => |v| v.m_sin(),
        Cos => |v| v.m_cos(),
        Tan => |v| v.m_tan(),
        ArcSin => |v| v.m_asin(),
        ArcCos => |v| v.m_acos(),
        ArcTan => |v| v.m_atan(),
        Sinh => |v| v.m_sinh(),
        Cosh => |v| v.m_cosh(),
        Tanh => |v| v.m_tanh(),
        ArcSinh => |v| v.m_asinh(),
        ArcCosh => |v| v.m_acosh(),
        ArcTanh => |v| v.m_atanh(),
        Deg2Rad => |v| v * T::of(std::f64::consts::PI / 180.0),
        Rad2Deg => |v| v * T::of(180.0 / std::f64::consts::PI),
        Floor => |v| v.m_floor(),
        Ceil => |v| v.m_ceil(),
        Trunc => |v| v.m_trunc(),
        Rint => |v| v.m_rint(),
        _ => return Err(unsupported(op)),
    };
    let out = x.map(f);
    if !all_finite(&out) {
        let pole: fn(f64, f64) -> bool = match op {
            Log | Log2 | Log10 | Reciprocal => |v, _| v == 0.0,
            Log1p => |v, _| v == -1.0,
            ArcTanh => |v, _| v.abs() == 1.0,
            _ => |_, _| false,
        };
        for (r, v) in out.to_vec().into_iter().zip(x.to_vec()) {
            if !r.to().is_finite() {
                warn::check(r.to(), v.to(), 0.0, pole);
            }
        }
    }
    Ok(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::warn::Warning;

    #[test]
    fn integers_become_float64_where_the_function_needs_it() {
        let x = Array::from(NdArray::from_vec(vec![0i64, 1], &[2]));
        assert_eq!(unary(UnaryOp::Exp, &x).unwrap().dtype(), DType::F64);
        assert_eq!(unary(UnaryOp::Square, &x).unwrap().dtype(), DType::I64);
        assert!(unary(UnaryOp::Invert, &x.cast(DType::F32)).is_err());
    }

    #[test]
    fn the_logarithm_of_zero_is_a_division_and_of_minus_one_invalid() {
        warn::take();
        let x = Array::from(NdArray::from_vec(vec![0.0f64, 1.0], &[2]));
        unary(UnaryOp::Log, &x).unwrap();
        assert_eq!(warn::take(), Warning::Divide as u8);
        unary(UnaryOp::Log, &Array::from(NdArray::scalar(-1.0f32))).unwrap();
        assert_eq!(warn::take(), Warning::Invalid as u8);
    }
}
