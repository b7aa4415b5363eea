//! The reference net trained by the eager tape in f32, for `tests/bench` to hold against the compiled
//! plan: in the package the tape serves float64 alone, and one op at a time.
#![cfg(target_arch = "wasm32")]

use danlu::array::NdArray;
use danlu::autograd::Tensor;
use danlu::layers::{Activation, Conv2d, Dense, Flatten, Init, MaxPool2d, Sequential};
use danlu::ops::{self, Conv2dOptions, MaxPool2dOptions, Padding, Reduction};
use danlu::optim::{Optimizer, Rule, zero_grad};
use danlu::rng::Rng;
use wasm_bindgen::prelude::*;

const SIDE: usize = 28;
const PIXELS: usize = SIDE * SIDE;

/// A run: the net, and batches taken from its data in their order.
#[wasm_bindgen]
pub struct EagerRun {
    net: Sequential<f32>,
    parameters: Vec<(String, Tensor<f32>)>,
    optimizer: Optimizer<f32>,
    batch: usize,
    images: Vec<f32>,
    labels: Vec<u32>,
    /// The sample at which the next batch begins.
    next: usize,
}

#[wasm_bindgen]
impl EagerRun {
    /// Images `[N][28][28]` and labels `[N]`, N at least the batch.
    #[wasm_bindgen(constructor)]
    pub fn new(batch: usize, images: Vec<f32>, labels: Vec<u32>) -> EagerRun {
        let net = reference_net();
        EagerRun {
            parameters: net.parameters(),
            net,
            optimizer: Optimizer::new(Rule::adam(), 0.001),
            batch,
            images,
            labels,
            next: 0,
        }
    }

    /// Trains `steps` batches; the last one's loss.
    pub fn step(&mut self, steps: usize) -> f32 {
        (0..steps).fold(f32::NAN, |_, _| self.one_step())
    }

    fn one_step(&mut self) -> f32 {
        let samples = self.next..self.next + self.batch;
        self.next = if samples.end + self.batch > self.labels.len() {
            0
        } else {
            samples.end
        };
        let pixels = samples.start * PIXELS..samples.end * PIXELS;
        let images = self.images[pixels].to_vec();
        let images = NdArray::from_vec(images, &[self.batch, SIDE, SIDE, 1]);

        zero_grad(&self.parameters);
        let logits = self.net.forward(&Tensor::constant(images));
        let logits = logits.expect("the images have the net's shape");
        let loss = ops::cross_entropy(&logits, &self.labels[samples], Reduction::Mean);
        let loss = loss.expect("every label is a class");
        let value = loss.item();
        loss.backward_scalar();
        // The graph goes before the parameters change: then they are changed where they lie.
        drop((logits, loss));
        self.optimizer.step(&self.parameters);
        value
    }
}

/// Its last layer gives logits: the loss holds the softmax.
fn reference_net() -> Sequential<f32> {
    let mut rng = Rng::new(1);
    let pool = MaxPool2dOptions {
        size: (2, 2),
        stride: None,
        padding: Padding::Valid,
    };
    let (options, relu, init) = (
        Conv2dOptions::default(),
        Activation::Relu,
        Init::GlorotUniform,
    );
    let conv = Conv2d::new(1, 32, (3, 3), options, relu, init, &mut rng);
    Sequential::new()
        .with(conv.expect("the filters have a size"))
        .with(MaxPool2d(pool))
        .with(Flatten)
        .with(Dense::new(13 * 13 * 32, 64, relu, init, &mut rng))
        .with(Dense::new(64, 10, Activation::Linear, init, &mut rng))
}
