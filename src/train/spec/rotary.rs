//! Rotary positions of an attention.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde_json::Value;

use super::table::{Range, Slot, Slots, Table, read};
use crate::layers::Rotary;

impl Table for Rotary {
    const OPTIONAL: bool = true;

    fn kinds() -> Vec<(&'static str, Rotary)> {
        vec![("", Rotary::default())]
    }

    fn kind(&self) -> &'static str {
        ""
    }

    fn slots(&mut self) -> Slots<'_> {
        vec![
            ("base", Slot::Number(&mut self.base, Range::Positive)),
            ("scale", Slot::Number(&mut self.scale, Range::Positive)),
            ("start", Slot::Number(&mut self.start, Range::NotNegative)),
        ]
    }
}

/// What a spec says of it: `false`, `true` for the defaults, or an object.
#[derive(Default)]
pub struct MaybeRotary(pub Option<Rotary>);

impl<'de> Deserialize<'de> for MaybeRotary {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<MaybeRotary, D::Error> {
        let rotary = match Value::deserialize(from)? {
            Value::Bool(wanted) => wanted.then(Rotary::default),
            settings @ Value::Object(_) => {
                Some(read("rotary", &settings).map_err(D::Error::custom)?)
            }
            _ => return Err(D::Error::custom("true, false, {base, scale, start}")),
        };
        Ok(MaybeRotary(rotary))
    }
}

#[cfg(test)]
mod tests {
    use crate::train::{Network, RunSpec};

    fn code(key_dim: usize, rotary: &str) -> Option<&'static str> {
        let json = format!(
            r#"{{"model":{{"input":[5,6],"layers":[{{"type":"multi_head_attention","num_heads":2,
            "key_dim":{key_dim},"rotary":{rotary}}}]}},"loss":"mean_squared_error"}}"#
        );
        let network = RunSpec::from_json(&json).and_then(|spec| Network::new(&spec));
        network.err().map(|error| error.code())
    }

    #[test]
    fn a_flag_or_settings_turn_pairs() {
        for rotary in ["true", "{}", r#"{"base":500000,"scale":0.5,"start":3}"#] {
            assert_eq!(code(4, rotary), None, "{rotary}");
            assert_eq!(code(3, rotary), Some("layer_argument"), "{rotary}");
        }
        assert_eq!(code(3, "false"), None);
    }

    #[test]
    fn what_makes_no_angles_is_refused() {
        for rotary in [
            "1",
            "\"yes\"",
            r#"{"base":0}"#,
            r#"{"start":-1}"#,
            r#"{"theta":1}"#,
        ] {
            assert_eq!(code(4, rotary), Some("malformed_spec"), "{rotary}");
        }
    }
}
