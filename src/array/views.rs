//! Other shapes over the same storage: reshape, permute, broadcast, slice.

use std::rc::Rc;

use super::error::{ArrayError, Result};
use super::shape::{normalize_axis, reshape_strides, size_of};
use super::storage::Element;
use super::typed::NdArray;

/// One axis of a slice: `len` elements from `start`, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    pub start: usize,
    pub len: usize,
    pub step: isize,
}

impl Slice {
    pub fn all(n: usize) -> Self {
        Slice {
            start: 0,
            len: n,
            step: 1,
        }
    }

    /// `start..stop`, within the axis.
    pub fn range(start: usize, stop: usize) -> Self {
        Slice {
            start,
            len: stop.saturating_sub(start),
            step: 1,
        }
    }

    /// Python's `start:stop:step` on an axis of `n`; `None` is a left-out bound.
    pub fn python(n: usize, start: Option<i64>, stop: Option<i64>, step: i64) -> Self {
        let n = n as i64;
        let clamp = |bound: i64, low: i64, high: i64| {
            (if bound < 0 {
                bound.saturating_add(n)
            } else {
                bound
            })
            .clamp(low, high)
        };
        let (low, high) = if step > 0 { (0, n) } else { (-1, n - 1) };
        let first = start.map_or(if step > 0 { low } else { high }, |b| clamp(b, low, high));
        let last = stop.map_or(if step > 0 { high } else { low }, |b| clamp(b, low, high));
        let span = if step > 0 { last - first } else { first - last };
        let stride = step.unsigned_abs() as i64;
        let len = if span > 0 { (span - 1) / stride + 1 } else { 0 };
        Slice {
            start: if len > 0 { first as usize } else { 0 },
            len: len as usize,
            step: step as isize,
        }
    }
}

impl<T: Element> NdArray<T> {
    pub(super) fn with_layout(
        &self,
        shape: Vec<usize>,
        strides: Vec<isize>,
        offset: usize,
    ) -> Self {
        NdArray {
            storage: Rc::clone(&self.storage),
            shape,
            strides,
            offset,
        }
    }

    /// A view when the memory allows one, else a copy. The sizes must agree.
    pub fn reshape(&self, shape: &[usize]) -> Result<Self> {
        if size_of(shape) != self.len() {
            return Err(ArrayError::Reshape {
                size: self.len(),
                shape: shape.iter().map(|&n| n as isize).collect(),
            });
        }
        Ok(match reshape_strides(&self.shape, &self.strides, shape) {
            Some(strides) => self.with_layout(shape.to_vec(), strides, self.offset),
            None => Self::from_vec(self.to_vec(), shape),
        })
    }

    /// Axis `i` of the result is axis `axes[i]` of this one.
    pub fn permute(&self, axes: &[usize]) -> Result<Self> {
        if axes.len() != self.ndim() {
            return Err(ArrayError::AxesCount {
                expected: self.ndim(),
                got: axes.len(),
            });
        }
        let mut seen = vec![false; axes.len()];
        for &axis in axes {
            normalize_axis(axis as isize, self.ndim())?;
            if std::mem::replace(&mut seen[axis], true) {
                return Err(ArrayError::RepeatedAxis {
                    what: "repeated axis in transpose",
                });
            }
        }
        let shape = axes.iter().map(|&axis| self.shape[axis]).collect();
        let strides = axes.iter().map(|&axis| self.strides[axis]).collect();
        Ok(self.with_layout(shape, strides, self.offset))
    }

    /// All axes in reverse order.
    pub fn transpose(&self) -> Self {
        let shape = self.shape.iter().rev().copied().collect();
        let strides = self.strides.iter().rev().copied().collect();
        self.with_layout(shape, strides, self.offset)
    }

    /// Stretched axes are views of step zero: read them, never write through them.
    pub fn broadcast_to(&self, shape: &[usize]) -> Result<Self> {
        let lead = shape.len().checked_sub(self.ndim());
        let fits = |lead: usize| {
            self.shape
                .iter()
                .zip(&shape[lead..])
                .all(|(&from, &to)| from == to || from == 1)
        };
        let Some(lead) = lead.filter(|&lead| fits(lead)) else {
            return Err(ArrayError::BroadcastInto {
                from: self.shape.clone(),
                into: shape.to_vec(),
            });
        };
        let mut strides = vec![0; shape.len()];
        for axis in 0..self.ndim() {
            if self.shape[axis] == shape[lead + axis] && self.shape[axis] != 1 {
                strides[lead + axis] = self.strides[axis];
            }
        }
        Ok(self.with_layout(shape.to_vec(), strides, self.offset))
    }

    /// One `Slice` an axis, each within its axis.
    pub fn slice(&self, slices: &[Slice]) -> Self {
        assert_eq!(
            slices.len(),
            self.ndim(),
            "slice: {slices:?} of shape {:?}",
            self.shape
        );
        let mut offset = self.offset as isize;
        let mut shape = Vec::with_capacity(slices.len());
        let mut strides = Vec::with_capacity(slices.len());
        for ((slice, &n), &stride) in slices.iter().zip(&self.shape).zip(&self.strides) {
            if slice.len > 0 {
                let last = slice.start as isize + slice.step * (slice.len as isize - 1);
                assert!(
                    slice.start < n && last >= 0 && (last as usize) < n,
                    "slice: {slices:?} of shape {:?}",
                    self.shape
                );
                offset += slice.start as isize * stride;
            }
            shape.push(slice.len);
            strides.push(slice.step * stride);
        }
        self.with_layout(shape, strides, offset as usize)
    }

    /// Elements `start..stop` of one axis.
    pub fn slice_axis(&self, axis: usize, start: usize, stop: usize) -> Self {
        let mut slices: Vec<Slice> = self.shape.iter().map(|&n| Slice::all(n)).collect();
        slices[axis] = Slice::range(start, stop);
        self.slice(&slices)
    }

    /// Entry `index` of one axis, which goes away.
    pub fn index_axis(&self, axis: usize, index: usize) -> Self {
        let mut view = self.slice_axis(axis, index, index + 1);
        view.shape.remove(axis);
        view.strides.remove(axis);
        view
    }

    /// A view of any layout in this storage, its first element `shift` from this one's; `None`
    /// when an element would lie outside.
    pub fn strided(&self, shape: &[usize], strides: &[isize], shift: isize) -> Option<Self> {
        let first = self.offset as isize + shift;
        let (mut low, mut high) = (first, first);
        for (&n, &stride) in shape.iter().zip(strides) {
            let reach = stride * (n as isize - 1).max(0);
            low += reach.min(0);
            high += reach.max(0);
        }
        let inside = low >= 0 && high < self.storage.len() as isize;
        if !inside && !shape.contains(&0) {
            return None;
        }
        Some(self.with_layout(shape.to_vec(), strides.to_vec(), first.max(0) as usize))
    }

    /// A new axis of size one in front of `axis`.
    pub fn insert_axis(&self, axis: usize) -> Self {
        let mut view = self.clone();
        view.shape.insert(axis, 1);
        view.strides.insert(axis, 0);
        view
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(shape: &[usize]) -> NdArray<i64> {
        NdArray::from_vec((0..size_of(shape) as i64).collect(), shape)
    }

    #[test]
    fn a_reshape_of_contiguous_data_aliases() {
        let a = counting(&[2, 3]);
        let b = a.reshape(&[3, 2]).unwrap();
        b.set(&[2, 1], 50);
        assert_eq!(a.get(&[1, 2]), 50);
    }

    #[test]
    fn a_reshape_of_a_transpose_copies_in_c_order() {
        let a = counting(&[2, 3]).transpose();
        let b = a.reshape(&[6]).unwrap();
        assert_eq!(b.to_vec(), [0, 3, 1, 4, 2, 5]);
        assert!(!a.shares_storage(&b));
    }

    #[test]
    fn permute_moves_axes_and_refuses_repeats() {
        let a = counting(&[2, 3, 4]).permute(&[2, 0, 1]).unwrap();
        assert_eq!(a.shape(), [4, 2, 3]);
        assert_eq!(a.get(&[3, 1, 2]), 23);
        assert!(a.permute(&[0, 0, 1]).is_err());
        assert!(a.permute(&[0, 1]).is_err());
    }

    #[test]
    fn broadcast_to_repeats_without_copying() {
        let a = counting(&[3, 1]).broadcast_to(&[2, 3, 2]).unwrap();
        assert_eq!(a.to_vec(), [0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2]);
        assert!(counting(&[3]).broadcast_to(&[2]).is_err());
        assert!(counting(&[3]).broadcast_to(&[]).is_err());
    }

    #[test]
    fn python_slices_clamp_and_step_both_ways() {
        let pick = |start, stop, step| {
            let a = counting(&[5]);
            a.slice(&[Slice::python(5, start, stop, step)]).to_vec()
        };
        assert_eq!(pick(None, None, 2), [0, 2, 4]);
        assert_eq!(pick(None, None, -1), [4, 3, 2, 1, 0]);
        assert_eq!(pick(Some(-2), None, 1), [3, 4]);
        assert_eq!(pick(Some(10), Some(-10), -2), [4, 2, 0]);
        assert!(pick(Some(3), Some(1), 1).is_empty());
        assert_eq!(pick(Some(i64::MIN), Some(i64::MAX), 3), [0, 3]);
    }

    #[test]
    fn a_slice_of_a_slice_aliases_the_whole() {
        let a = counting(&[4, 4]);
        let b = a.slice_axis(0, 1, 3).slice_axis(1, 2, 4);
        b.set(&[1, 1], -1);
        assert_eq!(a.get(&[2, 3]), -1);
        assert_eq!(a.index_axis(0, 2).to_vec(), [8, 9, 10, -1]);
    }
}
