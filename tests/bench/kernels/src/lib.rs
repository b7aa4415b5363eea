//! The engine's kernels on the shapes of real networks, each run so many times: a module for
//! `tests/bench` to measure, so that the engine itself carries nothing for it.
//!
//! It has no glue: JavaScript counts the cases, reads their names from memory, prepares one and
//! runs it.
//! ```text
//! count()              how many cases there are
//! name(i), name_len(i) UTF-8 in the exported memory
//! flop(i)              multiplications and additions that one run of case i needs; 0 where it
//!                      only moves numbers
//! elements(i)          numbers that one run of case i goes through
//! prepare(i)           allocates case i and forgets the one before
//! run(times)           runs what was prepared
//! ```

mod cases;
// The very crate that the engine links, so that it is measured as it is shipped: what is generic
// is compiled here as there, for size.
use danlu_kernels::kernels;

use std::cell::RefCell;

use cases::{CASES, Case, Run};

thread_local! {
    static PREPARED: RefCell<Option<Run>> = const { RefCell::new(None) };
}

fn case(i: usize) -> &'static Case {
    &CASES[i]
}

#[unsafe(no_mangle)]
pub extern "C" fn count() -> usize {
    CASES.len()
}

#[unsafe(no_mangle)]
pub extern "C" fn name(i: usize) -> *const u8 {
    case(i).name.as_ptr()
}

#[unsafe(no_mangle)]
pub extern "C" fn name_len(i: usize) -> usize {
    case(i).name.len()
}

#[unsafe(no_mangle)]
pub extern "C" fn flop(i: usize) -> f64 {
    case(i).work.flop()
}

#[unsafe(no_mangle)]
pub extern "C" fn elements(i: usize) -> f64 {
    case(i).work.elements()
}

#[unsafe(no_mangle)]
pub extern "C" fn prepare(i: usize) {
    // The last case's memory is given back first.
    PREPARED.set(None);
    PREPARED.set(Some(case(i).work.prepare()));
}

#[unsafe(no_mangle)]
pub extern "C" fn run(times: usize) {
    PREPARED.with_borrow_mut(|prepared| {
        let run = prepared.as_mut().expect("run: nothing was prepared");
        (0..times).for_each(|_| run());
    });
}
