//! A spec with its sizes worked out: each layer's shapes, and where its parameters lie in the
//! flat arrays.

use super::check::{check_run, check_size};
use super::resolve::{Place, kind};
use super::spec::{Activation, Init, LayerSpec, RunSpec};
use crate::error::{Error, Result};
use crate::kernels::{Conv2dShape, Pool2dShape};
use crate::layers::init;

/// Parameters start at multiples of this many elements, 64 bytes.
const ALIGNMENT: usize = 16;

/// A chain of layers whose shapes fit.
#[derive(Clone, Debug)]
pub struct Network {
    pub input_shape: Vec<usize>,
    pub layers: Vec<Layer>,
    /// Length of the flat parameter array, gaps for alignment included.
    pub flat_len: usize,
}

/// One layer with its sizes.
#[derive(Clone, Debug)]
pub struct Layer {
    /// As Keras names it: `conv2d`, `dense`, `dense_1`.
    pub name: String,
    pub op: LayerOp,
    pub activation: Activation,
    /// Shape of one sample's output.
    pub output_shape: Vec<usize>,
    /// The kernel, then the bias; empty for a layer without parameters.
    pub parameters: Vec<Parameter>,
}

/// What a layer computes, for a batch of one.
#[derive(Clone, Copy, Debug)]
pub enum LayerOp {
    Conv2d(Conv2dShape),
    MaxPool2d(Pool2dShape),
    Flatten,
    Dense { inputs: usize, units: usize },
}

/// One named part of the flat parameter array.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// As it stands in a weights file: `conv2d/kernel`.
    pub name: String,
    pub shape: Vec<usize>,
    pub offset: usize,
    pub init: Init,
    pub fan_in: usize,
    pub fan_out: usize,
}

impl Parameter {
    /// How many numbers it has.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Where they lie in the flat array.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.offset..self.offset + self.len()
    }
}

impl LayerOp {
    /// The layer's type, as specs write it.
    pub fn kind(&self) -> &'static str {
        match self {
            LayerOp::Conv2d(_) => "conv2d",
            LayerOp::MaxPool2d(_) => "max_pool2d",
            LayerOp::Flatten => "flatten",
            LayerOp::Dense { .. } => "dense",
        }
    }
}

impl Network {
    /// Works out all sizes.
    ///
    /// Errs with the index of the first layer that does not fit, with what was expected there and
    /// what came; and where a number of the run is out of its range.
    pub fn new(spec: &RunSpec) -> Result<Network> {
        check_run(spec)?;
        let input_shape = spec.model.input.clone();
        let rank_fits = matches!(input_shape.len(), 1 | 3);
        if !rank_fits || input_shape.contains(&0) {
            return Err(Error::ModelInput {
                expected: "[height, width, channels] | [features]".into(),
                got: input_shape,
            });
        }
        check_size(
            "model input",
            &[&input_shape[..], &[spec.batch_size]].concat(),
        )?;
        let mut network = Network {
            input_shape: input_shape.clone(),
            layers: Vec::new(),
            flat_len: 0,
        };
        let mut shape = input_shape;
        for (index, layer) in spec.model.layers.iter().enumerate() {
            let place = Place {
                index,
                kind: kind(layer),
                shape: &shape,
            };
            let (op, activation, output_shape) = place.resolve(layer)?;
            let last = index + 1 == spec.model.layers.len();
            if activation == Activation::Softmax && !last {
                return Err(place.misfit("activation", "linear | relu", "softmax"));
            }
            check_size(
                &place.name(),
                &[&output_shape[..], &[spec.batch_size]].concat(),
            )?;
            let name = network.next_name(op.kind());
            let parameters = network.place_parameters(&place, &name, &op, layer)?;
            shape = output_shape.clone();
            network.layers.push(Layer {
                name,
                op,
                activation,
                output_shape,
                parameters,
            });
        }
        match network.layers.last() {
            Some(Layer {
                op: LayerOp::Dense { .. },
                activation: Activation::Softmax,
                ..
            }) => Ok(network),
            last => Err(Error::LastLayer {
                expected: "dense softmax".into(),
                got: last.map_or("".into(), |layer| layer.op.kind().into()),
            }),
        }
    }

    /// How many classes the last layer tells apart.
    pub fn classes(&self) -> usize {
        self.layers
            .last()
            .expect("a network has a last layer")
            .output_shape[0]
    }

    /// Elements of one sample.
    pub fn input_len(&self) -> usize {
        self.input_shape.iter().product()
    }

    /// All parameters in their order.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.layers.iter().flat_map(|layer| &layer.parameters)
    }

    /// How many numbers training changes.
    pub fn parameter_count(&self) -> usize {
        self.parameters().map(Parameter::len).sum()
    }

    fn next_name(&self, kind: &str) -> String {
        match self
            .layers
            .iter()
            .filter(|layer| layer.op.kind() == kind)
            .count()
        {
            0 => kind.to_string(),
            count => format!("{kind}_{count}"),
        }
    }

    fn place_parameters(
        &mut self,
        place: &Place,
        name: &str,
        op: &LayerOp,
        layer: &LayerSpec,
    ) -> Result<Vec<Parameter>> {
        let (shape, units) = match *op {
            LayerOp::Conv2d(s) => (vec![s.kh, s.kw, s.c, s.o], s.o),
            LayerOp::Dense { inputs, units } => (vec![inputs, units], units),
            LayerOp::MaxPool2d(_) | LayerOp::Flatten => return Ok(Vec::new()),
        };
        check_size(&place.name(), &shape)?;
        let init = match layer {
            LayerSpec::Conv2d { init, .. } | LayerSpec::Dense { init, .. } => *init,
            _ => Init::Zeros,
        };
        let (fan_in, fan_out) = init::fans(&shape);
        let mut parameters = Vec::new();
        for (part, shape, init) in [("kernel", shape, init), ("bias", vec![units], Init::Zeros)] {
            let (name, offset) = (format!("{name}/{part}"), self.flat_len);
            let parameter = Parameter {
                name,
                shape,
                offset,
                init,
                fan_in,
                fan_out,
            };
            self.flat_len = (offset + parameter.len()).next_multiple_of(ALIGNMENT);
            parameters.push(parameter);
        }
        check_size("model", &[self.flat_len])?;
        Ok(parameters)
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
        let LayerOp::Conv2d(shape) = net.layers[0].op else {
            panic!("not a convolution")
        };
        assert_eq!(shape.pad, [1, 2, 1, 1]);
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
            "layer_input",
            &[
                ("layer", "0"),
                ("expected", "[features]"),
                ("got", "[8,8,1]"),
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
            &conv(r#","kernel":[3,3],"activation":"softmax""#),
            "layer_argument",
            &[("argument", "activation"), ("got", "softmax")],
        );
        check_refused("[8,8]", HEAD, "model_input", &[("got", "[8,8]")]);
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
