//! Linear algebra of one matrix; further answers wait for `np_next_answer`.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::{Answer, made, thrown, with, with_two};
use crate::array::{NdArray, linalg};

thread_local! {
    static ANSWERS: RefCell<Vec<NdArray<f64>>> = const { RefCell::new(Vec::new()) };
}

/// The next answer of the last function that gave several.
#[wasm_bindgen]
pub fn np_next_answer() -> Answer<i32> {
    let next = ANSWERS
        .with_borrow_mut(Vec::pop)
        .expect("an answer that waits");
    made(Ok(next.into()))
}

#[wasm_bindgen]
pub fn np_solve(a: u32, b: u32) -> Answer<i32> {
    made(with_two(a, b, |a, b| linalg::solve(&a.typed(), &b.typed())).map(Into::into))
}

#[wasm_bindgen]
pub fn np_determinant(a: u32) -> Answer<f64> {
    with(a, |a| linalg::determinant(&a.typed())).map_err(thrown)
}

#[wasm_bindgen]
pub fn np_cholesky(a: u32) -> Answer<i32> {
    made(with(a, |a| linalg::cholesky(&a.typed())).map(Into::into))
}

/// Q; R waits.
#[wasm_bindgen]
pub fn np_qr(a: u32, complete: bool) -> Answer<i32> {
    let (q, r) = with(a, |a| linalg::qr(&a.typed(), complete));
    ANSWERS.set(vec![r]);
    made(Ok(q.into()))
}

/// The eigenvalues of a symmetric matrix; its eigenvectors wait.
#[wasm_bindgen]
pub fn np_eigh(a: u32) -> Answer<i32> {
    let (values, vectors) = with(a, |a| linalg::eigh(&a.typed())).map_err(thrown)?;
    ANSWERS.set(vec![vectors]);
    made(Ok(values.into()))
}

/// U; the singular values and Vᵀ wait.
#[wasm_bindgen]
pub fn np_svd(a: u32) -> Answer<i32> {
    let (u, s, vt) = with(a, |a| linalg::svd(&a.typed()));
    ANSWERS.set(vec![vt, s]);
    made(Ok(u.into()))
}
