//! The ops of the tape: one file each, with its forward, its gradient, its entry by name and its
//! tests.
//!
//! To add an op `name`: write `ops/name.rs` with `pub fn name(…) -> Result<Tensor<T>>` and
//! `pub fn call(args) -> Result<Tensor<T>>`, and add `name` to the list below. Python sees it at
//! once as `danlu.ops.name`. What others already differentiate is composed from them.

mod args;
mod axes;
mod elementwise;
mod extremum;
mod indices;
mod normalize;
mod padding;
mod pointwise_loss;
mod recurrent;
mod reduction;
mod shapes;
mod windows;

pub use args::{Args, Settings};
pub use avg_pool2d::AvgPool2dOptions;
pub use batch_norm::{BatchNormTraining, batch_norm_training};
pub use conv_transpose2d::ConvTranspose2dOptions;
pub use conv1d::{Conv1dOptions, Padding1d};
pub use conv2d::Conv2dOptions;
pub use cross_entropy::{CrossEntropy, Target};
pub use gru_cell::{GateOrder, GruOptions};
pub use max_pool2d::MaxPool2dOptions;
pub use padding::Padding;
pub use recurrent::Cell;
pub use reduction::Reduction;
pub use rnn_cell::RnnActivation;
pub use scaled_dot_product_attention::{AttentionOptions, Mask};

use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

macro_rules! ops {
    ($($name:ident)*) => {
        $( pub mod $name; pub use $name::$name; )*

        /// The names of all ops.
        pub const NAMES: &[&str] = &[$( stringify!($name) ),*];

        fn entry<T: Scalar>(name: &str) -> Option<fn(&Args<T>) -> Result<Tensor<T>>> {
            match name {
                $( stringify!($name) => Some($name::call::<T>), )*
                _ => None,
            }
        }
    };
}

ops! {
    abs
    adaptive_avg_pool2d
    adaptive_max_pool2d
    add
    avg_pool2d
    batch_norm
    batch_norm_statistics
    binary_cross_entropy_with_logits
    broadcast_to
    concat
    conv1d
    conv2d
    conv_transpose2d
    cross_entropy
    dense
    div
    dropout
    elu
    embedding
    exp
    flatten
    gelu
    global_avg_pool2d
    global_max_pool2d
    group_norm
    gru_cell
    hinge_loss
    huber_loss
    kl_div
    l1_loss
    layer_norm
    leaky_relu
    log
    log_softmax
    lstm_cell
    matmul
    max
    max_pool2d
    mean
    mse_loss
    mul
    neg
    permute
    pow
    relu
    reshape
    rms_norm
    rnn_cell
    scaled_dot_product_attention
    sigmoid
    silu
    slice
    softmax
    softplus
    sqrt
    sub
    sum
    tanh
    transpose
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
