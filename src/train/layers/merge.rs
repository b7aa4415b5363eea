//! Several values made one: sum, product, and one after another along the last axis.

use std::rc::Rc;

use super::{Blueprint, Built, Place};
use crate::error::Result;
use crate::kernels::sum;
use crate::train::spec::Fields;
use crate::train::stage::{Backward, Forward, Plain, Stage};

struct Sum;
struct Product;
struct Concatenation;

pub(super) fn read_add(_kind: &'static str, _fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Sum)
}

pub(super) fn read_multiply(_kind: &'static str, _fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Product)
}

pub(super) fn read_concatenate(_kind: &'static str, _fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Concatenation)
}

/// The shape that all inputs have, but for their last `free` axes.
fn common<'a>(place: &Place<'a>, free: usize) -> Result<&'a [usize]> {
    let first = place.inputs[0];
    if place.inputs.len() < 2 {
        return Err(place.misfit("inputs", ">= 2", "1"));
    }
    let fixed = first.len() - free;
    let differs =
        |shape: &&&[usize]| shape.len() != first.len() || shape[..fixed] != first[..fixed];
    match place.inputs.iter().find(differs) {
        Some(other) => Err(place.refuse(&format!("{:?} …", &first[..fixed]), other)),
        None => Ok(first),
    }
}

impl Blueprint for Sum {
    fn build(&self, place: &Place) -> Result<Built> {
        Ok(Built::new(common(place, 0)?.to_vec(), Sum))
    }
}

impl Stage for Sum {
    fn plain(&self) -> Option<Plain> {
        Some(Plain::Sum)
    }

    /// `y = Σ x`
    fn forward(&mut self, pass: Forward<'_>) {
        pass.y.copy_from_slice(pass.inputs.get(0));
        for input in 1..pass.inputs.ids.len() {
            sum::accumulate(pass.y, pass.inputs.get(input));
        }
    }

    /// `dx = dy`, for each
    fn backward(&mut self, pass: Backward<'_>) {
        for dx in pass.dx.into_iter().flatten() {
            dx.copy_from_slice(pass.dy);
        }
    }
}

impl Blueprint for Product {
    fn build(&self, place: &Place) -> Result<Built> {
        Ok(Built::new(common(place, 0)?.to_vec(), Product))
    }
}

impl Stage for Product {
    /// `y = Π x`
    fn forward(&mut self, pass: Forward<'_>) {
        pass.y.copy_from_slice(pass.inputs.get(0));
        for input in 1..pass.inputs.ids.len() {
            sum::multiply(pass.y, pass.inputs.get(input));
        }
    }

    /// `dx = dy · the product of the others`
    fn backward(&mut self, pass: Backward<'_>) {
        let Backward { inputs, dy, dx, .. } = pass;
        for (input, dx) in dx.into_iter().enumerate() {
            let Some(dx) = dx else { continue };
            dx.copy_from_slice(dy);
            for other in (0..inputs.ids.len()).filter(|&other| other != input) {
                sum::multiply(dx, inputs.get(other));
            }
        }
    }
}

impl Blueprint for Concatenation {
    fn build(&self, place: &Place) -> Result<Built> {
        let mut output = common(place, 1)?.to_vec();
        let last = |shape: &&[usize]| shape[shape.len() - 1];
        let columns: Vec<usize> = place.inputs.iter().map(last).collect();
        *output.last_mut().expect("a value has an axis") = columns.iter().sum();
        Ok(Built::new(output, Columns { columns }))
    }
}

/// The columns of each input.
struct Columns {
    columns: Vec<usize>,
}

impl Columns {
    /// Each input with its columns' place within a row of the output.
    fn places(&self) -> impl Iterator<Item = (usize, std::ops::Range<usize>)> {
        let mut from = 0;
        self.columns
            .iter()
            .enumerate()
            .map(move |(input, columns)| {
                from += columns;
                (input, from - columns..from)
            })
    }
}

impl Stage for Columns {
    /// `y[row] = x₀[row], x₁[row], …`
    fn forward(&mut self, pass: Forward<'_>) {
        let width: usize = self.columns.iter().sum();
        for (input, place) in self.places() {
            let rows = pass.inputs.get(input).chunks_exact(place.len());
            for (y, x) in pass.y.chunks_exact_mut(width).zip(rows) {
                y[place.clone()].copy_from_slice(x);
            }
        }
    }

    /// `dxᵢ[row]` is its part of `dy[row]`.
    fn backward(&mut self, pass: Backward<'_>) {
        let width: usize = self.columns.iter().sum();
        for ((_, place), dx) in self.places().zip(pass.dx) {
            let Some(dx) = dx else { continue };
            let rows = dx.chunks_exact_mut(place.len());
            for (dx, dy) in rows.zip(pass.dy.chunks_exact(width)) {
                dx.copy_from_slice(&dy[place.clone()]);
            }
        }
    }
}
