//! A fully connected layer: `y = f(x · W + b)` on the last axis.

use std::rc::Rc;

use super::activation::End;
use super::{Activation, Blueprint, Built, Place, Weight};
use crate::error::Result;
use crate::kernels::{bias, gemm};
use crate::layers::Init;
use crate::train::spec::Fields;
use crate::train::stage::{Backward, Forward, Plain, Stage};

struct Dense {
    units: usize,
    activation: Activation,
    use_bias: bool,
    init: Init,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(Dense {
        units: fields.required("units"),
        activation: fields.or("activation", Activation::Linear),
        use_bias: fields.or("use_bias", true),
        init: fields.or("init", Init::default()),
    })
}

impl Blueprint for Dense {
    fn build(&self, place: &Place) -> Result<Built> {
        let (rows, inputs) = place.rows()?;
        let units = self.units;
        place.at_least_one("units", &[units])?;
        let mut output = place.input()?.to_vec();
        *output.last_mut().expect("a value has an axis") = units;
        let bias = self.use_bias.then_some(units);
        let stage = Product {
            rows,
            inputs,
            units,
            end: End::new(place.applied(self.activation)),
        };
        Ok(Built {
            weights: Weight::kernel_and_bias(vec![inputs, units], self.init, bias),
            activation: self.activation,
            ..Built::new(output, stage)
        })
    }
}

struct Product {
    /// Of one sample.
    rows: usize,
    inputs: usize,
    units: usize,
    end: End,
}

impl Stage for Product {
    fn plain(&self) -> Option<Plain> {
        Some(Plain::Dense {
            rows: self.rows,
            inputs: self.inputs,
            units: self.units,
            curve: self.end.curve(),
        })
    }

    /// `y = f(x · W + b)`
    fn forward(&mut self, pass: Forward<'_>) {
        let (rows, inputs, units) = (pass.n * self.rows, self.inputs, self.units);
        let training = pass.training();
        let (x, kernel) = (pass.inputs.get(0), pass.weights.get(0));
        let (a, b) = ((inputs, 1), (units, 1));
        gemm(rows, units, inputs, x, a, kernel, b, pass.y, units, false);
        if let Some(bias) = pass.weights.optional(1) {
            bias::add(rows, units, bias, pass.y);
        }
        self.end.forward(units, training, pass.y);
    }

    /// With dy through f: `db = Σ dy`, `dW = xᵀ · dy`, `dx = dy · Wᵀ`
    fn backward(&mut self, pass: Backward<'_>) {
        let Backward {
            n,
            weights,
            inputs: x,
            y,
            dy,
            mut dx,
            grads,
            ..
        } = pass;
        let (rows, inputs, units) = (n * self.rows, self.inputs, self.units);
        self.end.backward(units, y, dy);
        if let Some(mut grads) = grads {
            if let Some(db) = grads.optional(1) {
                bias::backward(rows, units, dy, db);
            }
            let (x, dw) = (x.get(0), grads.get(0));
            let (a, b) = ((1, inputs), (units, 1));
            gemm(inputs, units, rows, x, a, dy, b, dw, units, false);
        }
        if let Some(dx) = &mut dx[0] {
            let kernel = weights.get(0);
            let (a, b) = ((units, 1), (1, units));
            gemm(rows, inputs, units, dy, a, kernel, b, dx, inputs, false);
        }
    }
}
