//! A depthwise convolution, then one of 1×1 over the channels, with bias and activation.

use std::rc::Rc;

use super::activation::End;
use super::depthwise_conv2d::DepthwiseConv2d;
use super::{Activation, Blueprint, Built, Place, Weight};
use crate::error::Result;
use crate::kernels::{Conv2dShape, conv2d};
use crate::layers::Init;
use crate::train::spec::Fields;
use crate::train::stage::{Backward, Forward, Stage};

struct SeparableConv2d {
    filters: usize,
    window: DepthwiseConv2d,
    activation: Activation,
    use_bias: bool,
    init: Init,
}

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(SeparableConv2d {
        filters: fields.required("filters"),
        window: DepthwiseConv2d::read(fields),
        activation: fields.or("activation", Activation::Linear),
        use_bias: fields.or("use_bias", true),
        init: fields.or("init", Init::default()),
    })
}

impl Blueprint for SeparableConv2d {
    fn build(&self, place: &Place) -> Result<Built> {
        place.at_least_one("filters", &[self.filters])?;
        let depthwise = self.window.shape(place)?;
        let (oh, ow, middle) = (depthwise.oh(), depthwise.ow(), depthwise.o);
        let pointwise = Conv2dShape::valid((1, oh, ow, middle), (1, 1), self.filters);
        let kernel = self.window.kernel_shape(&depthwise);
        let mut weights = vec![
            Weight::drawn("depthwise_kernel", kernel, self.init),
            Weight::drawn(
                "pointwise_kernel",
                vec![1, 1, middle, self.filters],
                self.init,
            ),
        ];
        if self.use_bias {
            weights.push(Weight::filled("bias", vec![self.filters], 0.0));
        }
        let stage = Separable {
            depthwise,
            pointwise,
            end: End::new(place.applied(self.activation)),
            between: Vec::new(),
            dbetween: Vec::new(),
        };
        Ok(Built {
            weights,
            activation: self.activation,
            ..Built::new(vec![oh, ow, self.filters], stage)
        })
    }
}

struct Separable {
    depthwise: Conv2dShape,
    pointwise: Conv2dShape,
    end: End,
    /// What the depthwise convolution gave, and its gradient, which only training needs.
    between: Vec<f32>,
    dbetween: Vec<f32>,
}

impl Separable {
    fn shapes(&self, n: usize) -> [Conv2dShape; 2] {
        [self.depthwise, self.pointwise].map(|shape| Conv2dShape { n, ..shape })
    }
}

impl Stage for Separable {
    fn reserve(&mut self, n: usize) {
        self.between.resize(n * self.depthwise.y_len(), 0.0);
    }

    /// `b = x ∗ depthwise`, `y = f(b ∗ pointwise + bias)`
    fn forward(&mut self, pass: Forward<'_>) {
        let [depthwise, pointwise] = self.shapes(pass.n);
        let training = pass.training();
        let between = &mut self.between[..depthwise.y_len()];
        let (first, second) = (pass.weights.get(0), pass.weights.get(1));
        conv2d::forward(&depthwise, pass.inputs.get(0), first, None, between);
        conv2d::forward(
            &pointwise,
            between,
            second,
            pass.weights.optional(2),
            pass.y,
        );
        self.end.forward(pointwise.o, training, pass.y);
    }

    /// The gradients of the two convolutions, one after the other.
    fn backward(&mut self, pass: Backward<'_>) {
        let Backward {
            n,
            weights,
            inputs,
            y,
            dy,
            mut dx,
            grads,
            ..
        } = pass;
        let [depthwise, pointwise] = self.shapes(n);
        self.end.backward(pointwise.o, y, dy);
        let between = &self.between[..depthwise.y_len()];
        if self.dbetween.len() < between.len() {
            self.dbetween.resize(between.len(), 0.0);
        }
        let dbetween = &mut self.dbetween[..between.len()];
        conv2d::backward_input(&pointwise, dy, weights.get(1), dbetween);
        if let Some(mut grads) = grads {
            if let Some(db) = grads.optional(2) {
                conv2d::backward_bias(&pointwise, dy, db);
            }
            conv2d::backward_weight(&pointwise, between, dy, grads.get(1));
            conv2d::backward_weight(&depthwise, inputs.get(0), dbetween, grads.get(0));
        }
        if let Some(dx) = &mut dx[0] {
            conv2d::backward_input(&depthwise, dbetween, weights.get(0), dx);
        }
    }
}
