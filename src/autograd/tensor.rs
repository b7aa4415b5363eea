//! `Tensor`: a value on the tape, and the sweep back over it.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use super::scalar::Scalar;
use crate::array::NdArray;

thread_local! {
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
    static GRAD_ENABLED: Cell<bool> = const { Cell::new(true) };
}

/// A value with, if it is wanted, the memory of how it was made. Clones are handles of one node.
pub struct Tensor<T: Scalar>(Rc<Node<T>>);

/// How the gradient of a result becomes the gradient of one input.
///
/// It must hold arrays only, never tensors: a graph is freed node by node along its inputs, and a
/// tensor inside a closure would be freed by recursion instead.
type Pull<T> = Box<dyn Fn(&NdArray<T>) -> NdArray<T>>;

struct Node<T: Scalar> {
    /// Counts up, so every node is younger than its inputs: descending ids are a topological
    /// order of any graph, and the sweep needs no other.
    id: u64,
    op: &'static str,
    value: RefCell<NdArray<T>>,
    requires_grad: bool,
    grad: RefCell<Option<NdArray<T>>>,
    inputs: Vec<(Tensor<T>, Pull<T>)>,
}

impl<T: Scalar> Clone for Tensor<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: Scalar> fmt::Debug for Tensor<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tensor({:?}, {})", self.0.value.borrow(), self.0.op)
    }
}

/// Frees a graph with a stack of its own: a long chain must not overflow the machine's.
impl<T: Scalar> Drop for Node<T> {
    fn drop(&mut self) {
        let mut pending = std::mem::take(&mut self.inputs);
        while let Some((tensor, _)) = pending.pop() {
            if let Some(mut node) = Rc::into_inner(tensor.0) {
                pending.append(&mut node.inputs);
            }
        }
    }
}

impl<T: Scalar> Tensor<T> {
    fn new(
        op: &'static str,
        value: NdArray<T>,
        requires_grad: bool,
        inputs: Vec<(Tensor<T>, Pull<T>)>,
    ) -> Self {
        let id = NEXT_ID.replace(NEXT_ID.get() + 1);
        Self(Rc::new(Node {
            id,
            op,
            value: RefCell::new(value),
            requires_grad,
            grad: RefCell::new(None),
            inputs,
        }))
    }

    /// A value whose gradient nobody asks for.
    pub fn constant(value: NdArray<T>) -> Self {
        Self::new("constant", value, false, Vec::new())
    }

    /// A value whose gradient is wanted: an input to differentiate by, or a parameter.
    pub fn parameter(value: NdArray<T>) -> Self {
        Self::new("parameter", value, true, Vec::new())
    }

    /// A constant of no dimension.
    pub fn scalar(value: f64) -> Self {
        Self::constant(NdArray::scalar(T::from_f64(value)))
    }

    /// Begins the record of an op that gave `value`; see [`Recorder`].
    pub fn record(op: &'static str, value: NdArray<T>) -> Recorder<T> {
        Recorder {
            op,
            value,
            inputs: Vec::new(),
        }
    }

    /// The value; a handle, not a copy. Nothing may write through it.
    pub fn value(&self) -> NdArray<T> {
        self.0.value.borrow().clone()
    }

    /// The sizes, the slowest axis first.
    pub fn shape(&self) -> Vec<usize> {
        self.0.value.borrow().shape().to_vec()
    }

    /// The number of axes.
    pub fn ndim(&self) -> usize {
        self.0.value.borrow().ndim()
    }

    /// The only value of a tensor that holds one.
    pub fn item(&self) -> T {
        self.0.value.borrow().item()
    }

    /// The op that made it.
    pub fn op(&self) -> &'static str {
        self.0.op
    }

    /// Whether gradients flow to it.
    pub fn requires_grad(&self) -> bool {
        self.0.requires_grad
    }

    /// The same value, cut off from how it was made.
    pub fn detach(&self) -> Self {
        Self::constant(self.value())
    }

    /// The gradient that sweeps have gathered at this parameter.
    pub fn grad(&self) -> Option<NdArray<T>> {
        self.0.grad.borrow().clone()
    }

    /// Forgets the gathered gradient.
    pub fn zero_grad(&self) {
        self.0.grad.replace(None);
    }

    /// Changes a parameter's values in place, as an optimiser does.
    ///
    /// Graphs made before keep the old values: while one of them lives, the values are copied
    /// first, so drop the loss before the step. Panics on a result of an op.
    pub fn update(&self, change: impl FnOnce(&mut [T])) {
        assert!(
            self.0.inputs.is_empty(),
            "update: {} is the result of an op",
            self.0.op
        );
        change(self.0.value.borrow_mut().make_mut());
    }

    /// Sends `dy`, the gradient of some loss by this tensor, back to every parameter that it was
    /// made from, and adds it to what is gathered there.
    ///
    /// Shape: `dy` has this tensor's shape.
    pub fn backward(&self, dy: &NdArray<T>) {
        sweep(self, dy, &mut |parameter, gradient| {
            let mut gathered = parameter.0.grad.borrow_mut();
            match &mut *gathered {
                Some(sum) => add_to(sum, &gradient),
                None => *gathered = Some(gradient),
            }
        });
    }

    /// [`Tensor::backward`] from a loss of one value.
    pub fn backward_scalar(&self) {
        self.backward(&NdArray::full(&self.shape(), T::ONE));
    }
}

/// Vector–Jacobian products: the gradients of ⟨dy, y⟩ by each of `inputs`, zeros where y does not
/// depend on one. What is gathered at the parameters stays untouched.
pub fn vjp<T: Scalar>(y: &Tensor<T>, dy: &NdArray<T>, inputs: &[Tensor<T>]) -> Vec<NdArray<T>> {
    let mut found: Vec<Option<NdArray<T>>> = vec![None; inputs.len()];
    sweep(y, dy, &mut |parameter, gradient| {
        for (input, found) in inputs.iter().zip(&mut found) {
            if input.0.id == parameter.0.id {
                *found = Some(gradient.clone());
            }
        }
    });
    found
        .into_iter()
        .zip(inputs)
        .map(|(gradient, input)| gradient.unwrap_or_else(|| NdArray::zeros(&input.shape())))
        .collect()
}

/// Walks back from `y`, youngest node first. When a node's turn comes, every node made from it has
/// had its own, so its gradient is complete. Calls `at_parameter` once for each parameter met.
fn sweep<T: Scalar>(
    y: &Tensor<T>,
    dy: &NdArray<T>,
    at_parameter: &mut dyn FnMut(&Tensor<T>, NdArray<T>),
) {
    assert_eq!(
        dy.shape(),
        y.shape(),
        "backward from {}: dy of another shape",
        y.0.op
    );
    if !y.0.requires_grad {
        return;
    }
    // By ascending id, so that the youngest is at the end.
    let mut pending: Vec<(Tensor<T>, NdArray<T>)> = vec![(y.clone(), dy.clone())];
    while let Some((tensor, gradient)) = pending.pop() {
        if tensor.0.inputs.is_empty() {
            at_parameter(&tensor, gradient);
            continue;
        }
        for (input, pull) in &tensor.0.inputs {
            let part = pull(&gradient);
            debug_assert_eq!(part.shape(), input.shape(), "gradient of {}", tensor.0.op);
            let id = input.0.id;
            let place = pending.partition_point(|(tensor, _)| tensor.0.id < id);
            match pending.get_mut(place) {
                Some((tensor, sum)) if tensor.0.id == id => add_to(sum, &part),
                _ => pending.insert(place, (input.clone(), part)),
            }
        }
    }
}

/// sum += part, without touching arrays that share the sum's storage.
fn add_to<T: Scalar>(sum: &mut NdArray<T>, part: &NdArray<T>) {
    let part = part.contiguous();
    let values = part.as_slice().expect("contiguous");
    for (sum, &value) in sum.make_mut().iter_mut().zip(values) {
        *sum += value;
    }
}

/// An op being recorded: its value, and a way back for each input.
pub struct Recorder<T: Scalar> {
    op: &'static str,
    value: NdArray<T>,
    inputs: Vec<(Tensor<T>, Pull<T>)>,
}

impl<T: Scalar> Recorder<T> {
    /// Says how the result's gradient becomes that of `input`. `pull` captures arrays, not
    /// tensors, and is called only where the gradient is wanted.
    pub fn input(
        mut self,
        input: &Tensor<T>,
        pull: impl Fn(&NdArray<T>) -> NdArray<T> + 'static,
    ) -> Self {
        if input.0.requires_grad && grad_enabled() {
            self.inputs.push((input.clone(), Box::new(pull)));
        }
        self
    }

    /// The op's result.
    pub fn done(self) -> Tensor<T> {
        let requires_grad = !self.inputs.is_empty();
        Tensor::new(self.op, self.value, requires_grad, self.inputs)
    }
}

/// Whether ops record their way back.
pub fn grad_enabled() -> bool {
    GRAD_ENABLED.get()
}

/// Runs `f` without recording: its results hold no graph.
pub fn no_grad<R>(f: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            GRAD_ENABLED.set(self.0);
        }
    }
    let _restore = Restore(GRAD_ENABLED.replace(false));
    f()
}
