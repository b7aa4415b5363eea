//! The functions of two arrays, elementwise over their broadcast shape.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::kernels::arithmetic::{Arithmetic, Comparison};

use super::dtype::{DType, Weak};
use super::dynamic::Array;
use super::elementwise::aligned;
use super::error::{ArrayError, Result};
use super::float::{Float, FloatMath, floor_divmod};
use super::layout::both_as_they_lie;
use super::storage::room;
use super::typed::NdArray;
use super::warn::{self, Warning};

macro_rules! named_operations {
    ($(#[$doc:meta])* $Enum:ident { $($variant:ident = $name:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum $Enum { $($variant),* }

        impl $Enum {
            pub const ALL: &'static [$Enum] = &[$($Enum::$variant),*];

            pub fn from_code(code: u32) -> Option<$Enum> {
                $Enum::ALL.get(code as usize).copied()
            }

            /// NumPy's name.
            pub fn name(self) -> &'static str {
                match self { $($Enum::$variant => $name),* }
            }
        }
    };
}
pub(super) use named_operations;

named_operations! {
    /// In the order of the codes that Python uses.
    BinaryOp {
        Add = "add", Subtract = "subtract", Multiply = "multiply", Divide = "divide",
        FloorDivide = "floor_divide", Remainder = "remainder", Power = "power",
        Maximum = "maximum", Minimum = "minimum", FMax = "fmax", FMin = "fmin", FMod = "fmod",
        Equal = "equal", NotEqual = "not_equal", Less = "less", LessEqual = "less_equal",
        Greater = "greater", GreaterEqual = "greater_equal",
        LogicalAnd = "logical_and", LogicalOr = "logical_or", LogicalXor = "logical_xor",
        BitwiseAnd = "bitwise_and", BitwiseOr = "bitwise_or", BitwiseXor = "bitwise_xor",
        LeftShift = "left_shift", RightShift = "right_shift",
        ArcTan2 = "arctan2", Hypot = "hypot", CopySign = "copysign", NextAfter = "nextafter",
        LogAddExp = "logaddexp", LogAddExp2 = "logaddexp2", Heaviside = "heaviside",
        Gcd = "gcd", Lcm = "lcm",
    }
}

/// `op` of two arrays; `weak` marks an operand that was a plain Python number.
pub fn binary(op: BinaryOp, a: &Array, b: &Array, weak: [Option<Weak>; 2]) -> Result<Array> {
    let left = weak[0].map_or(a.dtype(), |kind| kind.beside(b.dtype()));
    let right = weak[1].map_or(b.dtype(), |kind| kind.beside(a.dtype()));
    let common = left.promote(right);
    let lying = both_as_they_lie(a, b, |a, b| binary_as(op, a, b, common));
    lying.unwrap_or_else(|| binary_as(op, a, b, common))
}

/// `op` computed in `common` or the nearest dtype that has it.
fn binary_as(op: BinaryOp, a: &Array, b: &Array, common: DType) -> Result<Array> {
    use BinaryOp::*;
    let unsupported = || {
        Err(ArrayError::type_error(
            "array_unsupported",
            format!(
                "ufunc '{}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''",
                op.name()
            ),
        ))
    };
    match op {
        LogicalAnd | LogicalOr | LogicalXor => {
            let f: fn(bool, bool) -> bool = match op {
                LogicalAnd => |x, y| x & y,
                LogicalOr => |x, y| x | y,
                _ => |x, y| x ^ y,
            };
            Ok(a.typed::<bool>()
                .zip_broadcast(&b.typed::<bool>(), f)?
                .into())
        }
        Divide | ArcTan2 | Hypot | CopySign | NextAfter | LogAddExp | LogAddExp2 | Heaviside => {
            let dtype = if common.is_float() {
                common
            } else {
                DType::F64
            };
            match dtype {
                DType::F32 => float_op(op, &a.typed::<f32>(), &b.typed::<f32>()),
                _ => float_op(op, &a.typed::<f64>(), &b.typed::<f64>()),
            }
        }
        _ => match common {
            DType::F32 => match op {
                BitwiseAnd | BitwiseOr | BitwiseXor | LeftShift | RightShift | Gcd | Lcm => {
                    unsupported()
                }
                _ => float_op(op, &a.typed::<f32>(), &b.typed::<f32>()),
            },
            DType::F64 => match op {
                BitwiseAnd | BitwiseOr | BitwiseXor | LeftShift | RightShift | Gcd | Lcm => {
                    unsupported()
                }
                _ => float_op(op, &a.typed::<f64>(), &b.typed::<f64>()),
            },
            DType::Bool => match op {
                FloorDivide | Remainder | FMod | Power | LeftShift | RightShift | Gcd | Lcm => {
                    int_op(op, &a.typed::<i64>(), &b.typed::<i64>())
                }
                Subtract => Err(ArrayError::type_error(
                    "array_bool_subtract",
                    "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.",
                )),
                _ => bool_op(op, &a.typed::<bool>(), &b.typed::<bool>()),
            },
            DType::I64 => int_op(op, &a.typed::<i64>(), &b.typed::<i64>()),
        },
    }
}

/// Comparisons share one loop through a function pointer.
fn compare<T: super::storage::Element + PartialOrd>(
    op: BinaryOp,
    a: &NdArray<T>,
    b: &NdArray<T>,
) -> Result<Array> {
    use BinaryOp::*;
    let test: fn(T, T) -> bool = match op {
        Equal => |x, y| x == y,
        NotEqual => |x, y| x != y,
        Less => |x, y| x < y,
        LessEqual => |x, y| x <= y,
        Greater => |x, y| x > y,
        GreaterEqual => |x, y| x >= y,
        _ => unreachable!("compare: {op:?}"),
    };
    Ok(a.zip_broadcast(b, test)?.into())
}

/// Comparisons of floats; three of the six are the others turned around or denied.
fn float_compare<T: Float>(op: BinaryOp, a: &NdArray<T>, b: &NdArray<T>) -> Result<Array> {
    use BinaryOp::*;
    let (test, turned) = match op {
        Equal | NotEqual => (Comparison::Equal, false),
        Less => (Comparison::Less, false),
        LessEqual => (Comparison::LessEqual, false),
        Greater => (Comparison::Less, true),
        GreaterEqual => (Comparison::LessEqual, true),
        _ => unreachable!("compare: {op:?}"),
    };
    let (a, b) = if turned { (b, a) } else { (a, b) };
    let (shape, left, right) = aligned(a, b)?;
    let mut out = vec![false; shape.iter().product()];
    T::compare(test, &left, &right, &mut out);
    if op == NotEqual {
        out.iter_mut().for_each(|equal| *equal = !*equal);
    }
    Ok(NdArray::from_vec(out, &shape).into())
}

fn bool_op(op: BinaryOp, a: &NdArray<bool>, b: &NdArray<bool>) -> Result<Array> {
    use BinaryOp::*;
    let f: fn(bool, bool) -> bool = match op {
        Add | Maximum | FMax | BitwiseOr => |x, y| x | y,
        Multiply | Minimum | FMin | BitwiseAnd => |x, y| x & y,
        BitwiseXor => |x, y| x ^ y,
        _ => return compare(op, a, b),
    };
    Ok(a.zip_broadcast(b, f)?.into())
}

fn gcd(a: i64, b: i64) -> i64 {
    let (mut x, mut y) = (a.unsigned_abs(), b.unsigned_abs());
    while y != 0 {
        (x, y) = (y, x % y);
    }
    x as i64
}

fn int_op(op: BinaryOp, a: &NdArray<i64>, b: &NdArray<i64>) -> Result<Array> {
    use BinaryOp::*;
    if matches!(op, FloorDivide | Remainder | FMod) && b.cells().contains(&0) && !a.is_empty() {
        warn::raise(Warning::Divide);
    }
    if op == Power && b.cells().iter().any(|&y| y < 0) {
        return Err(ArrayError::value(
            "array_negative_power",
            "Integers to negative integer powers are not allowed.",
        ));
    }
    match op {
        Add => return Ok(a.zip_broadcast(b, i64::wrapping_add)?.into()),
        Subtract => return Ok(a.zip_broadcast(b, i64::wrapping_sub)?.into()),
        Multiply => return Ok(a.zip_broadcast(b, i64::wrapping_mul)?.into()),
        _ => {}
    }
    let f: fn(i64, i64) -> i64 = match op {
        FloorDivide => |x, y| match y {
            0 => 0,
            -1 => x.wrapping_neg(),
            _ => x.div_euclid(y) - i64::from(y < 0 && x.rem_euclid(y) != 0),
        },
        Remainder => |x, y| match y {
            0 | -1 => 0,
            _ => {
                let rest = x % y;
                if rest != 0 && (rest < 0) != (y < 0) {
                    rest + y
                } else {
                    rest
                }
            }
        },
        FMod => |x, y| if y == 0 || y == -1 { 0 } else { x % y },
        Power => |x, y| {
            let (mut base, mut left, mut out) = (x, y, 1i64);
            while left > 0 {
                if left & 1 == 1 {
                    out = out.wrapping_mul(base);
                }
                base = base.wrapping_mul(base);
                left >>= 1;
            }
            out
        },
        Maximum | FMax => i64::max,
        Minimum | FMin => i64::min,
        BitwiseAnd => |x, y| x & y,
        BitwiseOr => |x, y| x | y,
        BitwiseXor => |x, y| x ^ y,
        LeftShift => |x, y| if (0..64).contains(&y) { x << y } else { 0 },
        RightShift => |x, y| x >> if (0..64).contains(&y) { y } else { 63 },
        Gcd => gcd,
        Lcm => |x, y| match gcd(x, y) {
            0 => 0,
            g => (x / g).wrapping_mul(y).wrapping_abs(),
        },
        _ => return compare(op, a, b),
    };
    Ok(a.zip_broadcast(b, f)?.into())
}

/// What is called seldom shares one loop.
fn rare_function<T>(op: BinaryOp) -> Option<fn(T, T) -> T>
where
    T: FloatMath
        + Add<Output = T>
        + Sub<Output = T>
        + Mul<Output = T>
        + Div<Output = T>
        + Neg<Output = T>,
{
    use BinaryOp::*;
    Some(match op {
        FloorDivide => |x, y| floor_divmod(x, y).0,
        Remainder => |x, y| floor_divmod(x, y).1,
        FMax => |x, y| if x >= y || y.is_nan_value() { x } else { y },
        FMin => |x, y| if x <= y || y.is_nan_value() { x } else { y },
        FMod => |x, y| x.m_fmod(y),
        ArcTan2 => |x, y| x.m_atan2(y),
        Hypot => |x, y| x.m_hypot(y),
        CopySign => |x, y| x.m_copysign(y),
        NextAfter => |x, y| x.m_nextafter(y),
        LogAddExp => |x, y| {
            if x == y {
                return x + T::of(std::f64::consts::LN_2);
            }
            let gap = x - y;
            if gap > T::of(0.0) {
                x + (-gap).m_exp().m_log1p()
            } else {
                y + gap.m_exp().m_log1p()
            }
        },
        LogAddExp2 => |x, y| {
            if x == y {
                return x + T::of(1.0);
            }
            let gap = x - y;
            let scale = T::of(std::f64::consts::LOG2_E);
            if gap > T::of(0.0) {
                x + scale * (-gap).m_exp2().m_log1p()
            } else {
                y + scale * gap.m_exp2().m_log1p()
            }
        },
        Heaviside => |x, y| {
            if x == T::of(0.0) {
                y
            } else if x.is_nan_value() {
                x
            } else {
                T::of(if x < T::of(0.0) { 0.0 } else { 1.0 })
            }
        },
        _ => return None,
    })
}

fn float_op<T>(op: BinaryOp, a: &NdArray<T>, b: &NdArray<T>) -> Result<Array>
where
    T: FloatMath
        + Add<Output = T>
        + Sub<Output = T>
        + Mul<Output = T>
        + Div<Output = T>
        + Neg<Output = T>,
    NdArray<T>: Into<Array>,
{
    use BinaryOp::*;
    let vectors = match op {
        Add => Some(Arithmetic::Add),
        Subtract => Some(Arithmetic::Subtract),
        Multiply => Some(Arithmetic::Multiply),
        Divide => Some(Arithmetic::Divide),
        Maximum => Some(Arithmetic::Maximum),
        Minimum => Some(Arithmetic::Minimum),
        _ => None,
    };
    if let Some(vectors) = vectors {
        let (shape, left, right) = aligned(a, b)?;
        room(&shape, size_of::<T>(), 1)?;
        let mut out = vec![T::of(0.0); shape.iter().product()];
        let finite = T::arithmetic(vectors, &left, &right, &mut out);
        let out = NdArray::from_vec(out, &shape);
        if !finite && !matches!(op, Maximum | Minimum) {
            check_finite(op, a, b, &out)?;
        }
        return Ok(out.into());
    }
    let out = match op {
        Power => power(a, b)?,
        _ => match rare_function::<T>(op) {
            Some(f) => a.zip_broadcast(b, f)?,
            None => return float_compare(op, a, b),
        },
    };
    if !matches!(op, FMax | FMin | CopySign) {
        check_finite(op, a, b, &out)?;
    }
    Ok(out.into())
}

fn power<T>(a: &NdArray<T>, b: &NdArray<T>) -> Result<NdArray<T>>
where
    T: FloatMath + Mul<Output = T> + Div<Output = T>,
{
    // One exponent for all, as in `x ** 2`, is worth its own loop; NumPy has the same ones.
    if b.len() == 1 && b.ndim() <= a.ndim() {
        let exponent = b.get(&vec![0; b.ndim()]).to();
        if exponent == 2.0 {
            return Ok(a.map(|x| x * x));
        }
        if exponent == 1.0 {
            return Ok(a.map(|x| x));
        }
        if exponent == 0.5 && b.ndim() == 0 {
            return Ok(a.map(|x| x.m_sqrt()));
        }
        if exponent == -1.0 && b.ndim() == 0 {
            return Ok(a.map(|x| T::of(1.0) / x));
        }
    }
    let f: fn(T, T) -> T = |x, y| x.m_pow(y);
    a.zip_broadcast(b, f)
}

fn check_finite<T: Float>(
    op: BinaryOp,
    a: &NdArray<T>,
    b: &NdArray<T>,
    out: &NdArray<T>,
) -> Result<()> {
    if all_finite(out) {
        return Ok(());
    }
    let pole: fn(f64, f64) -> bool = match op {
        BinaryOp::Divide | BinaryOp::FloorDivide => |_, b| b == 0.0,
        BinaryOp::Power => |a, b| a == 0.0 && b < 0.0,
        _ => |_, _| false,
    };
    let (a, b) = (a.broadcast_to(out.shape())?, b.broadcast_to(out.shape())?);
    room(out.shape(), size_of::<T>(), 2)?;
    for ((r, x), y) in out.cells().iter().zip(&*a.cells()).zip(&*b.cells()) {
        if !r.to().is_finite() {
            warn::check(r.to(), x.to(), y.to(), pole);
        }
    }
    Ok(())
}

/// Whether no element is infinite or NaN, in one pass that the compiler can vectorise.
pub(super) fn all_finite<T: Float>(x: &NdArray<T>) -> bool {
    match x.as_slice() {
        // Subtracting a finite number from itself gives zero; infinities and NaN give NaN.
        Some(slice) => slice
            .iter()
            .fold(true, |all, &v| all & (v.to() - v.to() == 0.0)),
        None => x.to_vec().iter().all(|v| v.to().is_finite()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_binary(
        op: BinaryOp,
        a: impl Into<Array>,
        b: impl Into<Array>,
        expected: impl Into<Array>,
    ) {
        assert_eq!(
            binary(op, &a.into(), &b.into(), [None, None]).unwrap(),
            expected.into()
        );
    }

    fn vector<T: super::super::storage::Element>(values: &[T]) -> NdArray<T> {
        NdArray::from_vec(values.to_vec(), &[values.len()])
    }

    #[test]
    fn integer_division_rounds_down_with_pythons_signs() {
        let (a, b) = (vector(&[7i64, -7, 7, -7, 5]), vector(&[3i64, 3, -3, -3, 0]));
        check_binary(
            BinaryOp::FloorDivide,
            a.clone(),
            b.clone(),
            vector(&[2i64, -3, -3, 2, 0]),
        );
        check_binary(BinaryOp::Remainder, a, b, vector(&[1i64, 2, -2, -1, 0]));
        assert_eq!(warn::take(), Warning::Divide as u8);
    }

    #[test]
    fn int64_and_float32_meet_in_float64() {
        check_binary(
            BinaryOp::Add,
            vector(&[1i64]),
            vector(&[0.5f32]),
            vector(&[1.5f64]),
        );
        check_binary(
            BinaryOp::Divide,
            vector(&[1i64]),
            vector(&[2i64]),
            vector(&[0.5f64]),
        );
    }

    #[test]
    fn a_python_number_takes_the_arrays_dtype() {
        let a = Array::from(vector(&[1.5f32]));
        let two = Array::from(NdArray::scalar(2.0f64));
        let out = binary(BinaryOp::Multiply, &a, &two, [None, Some(Weak::Float)]).unwrap();
        assert_eq!(out, vector(&[3.0f32]).into());
    }

    #[test]
    fn warnings_tell_a_division_by_zero_from_an_overflow() {
        warn::take();
        let a = vector(&[1.0f64, 0.0, 1e300]);
        check_binary(
            BinaryOp::Divide,
            a.clone(),
            vector(&[0.0f64, 1.0, 1e-300]),
            vector(&[f64::INFINITY, 0.0, f64::INFINITY]),
        );
        assert_eq!(
            warn::take(),
            Warning::Divide as u8 | Warning::Overflow as u8
        );
    }

    #[test]
    fn negative_powers_of_integers_are_refused() {
        let error = binary(
            BinaryOp::Power,
            &vector(&[2i64]).into(),
            &vector(&[-1i64]).into(),
            [None; 2],
        );
        assert_eq!(error.unwrap_err().code(), "array_negative_power");
    }
}
