//! One run, whose weights the JavaScript package must reproduce to the last bit.
//!
//! tests/package/exact.test.mjs sets DANLU_EXACT_RUN to a file name, runs this test and trains the
//! same network on the same samples in the `simd` variant: every sum keeps one order on every
//! target, so the files are equal. Without the variable the test only holds that the run learns.

use danlu::train::{RunSpec, Session, Split};

const SPEC: &str = r#"{"model":{"input":[12,12,1],"layers":[
  {"type":"conv2d","filters":8,"kernel":[3,3],"activation":"relu"},
  {"type":"max_pool2d","size":[2,2]},{"type":"flatten"},
  {"type":"dense","units":16,"activation":"relu"},
  {"type":"dense","units":4,"activation":"softmax"}]},
 "batch_size":16,"augment":{"shift":1.0,"rotate_deg":5.0,"zoom":0.1}}"#;

/// Pixels are multiples of 1/256, which both languages hold exactly; a class is a bright quarter.
fn samples(count: usize) -> (Vec<f32>, Vec<u32>) {
    let mut images = Vec::new();
    let mut labels = Vec::new();
    for sample in 0..count {
        let label = sample % 4;
        labels.push(label as u32);
        for pixel in 0..144 {
            let (row, column) = (pixel / 12, pixel % 12);
            let bright = (row / 6) * 2 + column / 6 == label;
            let noise = (sample * 7919 + pixel * 104_729) % 128;
            images.push((noise + if bright { 128 } else { 0 }) as f32 / 256.0);
        }
    }
    (images, labels)
}

#[test]
fn a_run_learns_and_leaves_its_weights_for_the_javascript_package_to_equal() {
    let mut session = Session::new(RunSpec::from_json(SPEC).unwrap(), 42).unwrap();
    let (images, labels) = samples(200);
    session.set_data(Split::Train, images, labels).unwrap();
    let before = session.evaluate(Split::Train).unwrap().loss;
    session.run_steps(100).unwrap();
    let after = session.evaluate(Split::Train).unwrap().loss;
    assert!(after < before / 2.0, "loss {before} → {after}");
    if let Some(path) = std::env::var_os("DANLU_EXACT_RUN") {
        std::fs::write(path, session.weights()).unwrap();
    }
}
