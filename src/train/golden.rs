//! A golden loss curve: the reference net trained on made-up digits, step by step, once and for
//! all. Without relaxed SIMD every bit must come out again, natively and in every browser.
//!
//! After a change that is meant to alter the numbers, write the file anew and say why in the
//! commit: `DANLU_WRITE_GOLDEN=1 cargo test --lib golden`.

use super::testing::REFERENCE_NET;
use super::{RunSpec, Session, Split};
use crate::rng::Rng;

const FILE: &str = include_str!("../../tests/fixtures/golden_loss_curve.txt");
const STEPS: usize = 40;
const SAMPLES: usize = 150;

/// The loss of each step, and a hash of the weights after the last.
fn train() -> (Vec<f64>, u64) {
    let augment = r#""augment":{"shift":2.0,"rotate_deg":10.0,"zoom":0.1}"#;
    let json = REFERENCE_NET.replace(r#""augment":null"#, augment);
    let mut session = Session::new(RunSpec::from_json(&json).unwrap(), 1).unwrap();
    let mut rng = Rng::new(2);
    let labels: Vec<u32> = (0..SAMPLES).map(|i| (i % 10) as u32).collect();
    let mut images = Vec::new();
    for &label in &labels {
        for pixel in 0..28 * 28 {
            let bright = pixel / 28 / 3 == label as usize;
            images.push(0.6 * rng.uniform_f32() + if bright { 0.4 } else { 0.0 });
        }
    }
    session.set_data(Split::Train, images, labels).unwrap();
    let losses = (0..STEPS)
        .map(|_| session.run_steps(1).unwrap().loss)
        .collect();
    (losses, fnv_1a(&session.weights()))
}

/// The 64-bit hash of Fowler, Noll and Vo.
fn fnv_1a(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix)
}

#[test]
fn the_golden_loss_curve_comes_out_again() {
    let (losses, hash) = train();
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("DANLU_WRITE_GOLDEN").is_some() {
        let lines: String = losses.iter().map(|loss| format!("{loss}\n")).collect();
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/fixtures/golden_loss_curve.txt"
        );
        std::fs::write(path, format!("{lines}weights {hash:016x}\n")).unwrap();
        return;
    }
    let mut lines = FILE.lines();
    for (step, loss) in losses.into_iter().enumerate() {
        let golden: f64 = lines.next().unwrap().parse().unwrap();
        if cfg!(target_feature = "relaxed-simd") {
            let off = (loss - golden).abs();
            assert!(
                off <= 2e-3 * golden + 1e-5,
                "step {step}: {loss}, golden {golden}"
            );
        } else {
            assert_eq!(
                loss.to_bits(),
                golden.to_bits(),
                "step {step}: {loss}, golden {golden}"
            );
        }
    }
    if !cfg!(target_feature = "relaxed-simd") {
        assert_eq!(lines.next(), Some(format!("weights {hash:016x}").as_str()));
    }
}
