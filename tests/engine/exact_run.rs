//! Runs whose weights have the same bytes natively, in Node and in Chromium, with any number of workers.
//!
//! tests/fixtures/exact_runs.json holds the runs and the SHA-256 of their weights. This file trains them
//! natively; tests/package/exact.test.mjs trains them in the `simd` variant, in Node and in Chromium.
//! Every sum keeps one order on every target, so all come to the hash in the file.

use std::fmt::Write;

use danlu::formats::safetensors;
use danlu::train::{RunSpec, Session, Split, StepReport, Team, join_checkpoints};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Run {
    name: String,
    spec: Value,
    seed: u64,
    /// How many there are to train on.
    samples: usize,
    steps: usize,
    /// Into how many parts each batch is cut.
    shards: usize,
    /// How many workers may share them.
    workers: Vec<usize>,
    /// Of the weights after the last step, as a safetensors file.
    sha256: String,
}

fn runs() -> Vec<Run> {
    serde_json::from_str(include_str!("../fixtures/exact_runs.json")).unwrap()
}

/// The run on which the other tests try what a team can meet.
fn odd_run() -> Run {
    run_called("an odd net")
}

fn run_called(start: &str) -> Run {
    let mut runs = runs();
    let found = runs.iter().position(|run| run.name.starts_with(start));
    runs.swap_remove(found.unwrap())
}

impl Run {
    /// Pixels are multiples of 1/256, which every language holds exactly; a class is a comb of bright
    /// pixels.
    fn data(&self, count: usize) -> (Vec<f32>, Vec<u32>) {
        let model = &self.spec["model"];
        let sizes = model["input"].as_array().unwrap().iter();
        let pixels: usize = sizes.map(|size| size.as_u64().unwrap() as usize).product();
        let last = model["layers"].as_array().unwrap().last().unwrap();
        let classes = last["units"].as_u64().unwrap() as usize;
        let labels = (0..count).map(|sample| (sample % classes) as u32);
        let pixel = |sample: usize, pixel: usize| {
            let noise = (sample * 7919 + pixel * 104_729) % 128;
            let bright = if pixel % classes == sample % classes {
                128
            } else {
                0
            };
            (noise + bright) as f32 / 256.0
        };
        let images = (0..count).flat_map(|sample| (0..pixels).map(move |at| pixel(sample, at)));
        (images.collect(), labels.collect())
    }

    fn session(&self, shards: usize, workers: usize, rank: usize) -> Session {
        let team = Team::new(shards, workers, rank).unwrap();
        let spec = RunSpec::from_json(&self.spec.to_string()).unwrap();
        let mut session = Session::in_team(spec, self.seed, team).unwrap();
        let (images, labels) = self.data(self.samples);
        session.set_data(Split::Train, images, labels).unwrap();
        session
    }

    fn members(&self, shards: usize, workers: usize) -> Vec<Session> {
        let members = (0..workers).map(|rank| self.session(shards, workers, rank));
        members.collect()
    }

    /// Trains a team step by step; gives the weights and the report, which all its workers agree on.
    fn train_team(&self, shards: usize, workers: usize, steps: usize) -> (Vec<u8>, StepReport) {
        let mut members = self.members(shards, workers);
        step_together(&mut members, steps);
        let results: Vec<_> = members
            .iter_mut()
            .map(|member| (member.weights(), member.take_report()))
            .collect();
        assert!(results.iter().all(|result| *result == results[0]));
        results.into_iter().next().unwrap()
    }
}

fn sha256(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}

fn step_together(members: &mut [Session], steps: usize) {
    for _ in 0..steps {
        for member in members.iter_mut() {
            member.begin_step().unwrap();
        }
        exchange(members);
    }
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
    members.iter_mut().for_each(Session::sum_gradients);
    for (from, to) in pairs().filter(|(from, to)| from != to) {
        let squares = members[from].squares_of(from).to_vec();
        members[to].squares_of(from).copy_from_slice(&squares);
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

#[test]
fn every_run_comes_to_its_recorded_weights_with_any_number_of_workers() {
    for run in runs() {
        for &workers in &run.workers {
            let weights = if workers == 1 {
                let mut alone = run.session(run.shards, 1, 0);
                let before = alone.evaluate(Split::Train).unwrap().loss;
                alone.run_steps(run.steps).unwrap();
                let after = alone.evaluate(Split::Train).unwrap().loss;
                assert!(
                    after < before / 2.0,
                    "{}: loss {before} → {after}",
                    run.name
                );
                alone.weights()
            } else {
                run.train_team(run.shards, workers, run.steps).0
            };
            let what = format!("{}, {workers} workers", run.name);
            assert_eq!(sha256(&weights), run.sha256, "{what}");
        }
    }
}

#[test]
fn clipping_penalties_limits_and_gathering_give_any_team_the_same_bits() {
    let plain = odd_run();
    let steps = 40;
    for strategy in [
        json!({"optimizer": {"type": "sgd", "learning_rate": 0.05, "momentum": 0.9,
            "global_clipnorm": 0.5}}),
        json!({"optimizer": {"type": "adamw", "clipnorm": 0.1,
            "exclude_from_weight_decay": ["bias"]}}),
        json!({"optimizer": {"type": "rmsprop", "clipvalue": 0.01,
            "gradient_accumulation_steps": 3}}),
        // A vector has one axis as well, so the biases are limited too.
        json!({"optimizer": {"type": "lion", "learning_rate": 0.002, "global_clipnorm": 1},
            "regularizers": [{"type": "l1_l2", "l1": 0.001, "l2": 0.002}],
            "constraints": [{"max_value": 0.5, "parameters": ["dense"]}]}),
    ] {
        let mut run = odd_run();
        let fields = strategy.as_object().unwrap().clone();
        run.spec.as_object_mut().unwrap().extend(fields);
        let mut alone = run.session(4, 1, 0);
        let report = alone.run_steps(steps).unwrap();
        for workers in [1, 2, 3, 4] {
            let (weights, told) = run.train_team(4, workers, steps);
            assert!(weights == alone.weights(), "{workers} workers, {strategy}");
            assert_eq!(told, report, "{workers} workers, {strategy}");
        }
        let mut other = plain.session(4, 1, 0);
        other.run_steps(steps).unwrap();
        assert!(other.weights() != alone.weights(), "{strategy}");
    }
}

#[test]
fn however_many_workers_share_the_shards_the_report_is_the_same() {
    // The last batch of an epoch is short: its shards hold one sample or two.
    let run = odd_run();
    let mut alone = run.session(4, 1, 0);
    let report = alone.run_steps(50).unwrap();
    for workers in [1, 2, 3, 4] {
        let (weights, told) = run.train_team(4, workers, 50);
        assert!(weights == alone.weights(), "{workers} workers");
        assert_eq!(told, report, "{workers} workers");
    }
}

#[test]
fn the_number_of_shards_belongs_to_the_run_and_changes_little() {
    let run = odd_run();
    let (two, told) = run.train_team(2, 2, 30);
    let mut whole = run.session(1, 1, 0);
    let report = whole.run_steps(30).unwrap();
    assert_ne!(two, whole.weights());
    assert!((told.loss - report.loss).abs() < 1e-3 * report.loss);
}

#[test]
fn a_batch_with_fewer_samples_than_shards_is_trained_on_whole() {
    let run = odd_run();
    let (images, labels) = run.data(3);
    let mut members = run.members(4, 4);
    for _ in 0..5 {
        for member in &mut members {
            member.begin_step_on(&images, &labels).unwrap();
        }
        exchange(&mut members);
    }
    let report = members[3].take_report();
    assert_eq!((report.step, report.samples), (5, 15));
    let mut alone = run.session(4, 1, 0);
    assert_eq!(alone.train_batch(&images, &labels, 5).unwrap(), report);
    assert!(alone.weights() == members[1].weights());
}

#[test]
fn a_worker_given_its_own_samples_alone_does_as_with_the_whole_batch() {
    let run = odd_run();
    for count in [3, 13] {
        let (images, labels) = run.data(count);
        let width = images.len() / count;
        let mut members = run.members(4, 3);
        for _ in 0..3 {
            for member in &mut members {
                let checked = member.check_batch(images.len(), || images.clone(), &labels);
                assert_eq!(checked.unwrap(), count);
                let own = member.own_samples(count);
                let x = &images[own.start * width..own.end * width];
                member.begin_step_on_own(count, x, &labels[own]);
            }
            exchange(&mut members);
        }
        let mut alone = run.session(4, 1, 0);
        let report = alone.train_batch(&images, &labels, 3).unwrap();
        assert_eq!(members[1].take_report(), report);
        assert!(alone.weights() == members[2].weights(), "{count} samples");
    }
    let member = &run.members(4, 2)[0];
    let error = |len, labels: &[u32]| member.check_batch(len, Vec::new, labels).unwrap_err();
    assert_eq!(error(3, &[0]).code(), "length_mismatch");
    let width = run.data(1).0.len();
    assert_eq!(error(width, &[99]).code(), "label_out_of_range");
}

#[test]
fn an_abandoned_step_leaves_the_parameters_of_the_last_whole_one() {
    let run = odd_run();
    let mut members = run.members(4, 2);
    step_together(&mut members, 3);
    let before = members[0].weights();
    let survivor = &mut members[0];
    survivor.begin_step().unwrap();
    survivor.abandon_step();
    assert!(survivor.weights() == before, "before the update");
    survivor.begin_step().unwrap();
    let score = survivor.score();
    survivor.receive(1, score).fill(0.5);
    survivor.sum_gradients();
    survivor.update();
    assert!(survivor.weights() != before);
    survivor.abandon_step();
    assert!(survivor.weights() == before, "after the update");
    assert_eq!(survivor.take_report().step, 3);
}

#[test]
fn a_worker_of_several_does_not_step_alone() {
    let mut member = odd_run().session(4, 2, 0);
    let error = member.run_steps(1).unwrap_err();
    assert_eq!(error.code(), "invalid_argument");
    assert_eq!(error.fields()["argument"], "workers");
}

fn checkpoint_of(members: &[Session]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = members.iter().map(Session::checkpoint_part).collect();
    join_checkpoints(&parts).unwrap()
}

#[test]
fn a_team_s_checkpoint_is_that_of_one_worker_and_any_team_goes_on_from_it() {
    // Moments, gathered gradients, moving means and noise; the cut falls inside an epoch and between
    // two updates.
    let mut run = run_called("normalised batches");
    run.spec["optimizer"]["gradient_accumulation_steps"] = json!(3);
    run.spec["optimizer"]["global_clipnorm"] = json!(1);
    run.spec["early_stopping"] = json!({"restore_best_weights": true});
    let mut alone = run.session(4, 1, 0);
    alone.run_steps(20).unwrap();
    let seen = alone.evaluate(Split::Train).unwrap();
    alone.observe(&seen);
    let file = alone.checkpoint().unwrap();
    alone.run_steps(15).unwrap();
    for workers in [1, 2, 3, 4] {
        let mut members = run.members(4, workers);
        step_together(&mut members, 20);
        for member in &mut members {
            member.observe(&seen);
        }
        assert!(checkpoint_of(&members) == file, "{workers} workers");

        run.seed += 1;
        let mut others = run.members(4, 5 - workers);
        step_together(&mut others, 2);
        for other in &mut others {
            other.restore(&file).unwrap();
        }
        step_together(&mut others, 15);
        assert!(
            checkpoint_of(&others) == alone.checkpoint().unwrap(),
            "{} workers go on",
            5 - workers
        );
        run.seed -= 1;
    }
}

#[test]
fn parts_that_make_no_checkpoint_are_refused() {
    let run = odd_run();
    let members = run.members(4, 2);
    let parts: Vec<Vec<u8>> = members.iter().map(Session::checkpoint_part).collect();
    assert_eq!(
        join_checkpoints(&[]).unwrap_err().code(),
        "invalid_argument"
    );
    let empty = safetensors::write(&safetensors::Contents::default());
    let error = join_checkpoints(&[parts[0].clone(), empty]).unwrap_err();
    assert_eq!(error.code(), "missing_tensor");
    assert_eq!(
        members[0].checkpoint().unwrap_err().code(),
        "invalid_argument"
    );
    // One worker's part is too short for a run.
    let error = run.session(4, 1, 0).restore(&parts[0]).unwrap_err();
    assert_eq!(error.code(), "shape_mismatch");
}
