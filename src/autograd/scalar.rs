//! What a tensor is made of.

use crate::array::Element;
use crate::kernels::Real;

/// A number that arrays hold and kernels compute with: f32 or f64.
pub trait Scalar: Real + Element {
    /// NumPy's name of the type.
    const DTYPE: &'static str;
}

impl Scalar for f32 {
    const DTYPE: &'static str = "float32";
}

impl Scalar for f64 {
    const DTYPE: &'static str = "float64";
}
