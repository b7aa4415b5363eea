//! The ops of the tape: one file each, with its forward, its gradient, its entry by name and its
//! tests.
//!
//! To add an op `name`: write `ops/name.rs` with `pub fn name(…) -> Result<Tensor<T>>` and
//! `pub fn call(args) -> Result<Tensor<T>>`, and add `name` to the list below. Python sees it at
//! once as `danlu.ops.name`. What others already differentiate is composed from them.
//!
//! In Rust masks are arrays of booleans and indices arrays of integers; by name both are tensors of
//! numbers, which come and go like any other. A call by name gives one tensor: what has several
//! results has an entry for each, and none computes what another has. `argsort` and `topk_indices`
//! give indices, and `gather` the values at them; `split` and `chunk` take the number of a part.

mod args;
mod axes;
mod comparison;
mod conv_relu_pool;
mod elementwise;
mod equation;
mod extremum;
mod indices;
mod normalize;
mod padding;
mod places;
mod pointwise_loss;
mod recurrent;
mod reduction;
mod shapes;
mod triangle;
mod truth;
mod windows;

pub use args::{Args, Settings};
pub use avg_pool2d::AvgPool2dOptions;
pub use batch_norm::{BatchNormTraining, batch_norm_training};
pub use conv_relu_pool::conv_relu_pool;
pub use conv_transpose2d::ConvTranspose2dOptions;
pub use conv1d::{Conv1dOptions, Padding1d};
pub use conv2d::Conv2dOptions;
pub use cross_entropy::{CrossEntropy, Target};
pub use gru_cell::{GateOrder, GruOptions};
pub use max_pool2d::MaxPool2dOptions;
pub use pad::PadMode;
pub use padding::Padding;
pub use recurrent::Cell;
pub use reduction::Reduction;
pub use rnn_cell::RnnActivation;
pub use scaled_dot_product_attention::{AttentionOptions, Mask};

use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

type Entry<T> = fn(&Args<T>) -> Result<Tensor<T>>;

/// A name as it is called: `where`, a word of Rust's own, stands in the list as `r#where`.
const fn bare(name: &str) -> &str {
    match name.as_bytes() {
        [b'r', b'#', ..] => name.split_at(2).1,
        _ => name,
    }
}

macro_rules! ops {
    ($($name:ident)*) => {
        $( pub mod $name; pub use $name::$name; )*

        /// The names of all ops.
        pub const NAMES: &[&str] = &[$( bare(stringify!($name)) ),*];

        fn entry<T: Scalar>(name: &str) -> Option<Entry<T>> {
            let entries: [Entry<T>; NAMES.len()] = [$( $name::call::<T> ),*];
            let place = NAMES.iter().position(|&known| known == name)?;
            Some(entries[place])
        }
    };
}

ops! {
    abs
    adaptive_avg_pool2d
    adaptive_max_pool2d
    add
    all
    any
    argmax
    argmin
    argsort
    avg_pool2d
    batch_norm
    batch_norm_statistics
    binary_cross_entropy_with_logits
    broadcast_to
    chunk
    clip
    concat
    conv1d
    conv2d
    conv_transpose2d
    cos
    cross_entropy
    cumprod
    cumsum
    dense
    div
    dropout
    einsum
    elu
    embedding
    eq
    exp
    flatten
    flip
    floor
    gather
    ge
    gelu
    global_avg_pool2d
    global_max_pool2d
    group_norm
    gru_cell
    gt
    hinge_loss
    huber_loss
    index_select
    kl_div
    l1_loss
    layer_norm
    le
    leaky_relu
    log
    log_softmax
    logsumexp
    lstm_cell
    lt
    masked_fill
    masked_select
    matmul
    max
    max_pool2d
    maximum
    mean
    min
    minimum
    mse_loss
    mul
    ne
    neg
    one_hot
    pad
    permute
    pow
    prod
    relu
    reshape
    rms_norm
    rnn_cell
    roll
    scaled_dot_product_attention
    scatter
    scatter_add
    sigmoid
    sign
    silu
    sin
    slice
    softmax
    softplus
    sort
    split
    sqrt
    squeeze
    stack
    std
    sub
    sum
    tanh
    topk
    topk_indices
    transpose
    tril
    triu
    unsqueeze
    var
    r#where
}

/// Calls an op by name, as Python does. Errs on an unknown name and on a setting that the op does
/// not have.
pub fn call<T: Scalar>(
    name: &str,
    tensors: &[Tensor<T>],
    settings: &Settings,
) -> Result<Tensor<T>> {
    let entry = entry(name).ok_or_else(|| Error::InvalidArgument {
        place: "ops".into(),
        argument: "name".into(),
        expected: NAMES.join(", "),
        got: name.into(),
    })?;
    let args = Args::new(name, tensors, settings);
    let y = entry(&args)?;
    args.refuse_unread()?;
    Ok(y)
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests {
    use super::testing::input;
    use super::*;

    fn call_with(name: &str, settings: serde_json::Value) -> Result<Tensor<f64>> {
        call(name, &[input(1, &[2, 3])], settings.as_object().unwrap())
    }

    #[test]
    fn ops_are_called_by_name_with_settings() {
        let y = call_with("sum", serde_json::json!({"axis": 1, "keepdims": true})).unwrap();
        assert_eq!(y.shape(), [2, 1]);
        let y = call_with("sum", serde_json::json!({"axis": [0, -1]})).unwrap();
        assert!(y.shape().is_empty());
    }

    #[test]
    fn unknown_names_settings_and_missing_tensors_are_refused() {
        let error = call_with("frobnicate", serde_json::json!({})).unwrap_err();
        assert_eq!(error.fields()["got"], "frobnicate");
        let error = call_with("sum", serde_json::json!({"axes": 1})).unwrap_err();
        assert_eq!(error.fields()["got"], "axes");
        let error = call_with("sum", serde_json::json!({"axis": "one"})).unwrap_err();
        assert_eq!(error.fields()["argument"], "axis");
        let error = call_with("add", serde_json::json!({})).unwrap_err();
        assert_eq!(error.fields()["argument"], "tensor 1");
        let error = call_with("sum", serde_json::json!({"axis": 2})).unwrap_err();
        assert_eq!(error.code(), "axis_out_of_range");
    }
}
