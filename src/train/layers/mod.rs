//! The layers of a run, one file each: the fields it has in a spec, its sizes and weights, and the
//! stage that computes it.
//!
//! To add a layer, add its file here and its line to [`LAYERS`].

mod activation;
mod avg_pool2d;
mod batch_normalization;
mod cached_attention;
mod conv1d;
mod conv2d;
mod conv2d_transpose;
mod conv_relu_pool;
mod dense;
mod depthwise_conv2d;
mod dropout;
mod embedding;
mod flatten;
mod layer_normalization;
mod max_pool2d;
mod merge;
mod multi_head_attention;
mod place;
mod rescaling;
mod reshape;
mod rotary;
mod separable_conv2d;
mod zero_padding2d;

pub use activation::Activation;
pub(super) use place::Place;

use std::rc::Rc;

use super::spec::Fields;
use super::stage::Stage;
use crate::error::Result;
use crate::layers::{Init, init};

/// Reads a layer of the type named first.
type Read = fn(&'static str, &mut Fields) -> Rc<dyn Blueprint>;

/// All layers by the type that specs give.
const LAYERS: &[(&str, Read)] = &[
    ("conv1d", conv1d::read),
    ("conv2d", conv2d::read),
    ("depthwise_conv2d", depthwise_conv2d::read),
    ("separable_conv2d", separable_conv2d::read),
    ("conv2d_transpose", conv2d_transpose::read),
    ("max_pool2d", max_pool2d::read),
    ("avg_pool2d", avg_pool2d::read),
    ("global_max_pool1d", max_pool2d::read_global),
    ("global_max_pool2d", max_pool2d::read_global),
    ("global_avg_pool1d", avg_pool2d::read_global),
    ("global_avg_pool2d", avg_pool2d::read_global),
    ("flatten", flatten::read),
    ("reshape", reshape::read),
    ("zero_padding2d", zero_padding2d::read),
    ("rescaling", rescaling::read),
    ("dense", dense::read),
    ("embedding", embedding::read),
    ("position_embedding", embedding::read_position),
    ("multi_head_attention", multi_head_attention::read),
    ("batch_normalization", batch_normalization::read),
    ("layer_normalization", layer_normalization::read),
    ("rms_normalization", layer_normalization::read),
    ("group_normalization", layer_normalization::read_group),
    ("dropout", dropout::read),
    ("add", merge::read_add),
    ("multiply", merge::read_multiply),
    ("concatenate", merge::read_concatenate),
    ("activation", activation::read),
    ("relu", activation::read),
    ("leaky_relu", activation::read),
    ("elu", activation::read),
    ("gelu", activation::read),
    ("silu", activation::read),
    ("sigmoid", activation::read),
    ("tanh", activation::read),
    ("softplus", activation::read),
    ("softmax", activation::read),
];

/// The layer's type as a constant, and how to read it.
pub(super) fn find(kind: &str) -> Option<(&'static str, Read)> {
    LAYERS.iter().find(|(known, _)| *known == kind).copied()
}

/// The types of all layers.
pub(super) fn kinds() -> impl Iterator<Item = &'static str> {
    LAYERS.iter().map(|(kind, _)| *kind)
}

/// What a spec says of a layer.
pub(super) trait Blueprint {
    /// Works out the layer for the shapes that come in. Errs where it can't take them.
    fn build(&self, place: &Place) -> Result<Built>;
}

/// A layer whose shapes fit.
pub(super) struct Built {
    /// Shape of one sample's output.
    pub output: Vec<usize>,
    /// In Keras's order.
    pub weights: Vec<Weight>,
    /// None where the layer changes no number.
    pub stage: Option<Box<dyn Stage>>,
    /// What ends the layer. Where the loss takes it over, the stage leaves it out.
    pub activation: Activation,
    /// The input holds whole numbers below this.
    pub below: Option<usize>,
}

impl Built {
    /// A layer without weights.
    pub fn new(output: Vec<usize>, stage: impl Stage + 'static) -> Built {
        Built {
            stage: Some(Box::new(stage)),
            ..Built::view(output)
        }
    }

    /// A layer that gives its input another shape.
    pub fn view(output: Vec<usize>) -> Built {
        Built {
            output,
            weights: Vec::new(),
            stage: None,
            activation: Activation::Linear,
            below: None,
        }
    }
}

/// An array that belongs to a layer.
pub(super) struct Weight {
    /// Its name within the layer: `kernel`.
    pub part: &'static str,
    pub shape: Vec<usize>,
    pub start: Start,
    /// How fast it follows the batches' mean, where training doesn't reach it by gradients:
    /// `w · momentum + mean · (1 − momentum)`.
    pub momentum: Option<f64>,
}

/// How a weight begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    /// Drawn from the run's generator.
    Drawn {
        init: Init,
        fan_in: usize,
        fan_out: usize,
    },
    /// The same everywhere.
    Filled(f32),
}

impl Weight {
    /// A kernel that is drawn, with the fans of its shape.
    pub fn drawn(part: &'static str, shape: Vec<usize>, init: Init) -> Weight {
        let (fan_in, fan_out) = init::fans(&shape);
        Weight {
            part,
            shape,
            start: Start::Drawn {
                init,
                fan_in,
                fan_out,
            },
            momentum: None,
        }
    }

    /// A weight that begins with one value everywhere.
    pub fn filled(part: &'static str, shape: Vec<usize>, value: f32) -> Weight {
        Weight {
            part,
            shape,
            start: Start::Filled(value),
            momentum: None,
        }
    }

    /// A kernel and, where it is used, a bias of zeros.
    pub fn kernel_and_bias(kernel: Vec<usize>, init: Init, bias: Option<usize>) -> Vec<Weight> {
        let bias = bias.map(|units| Weight::filled("bias", vec![units], 0.0));
        [Weight::drawn("kernel", kernel, init)]
            .into_iter()
            .chain(bias)
            .collect()
    }
}
