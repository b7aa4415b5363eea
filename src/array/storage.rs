//! The memory that views share.
//!
//! NumPy's views alias: writing through one shows through all. Storage is therefore an `UnsafeCell`
//! behind an `Rc` (so never crosses threads), and a slice taken from it must end before anything
//! writes. Inside the engine no slice outlives the call that took it.

use std::cell::UnsafeCell;
use std::fmt::Debug;

/// What an array can hold.
pub trait Element: Copy + Default + PartialEq + Debug + 'static {}

impl Element for bool {}
impl Element for u8 {}
impl Element for u32 {}
impl Element for i32 {}
impl Element for i64 {}
impl Element for f32 {}
impl Element for f64 {}

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
