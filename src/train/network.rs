//! A spec with its sizes worked out: each layer's shapes, and where its weights lie in the flat
//! arrays.

use std::ops::Range;

use super::check::{check_run, check_size};
use super::layers::{Place, Start, Weight};
use super::spec::{InputSpec, RunSpec};
use super::stage::Stage;
use super::wiring::{Wired, wire};
use crate::error::{Error, Result};

/// Parameters start at multiples of this many elements, 64 bytes.
pub(super) const ALIGNMENT: usize = 16;

/// Layers whose shapes fit, each after those it takes.
#[derive(Clone, Debug)]
pub struct Network {
    pub inputs: Vec<Input>,
    pub layers: Vec<Layer>,
    /// Length of the flat parameter array, gaps for alignment included.
    pub flat_len: usize,
}

/// Where samples come in.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    /// Of one sample.
    pub shape: Vec<usize>,
    /// Where a layer looks its numbers up: they are whole and below this.
    pub below: Option<usize>,
}

/// One layer with its sizes.
#[derive(Clone, Debug)]
pub struct Layer {
    /// As Keras names it: `conv2d`, `dense`, `dense_1`; or as the spec does.
    pub name: String,
    /// Its type, as specs write it.
    pub kind: &'static str,
    /// What it takes: the network's inputs are counted first, then its layers.
    pub sources: Vec<usize>,
    /// Shape of one sample's output.
    pub output_shape: Vec<usize>,
    /// Its weights in Keras's order.
    pub parameters: Vec<Parameter>,
    /// Whether training changes them.
    pub trainable: bool,
}

/// One named part of the flat parameter array.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// As it stands in a weights file: `conv2d/kernel`.
    pub name: String,
    pub shape: Vec<usize>,
    pub offset: usize,
    pub start: Start,
    /// How fast it follows what batches say, where it isn't trained by gradients.
    pub momentum: Option<f64>,
}

impl Parameter {
    /// How many numbers it has.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where they lie in the flat array.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset + self.len()
    }
}

impl Layer {
    /// How many numbers its weights hold, and how many of them gradients move.
    pub fn parameter_counts(&self) -> (usize, usize) {
        let count = |learning: bool| {
            let counted = self
                .parameters
                .iter()
                .filter(|p| !learning || p.momentum.is_none());
            counted.map(Parameter::len).sum()
        };
        (count(false), if self.trainable { count(true) } else { 0 })
    }
}

/// For each layer, the stage that computes it; None where it changes no number.
pub(super) type Stages = Vec<Option<Box<dyn Stage>>>;

impl Network {
    /// Works out all sizes.
    ///
    /// Errs with the first layer that does not fit, with what was expected there and what came; and
    /// where a number of the run is out of its range.
    pub fn new(spec: &RunSpec) -> Result<Network> {
        Ok(Network::with_stages(spec)?.0)
    }

    pub(super) fn with_stages(spec: &RunSpec) -> Result<(Network, Stages)> {
        Network::by_steps(spec, None)
    }

    /// [`Network::with_stages`] where the spec is of one step of a sequence of `context` steps,
    /// which the stages that look back remember.
    pub(super) fn by_steps(spec: &RunSpec, context: Option<usize>) -> Result<(Network, Stages)> {
        check_run(spec)?;
        let inputs = spec.model.inputs.iter();
        let mut network = Network {
            inputs: inputs
                .map(|input| Input::new(input, spec.batch_size))
                .collect::<Result<_>>()?,
            layers: Vec::new(),
            flat_len: 0,
        };
        if spec.model.layers.is_empty() {
            return Err(last_layer(spec, ""));
        }
        let order = wire(&spec.model)?;
        let mut stages = Stages::new();
        for (index, wired) in order.iter().enumerate() {
            // Every way leads to the output, so it comes last.
            let last = index + 1 == order.len();
            stages.push(network.add(spec, wired, last, context)?);
        }
        spec.loss.check_shape(network.output_shape())?;
        Ok((network, stages))
    }

    fn add(
        &mut self,
        spec: &RunSpec,
        wired: &Wired,
        last: bool,
        context: Option<usize>,
    ) -> Result<Option<Box<dyn Stage>>> {
        let layer = &spec.model.layers[wired.layer];
        let takes = spec.loss.kind.takes().filter(|_| last);
        let shapes: Vec<&[usize]> = wired.sources.iter().map(|&s| self.shape(s)).collect();
        let place = Place {
            label: layer.name.clone().unwrap_or(wired.layer.to_string()),
            index: self.layers.len(),
            kind: layer.kind,
            inputs: &shapes,
            loss_takes: takes,
            context,
        };
        if shapes.is_empty() {
            return Err(place.misfit("inputs", ">= 1", "0"));
        }
        let built = layer.blueprint.build(&place)?;
        let place = place.name();
        check_size(&place, &[&built.output[..], &[spec.batch_size]].concat())?;
        if takes.is_some_and(|activation| activation != built.activation) {
            return Err(last_layer(spec, layer.kind));
        }
        if let Some(below) = built.below {
            let Some(input) = self.inputs.get_mut(wired.sources[0]) else {
                let (layer, kind) = (wired.name.clone(), layer.kind.into());
                return Err(Error::LayerInput {
                    layer,
                    kind,
                    expected: "a model input".into(),
                    got: self.shape(wired.sources[0]).to_vec(),
                });
            };
            input.below = Some(input.below.map_or(below, |other| other.min(below)));
        }
        let mut parameters = Vec::new();
        for weight in built.weights {
            check_size(&place, &weight.shape)?;
            parameters.push(self.place(&wired.name, weight)?);
        }
        self.layers.push(Layer {
            name: wired.name.clone(),
            kind: layer.kind,
            sources: wired.sources.clone(),
            output_shape: built.output,
            parameters,
            trainable: layer.trainable,
        });
        Ok(built.stage)
    }

    /// Gives a weight its place in the flat array.
    fn place(&mut self, layer: &str, weight: Weight) -> Result<Parameter> {
        let parameter = Parameter {
            name: format!("{layer}/{}", weight.part),
            shape: weight.shape,
            offset: self.flat_len,
            start: weight.start,
            momentum: weight.momentum,
        };
        self.flat_len = (self.flat_len + parameter.len()).next_multiple_of(ALIGNMENT);
        check_size("model", &[self.flat_len])?;
        Ok(parameter)
    }

    /// The shape of a source: an input, or a layer's output.
    pub(super) fn shape(&self, source: usize) -> &[usize] {
        match source.checked_sub(self.inputs.len()) {
            None => &self.inputs[source].shape,
            Some(layer) => &self.layers[layer].output_shape,
        }
    }

    /// The name of a source.
    pub(super) fn name(&self, source: usize) -> &str {
        match source.checked_sub(self.inputs.len()) {
            None => &self.inputs[source].name,
            Some(layer) => &self.layers[layer].name,
        }
    }

    /// Shape of one sample's answer.
    pub fn output_shape(&self) -> &[usize] {
        let last = self.layers.last().expect("a network has a last layer");
        &last.output_shape
    }

    /// Elements of one sample's inputs and outputs of layers.
    pub(super) fn widths(&self) -> impl Iterator<Item = usize> {
        let shapes = self.layers.iter().map(|layer| &layer.output_shape);
        let inputs = self.inputs.iter().map(|input| &input.shape);
        inputs.chain(shapes).map(|shape| shape.iter().product())
    }

    /// Errs on a number that a layer looks up and that is not whole, or too large.
    pub(super) fn check_lookups(&self, place: &str, x: &[f32]) -> Result<()> {
        let width = self.input_len();
        let mut from = 0;
        for input in &self.inputs {
            let Some(below) = input.below else {
                from += input.width();
                continue;
            };
            for sample in x.chunks_exact(width) {
                for &number in &sample[from..from + input.width()] {
                    if !(number >= 0.0 && number < below as f32 && number.fract() == 0.0) {
                        return Err(Error::InvalidArgument {
                            place: place.into(),
                            argument: input.name.clone(),
                            expected: format!("0, 1, …, {}", below - 1),
                            got: number.to_string(),
                        });
                    }
                }
            }
            from += input.width();
        }
        Ok(())
    }

    /// Elements of one sample, all inputs together.
    pub fn input_len(&self) -> usize {
        self.inputs.iter().map(Input::width).sum()
    }

    /// All weights in their order.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.layers.iter().flat_map(|layer| &layer.parameters)
    }

    /// The number of the layer of that name; errs where there is none.
    pub(super) fn find(&self, place: &str, name: &str) -> Result<usize> {
        let position = self.layers.iter().position(|layer| layer.name == name);
        position.ok_or_else(|| {
            let names: Vec<&str> = self.layers.iter().map(|layer| &layer.name[..]).collect();
            Error::UnknownName {
                place: place.into(),
                expected: names.join(", "),
                got: name.into(),
            }
        })
    }

    /// How many numbers the weights hold, those included that gradients don't move.
    pub fn parameter_count(&self) -> usize {
        self.parameters().map(Parameter::len).sum()
    }
}

fn last_layer(spec: &RunSpec, got: &str) -> Error {
    let name = |activation| {
        serde_json::json!(activation)
            .as_str()
            .unwrap_or("")
            .to_string()
    };
    Error::LastLayer {
        expected: spec.loss.kind.takes().map_or("".into(), name),
        got: got.into(),
    }
}

impl Input {
    fn new(spec: &InputSpec, batch_size: usize) -> Result<Input> {
        let shape = spec.shape.clone();
        if !(1..=3).contains(&shape.len()) || shape.contains(&0) {
            return Err(Error::ModelInput {
                expected: "[height, width, channels] | [steps, features] | [features]".into(),
                got: shape,
            });
        }
        check_size("model input", &[&shape[..], &[batch_size]].concat())?;
        Ok(Input {
            name: spec.name.clone(),
            shape,
            below: None,
        })
    }

    /// Elements of one sample.
    pub fn width(&self) -> usize {
        self.shape.iter().product()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::testing::REFERENCE_NET;

    fn network(input: &str, layers: &str) -> Result<Network> {
        let json = format!(r#"{{"model":{{"input":{input},"layers":[{layers}]}}}}"#);
        Network::new(&RunSpec::from_json(&json).unwrap())
    }

    const HEAD: &str = r#"{"type":"flatten"},{"type":"dense","units":3,"activation":"softmax"}"#;

    fn check_refused(input: &str, layers: &str, code: &str, fields: &[(&str, &str)]) {
        let error = network(input, layers).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        let got = error.fields();
        for (name, value) in fields {
            assert_eq!(
                got[*name].to_string().trim_matches('"'),
                *value,
                "{name} in {error}"
            );
        }
    }

    #[test]
    fn the_reference_net_has_keras_s_shapes_names_and_counts() {
        let net = Network::new(&RunSpec::from_json(REFERENCE_NET).unwrap()).unwrap();
        let shapes: Vec<_> = net
            .layers
            .iter()
            .map(|layer| layer.output_shape.clone())
            .collect();
        assert_eq!(
            shapes,
            [
                vec![26, 26, 32],
                vec![13, 13, 32],
                vec![5408],
                vec![64],
                vec![10]
            ]
        );
        let names: Vec<_> = net.parameters().map(|p| p.name.as_str()).collect();
        let expected = ["conv2d/kernel", "conv2d/bias", "dense/kernel", "dense/bias"];
        assert_eq!(
            names,
            [&expected[..], &["dense_1/kernel", "dense_1/bias"]].concat()
        );
        assert_eq!(net.parameter_count(), 320 + 346_176 + 650);
    }

    #[test]
    fn same_padding_keeps_the_size_and_puts_the_odd_rest_last() {
        let conv = r#"{"type":"conv2d","filters":2,"kernel":[4,3],"padding":"same"}"#;
        let net = network("[7,9,1]", &format!("{conv},{HEAD}")).unwrap();
        assert_eq!(net.layers[0].output_shape, [7, 9, 2]);
        let pool = r#"{"type":"max_pool2d","size":[2,2],"padding":"same"}"#;
        let net = network("[7,9,1]", &format!("{pool},{HEAD}")).unwrap();
        assert_eq!(net.layers[0].output_shape, [4, 5, 1]);
    }

    #[test]
    fn a_misfit_names_its_layer_with_what_was_expected_and_what_came() {
        let conv = |more: &str| format!(r#"{{"type":"conv2d","filters":4{more}}},{HEAD}"#);
        let dense = r#"{"type":"dense","units":3,"activation":"softmax"}"#;
        check_refused(
            "[8,8,1]",
            dense,
            "last_layer",
            &[
                ("expected", "[classes] | [steps, classes]"),
                ("got", "[8, 8, 3]"),
            ],
        );
        check_refused(
            "[8,8,1]",
            &format!(r#"{{"type":"flatten"}},{}"#, conv(r#","kernel":[3,3]"#)),
            "layer_input",
            &[("layer", "1"), ("kind", "conv2d"), ("got", "[64]")],
        );
        check_refused(
            "[2,8,1]",
            &conv(r#","kernel":[3,3]"#),
            "layer_input",
            &[("layer", "0"), ("expected", "kernel <= input, 3 > 2")],
        );
        check_refused(
            "[8,8,1]",
            &conv(r#","kernel":[3,3],"stride":[0,1]"#),
            "layer_argument",
            &[
                ("argument", "stride"),
                ("got", "0, 1"),
                ("expected", ">= 1"),
            ],
        );
        check_refused(
            "[8,8,1]",
            &conv(r#","kernel":[3,3],"groups":3"#),
            "layer_argument",
            &[("argument", "groups"), ("expected", "a divisor of 1 and 4")],
        );
        check_refused("[]", HEAD, "model_input", &[("got", "[]")]);
        check_refused("[8,0,1]", HEAD, "model_input", &[("got", "[8,0,1]")]);
        check_refused(
            "[8]",
            r#"{"type":"dense","units":3}"#,
            "last_layer",
            &[("got", "dense")],
        );
        check_refused("[8]", "", "last_layer", &[]);
    }

    #[test]
    fn a_model_that_would_not_fit_in_memory_is_refused() {
        let wide = r#"{"type":"dense","units":4000000000},"#;
        check_refused("[8]", &format!("{wide}{HEAD}"), "model_too_large", &[]);
        check_refused("[100000,100000,100]", HEAD, "model_too_large", &[]);
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        let run = |rest: &str| {
            let json = format!(r#"{{"model":{{"input":[4],"layers":[{HEAD}]}},{rest}}}"#);
            RunSpec::from_json(&json)
                .and_then(|spec| Network::new(&spec))
                .map(|_| ())
        };
        run(r#""batch_size":1"#).unwrap();
        for wrong in [
            r#""batch_size":0"#,
            r#""optimizer":{"type":"adam","learning_rate":0}"#,
            r#""optimizer":{"type":"adam","beta_1":1.0}"#,
            r#""optimizer":{"type":"sgd","momentum":-0.1}"#,
        ] {
            assert_eq!(
                run(wrong).unwrap_err().code(),
                "invalid_argument",
                "{wrong}"
            );
        }
        let augment = r#""augment":{"shift":1.0,"rotate_deg":0.0,"zoom":0.0}"#;
        assert_eq!(run(augment).unwrap_err().code(), "model_input");
    }
}
