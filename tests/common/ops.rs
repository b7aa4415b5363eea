//! Cases of single ops, called by name as Python calls them.

use danlu::autograd::{Scalar, Tensor, vjp};
use danlu::ops;
use serde::Deserialize;

use super::{Stored, check_close};

/// A call, what it gave, and the gradients of its inputs.
#[derive(Deserialize)]
pub struct OpCase {
    pub name: String,
    pub op: String,
    settings: ops::Settings,
    inputs: Vec<Stored>,
    output: Stored,
    cotangent: Stored,
    gradients: Vec<Stored>,
    /// Where the fixture holds fewer digits.
    tolerance: Option<(f64, f64)>,
}

/// The cases of a fixture.
pub fn op_cases_of(json: &str) -> Vec<OpCase> {
    serde_json::from_str(json).unwrap()
}

/// Panics unless every case gives its output and its gradients.
pub fn check_ops<T: Scalar>(cases: &[OpCase], tolerance: (f64, f64)) {
    for case in cases {
        let (rtol, atol) = case.tolerance.unwrap_or_default();
        let tolerance = (tolerance.0.max(rtol), tolerance.1.max(atol));
        let inputs: Vec<Tensor<T>> = case
            .inputs
            .iter()
            .map(|x| Tensor::parameter(x.array()))
            .collect();
        let y = ops::call(&case.op, &inputs, &case.settings)
            .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        check_close(&case.name, &y.value(), &case.output, tolerance);
        let gradients = vjp(&y, &case.cotangent.array(), &inputs);
        assert_eq!(gradients.len(), case.gradients.len(), "{}", case.name);
        for (index, (got, want)) in gradients.iter().zip(&case.gradients).enumerate() {
            let what = format!("{}, gradient {index}", case.name);
            check_close(&what, got, want, tolerance);
        }
    }
}
