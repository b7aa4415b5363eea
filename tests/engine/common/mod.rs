//! What the golden tests share: arrays as the fixtures hold them, and a comparison.

pub mod ops;

use danlu::array::NdArray;
use danlu::autograd::Scalar;
use serde::{Deserialize, Deserializer};

/// An array of a fixture.
#[derive(Clone, Debug, Deserialize)]
pub struct Stored {
    #[serde(alias = "s")]
    pub shape: Vec<usize>,
    #[serde(alias = "v", deserialize_with = "numbers")]
    pub values: Vec<f64>,
}

/// JSON has no NaN and no infinity: they stand as text.
fn numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Number {
        Plain(f64),
        Text(String),
    }
    let number = |number| match number {
        Number::Plain(value) => Ok(value),
        Number::Text(text) => text.parse().map_err(serde::de::Error::custom),
    };
    let numbers = Vec::<Number>::deserialize(deserializer)?;
    numbers.into_iter().map(number).collect()
}

impl Stored {
    pub fn array<T: Scalar>(&self) -> NdArray<T> {
        let values = self
            .values
            .iter()
            .map(|&value| T::from_f64(value))
            .collect();
        NdArray::from_vec(values, &self.shape)
    }
}

/// Panics unless shapes agree and |got − want| ≤ atol + rtol·|want| everywhere, naming the worst. NaN
/// equals NaN alone, and an infinity itself.
pub fn check_close<T: Scalar>(
    what: &str,
    got: &NdArray<T>,
    want: &Stored,
    (rtol, atol): (f64, f64),
) {
    assert_eq!(got.shape(), want.shape, "{what}: shapes");
    let excess = |(got, want): (&T, &f64)| {
        let got = got.to_f64();
        let off = (got - want).abs();
        if got == *want || got.is_nan() && want.is_nan() {
            0.0
        } else if !off.is_finite() {
            f64::INFINITY
        } else {
            off / (atol + rtol * want.abs())
        }
    };
    let got = got.to_vec();
    let worst = got.iter().zip(&want.values).map(excess).enumerate();
    if let Some((index, excess)) = worst.max_by(|a, b| a.1.total_cmp(&b.1)) {
        let (got, want) = (got[index], want.values[index]);
        assert!(
            excess <= 1.0,
            "{what}: worst at flat index {index}: got {got}, expected {want}"
        );
    }
}
