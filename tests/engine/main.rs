//! What the engine promises as a whole, a file for each promise. They are one program: each of its own
//! would compile and link the engine's generic code once more.

mod any_shapes;
mod autograd_tape;
mod checkpoints;
mod common;
mod eager_and_plan;
mod eager_graphs;
mod edges;
mod exact_run;
mod freezing;
mod golden_keras;
mod golden_layers;
mod golden_metrics;
mod golden_schedules;
mod golden_strategies;
mod golden_torch;
mod graph_runs;
mod planted_bugs;
mod properties;
mod shard_by_shard;
mod strategies;
mod train_session;
mod weighed_batches;
