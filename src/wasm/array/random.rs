//! Random generators by handles of their own.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::{Answer, made, numbers, sizes};
use crate::array::random::{Distribution, Generator, Mersenne, Pcg64, SeedSequence};
use crate::array::shape::size_of;
use crate::array::{DType, NdArray};

thread_local! {
    static GENERATORS: RefCell<Vec<Option<Generator>>> = const { RefCell::new(Vec::new()) };
}

fn with_generator<R>(generator: u32, f: impl FnOnce(&mut Generator) -> R) -> R {
    GENERATORS.with_borrow_mut(|all| {
        f(all[generator as usize]
            .as_mut()
            .expect("a generator that was not freed"))
    })
}

fn keep(generator: Generator) -> u32 {
    GENERATORS.with_borrow_mut(|all| {
        let generator = Some(generator);
        match all.iter().position(Option::is_none) {
            Some(free) => {
                all[free] = generator;
                free as u32
            }
            None => {
                all.push(generator);
                all.len() as u32 - 1
            }
        }
    })
}

/// PCG64 seeded by the 32-bit words of `np_numbers`.
#[wasm_bindgen]
pub fn np_random_modern() -> u32 {
    let words: Vec<u32> = numbers().into_iter().map(|word| word as u32).collect();
    keep(Generator::Modern(Pcg64::new(&SeedSequence::new(&words))))
}

/// MT19937 seeded by the one word of `np_numbers`, or by their list when `list` is set.
#[wasm_bindgen]
pub fn np_random_legacy(list: bool) -> u32 {
    let words: Vec<u32> = numbers().into_iter().map(|word| word as u32).collect();
    let twister = if list {
        Mersenne::from_words(&words)
    } else {
        Mersenne::new(words[0])
    };
    keep(Generator::Legacy(Box::new(twister)))
}

#[wasm_bindgen]
pub fn np_random_free(generator: u32) {
    GENERATORS.with_borrow_mut(|all| all[generator as usize] = None);
}

fn distribution(code: u32) -> Distribution {
    Distribution::from_code(code).expect("a distribution's code")
}

/// One number: 0 uniform, 1 normal, 2 exponential, all standard.
#[wasm_bindgen]
pub fn np_random_number(generator: u32, code: u32) -> f64 {
    with_generator(generator, |generator| generator.draw(distribution(code)))
}

/// Numbers of the shape of `np_numbers`.
#[wasm_bindgen]
pub fn np_random_fill(generator: u32, code: u32, dtype: u32) -> Answer<i32> {
    let dtype = DType::from_code(dtype);
    let shape = sizes(dtype.item_bytes())?;
    let n = size_of(&shape);
    made(Ok(with_generator(generator, |generator| {
        let of = distribution(code);
        if dtype == DType::F32 {
            NdArray::from_vec((0..n).map(|_| generator.draw_f32(of)).collect(), &shape).into()
        } else {
            NdArray::from_vec((0..n).map(|_| generator.draw(of)).collect(), &shape).into()
        }
    })))
}

/// One integer from `low` to `low + range`, both included.
#[wasm_bindgen]
pub fn np_random_integer(generator: u32, low: f64, range: f64) -> f64 {
    with_generator(generator, |generator| {
        low + generator.bounded(range as u64) as f64
    })
}

/// Integers from `low` to `low + range`, of the shape of `np_numbers`.
#[wasm_bindgen]
pub fn np_random_integers(generator: u32, low: f64, range: f64) -> Answer<i32> {
    let shape = sizes(8)?;
    let n = size_of(&shape);
    made(Ok(with_generator(generator, |generator| {
        let draw = |_| (low as i64).wrapping_add(generator.bounded(range as u64) as i64);
        NdArray::from_vec((0..n).map(draw).collect(), &shape).into()
    })))
}

/// The numbers below `n` in random order.
#[wasm_bindgen]
pub fn np_random_permutation(generator: u32, n: usize) -> Answer<i32> {
    let order = with_generator(generator, |generator| generator.shuffled(n));
    made(Ok(NdArray::from_vec(order, &[n]).into()))
}

/// `count` different numbers below `n`.
#[wasm_bindgen]
pub fn np_random_sample(generator: u32, n: usize, count: usize, shuffle: bool) -> Answer<i32> {
    let chosen = with_generator(generator, |generator| generator.sample(n, count, shuffle));
    made(Ok(NdArray::from_vec(chosen, &[count]).into()))
}
