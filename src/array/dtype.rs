//! The four dtypes, how values cast between them, and which dtype a mixture takes (NEP 50).

use super::storage::Element;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum DType {
    Bool = 0,
    I64 = 1,
    F32 = 2,
    F64 = 3,
}

impl DType {
    pub const ALL: [DType; 4] = [DType::Bool, DType::I64, DType::F32, DType::F64];

    pub fn from_code(code: u32) -> DType {
        DType::ALL[(code & 3) as usize]
    }

    pub fn code(self) -> u32 {
        self as u32
    }

    pub fn name(self) -> &'static str {
        match self {
            DType::Bool => "bool",
            DType::I64 => "int64",
            DType::F32 => "float32",
            DType::F64 => "float64",
        }
    }

    pub fn item_bytes(self) -> usize {
        match self {
            DType::Bool => 1,
            DType::F32 => 4,
            DType::I64 | DType::F64 => 8,
        }
    }

    pub fn is_float(self) -> bool {
        self >= DType::F32
    }

    /// The dtype of a mixture of two arrays. int64 with float32 needs float64 to keep its digits.
    pub fn promote(self, other: DType) -> DType {
        match (self.min(other), self.max(other)) {
            (DType::I64, DType::F32) => DType::F64,
            (_, larger) => larger,
        }
    }
}

/// A Python number beside an array: it takes the array's dtype where its kind fits in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weak {
    Int,
    Float,
}

impl Weak {
    /// The dtype of this Python number once it meets `other`.
    pub fn beside(self, other: DType) -> DType {
        match (self, other) {
            (Weak::Int, DType::Bool) => DType::I64,
            (Weak::Int, _) => other,
            (Weak::Float, DType::Bool | DType::I64) => DType::F64,
            (Weak::Float, _) => other,
        }
    }
}

/// C's cast between element types, as NumPy's `astype` does it.
pub trait Cast<To> {
    fn cast(self) -> To;
}

macro_rules! casts {
    ($($from:ty => $to:ty, $x:ident, $how:expr;)*) => {
        $( impl Cast<$to> for $from { fn cast(self) -> $to { let $x = self; $how } } )*
    };
}

/// Outside int64's range, and for NaN, x86 answers with the smallest int64.
fn truncate(x: f64) -> i64 {
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&x) {
        x as i64
    } else {
        i64::MIN
    }
}

casts! {
    bool => bool, x, x;              bool => i64, x, x as i64;
    bool => f32, x, x as u8 as f32;  bool => f64, x, x as u8 as f64;
    i64 => bool, x, x != 0;          i64 => i64, x, x;
    i64 => f32, x, x as f32;         i64 => f64, x, x as f64;
    f32 => bool, x, x != 0.0;        f32 => i64, x, truncate(x as f64);
    f32 => f32, x, x;                f32 => f64, x, x as f64;
    f64 => bool, x, x != 0.0;        f64 => i64, x, truncate(x);
    f64 => f32, x, x as f32;         f64 => f64, x, x;
}

/// An element type that an `Array` holds.
pub trait Held: Element + Cast<bool> + Cast<i64> + Cast<f32> + Cast<f64> {
    const DTYPE: DType;
}

impl Held for bool {
    const DTYPE: DType = DType::Bool;
}
impl Held for i64 {
    const DTYPE: DType = DType::I64;
}
impl Held for f32 {
    const DTYPE: DType = DType::F32;
}
impl Held for f64 {
    const DTYPE: DType = DType::F64;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mixture_promotes_as_in_numpy() {
        use DType::*;
        assert_eq!(I64.promote(F32), F64);
        assert_eq!(Bool.promote(F32), F32);
        assert_eq!(F64.promote(F32), F64);
        assert_eq!(Bool.promote(I64), I64);
        assert_eq!(Weak::Float.beside(F32), F32);
        assert_eq!(Weak::Float.beside(I64), F64);
        assert_eq!(Weak::Int.beside(Bool), I64);
    }

    #[test]
    fn casts_to_int_truncate_and_overflow_as_on_x86() {
        let cast = |x: f64| -> i64 { x.cast() };
        assert_eq!((cast(-2.7), cast(2.7)), (-2, 2));
        assert_eq!((cast(f64::NAN), cast(1e300)), (i64::MIN, i64::MIN));
    }
}
