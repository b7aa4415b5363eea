//! Steps whose shards are computed by anybody, in any order, are the same steps.

use danlu::rng::Rng;
use danlu::train::{RunSpec, Session, Split, Sum, Team};

/// Everything that a step may draw or remember. No bias before the batch norm: its gradient is all rounding,
/// which Adam would make a step of.
const NET: &str = r#"{"model":{"input":[8,7,2],"layers":[
  {"type":"conv2d","filters":5,"kernel":[3,3],"padding":"same","use_bias":false},
  {"type":"batch_normalization"},{"type":"relu"},{"type":"max_pool2d","size":[2,2]},
  {"type":"dropout","rate":0.3},{"type":"flatten"},
  {"type":"dense","units":6,"activation":"tanh"},
  {"type":"dense","units":3,"activation":"softmax"}]},
  "optimizer":{"type":"adam","learning_rate":0.01,"global_clipnorm":1.0},
  "schedule":{"type":"exponential","decay_steps":5,"decay_rate":0.9},
  "batch_size":9,"augment":{"shift":1.0,"rotate_deg":5.0,"zoom":0.1}}"#;

const SHARDS: usize = 4;

fn session(seed: u64) -> Session {
    let team = Team::new(SHARDS, 1, 0).unwrap();
    let mut session = Session::in_team(RunSpec::from_json(NET).unwrap(), seed, team).unwrap();
    let mut rng = Rng::new(2);
    let x: Vec<f32> = (0..22 * 112).map(|_| rng.uniform_f32()).collect();
    let labels: Vec<u32> = (0..22).map(|i| i % 3).collect();
    session.set_data(Split::Train, x, labels).unwrap();
    session
}

fn sum_of(session: &mut Session, shards: &[usize]) -> Vec<f64> {
    for (nth, &shard) in shards.iter().enumerate() {
        session.add_shard(shard, nth == 0, true).unwrap();
    }
    match session.shard_sum(true) {
        Sum::Grid(sum) => sum.to_vec(),
        Sum::Plain(_) => unreachable!(),
    }
}

/// A step of several replicas, each of whom computes some shards; added up in their order.
fn step(replicas: &mut [Session], shares: &[&[usize]]) {
    let mut sums = replicas
        .iter_mut()
        .zip(shares)
        .map(|(replica, shards)| sum_of(replica, shards));
    let mut total = sums.next().unwrap();
    for sum in sums {
        total.iter_mut().zip(&sum).for_each(|(a, b)| *a += b);
    }
    for replica in replicas {
        replica.apply_shard_sum(Sum::Grid(&total)).unwrap();
    }
}

#[test]
fn whoever_computes_the_shards_the_weights_have_the_same_bits() {
    let mut alone = [session(5)];
    let mut three = [session(5), session(5), session(5)];
    for turn in 0..7 {
        step(&mut alone, &[&[0, 1, 2, 3]]);
        match turn % 3 {
            0 => step(&mut three, &[&[0, 1], &[2], &[3]]),
            1 => step(&mut three, &[&[3], &[1, 0], &[2]]),
            // One is lost after it computed: the others take its shards, and it comes back.
            _ => {
                sum_of(&mut three[1], &[1]);
                step(&mut three[..1], &[&[2, 3, 1, 0]]);
                let standing = three[0].checkpoint().unwrap();
                three[1] = session(99);
                three[1].restore(&standing).unwrap();
                three[2].restore(&standing).unwrap();
            }
        }
        for replica in &three {
            assert!(
                replica.checkpoint().unwrap() == alone[0].checkpoint().unwrap(),
                "after step {turn}"
            );
        }
    }
}

#[test]
fn it_is_the_training_that_run_steps_does_up_to_rounding() {
    let (mut plain, mut whole, mut grid) = (session(5), session(5), session(5));
    for _ in 0..6 {
        whole.run_steps(1).unwrap();
        step(std::slice::from_mut(&mut grid), &[&[0, 1, 2, 3]]);
        let mut scores = (0..SHARDS).map(|shard| plain.add_shard(shard, shard == 0, false));
        let samples: usize = scores.by_ref().map(|score| score.unwrap().1).sum();
        assert!(samples == 9 || samples == 4, "{samples}");
        let Sum::Plain(sum) = plain.shard_sum(false) else {
            unreachable!()
        };
        let sum = sum.to_vec();
        plain.apply_shard_sum(Sum::Plain(&sum)).unwrap();
    }
    let answers = |session: &mut Session| session.predict(&[0.3; 112 * 2]).unwrap();
    let want = answers(&mut whole);
    for other in [&mut plain, &mut grid] {
        for (a, b) in answers(other).iter().zip(&want) {
            assert!((a - b).abs() < 1e-4, "{a} and {b}");
        }
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let mut one = session(5);
    let code = |result: danlu::error::Result<()>| result.unwrap_err().code();
    assert_eq!(
        code(one.add_shard(4, true, true).map(|_| ())),
        "invalid_argument"
    );
    assert_eq!(
        code(one.apply_shard_sum(Sum::Grid(&[0.0; 3]))),
        "length_mismatch"
    );
    let spec = RunSpec::from_json(NET).unwrap();
    let mut without = Session::new(spec, 5).unwrap();
    assert_eq!(
        code(without.add_shard(0, true, true).map(|_| ())),
        "no_data"
    );
}
