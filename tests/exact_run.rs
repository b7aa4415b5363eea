//! One run, whose weights the JavaScript package must reproduce to the last bit.
//!
//! tests/package/exact.test.mjs sets DANLU_EXACT_RUN to a file name, runs this test and trains the
//! same network on the same samples in the `simd` variant, in Node and in Chromium, alone and in
//! teams: every sum keeps one order on every target, so the files are equal. Without the variable
//! the tests only hold that the run learns, and that teams of any size give one result.

use danlu::train::{RunSpec, Session, Split, StepReport, Team};

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

fn session(shards: usize, workers: usize, rank: usize) -> Session {
    let team = Team::new(shards, workers, rank).unwrap();
    let mut session = Session::in_team(RunSpec::from_json(SPEC).unwrap(), 42, team).unwrap();
    let (images, labels) = samples(200);
    session.set_data(Split::Train, images, labels).unwrap();
    session
}

/// The second and third part of a step: what `exchange.js` of the package does between workers.
fn exchange(members: &mut [Session]) {
    let workers = members.len();
    let pairs = || (0..workers).flat_map(|to| (0..workers).map(move |from| (from, to)));
    for (from, to) in pairs().filter(|(from, to)| from != to) {
        let (score, gradient) = (
            members[from].score(),
            members[from].gradient_for(to).to_vec(),
        );
        members[to].receive(from, score).copy_from_slice(&gradient);
    }
    members.iter_mut().for_each(Session::update);
    for (from, to) in pairs().filter(|(from, to)| from != to) {
        let parameters = members[from].parameters_of(from).to_vec();
        members[to]
            .parameters_of_mut(from)
            .copy_from_slice(&parameters);
    }
    members.iter_mut().for_each(Session::end_step);
}

/// Trains a team step by step; gives the weights and the report, which all its workers agree on.
fn train_team(shards: usize, workers: usize, steps: usize) -> (Vec<u8>, StepReport) {
    let mut members: Vec<Session> = (0..workers)
        .map(|rank| session(shards, workers, rank))
        .collect();
    for _ in 0..steps {
        for member in &mut members {
            member.begin_step().unwrap();
        }
        exchange(&mut members);
    }
    let results: Vec<_> = members
        .iter_mut()
        .map(|member| (member.weights(), member.take_report()))
        .collect();
    assert!(results.iter().all(|result| *result == results[0]));
    results.into_iter().next().unwrap()
}

#[test]
fn a_run_learns_and_leaves_its_weights_for_the_javascript_package_to_equal() {
    for shards in [1, 4] {
        let mut session = session(shards, 1, 0);
        let before = session.evaluate(Split::Train).unwrap().loss;
        session.run_steps(200).unwrap();
        let after = session.evaluate(Split::Train).unwrap().loss;
        assert!(after < before / 2.0, "loss {before} → {after}");
        if let Some(path) = std::env::var_os("DANLU_EXACT_RUN") {
            let mut path = path;
            path.push(format!("-{shards}"));
            std::fs::write(path, session.weights()).unwrap();
        }
    }
}

#[test]
fn however_many_workers_share_the_shards_the_weights_and_the_report_are_the_same() {
    // The last batch of an epoch is short: its shards hold two samples.
    let mut alone = session(4, 1, 0);
    let report = alone.run_steps(200).unwrap();
    for workers in [1, 2, 3, 4] {
        let (weights, told) = train_team(4, workers, 200);
        assert!(weights == alone.weights(), "{workers} workers");
        assert_eq!(told, report, "{workers} workers");
    }
}

#[test]
fn the_number_of_shards_belongs_to_the_run_and_changes_little() {
    let (two, told) = train_team(2, 2, 30);
    let mut whole = session(1, 1, 0);
    let report = whole.run_steps(30).unwrap();
    assert_ne!(two, whole.weights());
    assert!((told.loss - report.loss).abs() < 1e-3 * report.loss);
}

#[test]
fn a_batch_with_fewer_samples_than_shards_is_trained_on_whole() {
    let (images, labels) = samples(3);
    let mut members: Vec<Session> = (0..4).map(|rank| session(4, 4, rank)).collect();
    for _ in 0..5 {
        for member in &mut members {
            member.begin_step_on(&images, &labels).unwrap();
        }
        exchange(&mut members);
    }
    let report = members[3].take_report();
    assert_eq!((report.step, report.samples), (5, 15));
    let mut alone = session(4, 1, 0);
    assert_eq!(alone.train_batch(&images, &labels, 5).unwrap(), report);
    assert!(alone.weights() == members[1].weights());
}

#[test]
fn an_abandoned_step_leaves_the_parameters_of_the_last_whole_one() {
    let mut members: Vec<Session> = (0..2).map(|rank| session(4, 2, rank)).collect();
    for _ in 0..3 {
        for member in &mut members {
            member.begin_step().unwrap();
        }
        exchange(&mut members);
    }
    let before = members[0].weights();
    let survivor = &mut members[0];
    survivor.begin_step().unwrap();
    survivor.abandon_step();
    assert!(survivor.weights() == before, "before the update");
    survivor.begin_step().unwrap();
    let score = survivor.score();
    survivor.receive(1, score).fill(0.5);
    survivor.update();
    assert!(survivor.weights() != before);
    survivor.abandon_step();
    assert!(survivor.weights() == before, "after the update");
    assert_eq!(survivor.take_report().step, 3);
}

#[test]
fn a_worker_of_several_does_not_step_alone() {
    let mut member = session(4, 2, 0);
    let error = member.run_steps(1).unwrap_err();
    assert_eq!(error.code(), "invalid_argument");
    assert_eq!(error.fields()["argument"], "workers");
}
