//! `NdArray<T>`: a shape, strides and an offset over shared storage.

use std::fmt;
use std::rc::Rc;

use ndarray::{ArrayViewD, IxDyn, ShapeBuilder};

use super::error::{ArrayError, Result};
use super::shape::{c_strides, is_contiguous, size_of};
use super::storage::{Element, Storage};
use super::walk::walk;

/// A clone is another view of the same storage; `to_owned_array` copies.
#[derive(Clone)]
pub struct NdArray<T> {
    pub(super) storage: Rc<Storage<T>>,
    pub(super) shape: Vec<usize>,
    pub(super) strides: Vec<isize>,
    pub(super) offset: usize,
}

impl<T: Element> NdArray<T> {
    /// The values in C order. Panics when they do not fill the shape; `try_from_vec` answers
    /// with an error instead.
    pub fn from_vec(values: Vec<T>, shape: &[usize]) -> Self {
        assert_eq!(
            values.len(),
            size_of(shape),
            "from_vec: {} values for shape {shape:?}",
            values.len()
        );
        NdArray {
            storage: Rc::new(Storage::new(values)),
            shape: shape.to_vec(),
            strides: c_strides(shape),
            offset: 0,
        }
    }

    pub fn try_from_vec(values: Vec<T>, shape: &[usize]) -> Result<Self> {
        if values.len() != size_of(shape) {
            return Err(ArrayError::Length {
                expected: size_of(shape),
                got: values.len(),
            });
        }
        Ok(Self::from_vec(values, shape))
    }

    pub fn zeros(shape: &[usize]) -> Self {
        Self::full(shape, T::default())
    }

    pub fn full(shape: &[usize], value: T) -> Self {
        Self::from_vec(vec![value; size_of(shape)], shape)
    }

    pub fn scalar(value: T) -> Self {
        Self::from_vec(vec![value], &[])
    }

    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Steps along each axis, in elements.
    pub fn strides(&self) -> &[isize] {
        &self.strides
    }

    /// Where the first element stands in the storage.
    pub fn offset(&self) -> usize {
        self.offset
    }

    pub fn ndim(&self) -> usize {
        self.shape.len()
    }

    pub fn len(&self) -> usize {
        size_of(&self.shape)
    }

    pub fn is_empty(&self) -> bool {
        self.shape.contains(&0)
    }

    pub fn is_contiguous(&self) -> bool {
        is_contiguous(&self.shape, &self.strides)
    }

    /// Whether both are views of one storage.
    pub fn shares_storage(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.storage, &other.storage)
    }

    /// The elements, when they stand one after another in C order. The slice must end before
    /// anything writes to this storage (see `storage`).
    pub fn as_slice(&self) -> Option<&[T]> {
        if !self.is_contiguous() {
            return None;
        }
        let n = self.len();
        if n == 0 {
            return Some(&[]);
        }
        Some(&self.storage.slice()[self.offset..self.offset + n])
    }

    /// The elements for writing through this shared view, when C-contiguous.
    ///
    /// # Safety
    /// No other slice of this storage may be alive.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn as_mut_slice(&self) -> Option<&mut [T]> {
        if !self.is_contiguous() {
            return None;
        }
        let n = self.len();
        if n == 0 {
            return Some(&mut []);
        }
        debug_assert!(self.offset + n <= self.storage.len());
        // SAFETY: the range is inside the storage, and the caller holds no other slice of it.
        Some(unsafe { std::slice::from_raw_parts_mut(self.storage.pointer().add(self.offset), n) })
    }

    /// The elements for writing, owned by this array alone: copies first when the storage is
    /// shared or not contiguous, so no other view changes.
    pub fn make_mut(&mut self) -> &mut [T] {
        if Rc::strong_count(&self.storage) != 1 || !self.is_contiguous() {
            *self = self.to_owned_array();
        }
        // SAFETY: this is the storage's only owner and `self` is borrowed mutably.
        unsafe { self.as_mut_slice() }.expect("a fresh copy is contiguous")
    }

    /// The elements in C order.
    pub fn to_vec(&self) -> Vec<T> {
        if let Some(slice) = self.as_slice() {
            return slice.to_vec();
        }
        let cells = self.storage.slice();
        let mut out = Vec::with_capacity(self.len());
        walk(
            &self.shape,
            [&self.strides],
            [self.offset],
            |[at], len, [step]| {
                out.extend((0..len as isize).map(|i| cells[(at + i * step) as usize]));
            },
        );
        out
    }

    /// The elements in C order, without a copy when nothing else shares them.
    pub fn into_vec(self) -> Vec<T> {
        if self.offset == 0 && self.is_contiguous() && self.storage.len() == self.len() {
            return match Rc::try_unwrap(self.storage) {
                Ok(storage) => storage.into_values(),
                Err(storage) => storage.slice().to_vec(),
            };
        }
        self.to_vec()
    }

    /// Itself when C-contiguous, else a copy that is.
    pub fn contiguous(&self) -> Self {
        if self.is_contiguous() {
            self.clone()
        } else {
            self.to_owned_array()
        }
    }

    /// A C-contiguous copy in storage of its own.
    pub fn to_owned_array(&self) -> Self {
        Self::from_vec(self.to_vec(), &self.shape)
    }

    /// The only element of an array that holds one.
    pub fn item(&self) -> T {
        assert_eq!(
            self.len(),
            1,
            "item: shape {:?} holds not one element",
            self.shape
        );
        self.storage.slice()[self.offset]
    }

    /// The element at an index of one entry an axis, each within its axis.
    pub fn get(&self, index: &[usize]) -> T {
        self.storage.slice()[self.position(index)]
    }

    /// Writes one element, visible through every view.
    pub fn set(&self, index: &[usize], value: T) {
        let at = self.position(index);
        assert!(at < self.storage.len());
        // SAFETY: the place is inside the storage and no slice is alive here.
        unsafe { *self.storage.pointer().add(at) = value };
    }

    fn position(&self, index: &[usize]) -> usize {
        assert_eq!(
            index.len(),
            self.ndim(),
            "an index of {index:?} into shape {:?}",
            self.shape
        );
        let mut at = self.offset as isize;
        for ((&i, &n), &stride) in index.iter().zip(&self.shape).zip(&self.strides) {
            assert!(i < n, "an index of {index:?} into shape {:?}", self.shape);
            at += i as isize * stride;
        }
        at as usize
    }

    /// The same elements as the `ndarray` crate sees them.
    pub fn view(&self) -> ArrayViewD<'_, T> {
        if self.is_empty() {
            return ArrayViewD::from_shape(IxDyn(&self.shape), &[]).expect("an empty view");
        }
        // `ndarray` builds views from steps that are not negative, then turns axes around.
        let mut start = self.offset as isize;
        let mut steps = Vec::with_capacity(self.ndim());
        for (&n, &stride) in self.shape.iter().zip(&self.strides) {
            if stride < 0 {
                start += stride * (n as isize - 1);
            }
            steps.push(stride.unsigned_abs());
        }
        let layout = IxDyn(&self.shape).strides(IxDyn(&steps));
        let cells = &self.storage.slice()[start as usize..];
        // SAFETY: every reachable element lies inside `cells`, whose lifetime the view takes.
        let mut view = unsafe { ArrayViewD::from_shape_ptr(layout, cells.as_ptr()) };
        for (axis, &stride) in self.strides.iter().enumerate() {
            if stride < 0 {
                view.invert_axis(ndarray::Axis(axis));
            }
        }
        view
    }
}

impl<T: Element> fmt::Debug for NdArray<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.view())
    }
}

/// Equal shapes and equal elements.
impl<T: Element> PartialEq for NdArray<T> {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape && self.view() == other.view()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fill_the_shape_or_the_error_says_how_many() {
        let error = NdArray::try_from_vec(vec![1.0f32; 5], &[2, 3]).unwrap_err();
        assert_eq!(
            error,
            ArrayError::Length {
                expected: 6,
                got: 5
            }
        );
    }

    #[test]
    fn a_clone_is_a_view_and_make_mut_parts_them() {
        let a = NdArray::from_vec(vec![1i64, 2, 3], &[3]);
        let mut b = a.clone();
        b.set(&[0], 9);
        assert_eq!(a.to_vec(), [9, 2, 3]);
        b.make_mut()[1] = 7;
        assert_eq!(a.to_vec(), [9, 2, 3]);
        assert_eq!(b.to_vec(), [9, 7, 3]);
    }

    #[test]
    fn the_ndarray_view_reads_negative_steps() {
        let a = NdArray::from_vec((0..6).collect::<Vec<i64>>(), &[2, 3]);
        let b = NdArray {
            strides: vec![-3, -1],
            offset: 5,
            ..a.clone()
        };
        assert_eq!(
            b.view().iter().copied().collect::<Vec<_>>(),
            [5, 4, 3, 2, 1, 0]
        );
        assert_eq!(b.to_vec(), [5, 4, 3, 2, 1, 0]);
    }

    #[test]
    fn an_array_without_axes_holds_one_element() {
        let a = NdArray::scalar(2.5f64);
        assert_eq!((a.len(), a.ndim(), a.item()), (1, 0, 2.5));
        assert!(NdArray::<f32>::zeros(&[2, 0]).to_vec().is_empty());
    }
}
