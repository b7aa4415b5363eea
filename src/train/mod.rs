//! Training: a run as JSON (`spec`), its layers put in order (`wiring`) and their sizes worked out
//! (`layers`, `network`), compiled to kernel calls over buffers allocated once (`plan`, `stage`,
//! `way_back`), and driven step by step (`session`), alone or as
//! one of several workers (`team`, `member`), or by whoever is there (`shards`). A trained causal model answers token by token (`decoder`).
//! A trained network becomes smaller by `pruning`, on int8 (`quantised`) or by teaching a smaller one (`taught`).

mod check;
mod checkpoint;
mod decoder;
mod given;
mod inspect;
mod layers;
mod learning;
mod loss;
mod member;
pub mod metrics;
mod network;
mod optimizer;
mod parameters;
mod pieces;
mod plan;
mod pruning;
mod quantised;
mod report;
mod restraints;
mod samples;
mod session;
mod shards;
mod spec;
mod stage;
mod taught;
mod team;
mod watch;
mod way_back;
mod wiring;

pub use checkpoint::join_checkpoints;
pub use decoder::Decoder;
pub use inspect::{LayerActivation, LayerInfo, describe};
pub use layers::{Activation, Start};
pub use loss::{StoredTargets, Targets};
pub use network::{Input, Layer, Network, Parameter};
pub use optimizer::RunState;
pub use plan::{BatchScore, Plan};
pub use pruning::{PrunedLayer, Pruning};
pub use quantised::{Calibration, QuantiseSpec, QuantisedLayer, QuantisedModel};
pub use report::{Evaluation, Split, StepReport};
pub use session::Session;
pub use shards::Sum;
pub use spec::{
    ConstraintSpec, Init, InputSpec, LayerSpec, Loss, LossSpec, ModelSpec, OptimizerSpec, Padding,
    RegularizerSpec, RunSpec,
};
pub use taught::Taught;
pub use team::Team;
pub use watch::{EarlyStopping, Monitor, Observation};

#[cfg(test)]
mod golden;
#[cfg(test)]
mod testing;
