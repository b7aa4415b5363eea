//! The network of a run: a chain of layers, or a graph of named nodes.
//!
//! ```text
//! {"input": [28, 28, 1], "layers": [{"type": "flatten"}, …]}
//!
//! {"inputs": [{"name": "image", "shape": [28, 28, 1]}, …],
//!  "nodes": [{"type": "conv2d", "name": "stem", "inputs": ["image"], …}, …],
//!  "output": "probabilities"}
//! ```

use std::fmt;
use std::rc::Rc;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::Fields;
use super::spec_error;
use crate::error::{Error, Result};
use crate::train::layers::{self, Blueprint};

/// A network's inputs, its layers and where its answer comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelSpec {
    pub inputs: Vec<InputSpec>,
    /// In the order in which they are written; a graph may be in any.
    pub layers: Vec<LayerSpec>,
    /// The node that answers; None in a chain, whose last layer does.
    pub output: Option<String>,
}

/// Where samples come in.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    pub name: String,
    /// Of one sample: `[height, width, channels]`, `[steps, features]` or `[features]`.
    pub shape: Vec<usize>,
}

/// One layer.
#[derive(Clone)]
pub struct LayerSpec {
    /// As written in JSON, defaults written in.
    fields: Map<String, Value>,
    /// Its type.
    pub kind: &'static str,
    /// None: Keras's name for its type.
    pub name: Option<String>,
    /// Whether training changes it.
    pub trainable: bool,
    /// The nodes it takes, in a graph.
    pub inputs: Vec<String>,
    /// What its type makes of its fields.
    pub(in crate::train) blueprint: Rc<dyn Blueprint>,
}

/// What the only input of a chain is called.
const INPUT: &str = "input";

impl ModelSpec {
    /// A model whose layers follow one another.
    pub fn chain(input: &[usize], layers: Vec<LayerSpec>) -> ModelSpec {
        ModelSpec {
            inputs: vec![InputSpec {
                name: INPUT.into(),
                shape: input.to_vec(),
            }],
            layers,
            output: None,
        }
    }

    /// The shape of one sample of the first input, which in a chain is the only one.
    pub fn input(&self) -> &[usize] {
        &self.inputs[0].shape
    }

    /// Reads either form. Errs where it is neither, naming the layer.
    pub(super) fn from_json(value: &Value) -> Result<ModelSpec> {
        let Value::Object(object) = value else {
            return Err(Error::MalformedSpec {
                place: "model".into(),
                reason: "{input, layers} | {inputs, nodes, output}".into(),
            });
        };
        let mut fields = Fields::new("model".into(), object.clone());
        let is_graph = ["inputs", "nodes", "output"]
            .iter()
            .any(|key| object.contains_key(*key));
        let (shape, inputs, layers, output);
        if is_graph {
            (shape, inputs) = (None, fields.required::<Vec<Value>>("inputs"));
            layers = fields.required::<Vec<Value>>("nodes");
            output = Some(fields.required("output"));
        } else {
            (shape, inputs) = (Some(fields.required::<Vec<usize>>(INPUT)), Vec::new());
            layers = fields.required::<Vec<Value>>("layers");
            output = None;
        }
        // A mistake inside a layer is the more telling one.
        let layers = layers
            .iter()
            .enumerate()
            .map(|(index, layer)| LayerSpec::from_json(layer, index, is_graph))
            .collect::<Result<Vec<_>>>()?;
        fields.finish()?;
        if let Some(shape) = shape {
            return Ok(ModelSpec::chain(&shape, layers));
        }
        let input = |(index, value): (usize, &Value)| {
            let read = InputSpec::deserialize(value);
            read.map_err(|error| spec_error(&format!("input {index}"), &error))
        };
        Ok(ModelSpec {
            inputs: inputs
                .iter()
                .enumerate()
                .map(input)
                .collect::<Result<_>>()?,
            layers,
            output,
        })
    }
}

impl LayerSpec {
    fn from_json(value: &Value, index: usize, in_graph: bool) -> Result<LayerSpec> {
        let place = match value.get("name") {
            Some(Value::String(name)) => format!("layer {name}"),
            _ => format!("layer {index}"),
        };
        let Value::Object(object) = value else {
            let reason = "{type, …}".into();
            return Err(Error::MalformedSpec { place, reason });
        };
        let mut object = object.clone();
        let kind = match object.remove("type") {
            Some(Value::String(kind)) => kind,
            _ => {
                let field = "type".into();
                return Err(Error::MissingField { place, field });
            }
        };
        let Some((kind, read)) = layers::find(&kind) else {
            return Err(Error::UnknownName {
                place,
                expected: layers::kinds().collect::<Vec<_>>().join(", "),
                got: kind,
            });
        };
        let mut fields = Fields::new(place, object);
        let blueprint = read(kind, &mut fields);
        let name = fields.optional("name");
        let trainable = fields.or("trainable", true);
        let inputs = if in_graph {
            fields.required("inputs")
        } else {
            Vec::new()
        };
        let mut fields = fields.finish()?;
        fields.insert("type".into(), kind.into());
        Ok(LayerSpec {
            fields,
            kind,
            name,
            trainable,
            inputs,
            blueprint,
        })
    }
}

impl PartialEq for LayerSpec {
    fn eq(&self, other: &LayerSpec) -> bool {
        self.fields == other.fields
    }
}

impl fmt::Debug for LayerSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.fields, f)
    }
}

impl<'de> Deserialize<'de> for ModelSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        ModelSpec::from_json(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for ModelSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let layers: Vec<_> = self.layers.iter().map(|layer| &layer.fields).collect();
        let value = match &self.output {
            None => json!({INPUT: self.input(), "layers": layers}),
            Some(output) => json!({"inputs": self.inputs, "nodes": layers, "output": output}),
        };
        value.serialize(serializer)
    }
}
