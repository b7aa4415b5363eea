//! A training run as JSON: model, loss, optimiser, batch size, augmentation.
//!
//! Fields that are left out take Keras's defaults; unknown fields are refused by name.

mod fields;
mod model;
mod padding;
mod restraint;
mod rotary;
mod strategy;
mod table;

pub(super) use fields::Fields;
pub use model::{InputSpec, LayerSpec, ModelSpec};
pub use padding::Padding;
pub(super) use rotary::MaybeRotary;
pub use strategy::{Loss, LossSpec, OptimizerSpec};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::data::Augment;
use crate::error::{Error, Result};
pub use crate::layers::Init;
use crate::optim::{ReduceOnPlateau, Schedule};
use crate::train::watch::EarlyStopping;
pub use restraint::{ConstraintSpec, RegularizerSpec};

/// Everything that describes a run but its seed and its data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunSpec {
    pub model: ModelSpec,
    #[serde(default)]
    pub loss: LossSpec,
    #[serde(default)]
    pub optimizer: OptimizerSpec,
    /// How the learning rate goes from step to step.
    #[serde(default)]
    pub schedule: Schedule,
    /// When it falls by what [`super::Session::observe`] hears.
    #[serde(default)]
    pub reduce_on_plateau: Option<ReduceOnPlateau>,
    #[serde(default)]
    pub early_stopping: Option<EarlyStopping>,
    #[serde(default)]
    pub regularizers: Vec<RegularizerSpec>,
    #[serde(default)]
    pub constraints: Vec<ConstraintSpec>,
    #[serde(default = "default_batch_size")]
    pub batch_size: usize,
    #[serde(default)]
    pub augment: Option<Augment>,
}

fn default_batch_size() -> usize {
    32
}

impl RunSpec {
    /// Reads a run from JSON.
    ///
    /// Errs where the JSON is broken, a field is missing, unknown or of the wrong kind, naming
    /// the layer; whether sizes fit together is checked by [`super::network::Network::new`].
    pub fn from_json(json: &str) -> Result<RunSpec> {
        let value: Value = serde_json::from_str(json).map_err(|e| spec_error("run", &e))?;
        // Part by part first, so that a mistake names its place.
        if let Some(model) = value.get("model") {
            ModelSpec::from_json(model)?;
        }
        if let Some(augment) = value.get("augment") {
            read::<Option<Augment>>(augment, "augment")?;
        }
        strategy::check(&value)?;
        read(&value, "run")
    }

    /// The run as JSON, all defaults written out.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a run has no value that JSON cannot hold")
    }
}

fn read<T: DeserializeOwned>(value: &Value, place: &str) -> Result<T> {
    T::deserialize(value).map_err(|e| spec_error(place, &e))
}

/// Turns serde's sentence into an error with fields. Serde quotes names in backticks.
fn spec_error(place: &str, error: &serde_json::Error) -> Error {
    let message = error.to_string();
    let place = place.to_string();
    let mut quoted = message.split('`').skip(1).step_by(2).map(str::to_string);
    let first = quoted.next();
    let rest = || {
        message
            .split('`')
            .skip(3)
            .step_by(2)
            .collect::<Vec<_>>()
            .join(", ")
    };
    match first {
        Some(field) if message.starts_with("unknown field") => Error::UnknownField {
            place,
            field,
            expected: rest(),
        },
        Some(field) if message.starts_with("missing field") => Error::MissingField { place, field },
        Some(got) if message.starts_with("unknown variant") => Error::UnknownName {
            place,
            expected: rest(),
            got,
        },
        _ => Error::MalformedSpec {
            place,
            reason: message,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::testing::REFERENCE_NET;

    fn check_refused(json: &str, code: &str, fields: Value) {
        let error = RunSpec::from_json(json).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert_eq!(Value::Object(error.fields()), fields, "{error}");
    }

    fn with_layer(layer: &str) -> String {
        format!(r#"{{"model":{{"input":[4],"layers":[{{"type":"flatten"}},{layer}]}}}}"#)
    }

    #[test]
    fn a_run_survives_json_and_defaults_are_keras_s() {
        let spec = RunSpec::from_json(REFERENCE_NET).unwrap();
        assert_eq!(RunSpec::from_json(&spec.to_json()).unwrap(), spec);
        let short = with_layer(r#"{"type":"dense","units":3,"activation":"softmax"}"#);
        let short = RunSpec::from_json(&short).unwrap();
        assert_eq!(short.batch_size, 32);
        assert_eq!(short.optimizer, spec.optimizer);
        assert_eq!(short.augment, None);
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        check_refused(
            &with_layer(r#"{"type":"dense","units":3,"unit":4}"#),
            "unknown_field",
            serde_json::json!({
                "place": "layer 1", "field": "unit", "expected": "units, activation, use_bias, init, name, trainable"
            }),
        );
        check_refused(
            r#"{"model":{"input":[4],"layers":[]},"optimizer":{"type":"sgd","beta_1":0.5}}"#,
            "unknown_field",
            serde_json::json!({
                "place": "optimizer", "field": "beta_1",
                "expected": "learning_rate, momentum, nesterov, weight_decay, \
                    exclude_from_weight_decay, clipvalue, clipnorm, global_clipnorm, \
                    gradient_accumulation_steps"
            }),
        );
    }

    #[test]
    fn a_missing_field_and_an_unknown_name_are_told_with_their_layer() {
        check_refused(
            &with_layer(r#"{"type":"dense"}"#),
            "missing_field",
            serde_json::json!({"place": "layer 1", "field": "units"}),
        );
        check_refused(
            &with_layer(r#"{"type":"dense","units":3,"activation":"rleu"}"#),
            "unknown_name",
            serde_json::json!({
                "place": "layer 1", "got": "rleu",
                "expected": "linear, relu, leaky_relu, elu, gelu, gelu_tanh, silu, sigmoid, tanh, \
                    softplus, softmax"
            }),
        );
        let misnamed = with_layer(r#"{"type":"dens","units":3}"#);
        let error = RunSpec::from_json(&misnamed).unwrap_err();
        let fields = error.fields();
        assert_eq!(
            (error.code(), &fields["got"]),
            ("unknown_name", &"dens".into())
        );
        assert!(
            fields["expected"]
                .as_str()
                .unwrap()
                .contains("conv1d, conv2d")
        );
    }

    #[test]
    fn broken_json_and_wrong_kinds_are_refused() {
        let broken = RunSpec::from_json("{").unwrap_err();
        assert_eq!(broken.code(), "malformed_spec");
        let negative = with_layer(r#"{"type":"dense","units":-3}"#);
        assert_eq!(
            RunSpec::from_json(&negative).unwrap_err().code(),
            "malformed_spec"
        );
    }
}
