//! Errors planted in the gradient of every op: the checker that the ops' tests rely on catches each.
//!
//! An op by name is wrapped in a node that has its value and its gradients, but for one input, whose
//! gradient is spoilt. The cases are those recorded from PyTorch (golden_torch.rs holds every op to
//! have one) and a few square ones, in which an index can be transposed. Inputs are moved a little,
//! off the grid on which they were recorded, so that none stands on a kink.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::common::ops::{OpCase, torch_cases};
use danlu::array::NdArray;
use danlu::autograd::check::{gradient_error, random_input};
use danlu::autograd::{Tensor, vjp};
use danlu::ops;
use serde_json::{Value, json};

/// Becomes of a gradient dx, made from dy.
type Spoil = fn(&NdArray<f64>, &NdArray<f64>) -> NdArray<f64>;

const BUGS: [(&str, Spoil); 6] = [
    ("a scale of 1.001", |dx, _| dx.map(|dx| 1.001 * dx)),
    ("a sign", |dx, _| dx.map(|dx| -dx)),
    ("one element off by a thousandth", one_element_off),
    ("a transposed index", transposed),
    ("an index off by one", turned),
    ("a leak of a thousandth", leaking),
];

/// No gradient flows through these.
const CONSTANT: [&str; 16] = [
    "all",
    "any",
    "argmax",
    "argmin",
    "argsort",
    "batch_norm_statistics",
    "eq",
    "floor",
    "ge",
    "gt",
    "le",
    "lt",
    "ne",
    "one_hot",
    "sign",
    "topk_indices",
];

/// What the recorded cases are meant for is no slope.
fn has_no_slope(name: &str) -> bool {
    // Sums of exponentials of hundreds are flat; the row of padding gets no gradient by decree;
    // a negative number has whole powers alone.
    [
        "activation/pow",
        "activation/reciprocal",
        "activation/square",
        "huge",
        "large",
        "far out",
        "embedding padding",
        "embedding_padding",
    ]
    .iter()
    .any(|part| name.contains(part))
}

fn one_element_off(dx: &NdArray<f64>, _: &NdArray<f64>) -> NdArray<f64> {
    let mut values = dx.to_vec();
    let largest = values.iter_mut().max_by(|a, b| a.abs().total_cmp(&b.abs()));
    if let Some(largest) = largest {
        *largest *= 1.001;
    }
    NdArray::from_vec(values, dx.shape())
}

/// The last two axes swapped, where they are alike.
fn transposed(dx: &NdArray<f64>, _: &NdArray<f64>) -> NdArray<f64> {
    let axes = dx.ndim();
    if axes < 2 || dx.shape()[axes - 1] != dx.shape()[axes - 2] {
        return dx.clone();
    }
    let mut order: Vec<usize> = (0..axes).collect();
    order.swap(axes - 1, axes - 2);
    dx.permute(&order).unwrap().contiguous()
}

fn turned(dx: &NdArray<f64>, _: &NdArray<f64>) -> NdArray<f64> {
    let mut values = dx.to_vec();
    values.rotate_right(1);
    NdArray::from_vec(values, dx.shape())
}

/// 1e-3 · dy where the gradient is 0, as from a rectifier that leaks.
fn leaking(dx: &NdArray<f64>, dy: &NdArray<f64>) -> NdArray<f64> {
    let leaks = dy.to_vec().into_iter().cycle();
    let leak = |(dx, dy)| if dx == 0.0 { 1e-3 * dy } else { dx };
    let values = dx.to_vec().into_iter().zip(leaks).map(leak).collect();
    NdArray::from_vec(values, dx.shape())
}

/// The recorded numbers are multiples of 1/128. A different part of that is added to each: none stays
/// zero, and no two stay equal.
fn apart(x: &NdArray<f64>) -> NdArray<f64> {
    let part = |index: usize| (index as f64 + 0.5) / (128 * x.len()) as f64;
    let values = x.to_vec().into_iter().enumerate();
    let values = values.map(|(index, x)| x + part(index)).collect();
    NdArray::from_vec(values, x.shape())
}

/// A call of an op by name.
struct Call {
    name: String,
    op: String,
    settings: ops::Settings,
    inputs: Vec<NdArray<f64>>,
    /// Which of the inputs a gradient flows to.
    places: Vec<usize>,
}

impl Call {
    fn new(name: &str, op: &str, settings: ops::Settings, mut inputs: Vec<NdArray<f64>>) -> Self {
        let flows = |place: usize| {
            let mut tensors: Vec<_> = inputs.iter().cloned().map(Tensor::constant).collect();
            tensors[place] = Tensor::parameter(inputs[place].clone());
            ops::call(op, &tensors, &settings).unwrap().requires_grad()
        };
        let places: Vec<usize> = (0..inputs.len()).filter(|&place| flows(place)).collect();
        for &place in &places {
            inputs[place] = apart(&inputs[place]);
        }
        let (name, op) = (name.into(), op.into());
        Self {
            name,
            op,
            settings,
            inputs,
            places,
        }
    }

    fn recorded(case: OpCase) -> Self {
        let inputs = case.inputs.iter().map(|input| input.array()).collect();
        Self::new(&case.name, &case.op, case.settings, inputs)
    }

    fn random(op: &str, settings: Value, shapes: &[&[usize]]) -> Self {
        let inputs = (1..).zip(shapes).map(|(i, shape)| random_input(i, shape));
        let name = format!("{op} {shapes:?}");
        let Value::Object(settings) = settings else {
            panic!("{name}: settings are an object")
        };
        Self::new(&name, op, settings, inputs.collect())
    }

    /// Where a gradient flows.
    fn differentiable(&self) -> Vec<NdArray<f64>> {
        let places = self.places.iter();
        places.map(|&place| self.inputs[place].clone()).collect()
    }

    fn result(&self, differentiable: &[Tensor<f64>]) -> Tensor<f64> {
        let mut tensors: Vec<_> = self.inputs.iter().cloned().map(Tensor::constant).collect();
        for (&place, tensor) in self.places.iter().zip(differentiable) {
            tensors[place] = tensor.clone();
        }
        ops::call(&self.op, &tensors, &self.settings).unwrap()
    }

    fn gradient(&self, at: &[NdArray<f64>], which: usize, dy: &NdArray<f64>) -> NdArray<f64> {
        let tensors: Vec<_> = at.iter().cloned().map(Tensor::parameter).collect();
        vjp(&self.result(&tensors), dy, &tensors[which..=which]).remove(0)
    }

    /// Whether the bug changes anything in this gradient: a scalar cannot be transposed.
    fn suffers(&self, which: usize, spoil: Spoil) -> bool {
        let at = self.differentiable();
        let tensors: Vec<_> = at.iter().cloned().map(Tensor::constant).collect();
        let dy = random_input(77, &self.result(&tensors).shape());
        let dx = self.gradient(&at, which, &dy);
        let length = |x: &NdArray<f64>| x.to_vec().iter().map(|x| x * x).sum::<f64>().sqrt();
        let change = spoil(&dx, &dy).zip_broadcast(&dx, |a, b| a - b).unwrap();
        length(&change) > 1e-6 * length(&dx)
    }
}

/// What the checker says of the op with the gradient of one input spoilt.
fn verdict(call: &Rc<Call>, which: usize, spoil: Spoil) -> Option<String> {
    gradient_error(&call.differentiable(), |inputs| {
        let at: Vec<_> = inputs.iter().map(Tensor::value).collect();
        let mut record = Tensor::record("planted", call.result(inputs).value());
        for (index, input) in inputs.iter().enumerate() {
            let (call, at) = (Rc::clone(call), at.clone());
            record = record.input(input, move |dy| {
                let dx = call.gradient(&at, index, dy);
                if index == which { spoil(&dx, dy) } else { dx }
            });
        }
        record.done()
    })
}

fn calls() -> Vec<Rc<Call>> {
    let recorded = torch_cases().into_iter();
    let recorded = recorded.filter(|case| !has_no_slope(&case.name));
    let four: &[usize] = &[4, 4];
    let squares = [
        ("matmul", json!({}), vec![four, four]),
        ("dense", json!({}), vec![four, four, &[4]]),
        ("transpose", json!({}), vec![four]),
        ("softmax", json!({}), vec![four]),
        ("log_softmax", json!({"axis": 0}), vec![four]),
        ("layer_norm", json!({}), vec![four, &[4], &[4]]),
        ("mul", json!({}), vec![four, four]),
        ("conv1d", json!({}), vec![&[1, 5, 3], &[2, 3, 3]]),
        ("conv2d", json!({}), vec![&[1, 5, 5, 3], &[2, 2, 3, 3]]),
        (
            "conv_transpose2d",
            json!({"stride": 2}),
            vec![&[1, 3, 3, 3], &[2, 2, 3, 3]],
        ),
        (
            "scaled_dot_product_attention",
            json!({"causal": true}),
            vec![four, four, four],
        ),
        ("mse_loss", json!({}), vec![four, four]),
        (
            "binary_cross_entropy_with_logits",
            json!({}),
            vec![four, four],
        ),
        // Its random numbers are our own, so that nothing recorded could know them.
        ("dropout", json!({"rate": 0.4, "seed": 1}), vec![four]),
    ];
    let squares = squares.map(|(op, settings, shapes)| Call::random(op, settings, &shapes));
    let recorded = recorded.map(Call::recorded);
    recorded.chain(squares).map(Rc::new).collect()
}

#[test]
fn right_gradients_pass_and_every_planted_bug_is_caught_and_placed() {
    let mut caught: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for call in calls() {
        let right = gradient_error(&call.differentiable(), |inputs| call.result(inputs));
        assert_eq!(right, None, "{}", call.name);
        for (bug, spoil) in BUGS {
            for which in (0..call.places.len()).filter(|&which| call.suffers(which, spoil)) {
                let error = verdict(&call, which, spoil);
                let error =
                    error.unwrap_or_else(|| panic!("{}, input {which}: {bug} passed", call.name));
                let place = format!("gradient by input {which} ");
                assert!(error.starts_with(&place), "{}: {bug}: {error}", call.name);
                caught.entry(bug).or_default().insert(call.op.clone());
            }
        }
    }
    for name in ops::NAMES.iter().filter(|name| !CONSTANT.contains(name)) {
        for bug in ["a scale of 1.001", "a sign"] {
            assert!(caught[bug].contains(*name), "{bug} was not tried in {name}");
        }
    }
    for (bug, _) in BUGS {
        let ops = caught.get(bug).map_or(0, BTreeSet::len);
        println!("{bug}: caught in {ops} of {} ops", ops::NAMES.len());
        assert!(ops >= 12, "{bug}: tried in {ops} ops only");
    }
}

#[test]
fn no_gradient_flows_through_what_is_constant() {
    for call in calls() {
        assert_eq!(
            call.places.is_empty(),
            CONSTANT.contains(&&call.op[..]),
            "{}",
            call.name
        );
    }
}
