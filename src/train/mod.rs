//! Training: a run as JSON (`spec`), its sizes worked out (`network`), compiled to kernel calls
//! over buffers allocated once (`plan`, `stages`), and driven step by step (`session`).

mod check;
mod inspect;
mod network;
mod optimizer;
mod parameters;
mod plan;
mod resolve;
mod session;
mod spec;
mod stages;

pub use inspect::{LayerActivation, LayerInfo};
pub use network::{Layer, LayerOp, Network, Parameter};
pub use plan::Plan;
pub use session::{Evaluation, Session, Split, StepReport};
pub use spec::{Activation, Init, LayerSpec, Loss, ModelSpec, OptimizerSpec, Padding, RunSpec};

#[cfg(test)]
mod golden;
#[cfg(test)]
mod testing;
