//! What a computation has to warn about, as NumPy's floating-point flags do.
//!
//! WebAssembly has no such flags, so a result that is not finite is held against its operands.

use std::cell::Cell;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    Divide = 1,
    Overflow = 2,
    Invalid = 4,
}

thread_local! {
    static RAISED: Cell<u8> = const { Cell::new(0) };
}

pub fn raise(warning: Warning) {
    RAISED.set(RAISED.get() | warning as u8);
}

/// The warnings since the last call, as a set of bits.
pub fn take() -> u8 {
    RAISED.replace(0)
}

/// Whether there are warnings to take.
pub fn pending() -> bool {
    RAISED.get() != 0
}

/// Warns about `result`, given its operands, when it is not finite. `pole` says whether an
/// infinite result of finite operands is a division by zero.
pub fn check(result: f64, a: f64, b: f64, pole: impl Fn(f64, f64) -> bool) {
    if result.is_nan() {
        if !a.is_nan() && !b.is_nan() {
            raise(Warning::Invalid);
        }
    } else if a.is_finite() && b.is_finite() {
        raise(if pole(a, b) {
            Warning::Divide
        } else {
            Warning::Overflow
        });
    }
}
