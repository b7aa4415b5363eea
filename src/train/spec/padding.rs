//! What happens at the border of an image or a sequence.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

/// How many zeros surround the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// None: windows stay inside.
    #[default]
    Valid,
    /// With stride 1 the output is as large as the input; an odd rest goes below and to the right.
    Same,
    /// All in front, so that no output sees what comes after it; for sequences.
    Causal,
    /// Top, bottom, left, right. Written shorter: one size for all, or two: down and across, or in
    /// front of a sequence and behind it.
    Explicit([usize; 4]),
}

const NAMES: [(&str, Padding); 3] = [
    ("valid", Padding::Valid),
    ("same", Padding::Same),
    ("causal", Padding::Causal),
];

impl<'de> Deserialize<'de> for Padding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if let Value::String(name) = &value {
            let known = NAMES.iter().find(|(known, _)| known == name);
            let unknown = || D::Error::unknown_variant(name, &["valid", "same", "causal"]);
            return known.map(|&(_, padding)| padding).ok_or_else(unknown);
        }
        let sizes: Option<Vec<usize>> = serde_json::from_value(value).ok();
        match sizes.as_deref() {
            Some(&[all]) => Ok(Padding::Explicit([all; 4])),
            Some(&[down, across]) => Ok(Padding::Explicit([down, down, across, across])),
            Some(&[top, bottom, left, right]) => Ok(Padding::Explicit([top, bottom, left, right])),
            _ => Err(D::Error::custom("valid, same, causal, [1 | 2 | 4 sizes]")),
        }
    }
}

impl Serialize for Padding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Padding::Explicit(sizes) => sizes.serialize(serializer),
            named => {
                let known = NAMES.iter().find(|(_, padding)| padding == named);
                serializer.serialize_str(known.expect("the table holds every name").0)
            }
        }
    }
}
