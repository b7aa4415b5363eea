//! Layers in a graph: several inputs, branches that meet again, one answer.

use super::sequential::{Named, named_weights, next_name, set_weight};
use super::{Layer, Mode};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// A value of a graph: an input, or what a layer makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node(usize);

/// A network in which a layer takes any values made before it. The last layer answers.
pub struct Graph<T: Scalar> {
    inputs: usize,
    layers: Vec<Named<T>>,
    /// For each layer, what it takes.
    sources: Vec<Vec<Node>>,
}

impl<T: Scalar> Graph<T> {
    /// A network of so many inputs, and these as nodes.
    pub fn new(inputs: usize) -> (Self, Vec<Node>) {
        let graph = Self {
            inputs,
            layers: Vec::new(),
            sources: Vec::new(),
        };
        (graph, (0..inputs).map(Node).collect())
    }

    /// Adds a layer that takes `sources`, in this order. It is named after its kind, as
    /// [`super::Sequential`] names.
    pub fn add(&mut self, layer: impl Layer<T> + 'static, sources: &[Node]) -> Node {
        let name = next_name(&self.layers, layer.kind());
        self.layers.push((name, Box::new(layer)));
        self.sources.push(sources.to_vec());
        Node(self.inputs + self.layers.len() - 1)
    }

    /// What the network makes of its inputs; errs where their number or a shape doesn't fit.
    pub fn forward(&self, inputs: &[Tensor<T>], mode: &Mode) -> Result<Tensor<T>> {
        if inputs.len() != self.inputs {
            return Err(Error::LengthMismatch {
                place: "graph inputs".into(),
                expected: self.inputs,
                got: inputs.len(),
            });
        }
        let mut values = inputs.to_vec();
        for ((_, layer), sources) in self.layers.iter().zip(&self.sources) {
            let taken: Vec<Tensor<T>> = sources.iter().map(|node| values[node.0].clone()).collect();
            values.push(layer.call(&taken, mode)?);
        }
        Ok(values.pop().expect("a graph has an input"))
    }

    /// What gradients move, as `layer/parameter`, in the order of the layers.
    pub fn parameters(&self) -> Vec<(String, Tensor<T>)> {
        named_weights(&self.layers, |layer| layer.parameters())
    }

    /// What training moves otherwise, such as moving means.
    pub fn state(&self) -> Vec<(String, Tensor<T>)> {
        named_weights(&self.layers, |layer| layer.state())
    }

    /// Replaces the values of the weight called `name`; errs on another shape or name.
    pub fn set_parameter(&self, name: &str, values: &NdArray<T>) -> Result<()> {
        let weights = [self.parameters(), self.state()].concat();
        set_weight(&weights, name, values)
    }
}
