//! What the golden tests share: arrays as the fixtures hold them, and a comparison.

pub mod ops;

use danlu::array::NdArray;
use danlu::autograd::Scalar;
use serde::Deserialize;

/// An array of a fixture.
#[derive(Clone, Debug, Deserialize)]
pub struct Stored {
    #[serde(alias = "s")]
    pub shape: Vec<usize>,
    #[serde(alias = "v")]
    pub values: Vec<f64>,
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

/// Panics unless shapes agree and |got − want| ≤ atol + rtol·|want| everywhere, naming the worst.
pub fn check_close<T: Scalar>(
    what: &str,
    got: &NdArray<T>,
    want: &Stored,
    (rtol, atol): (f64, f64),
) {
    assert_eq!(got.shape(), want.shape, "{what}: shapes");
    let excess = |(got, want): (&T, &f64)| {
        let off = (got.to_f64() - want).abs();
        if off.is_nan() {
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
