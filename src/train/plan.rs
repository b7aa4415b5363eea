//! A network compiled to kernel calls: stages over buffers that are allocated once.

use std::ops::Add;

use super::network::Network;
use super::stages::{Backward, Stage, compile};
use crate::kernels::{cross_entropy, softmax};

/// A network ready to run forwards and backwards. Parameters and gradients are flat arrays with
/// one layout, so the optimiser and saving are single loops.
pub struct Plan {
    network: Network,
    stages: Vec<Box<dyn Stage>>,
    /// How many flattens follow the batch, then each stage: they change no number, so they are
    /// no stages.
    flattens: Vec<usize>,
    /// Samples that the buffers have room for.
    capacity: usize,
    /// Elements of one sample: before the first stage, then after each.
    widths: Vec<usize>,
    /// The batch, then the output of each stage.
    values: Vec<Vec<f32>>,
    /// The gradient that comes into a stage, and the one that leaves it.
    dy: Vec<f32>,
    dx: Vec<f32>,
    losses: Vec<f32>,
    pub params: Vec<f32>,
    pub grads: Vec<f32>,
}

/// What the loss says of one batch.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BatchScore {
    /// Sum over the samples.
    pub loss: f64,
    /// Samples whose largest logit is their label's.
    pub correct: usize,
}

impl Add for BatchScore {
    type Output = BatchScore;

    fn add(self, more: BatchScore) -> BatchScore {
        BatchScore {
            loss: self.loss + more.loss,
            correct: self.correct + more.correct,
        }
    }
}

impl Plan {
    /// Compiles `network` for batches of `capacity` samples; `params` is the flat array.
    pub fn new(network: Network, params: Vec<f32>, capacity: usize) -> Plan {
        assert_eq!(
            params.len(),
            network.flat_len,
            "Plan::new: parameters of {}",
            params.len()
        );
        let mut stages: Vec<Box<dyn Stage>> = Vec::new();
        let (mut widths, mut flattens) = (vec![network.input_len()], vec![0]);
        let mut next = 0;
        while next < network.layers.len() {
            if let Some(stage) = compile(&network.layers[next..]) {
                next += stage.layers();
                widths.push(network.layers[next - 1].output_shape.iter().product());
                flattens.push(0);
                stages.push(stage);
            } else {
                next += 1;
                flattens[stages.len()] += 1;
            }
        }
        let grads = vec![0.0; params.len()];
        let values = vec![Vec::new(); widths.len()];
        let (dy, dx, losses) = (Vec::new(), Vec::new(), Vec::new());
        let mut plan = Plan {
            network,
            stages,
            flattens,
            capacity: 0,
            widths,
            values,
            dy,
            dx,
            losses,
            params,
            grads,
        };
        plan.reserve(capacity);
        plan
    }

    /// The network that it runs.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// Samples that the buffers have room for.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Makes room for batches of `n` samples.
    pub fn reserve(&mut self, n: usize) {
        if n <= self.capacity {
            return;
        }
        self.capacity = n;
        for (values, width) in self.values.iter_mut().zip(&self.widths) {
            values.resize(n * width, 0.0);
        }
        // The gradient of the data itself is never computed.
        let widest = self.widths[1..].iter().max().expect("a plan has a stage");
        self.dy.resize(n * widest, 0.0);
        self.dx.resize(n * widest, 0.0);
        self.losses.resize(n, 0.0);
        for stage in &mut self.stages {
            stage.reserve(n);
        }
    }

    /// Where the next batch of `n` samples is to be written.
    pub fn batch_mut(&mut self, n: usize) -> &mut [f32] {
        assert!(
            n <= self.capacity,
            "Plan: {n} samples, room for {}",
            self.capacity
        );
        &mut self.values[0][..n * self.widths[0]]
    }

    /// Runs the first `n` samples of the batch forward and gives their logits.
    pub fn forward(&mut self, n: usize) -> &[f32] {
        for (i, stage) in self.stages.iter_mut().enumerate() {
            let (before, after) = self.values.split_at_mut(i + 1);
            let x = &before[i][..n * self.widths[i]];
            let y = &mut after[0][..n * self.widths[i + 1]];
            stage.forward(n, &self.params, x, y);
        }
        self.logits(n)
    }

    fn logits(&self, n: usize) -> &[f32] {
        let last = self.stages.len();
        &self.values[last][..n * self.widths[last]]
    }

    /// Loss and hits of the logits that `forward` left.
    pub fn score(&mut self, labels: &[u32]) -> BatchScore {
        let (n, classes) = (labels.len(), self.network.classes());
        let logits = &self.values[self.stages.len()][..n * classes];
        let losses = &mut self.losses[..n];
        cross_entropy::forward_labels(n, classes, logits, labels, losses);
        let hit = |(row, &label): (&[f32], &u32)| arg_max(row) == label as usize;
        BatchScore {
            loss: losses.iter().map(|&loss| f64::from(loss)).sum(),
            correct: logits
                .chunks_exact(classes)
                .zip(labels)
                .filter(|pair| hit(*pair))
                .count(),
        }
    }

    /// After `forward`: fills `grads` with the gradient of these samples' losses, divided by the
    /// `batch_len` samples of the whole batch.
    pub fn backward(&mut self, labels: &[u32], batch_len: usize) {
        let (n, classes) = (labels.len(), self.network.classes());
        let last = self.stages.len();
        let logits = &self.values[last][..n * classes];
        let dlogits = &mut self.dy[..n * classes];
        let scale = 1.0 / batch_len as f32;
        cross_entropy::backward_labels(n, classes, logits, labels, scale, dlogits);
        for i in (0..last).rev() {
            let (x, y) = (n * self.widths[i], n * self.widths[i + 1]);
            let dx = if i == 0 {
                None
            } else {
                Some(&mut self.dx[..x])
            };
            let pass = Backward {
                params: &self.params,
                grads: &mut self.grads,
                x: &self.values[i][..x],
                y: &self.values[i + 1][..y],
                dy: &mut self.dy[..y],
                dx,
            };
            self.stages[i].backward(n, pass);
            std::mem::swap(&mut self.dy, &mut self.dx);
        }
    }

    /// After `forward`: the probabilities of the batch, appended to `out`.
    pub fn probabilities(&self, n: usize, out: &mut Vec<f32>) {
        let (from, classes) = (out.len(), self.network.classes());
        out.resize(from + n * classes, 0.0);
        softmax::forward(n, classes, self.logits(n), &mut out[from..]);
    }

    /// After `forward`: calls `show` with the output of each layer but the last's softmax.
    pub fn inspect(&self, n: usize, mut show: impl FnMut(&[f32])) {
        let output = |i: usize| &self.values[i][..n * self.widths[i]];
        for i in 0..self.values.len() {
            if i > 0 {
                let (x, y) = (output(i - 1), output(i));
                self.stages[i - 1].inspect(n, &self.params, x, y, &mut show);
            }
            for _ in 0..self.flattens[i] {
                show(output(i));
            }
        }
    }
}

/// The index of the first largest value.
fn arg_max(row: &[f32]) -> usize {
    let mut best = 0;
    for (i, &value) in row.iter().enumerate() {
        if value > row[best] {
            best = i;
        }
    }
    best
}
