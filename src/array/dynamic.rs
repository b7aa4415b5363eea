//! `Array`: one of the four dtypes, and whatever does not depend on which.

use super::dtype::{Cast, DType, Held};
use super::error::Result;
use super::layout::as_it_lies;
use super::shape::infer_shape;
use super::typed::NdArray;

/// What the learner's numpy holds. A clone is a view.
#[derive(Clone, Debug, PartialEq)]
pub enum Array {
    Bool(NdArray<bool>),
    I64(NdArray<i64>),
    F32(NdArray<f32>),
    F64(NdArray<f64>),
}

/// `$body` with `$x` bound to the typed array.
#[macro_export]
macro_rules! each_dtype {
    ($array:expr, $x:ident => $body:expr) => {
        match $array {
            $crate::array::Array::Bool($x) => $body,
            $crate::array::Array::I64($x) => $body,
            $crate::array::Array::F32($x) => $body,
            $crate::array::Array::F64($x) => $body,
        }
    };
}

/// `$body` with the type name `$T` bound to the element type of a dtype.
#[macro_export]
macro_rules! with_dtype {
    ($dtype:expr, $T:ident => $body:expr) => {
        match $dtype {
            $crate::array::DType::Bool => {
                type $T = bool;
                $body
            }
            $crate::array::DType::I64 => {
                type $T = i64;
                $body
            }
            $crate::array::DType::F32 => {
                type $T = f32;
                $body
            }
            $crate::array::DType::F64 => {
                type $T = f64;
                $body
            }
        }
    };
}

macro_rules! from_typed {
    ($($T:ty => $variant:ident),*) => {
        $( impl From<NdArray<$T>> for Array {
            fn from(array: NdArray<$T>) -> Array { Array::$variant(array) }
        } )*
    };
}

from_typed!(bool => Bool, i64 => I64, f32 => F32, f64 => F64);

impl Array {
    pub fn dtype(&self) -> DType {
        match self {
            Array::Bool(_) => DType::Bool,
            Array::I64(_) => DType::I64,
            Array::F32(_) => DType::F32,
            Array::F64(_) => DType::F64,
        }
    }

    pub fn shape(&self) -> &[usize] {
        each_dtype!(self, x => x.shape())
    }

    /// Steps in elements, not in bytes.
    pub fn strides(&self) -> &[isize] {
        each_dtype!(self, x => x.strides())
    }

    pub fn ndim(&self) -> usize {
        self.shape().len()
    }

    pub fn len(&self) -> usize {
        each_dtype!(self, x => x.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn zeros(shape: &[usize], dtype: DType) -> Array {
        with_dtype!(dtype, T => NdArray::<T>::zeros(shape).into())
    }

    /// The elements as `T`: this array's own when it holds `T`, else a converted copy.
    pub fn typed<T: Held>(&self) -> NdArray<T>
    where
        bool: Cast<T>,
        i64: Cast<T>,
        f32: Cast<T>,
        f64: Cast<T>,
    {
        each_dtype!(self, x => cast_array(x))
    }

    /// A view when the dtype is this one already, else a converted copy.
    pub fn cast(&self, dtype: DType) -> Array {
        if dtype == self.dtype() {
            return self.clone();
        }
        let converted = |x: &Array| Ok(with_dtype!(dtype, T => x.typed::<T>().into()));
        let lying = as_it_lies(self, converted).unwrap_or_else(|| converted(self));
        lying.expect("every dtype converts to every other")
    }

    /// A C-contiguous copy in storage of its own.
    pub fn to_owned_array(&self) -> Array {
        each_dtype!(self, x => x.to_owned_array().into())
    }

    pub fn contiguous(&self) -> Array {
        each_dtype!(self, x => x.contiguous().into())
    }

    /// A view when the memory allows one; one entry of `wanted` may be -1.
    pub fn reshape(&self, wanted: &[isize]) -> Result<Array> {
        let shape = infer_shape(self.len(), wanted)?;
        each_dtype!(self, x => x.reshape(&shape).map(Array::from))
    }

    pub fn permute(&self, axes: &[usize]) -> Result<Array> {
        each_dtype!(self, x => x.permute(axes).map(Array::from))
    }

    pub fn transpose(&self) -> Array {
        each_dtype!(self, x => x.transpose().into())
    }

    pub fn broadcast_to(&self, shape: &[usize]) -> Result<Array> {
        each_dtype!(self, x => x.broadcast_to(shape).map(Array::from))
    }

    pub fn index_axis(&self, axis: usize, index: usize) -> Array {
        each_dtype!(self, x => x.index_axis(axis, index).into())
    }

    /// Writes `source`, cast and stretched, through this view.
    pub fn assign(&self, source: &Array) -> Result<()> {
        each_dtype!(self, x => x.assign(&source.typed()))
    }

    pub fn shares_storage(&self, other: &Array) -> bool {
        match (self, other) {
            (Array::Bool(a), Array::Bool(b)) => a.shares_storage(b),
            (Array::I64(a), Array::I64(b)) => a.shares_storage(b),
            (Array::F32(a), Array::F32(b)) => a.shares_storage(b),
            (Array::F64(a), Array::F64(b)) => a.shares_storage(b),
            _ => false,
        }
    }

    /// The element at an index within bounds, as float64 (exact but for large int64).
    pub fn number(&self, index: &[usize]) -> f64 {
        each_dtype!(self, x => x.get(index).cast())
    }
}

fn cast_array<F: Held + Cast<T>, T: Held>(x: &NdArray<F>) -> NdArray<T> {
    if F::DTYPE == T::DTYPE {
        let same: &dyn std::any::Any = x;
        if let Some(same) = same.downcast_ref::<NdArray<T>>() {
            return same.clone();
        }
    }
    x.map(|value| value.cast())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cast_to_the_same_dtype_is_a_view() {
        let a = Array::zeros(&[2], DType::F32);
        assert!(a.shares_storage(&a.cast(DType::F32)));
        assert_eq!(a.cast(DType::I64).dtype(), DType::I64);
    }

    #[test]
    fn assignment_casts_to_the_left_side() {
        let a = Array::zeros(&[2, 2], DType::I64);
        a.assign(&NdArray::from_vec(vec![1.9f64, -1.9], &[2]).into())
            .unwrap();
        assert_eq!(a, NdArray::from_vec(vec![1i64, -1, 1, -1], &[2, 2]).into());
    }
}
