//! What becomes of the losses of a batch.

use super::{Args, mean, sum};
use crate::autograd::{Scalar, Tensor};
use crate::error::Result;

/// What becomes of the losses of a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// Their mean, one value.
    #[default]
    Mean,
    /// Their sum, one value.
    Sum,
    /// They stay.
    None,
}

impl Reduction {
    /// The losses, reduced.
    pub fn apply<T: Scalar>(self, losses: &Tensor<T>) -> Result<Tensor<T>> {
        match self {
            Self::Mean => mean(losses, None, false),
            Self::Sum => sum(losses, None, false),
            Self::None => Ok(losses.clone()),
        }
    }

    /// The setting `reduction`: "mean" where it is left out, "sum", "none".
    pub fn read<T: Scalar>(args: &Args<T>) -> Result<Self> {
        match args.text("reduction")? {
            None | Some("mean") => Ok(Self::Mean),
            Some("sum") => Ok(Self::Sum),
            Some("none") => Ok(Self::None),
            Some(_) => Err(args.refused("reduction", "mean, sum, none")),
        }
    }
}
