//! What this room's tests share.

/// The net that the page trains first.
pub const REFERENCE_NET: &str = r#"{"model":{"input":[28,28,1],"layers":[
  {"type":"conv2d","filters":32,"kernel":[3,3],"stride":[1,1],"padding":"valid",
   "activation":"relu","init":"glorot_uniform"},
  {"type":"max_pool2d","size":[2,2]},{"type":"flatten"},
  {"type":"dense","units":64,"activation":"relu"},
  {"type":"dense","units":10,"activation":"softmax"}]},
 "loss":"categorical_cross_entropy",
 "optimizer":{"type":"adam","learning_rate":0.001,"beta_1":0.9,"beta_2":0.999,"epsilon":1e-7},
 "batch_size":32,"augment":null}"#;
