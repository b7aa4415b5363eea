//! The memory that views share.
//!
//! NumPy's views alias: writing through one shows through all. Storage is therefore an `UnsafeCell`
//! behind an `Rc` (so never crosses threads), and a slice taken from it must end before anything
//! writes. Inside the engine no slice outlives the call that took it.

use std::cell::UnsafeCell;
use std::fmt::Debug;

use super::error::{ArrayError, Kind, Result, tuple};

/// What an array can hold.
pub trait Element: Copy + Default + PartialEq + Debug + 'static {}

impl Element for bool {}
impl Element for u8 {}
impl Element for u32 {}
impl Element for i32 {}
impl Element for i64 {}
impl Element for f32 {}
impl Element for f64 {}

/// Less is never asked about: it fits where the engine itself fits.
const NEVER_ASKED: f64 = 65536.0;

/// More than any engine may have (see the packager's `MAX_MEMORY_BYTES`).
const NEVER_GIVEN: f64 = (1u64 << 31) as f64;

/// Whether `copies` arrays of this shape find room in memory, with elements of `item` bytes.
///
/// An allocation that fails in the midst of an operation ends the whole engine; asked for
/// beforehand, it ends as Python's MemoryError.
#[inline(never)]
pub fn room(shape: &[usize], item: usize, copies: usize) -> Result<()> {
    let bytes = shape.iter().fold(item as f64, |bytes, &n| bytes * n as f64);
    if bytes <= NEVER_ASKED {
        return Ok(());
    }
    let given = bytes <= NEVER_GIVEN && {
        let mut kept: Vec<Vec<u8>> = Vec::with_capacity(copies);
        (0..copies).all(|_| {
            let mut buffer = Vec::new();
            let given = buffer.try_reserve_exact(bytes as usize).is_ok();
            kept.push(buffer);
            given
        })
    };
    if given {
        return Ok(());
    }
    const UNITS: [&str; 5] = ["KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut size = bytes / 1024.0;
    let mut unit = 0;
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        size /= 1024.0;
        unit += 1;
    }
    let digits = 2usize.saturating_sub(size.log10() as usize);
    Err(ArrayError::Other {
        kind: Kind::Memory,
        code: "array_memory",
        message: format!(
            "Unable to allocate {size:.digits$} {} for an array with shape {}",
            UNITS[unit],
            tuple(shape)
        ),
    })
}

pub struct Storage<T> {
    cells: UnsafeCell<Vec<T>>,
}

impl<T> Storage<T> {
    pub fn new(values: Vec<T>) -> Self {
        Storage {
            cells: UnsafeCell::new(values),
        }
    }

    pub fn len(&self) -> usize {
        self.slice().len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn slice(&self) -> &[T] {
        // SAFETY: storage stays on one thread, its length never changes, and by this module's rule
        // no write happens while a slice is alive.
        unsafe { &*self.cells.get() }
    }

    /// The first element's address, for writes through a shared view.
    pub fn pointer(&self) -> *mut T {
        // SAFETY: only the vector's pointer is read here.
        unsafe { (*self.cells.get()).as_mut_ptr() }
    }

    pub fn into_values(self) -> Vec<T> {
        self.cells.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_refused(shape: &[usize], sentence: &str) {
        let error = room(shape, 8, 1).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Memory, "array_memory"));
        assert_eq!(error.to_string(), sentence);
    }

    #[test]
    fn what_no_memory_holds_is_refused_in_numpys_words() {
        check_refused(
            &[20000, 20000],
            "Unable to allocate 2.98 GiB for an array with shape (20000, 20000)",
        );
        check_refused(
            &[1 << 30, 1 << 20, 1 << 10],
            "Unable to allocate 8192 PiB for an array with shape (1073741824, 1048576, 1024)",
        );
        assert!(room(&[1000, 1000], 8, 3).is_ok());
        assert!(room(&[0, 1 << 31], 8, 3).is_ok());
    }
}
