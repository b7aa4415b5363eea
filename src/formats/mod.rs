//! Files that weights travel in.

pub mod safetensors;
