//! Ops on shapes that nobody picked: sizes of 0, 1 and primes, axes from either end, against plain
//! loops and against themselves.

mod broadcasting;
mod data_files;
mod einsum;
mod inputs;
mod linear;
mod reductions;
mod round_trips;
mod selection;
