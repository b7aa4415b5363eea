//! Loops over slices, in forward/backward pairs. This room imports nothing of ours.
//!
//! Layouts: images NHWC, convolution weights `[kh][kw][c / groups][o]`, dense weights
//! `[in][out]`, matrices row-major unless strides say otherwise. Every function checks the
//! lengths of its slices and panics with its name and both shapes: only our own code can get
//! them wrong. Outputs are overwritten unless a function says that it accumulates.
//!
//! `naive` keeps a plain twin of every kernel that has a fast form. The twin serves f64 and is
//! the oracle of the fast form's tests.

pub mod activation;
pub mod arithmetic;
pub mod bias;
pub mod conv2d;
pub mod conv_relu_pool;
pub mod cross_entropy;
pub mod embedding;
mod gemm;
pub mod max_pool2d;
pub mod naive;
pub mod normalize;
pub mod optimizer;
pub mod pointwise_loss;
pub mod quantised;
mod real;
pub mod relu;
pub mod rotary;
pub mod simd;
pub mod soft_cross_entropy;
pub mod softmax;
pub mod sum;
pub mod window_mean;

pub use conv2d::Conv2dShape;
pub use gemm::gemm;
pub use max_pool2d::Pool2dShape;
pub use real::Real;
pub use window_mean::Windows;

#[cfg(test)]
pub(crate) mod testing;
