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
mod pieces;
mod plan;
mod report;
mod resolve;
mod restraints;
mod session;
mod spec;
mod stages;
mod team;
mod watch;

pub use inspect::{LayerActivation, LayerInfo};
pub use network::{Layer, LayerOp, Network, Parameter};
pub use optimizer::RunState;
pub use plan::{BatchScore, Plan};
pub use report::{Evaluation, Split, StepReport};
pub use session::Session;
pub use spec::{
    Activation, ConstraintSpec, Init, LayerSpec, Loss, ModelSpec, OptimizerSpec, Padding,
    RegularizerSpec, RunSpec,
};
pub use team::Team;
pub use watch::{EarlyStopping, Monitor, Observation};

#[cfg(test)]
mod golden;
#[cfg(test)]
mod testing;
