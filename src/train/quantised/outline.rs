//! A network as int8 computes it: which layers go together in one step.

use super::super::layers::Activation;
use super::super::network::{Layer, Network};
use super::super::spec::RunSpec;
use super::super::stage::{Curve, Plain};
use crate::error::{Error, Result};
use crate::kernels::{Conv2dShape, Pool2dShape, Windows};

/// Steps in the order of computation. Value 0 is the network's input, value `i + 1` what step `i` makes.
pub(super) struct Outline {
    pub steps: Vec<Step>,
    /// Numbers of each value, of one sample.
    pub widths: Vec<usize>,
}

/// One step, and what of the layers behind it was taken into it.
pub(super) struct Step {
    pub kind: Kind,
    /// The layer that it begins with.
    pub layer: usize,
    /// The others, in order.
    pub folded: Vec<usize>,
    /// A batch normalisation, to be multiplied into the weights.
    pub norm: Option<Norm>,
    pub relu: bool,
    /// A 2 × 2 maximum of what a convolution says.
    pub pooled: bool,
    /// Numbers of values.
    pub inputs: Vec<usize>,
}

pub(super) enum Kind {
    Conv2d(Conv2dShape),
    Dense {
        rows: usize,
        inputs: usize,
        units: usize,
    },
    MaxPool(Pool2dShape),
    Mean(Windows),
    Curve(Curve),
    Sum,
}

/// Numbers of the layer's weights.
pub(super) struct Norm {
    pub layer: usize,
    pub gamma: Option<usize>,
    pub beta: Option<usize>,
    pub moving: usize,
    pub epsilon: f32,
}

/// Layer types that become int8.
const TYPES: &str = "conv2d, dense, max_pool2d, avg_pool2d, global_max_pool2d, global_avg_pool2d, flatten, reshape, dropout, \
     add (2), batch_normalization, relu | tanh | … (no softmax before the end)";

impl Step {
    /// Whether it has weights.
    pub fn is_weighted(&self) -> bool {
        matches!(self.kind, Kind::Conv2d(_) | Kind::Dense { .. })
    }

    /// Segments of neighbouring inputs × their length, and output channels.
    pub fn kernel(&self) -> Option<(usize, usize)> {
        match &self.kind {
            Kind::Conv2d(s) => Some((s.kh * s.kw * s.c, s.o)),
            Kind::Dense { inputs, units, .. } => Some((*inputs, *units)),
            _ => None,
        }
    }

    /// Whether its output has the scale and zero of its input.
    pub fn keeps_grid(&self) -> bool {
        matches!(self.kind, Kind::MaxPool(_) | Kind::Mean(_))
    }
}

/// What is being put together.
struct Build<'a> {
    network: &'a Network,
    steps: Vec<Step>,
    widths: Vec<usize>,
    /// By source (the input, then layers): the value where it is to be found.
    value_of: Vec<usize>,
    /// By value: whether nobody else has taken anything of it yet.
    open: Vec<bool>,
}

impl Outline {
    /// Errs where a layer has no int8 form, naming it.
    pub fn new(spec: &RunSpec) -> Result<(Network, Outline)> {
        let (network, stages) = Network::with_stages(spec)?;
        if network.inputs.len() != 1 || network.inputs[0].below.is_some() {
            return Err(Error::ModelInput {
                expected: "1 input of numbers".into(),
                got: network.inputs[0].shape.clone(),
            });
        }
        let mut build = Build {
            network: &network,
            steps: Vec::new(),
            widths: vec![network.input_len()],
            value_of: vec![0],
            open: vec![true],
        };
        for (index, stage) in stages.iter().enumerate() {
            let plain = match stage {
                None => Plain::Same,
                Some(stage) => {
                    let plain = stage.plain();
                    plain.ok_or_else(|| refuse(&network.layers[index], "type", TYPES))?
                }
            };
            build.add(index, plain)?;
        }
        let Build { steps, widths, .. } = build;
        if !steps.iter().any(Step::is_weighted) {
            return Err(Error::LastLayer {
                expected: "conv2d | dense".into(),
                got: network.layers[0].kind.into(),
            });
        }
        Ok((network, Outline { steps, widths }))
    }

    /// Whether the last step's sums are the answer.
    pub fn answers_in_sums(&self) -> bool {
        let last = self.steps.last().expect("an outline has steps");
        last.is_weighted() && !last.relu && !last.pooled
    }
}

impl Build<'_> {
    fn add(&mut self, index: usize, plain: Plain) -> Result<()> {
        let layer = &self.network.layers[index];
        let values: Vec<usize> = layer.sources.iter().map(|&s| self.value_of[s]).collect();
        let alone = self.is_alone(layer);
        let value = values[0];
        self.open[value] &= alone;
        // The step before, where this layer may be taken into it.
        let before = value.checked_sub(1).filter(|_| self.open[value]);
        let plain_before =
            before.filter(|&step| !self.steps[step].relu && !self.steps[step].pooled);
        let after = match plain {
            Plain::Same => {
                if let Some(step) = before {
                    self.steps[step].folded.push(index);
                }
                value
            }
            Plain::Conv2d(shape, curve) => {
                if shape.groups != 1 {
                    return Err(refuse_got(layer, "groups", "1", shape.groups.to_string()));
                }
                self.put(index, Kind::Conv2d(shape), values);
                self.curve(index, curve)?
            }
            Plain::Dense {
                rows,
                inputs,
                units,
                curve,
            } => {
                let kind = Kind::Dense {
                    rows,
                    inputs,
                    units,
                };
                self.put(index, kind, values);
                self.curve(index, curve)?
            }
            Plain::Affine {
                gamma,
                beta,
                moving,
                epsilon,
            } => {
                let weighted = plain_before.filter(|&step| {
                    let step = &self.steps[step];
                    step.is_weighted() && step.norm.is_none()
                });
                let Some(step) = weighted else {
                    return Err(refuse(
                        layer,
                        "inputs",
                        "conv2d | dense, linear, taken by nobody else",
                    ));
                };
                let step = &mut self.steps[step];
                step.folded.push(index);
                step.norm = Some(Norm {
                    layer: index,
                    gamma,
                    beta,
                    moving,
                    epsilon,
                });
                value
            }
            Plain::MaxPool(shape) => {
                let conv = before.filter(|&step| {
                    let step = &self.steps[step];
                    let halves =
                        shape.size == (2, 2) && shape.stride == (2, 2) && shape.pad == [0; 4];
                    matches!(step.kind, Kind::Conv2d(_)) && !step.pooled && halves
                });
                match conv {
                    Some(step) => {
                        self.steps[step].folded.push(index);
                        self.steps[step].pooled = true;
                        self.widths[value] = shape.y_len();
                        value
                    }
                    None => self.put(index, Kind::MaxPool(shape), values),
                }
            }
            Plain::Mean(windows) => self.put(index, Kind::Mean(windows), values),
            Plain::Curve(curve) if curve.activation == Activation::Relu => {
                let foldable = plain_before.filter(|&step| {
                    let step = &self.steps[step];
                    step.is_weighted() || matches!(step.kind, Kind::Sum)
                });
                match foldable {
                    Some(step) => {
                        self.steps[step].folded.push(index);
                        self.steps[step].relu = true;
                        value
                    }
                    None => self.put(index, Kind::Curve(curve), values),
                }
            }
            Plain::Curve(curve) if curve.is_elementwise() => {
                self.put(index, Kind::Curve(curve), values)
            }
            Plain::Curve(_) => return Err(refuse(layer, "type", TYPES)),
            Plain::Sum => {
                if values.len() != 2 {
                    return Err(refuse_got(layer, "inputs", "2", values.len().to_string()));
                }
                values.iter().for_each(|&value| self.open[value] = false);
                self.put(index, Kind::Sum, values)
            }
        };
        self.value_of.push(after);
        Ok(())
    }

    /// What a layer with weights ends in.
    fn curve(&mut self, index: usize, curve: Curve) -> Result<usize> {
        let value = self.steps.len();
        match curve.activation {
            Activation::Linear => Ok(value),
            Activation::Relu => {
                self.steps[value - 1].relu = true;
                Ok(value)
            }
            _ if curve.is_elementwise() => Ok(self.put(index, Kind::Curve(curve), vec![value])),
            _ => Err(refuse(&self.network.layers[index], "activation", TYPES)),
        }
    }

    /// A step of its own; the number of its value.
    fn put(&mut self, index: usize, kind: Kind, inputs: Vec<usize>) -> usize {
        self.widths.push(match &kind {
            Kind::Conv2d(shape) => shape.y_len(),
            _ => self.network.layers[index].output_shape.iter().product(),
        });
        self.steps.push(Step {
            kind,
            layer: index,
            folded: Vec::new(),
            norm: None,
            relu: false,
            pooled: false,
            inputs,
        });
        self.open.push(true);
        self.steps.len()
    }

    /// Whether nobody else takes what this layer takes.
    fn is_alone(&self, layer: &Layer) -> bool {
        let takes = self.network.layers.iter().flat_map(|other| &other.sources);
        takes.filter(|&&source| source == layer.sources[0]).count() == 1
    }
}

fn refuse(layer: &Layer, argument: &str, expected: &str) -> Error {
    refuse_got(layer, argument, expected, layer.kind.into())
}

fn refuse_got(layer: &Layer, argument: &str, expected: &str, got: String) -> Error {
    Error::LayerArgument {
        layer: layer.name.clone(),
        kind: layer.kind.into(),
        argument: argument.into(),
        expected: expected.into(),
        got,
    }
}
