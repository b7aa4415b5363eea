//! The stages of a compiled plan: each stands for one layer, or for several that a fused kernel
//! computes together.
//!
//! To add a layer, add a file here and a line to [`compile`].

mod conv2d;
mod conv_relu_pool;
mod dense;
mod max_pool2d;

use super::network::{Layer, LayerOp};

/// One step of the forward pass and its derivative, over slices that the plan owns.
///
/// `params` and `grads` are the whole flat arrays; a stage knows its ranges. `n` is the number of
/// samples in the batch.
pub(super) trait Stage {
    /// How many layers of the network it stands for.
    fn layers(&self) -> usize {
        1
    }

    /// Makes room for batches of up to `n` samples.
    fn reserve(&mut self, _n: usize) {}

    /// Fills `y` from `x`.
    fn forward(&mut self, n: usize, params: &[f32], x: &[f32], y: &mut [f32]);

    /// Fills this stage's part of `grads` and, where it is wanted, `dx`. `dy` may be overwritten.
    fn backward(&mut self, n: usize, pass: Backward<'_>);

    /// After `forward`: calls `show` with the output of each layer it stands for.
    fn inspect(
        &self,
        _n: usize,
        _params: &[f32],
        _x: &[f32],
        y: &[f32],
        show: &mut dyn FnMut(&[f32]),
    ) {
        show(y);
    }
}

/// What a stage needs to go back.
pub(super) struct Backward<'a> {
    pub params: &'a [f32],
    pub grads: &'a mut [f32],
    pub x: &'a [f32],
    pub y: &'a [f32],
    pub dy: &'a mut [f32],
    /// None for the first stage: nobody asks for the gradient of the data.
    pub dx: Option<&'a mut [f32]>,
}

/// The stage for the layers that begin at `layers[0]`; None where it changes no number.
pub(super) fn compile(layers: &[Layer]) -> Option<Box<dyn Stage>> {
    if let Some(stage) = conv_relu_pool::ConvReluPool::fuse(layers) {
        return Some(Box::new(stage));
    }
    let layer = &layers[0];
    match layer.op {
        LayerOp::Conv2d(shape) => Some(Box::new(conv2d::Conv2d::new(shape, layer))),
        LayerOp::MaxPool2d(shape) => Some(Box::new(max_pool2d::MaxPool2d::new(shape))),
        LayerOp::Flatten => None,
        LayerOp::Dense { inputs, units } => Some(Box::new(dense::Dense::new(inputs, units, layer))),
    }
}
