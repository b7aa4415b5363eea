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
    pub settings: ops::Settings,
    pub inputs: Vec<Stored>,
    output: Stored,
    cotangent: Stored,
    /// None where it was not recorded.
    pub gradients: Vec<Option<Stored>>,
    /// Where the fixture holds fewer digits.
    tolerance: Option<(f64, f64)>,
}

/// The cases of a fixture.
pub fn op_cases_of(json: &str) -> Vec<OpCase> {
    serde_json::from_str(json).unwrap()
}

/// All that PyTorch recorded of single ops.
pub fn torch_cases() -> Vec<OpCase> {
    let fixtures = [
        include_str!("../../fixtures/torch_losses.json"),
        include_str!("../../fixtures/torch_ops.json"),
        include_str!("../../fixtures/torch_neural.json"),
        include_str!("../../fixtures/torch_golden.json"),
        include_str!("../../fixtures/torch_tensor_ops.json"),
        include_str!("../../fixtures/torch_tensors.json"),
    ];
    fixtures.into_iter().flat_map(op_cases_of).collect()
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
            if let Some(want) = want {
                let what = format!("{}, gradient {index}", case.name);
                check_close(&what, got, want, tolerance);
            }
        }
    }
}
