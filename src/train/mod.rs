//! Training: a run as JSON (`spec`), its sizes worked out (`network`), compiled to kernel calls
//! over buffers allocated once (`plan`, `stages`), and driven step by step (`session`), alone or as
//! one of several workers (`team`, `member`).

mod check;
mod inspect;
mod member;
pub mod metrics;
mod network;
mod optimizer;
mod parameters;
mod plan;
mod report;
mod resolve;
mod session;
mod spec;
mod stages;
mod team;

pub use inspect::{LayerActivation, LayerInfo};
pub use network::{Layer, LayerOp, Network, Parameter};
pub use plan::{BatchScore, Plan};
pub use report::{Evaluation, Split, StepReport};
pub use session::Session;
pub use spec::{Activation, Init, LayerSpec, Loss, ModelSpec, OptimizerSpec, Padding, RunSpec};
pub use team::Team;

#[cfg(test)]
mod golden;
#[cfg(test)]
mod testing;
