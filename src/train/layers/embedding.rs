//! Rows of a table: looked up by the numbers that come in, or one for each step.

use std::rc::Rc;

use super::{Blueprint, Built, Place, Weight};
use crate::error::Result;
use crate::kernels::{bias, embedding};
use crate::layers::Init;
use crate::train::spec::Fields;
use crate::train::stage::{Backward, Forward, Stage};

/// Takes a model's input of whole numbers.
struct Embedding {
    /// Rows: numbers are below this.
    input_dim: usize,
    /// Columns.
    output_dim: usize,
    /// Uniform within ±0.05 where it is left out, as Keras's is.
    init: Option<Init>,
}

/// Adds to each step a row of its own: KerasHub's `PositionEmbedding` and the sum that follows it.
struct PositionEmbedding {
    init: Init,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Embedding {
        input_dim: fields.required("input_dim"),
        output_dim: fields.required("output_dim"),
        init: fields.optional("init"),
    })
}

pub(super) fn read_position(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(PositionEmbedding {
        init: fields.or("init", Init::default()),
    })
}

impl Blueprint for Embedding {
    /// Shape: `[...]` → `[..., output_dim]`, one row for one number a sample.
    fn build(&self, place: &Place) -> Result<Built> {
        let (rows, columns) = (self.input_dim, self.output_dim);
        place.at_least_one("input_dim, output_dim", &[rows, columns])?;
        // Numbers are f32, which holds each whole one up to here.
        place.at_most("input_dim", &[rows], 1 << 24)?;
        let output = match place.input()? {
            [1] if place.context.is_none() => vec![columns],
            shape => [shape, &[columns]].concat(),
        };
        let (low, high) = (-0.05, 0.05);
        let init = self.init.unwrap_or(Init::Uniform { low, high });
        let table = Weight::drawn("embeddings", vec![rows, columns], init);
        Ok(Built {
            weights: vec![table],
            below: Some(rows),
            ..Built::new(output, Lookup { columns })
        })
    }
}

struct Lookup {
    columns: usize,
}

impl Stage for Lookup {
    /// `y[i] = table[x[i]]`
    fn forward(&mut self, pass: Forward<'_>) {
        embedding::forward(
            self.columns,
            pass.weights.get(0),
            pass.inputs.get(0),
            pass.y,
        );
    }

    /// `dtable[row] = Σ dy[i]` over the i with `x[i] = row`; numbers have no slope.
    fn backward(&mut self, pass: Backward<'_>) {
        if let Some(mut grads) = pass.grads {
            embedding::backward(self.columns, pass.inputs.get(0), pass.dy, grads.get(0));
        }
    }
}

impl Blueprint for PositionEmbedding {
    fn build(&self, place: &Place) -> Result<Built> {
        let [steps, columns] = place.sequence()?;
        let rows = place.context.unwrap_or(steps);
        let weights = vec![Weight::drawn("embeddings", vec![rows, columns], self.init)];
        let output = vec![steps, columns];
        Ok(Built {
            weights,
            ..match place.context {
                None => Built::new(
                    output,
                    Positions {
                        width: steps * columns,
                    },
                ),
                Some(_) => Built::new(output, Position { columns, at: 0 }),
            }
        })
    }
}

struct Positions {
    width: usize,
}

impl Stage for Positions {
    /// `y[n] = x[n] + table`
    fn forward(&mut self, pass: Forward<'_>) {
        pass.y.copy_from_slice(pass.inputs.get(0));
        bias::add(pass.n, self.width, pass.weights.get(0), pass.y);
    }

    /// `dtable = Σ dy[n]`, `dx = dy`
    fn backward(&mut self, pass: Backward<'_>) {
        let Backward {
            n,
            dy,
            mut dx,
            grads,
            ..
        } = pass;
        if let Some(mut grads) = grads {
            bias::backward(n, self.width, dy, grads.get(0));
        }
        if let Some(dx) = &mut dx[0] {
            dx.copy_from_slice(dy);
        }
    }
}

/// [`Positions`] where one step is computed at a time.
struct Position {
    columns: usize,
    /// The step that comes next.
    at: usize,
}

impl Stage for Position {
    fn go_to(&mut self, step: usize) {
        self.at = step;
    }

    /// `y = x + table[at]`
    fn forward(&mut self, pass: Forward<'_>) {
        let row = &pass.weights.get(0)[self.at * self.columns..][..self.columns];
        pass.y.copy_from_slice(pass.inputs.get(0));
        bias::add(1, self.columns, row, pass.y);
        self.at += 1;
    }

    fn backward(&mut self, _pass: Backward<'_>) {
        unreachable!("Position: one step at a time is for inference only")
    }
}
