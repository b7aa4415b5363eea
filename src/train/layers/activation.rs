//! What ends a layer, and the layers that are nothing else.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Blueprint, Built, Place};
use crate::error::Result;
use crate::kernels::{activation as kernel, relu, softmax};
use crate::train::spec::Fields;
use crate::train::stage::{self, Backward, Forward, Plain, Stage};

/// What is applied to a layer's sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    #[default]
    Linear,
    Relu,
    /// Leaks 0.2 as an activation (`keras.activations.leaky_relu`), 0.3 as a layer (Keras's too).
    LeakyRelu,
    Elu,
    /// By the error function.
    Gelu,
    /// By a tanh, as BERT and GPT-2 have it.
    GeluTanh,
    Silu,
    Sigmoid,
    Tanh,
    Softplus,
    /// Along the last axis.
    Softmax,
}

impl stage::Curve {
    /// Whether it is a curve of single numbers.
    pub fn is_elementwise(self) -> bool {
        self.activation != Activation::Softmax
    }

    /// `y = f(y)`, of single numbers.
    pub fn apply(self, y: &mut [f32]) {
        match self.activation {
            Activation::Linear => {}
            Activation::Relu => relu::forward_in_place(y),
            other => other.kernels().expect("an elementwise one").0(y, self.parameter),
        }
    }
}

type Curve = fn(&mut [f32], f32);
type Slope = fn(&[f32], &mut [f32], f32);

impl Activation {
    /// The kernels of those that go element by element, relu aside.
    fn kernels(self) -> Option<(Curve, Slope)> {
        Some(match self {
            Activation::Linear | Activation::Relu | Activation::Softmax => return None,
            Activation::LeakyRelu => (kernel::leaky_relu, kernel::leaky_relu_backward),
            Activation::Elu => (kernel::elu, kernel::elu_backward),
            Activation::Gelu => (kernel::gelu, kernel::gelu_backward),
            Activation::GeluTanh => (kernel::gelu_tanh, kernel::gelu_tanh_backward),
            Activation::Silu => (kernel::silu, kernel::silu_backward),
            Activation::Sigmoid => (kernel::sigmoid, kernel::sigmoid_backward),
            Activation::Tanh => (kernel::tanh, kernel::tanh_backward),
            Activation::Softplus => (kernel::softplus, kernel::softplus_backward),
        })
    }

    /// Whether the slope can't be told from the output.
    fn needs_input(self) -> bool {
        matches!(
            self,
            Activation::Gelu | Activation::GeluTanh | Activation::Silu
        )
    }

    /// The leak, or alpha, where nobody says otherwise.
    fn parameter(self) -> f32 {
        if self == Activation::LeakyRelu {
            0.2
        } else {
            1.0
        }
    }
}

/// An activation at the end of a stage, in place on the stage's output.
pub(super) struct End {
    pub activation: Activation,
    parameter: f32,
    /// What came in, where the slope needs it.
    input: Vec<f32>,
}

impl End {
    pub fn new(activation: Activation) -> End {
        End {
            activation,
            parameter: activation.parameter(),
            input: Vec::new(),
        }
    }

    pub fn curve(&self) -> stage::Curve {
        stage::Curve {
            activation: self.activation,
            parameter: self.parameter,
        }
    }

    /// `y = f(y)`, in rows of so many columns.
    pub fn forward(&mut self, columns: usize, training: bool, y: &mut [f32]) {
        if training && self.activation.needs_input() {
            self.input.clear();
            self.input.extend_from_slice(y);
        }
        match self.activation {
            Activation::Linear => {}
            Activation::Relu => relu::forward_in_place(y),
            Activation::Softmax => softmax::forward_in_place(y.len() / columns, columns, y),
            other => other.kernels().expect("an elementwise one").0(y, self.parameter),
        }
    }

    /// `dy = dy · f′`, with y the output.
    pub fn backward(&self, columns: usize, y: &[f32], dy: &mut [f32]) {
        match self.activation {
            Activation::Linear => {}
            Activation::Relu => relu::backward_in_place(y, dy),
            Activation::Softmax => softmax::backward_in_place(y.len() / columns, columns, y, dy),
            other => {
                let seen = if other.needs_input() {
                    &self.input[..y.len()]
                } else {
                    y
                };
                other.kernels().expect("an elementwise one").1(seen, dy, self.parameter);
            }
        }
    }
}

/// A layer that only applies a curve.
struct Curved {
    activation: Activation,
    /// The leak, or alpha.
    parameter: Option<f64>,
}

/// `activation` names its curve; the layers named after one may have its number as a field.
pub(super) fn read(kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    let (activation, parameter) = match kind {
        "leaky_relu" => {
            let slope = fields.or("negative_slope", 0.3);
            (Activation::LeakyRelu, Some(slope))
        }
        "elu" => (Activation::Elu, Some(fields.or("alpha", 1.0))),
        "gelu" if fields.or("approximate", false) => (Activation::GeluTanh, None),
        "gelu" => (Activation::Gelu, None),
        "relu" => (Activation::Relu, None),
        "silu" => (Activation::Silu, None),
        "sigmoid" => (Activation::Sigmoid, None),
        "tanh" => (Activation::Tanh, None),
        "softplus" => (Activation::Softplus, None),
        "softmax" => (Activation::Softmax, None),
        _ => (fields.required("activation"), None),
    };
    Rc::new(Curved {
        activation,
        parameter,
    })
}

impl Blueprint for Curved {
    fn build(&self, place: &Place) -> Result<Built> {
        let shape = place.input()?.to_vec();
        let (activation, columns) = (self.activation, place.rows()?.1);
        let mut end = End::new(place.applied(activation));
        if let Some(parameter) = self.parameter {
            if !(parameter >= 0.0 && parameter.is_finite()) {
                let argument = if activation == Activation::Elu {
                    "alpha"
                } else {
                    "negative_slope"
                };
                return Err(place.misfit(argument, ">= 0", &parameter.to_string()));
            }
            end.parameter = parameter as f32;
        }
        if end.activation == Activation::Linear {
            return Ok(Built {
                activation,
                ..Built::view(shape)
            });
        }
        Ok(Built {
            activation,
            ..Built::new(shape, Apply { end, columns })
        })
    }
}

struct Apply {
    end: End,
    columns: usize,
}

impl Stage for Apply {
    fn plain(&self) -> Option<Plain> {
        Some(Plain::Curve(self.end.curve()))
    }

    fn forward(&mut self, pass: Forward<'_>) {
        pass.y.copy_from_slice(pass.inputs.get(0));
        let training = pass.training();
        self.end.forward(self.columns, training, pass.y);
    }

    fn backward(&mut self, pass: Backward<'_>) {
        let Backward { y, dy, mut dx, .. } = pass;
        if let Some(dx) = &mut dx[0] {
            self.end.backward(self.columns, y, dy);
            dx.copy_from_slice(dy);
        }
    }
}
