//! One function applied to each element, or to each pair of broadcast elements.

use std::borrow::Cow;

use super::error::Result;
use super::shape::broadcast_shapes;
use super::storage::{Element, room};
use super::typed::NdArray;
use super::walk::walk;

impl<T: Element> NdArray<T> {
    /// The elements in C order: borrowed when they stand so, else copied.
    pub(super) fn cells(&self) -> Cow<'_, [T]> {
        match self.as_slice() {
            Some(slice) => Cow::Borrowed(slice),
            None => Cow::Owned(self.to_vec()),
        }
    }

    pub fn map<R: Element>(&self, f: impl Fn(T) -> R) -> NdArray<R> {
        NdArray::from_vec(self.cells().iter().map(|&x| f(x)).collect(), &self.shape)
    }

    /// `f(a, b)` over the broadcast shape of both.
    ///
    /// Each `f` is compiled into loops of its own; what stretches is therefore laid out first
    /// instead of being walked in them, but for a single element. Where speed matters little, a
    /// plain `fn` as `f` shares one loop.
    pub fn zip_broadcast<U: Element, R: Element>(
        &self,
        other: &NdArray<U>,
        f: impl Fn(T, U) -> R,
    ) -> Result<NdArray<R>> {
        let (shape, a, b) = aligned(self, other)?;
        room(&shape, size_of::<R>(), 1)?;
        let out = match (&*a, &*b) {
            (a, &[y]) => a.iter().map(|&x| f(x, y)).collect(),
            (&[x], b) => b.iter().map(|&y| f(x, y)).collect(),
            (a, b) => a.iter().zip(b).map(|(&x, &y)| f(x, y)).collect(),
        };
        Ok(NdArray::from_vec(out, &shape))
    }

    /// Writes `source`, stretched to this shape, through this view. Overlapping views read
    /// before they write, as NumPy's do.
    pub fn assign(&self, source: &NdArray<T>) -> Result<()> {
        let source = if self.shares_storage(source) {
            &source.to_owned_array()
        } else {
            source
        };
        let source = source.broadcast_to(&self.shape)?;
        let from = source.storage.slice();
        let into = self.storage.pointer();
        let cells = self.storage.len() as isize;
        let both = [self.strides.as_slice(), source.strides.as_slice()];
        walk(
            &self.shape,
            both,
            [self.offset, source.offset],
            |[i, j], len, [s, t]| {
                let last = i + s * (len as isize - 1);
                assert!(i >= 0 && i < cells && last >= 0 && last < cells);
                for k in 0..len as isize {
                    let value = from[(j + k * t) as usize];
                    // SAFETY: the run's ends are inside the storage, so all of it is; `from` is
                    // another storage.
                    unsafe { *into.offset(i + k * s) = value };
                }
            },
        );
        Ok(())
    }

    /// Writes one value to every element of this view.
    pub fn fill(&self, value: T) {
        let filled = self.assign(&NdArray::scalar(value));
        debug_assert!(filled.is_ok(), "one element stretches to any shape");
    }

    /// Replaces each element by `f` of it, through this view.
    pub fn map_in_place(&self, f: impl Fn(T) -> T) {
        let filled = self.assign(&self.map(f));
        debug_assert!(filled.is_ok(), "equal shapes");
    }
}

type Aligned<'a, T, U> = (Vec<usize>, Cow<'a, [T]>, Cow<'a, [U]>);

/// The broadcast shape and both operands laid out in it, or as one element that stretches.
#[inline(never)]
pub(super) fn aligned<'a, T: Element, U: Element>(
    a: &'a NdArray<T>,
    b: &'a NdArray<U>,
) -> Result<Aligned<'a, T, U>> {
    if a.shape == b.shape {
        return Ok((a.shape.clone(), a.cells(), b.cells()));
    }
    let shape = broadcast_shapes(&a.shape, &b.shape)?;
    // Both copied, at worst, and the result beside them.
    room(&shape, size_of::<T>().max(size_of::<U>()), 3)?;
    let size: usize = shape.iter().product();
    Ok((
        shape.clone(),
        stretched(a, &shape, size)?,
        stretched(b, &shape, size)?,
    ))
}

fn stretched<'a, T: Element>(
    x: &'a NdArray<T>,
    shape: &[usize],
    size: usize,
) -> Result<Cow<'a, [T]>> {
    if x.len() == size || x.len() == 1 && size > 0 {
        return Ok(x.cells());
    }
    Ok(Cow::Owned(x.broadcast_to(shape)?.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::views::Slice;

    fn counting(shape: &[usize]) -> NdArray<f64> {
        let n: usize = shape.iter().product();
        NdArray::from_vec((0..n).map(|i| i as f64).collect(), shape)
    }

    fn check_add(a: &NdArray<f64>, b: &NdArray<f64>) {
        let sum = a.zip_broadcast(b, |x, y| x + y).unwrap();
        let expected = &a.view() + &b.view();
        assert_eq!(sum.shape(), expected.shape());
        assert_eq!(sum.to_vec(), expected.iter().copied().collect::<Vec<_>>());
    }

    #[test]
    fn pairs_broadcast_whatever_their_strides() {
        check_add(&counting(&[3, 4]), &counting(&[3, 4]));
        check_add(&counting(&[3, 4]), &counting(&[4]));
        check_add(&counting(&[3, 4]), &counting(&[3, 1]));
        check_add(&counting(&[4, 3]).transpose(), &counting(&[3, 4]));
        check_add(&counting(&[2, 3, 4]), &NdArray::scalar(1.5));
        check_add(&counting(&[3, 0]), &counting(&[1]));
        let backwards = counting(&[6]).slice(&[Slice::python(6, None, None, -2)]);
        check_add(&backwards, &counting(&[3]));
    }

    #[test]
    fn map_follows_strides() {
        let a = counting(&[2, 3]).transpose().map(|x| x * 10.0);
        assert_eq!(a.to_vec(), [0.0, 30.0, 10.0, 40.0, 20.0, 50.0]);
    }

    #[test]
    fn overlapping_assignment_reads_before_it_writes() {
        let a = counting(&[5]);
        let shifted = a.slice_axis(0, 0, 4);
        a.slice_axis(0, 1, 5).assign(&shifted).unwrap();
        assert_eq!(a.to_vec(), [0.0, 0.0, 1.0, 2.0, 3.0]);
        a.slice_axis(0, 3, 5).fill(9.0);
        assert_eq!(a.to_vec(), [0.0, 0.0, 1.0, 9.0, 9.0]);
        assert!(a.assign(&counting(&[2])).is_err());
    }
}
