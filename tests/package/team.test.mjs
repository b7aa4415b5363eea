// A team of workers, in Node's threads: it answers as a session does, by shared memory and by
// messages, and a worker that is lost is an error, never a wait without end.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { DanluError, load } from '../../pkg-config/pkg/index.js';
import { createTeam } from '../../pkg-config/pkg/team.js';
import { digits, SPEC } from './digits.mjs';

const SMALL = { ...SPEC, model: { ...SPEC.model, layers: [{ type: 'flatten' }, SPEC.model.layers.at(-1)] } };

let engine, train, validation;
const teams = [];

before(async () => {
  engine = await load({ variant: 'simd' });
  ({ train, validation } = digits(engine));
});
after(() => teams.forEach((team) => team.free()));

/** A team on the digits. */
async function digitTeam(options, spec = SPEC) {
  const team = await createTeam(spec, 1, { variant: 'simd', ...options });
  teams.push(team);
  await team.setData('train', train.x, train.labels);
  await team.setData('validation', validation.x, validation.labels);
  return team;
}

/** The same run by one session. */
function digitSession(shards, spec = SPEC) {
  const session = engine.createSession(spec, 1, { shards });
  session.setData('train', train.x, train.labels);
  session.setData('validation', validation.x, validation.labels);
  return session;
}

/** Threads that a test may end. */
function ownThreads() {
  const threads = [];
  const spawn = () => {
    threads.push(new Worker(new URL('../../pkg-config/pkg/team_worker.js', import.meta.url)));
    return threads.at(-1);
  };
  return { threads, spawn };
}

for (const shared of [true, false]) {
  describe(shared ? 'by shared memory' : 'by messages', () => {
    test('a team answers as a session of as many shards does', async () => {
      const session = digitSession(2);
      const team = await digitTeam({ workers: 2, shards: 2, shared });
      assert.deepEqual([team.workers, team.shards, team.shared, team.variant], [2, 2, shared, 'simd']);
      for (const run of [session, team]) await run.setLearningRate(0.002);
      for (const steps of [1, 9]) assert.deepEqual(await team.runSteps(steps), session.runSteps(steps));
      const x = train.x.subarray(0, 5 * 784);
      const labels = train.labels.subarray(0, 5);
      assert.deepEqual(await team.trainBatch(x, labels, 2), session.trainBatch(x, labels, 2));
      assert.deepEqual(await team.evaluate(), session.evaluate());
      assert.deepEqual(await team.evaluate('train'), session.evaluate('train'));
      assert.deepEqual(await team.evaluateOn(x, labels), session.evaluateOn(x, labels));
      assert.deepEqual(await team.predict(x), session.predict(x));
      assert.deepEqual(await team.activations(x), session.activations(x));
      assert.deepEqual(team.layers(), session.layers());
      assert.equal(team.parameterCount, session.parameterCount);
      assert.deepEqual(await team.getWeights(), session.getWeights());
    });

    test('clipping by norms, penalties and an observation mean the same to a team', async () => {
      const spec = {
        ...SPEC,
        optimizer: { type: 'sgd', learning_rate: 0.05, momentum: 0.9, global_clipnorm: 0.5 },
        schedule: { type: 'warmup', steps: 5, then: { type: 'cosine', decay_steps: 20 } },
        regularizers: [{ type: 'l2', l2: 0.001 }],
        constraints: [{ max_value: 1, parameters: ['dense/kernel'] }],
        reduce_on_plateau: { patience: 1, factor: 0.5 },
        early_stopping: { patience: 2, restore_best_weights: true },
      };
      const session = digitSession(4, spec);
      const shares = [1, 2, 4].map((workers) => digitTeam({ workers, shards: 4, shared }, spec));
      const runs = [session, ...(await Promise.all(shares))];
      const answers = [];
      for (const run of runs) {
        const told = [await run.runSteps(6)];
        for (const loss of [1, 2, 3]) {
          told.push(await run.observe({ loss, accuracy: 0.5 }));
          told.push(await run.runSteps(2));
        }
        answers.push({ told, weights: await run.getWeights() });
      }
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
      const [, first, , second, , third] = answers[0].told;
      assert.deepEqual([first.improved, second.improved, third.stop], [true, false, true]);
      assert.ok(second.learning_rate < first.learning_rate);
    });

    test('weights that are set are those of every worker', async () => {
      const weights = engine.createSession(SPEC, 9).getWeights();
      const session = digitSession(2);
      const team = await digitTeam({ workers: 2, shards: 2, shared });
      for (const run of [session, team]) {
        await run.setWeights(weights);
        await run.runSteps(3);
      }
      assert.deepEqual(await team.getWeights(), session.getWeights());
    });

    test('an interrupted run ends after its present step and says how far it came', async () => {
      for (const workers of [1, 2]) {
        const team = await digitTeam({ workers, shared });
        const running = team.runSteps(1_000_000);
        setTimeout(() => team.interrupt(), 100);
        const { step, samples } = await running;
        assert.ok(step > 0 && step < 100_000, `${step} steps`);
        // The next run is whole again.
        assert.equal((await team.runSteps(2)).step, step + 2);
        assert.ok(samples > 0);
      }
    });

    test('what is asked during a run is answered after it', async () => {
      const team = await digitTeam({ workers: 2, shared });
      const x = train.x.subarray(0, 784);
      const [, early] = await Promise.all([team.runSteps(20), team.predict(x)]);
      assert.deepEqual(early, await team.predict(x));
    });

    test('a thread that ends in the middle of a run is an error, and the last whole step stays', async () => {
      const { threads, spawn } = ownThreads();
      const team = await digitTeam({ workers: 2, shared, spawn });
      const session = digitSession(4);
      // However laden the machine, some steps are done before the thread ends.
      await team.runSteps(2);
      const running = team.runSteps(1_000_000);
      setTimeout(() => threads[0].terminate(), 100);
      await assert.rejects(running, (error) => {
        assert.ok(error instanceof DanluError);
        assert.deepEqual([error.code, error.fields.worker], ['worker_lost', 0]);
        return true;
      });
      await assert.rejects(team.runSteps(1), { code: 'worker_lost' });
      await assert.rejects(team.setWeights(session.getWeights()), { code: 'worker_lost' });
      // The other worker answers, with the weights of some whole step of that run.
      const weights = await team.getWeights();
      assert.equal((await team.predict(train.x.subarray(0, 784))).length, 10);
      const wanted = Buffer.from(weights);
      let steps = 0;
      while (!wanted.equals(session.getWeights()) && steps++ < 3000) session.runSteps(1);
      assert.ok(steps >= 2 && steps < 3000, `no whole step has these weights (${steps} were tried)`);
      // Another team goes on from there.
      const next = await digitTeam({ workers: 2, shared });
      await next.setWeights(weights);
      assert.equal((await next.runSteps(3)).step, 3);
    });

    test('a panic in a worker comes out as engine_panic', async () => {
      const { threads, spawn } = ownThreads();
      const team = await digitTeam({ workers: 2, shared, spawn }, SMALL);
      threads[1].postMessage({ id: -1, call: 'panic', args: [{ message: 'the furnace cracked' }] });
      await assert.rejects(team.runSteps(5), { code: 'engine_panic', message: /the furnace cracked/ });
      assert.ok((await team.getWeights()).length > 0);
    });

    test('a worker that falls silent is given up after a while', async () => {
      const { threads, spawn } = ownThreads();
      const team = await digitTeam({ workers: 2, shared, spawn, patience_ms: 1500 }, SMALL);
      // Its ears are taken off: it never begins the run.
      threads[1].postMessage = () => {};
      await assert.rejects(team.runSteps(5), { code: 'worker_lost', message: /worker 1 .* silent/ });
    });

    test('a mistake of the caller is refused by every worker and ends nothing', async () => {
      const team = await digitTeam({ workers: 2, shared }, SMALL);
      const mistakes = [
        [() => team.runSteps(0), 'invalid_argument'],
        [() => team.setData('train', [1, 2], [1]), 'invalid_argument'],
        [() => team.setData('train', new Float32Array(3), [1]), 'length_mismatch'],
        [() => team.trainBatch(new Float32Array(784), [10]), 'label_out_of_range'],
        [() => team.setWeights(new Uint8Array(3)), 'malformed_file'],
        [() => team.predict(new Float32Array(3)), 'length_mismatch'],
        [() => team.evaluate('test'), 'invalid_argument'],
      ];
      for (const [action, code] of mistakes) await assert.rejects(async () => action(), { code });
      assert.equal((await team.runSteps(2)).step, 2);
    });

    test('a message carries the samples asked about, not the array that they are a part of', async () => {
      const { threads, spawn } = ownThreads();
      const team = await digitTeam({ workers: 2, shared, spawn }, SMALL);
      const sent = [];
      for (const thread of threads) {
        const post = thread.postMessage.bind(thread);
        thread.postMessage = (message, ...rest) => {
          for (const argument of message.args) sent.push(argument.x ?? argument);
          post(message, ...rest);
        };
      }
      const x = train.x.subarray(784, 3 * 784);
      const labels = train.labels.subarray(1, 3);
      await team.predict(x);
      await team.activations(x);
      await team.evaluateOn(x, labels);
      await team.trainBatch(x, labels);
      const carried = sent.filter((argument) => argument instanceof Float32Array).map(({ buffer }) => buffer.byteLength);
      assert.deepEqual(carried, Array(5).fill(x.byteLength), 'one message each, and two for training');
    });

    test('a team that was freed says so, and lets go of what runs', async () => {
      const team = await digitTeam({ workers: 2, shared });
      const running = team.runSteps(1_000_000);
      setTimeout(() => team.free(), 50);
      await assert.rejects(running, { code: 'session_freed' });
      await assert.rejects(team.predict(train.x.subarray(0, 784)), { code: 'session_freed' });
      await assert.rejects(team.runSteps(1), { code: 'session_freed' });
    });
  });
}

describe('joined by its caller', () => {
  const batch = (count) => [train.x.subarray(0, count * 784), train.labels.subarray(0, count)];

  test('a team answers as a session does, each call in its turn', async () => {
    const weights = engine.createSession(SPEC, 9).getWeights();
    const program = [
      (run) => run.trainBatch(...batch(5), 2),
      (run) => run.runSteps(3),
      (run) => run.setWeights(weights),
      (run) => run.trainBatch(...batch(32)),
      (run) => run.trainBatch(...batch(1)),
      (run) => run.getWeights(),
      (run) => run.evaluate(),
      (run) => run.setLearningRate(0.002),
      (run) => run.trainBatch(...batch(70), 3),
      (run) => run.checkpoint(),
      (run) => run.runSteps(2),
    ];
    const session = digitSession(4);
    const expected = program.map((ask) => ask(session));
    const later = session.runSteps(2);
    for (const workers of [1, 2, 4]) {
      const team = await digitTeam({ workers, shards: 4, joins: true });
      assert.deepEqual([team.workers, team.shared, team.joins], [workers, true, true]);
      // Nobody waits for an answer before the next is asked.
      assert.deepEqual(await Promise.all(program.map((ask) => ask(team))), expected, `${workers} workers`);
      // By now the others no longer stand by.
      await new Promise((awake) => setTimeout(awake, 400));
      assert.deepEqual(await team.runSteps(2), later);
    }
  });

  test('a mistake is refused and ends nothing', async () => {
    const team = await digitTeam({ workers: 2, joins: true }, SMALL);
    await assert.rejects(team.trainBatch(new Float32Array(784), [10]), { code: 'label_out_of_range' });
    await assert.rejects(team.trainBatch(new Float32Array(3), [1]), { code: 'length_mismatch' });
    await assert.rejects(async () => team.runSteps(0), { code: 'invalid_argument' });
    assert.equal((await team.trainBatch(...batch(8))).step, 1);
    team.free();
    await assert.rejects(team.runSteps(1), { code: 'session_freed' });
  });

  test('a worker that panics or falls silent is lost, and the caller has the weights', async () => {
    const faults = [
      [(thread) => thread.postMessage({ id: -1, call: 'panic', args: [{ message: 'cracked' }] }), /it ended/],
      [(thread) => (thread.postMessage = () => {}), /it is silent/],
    ];
    for (const [fault, message] of faults) {
      const { threads, spawn } = ownThreads();
      const team = await digitTeam({ workers: 2, joins: true, spawn, patience_ms: 1500 }, SMALL);
      const weights = await team.getWeights();
      fault(threads[0]);
      await assert.rejects(team.runSteps(5), { code: 'worker_lost', message });
      await assert.rejects(team.trainBatch(...batch(4)), { code: 'worker_lost' });
      assert.deepEqual(await team.getWeights(), weights);
    }
  });

  test('it needs shared memory', async () => {
    const refused = createTeam(SPEC, 1, { workers: 2, joins: true, shared: false });
    await assert.rejects(refused, (error) => error.code === 'invalid_argument' && error.fields.argument === 'joins');
  });
});

test('a spec that makes no network, or a team that makes no sense, is refused at once', async () => {
  const mistakes = [
    [{ ...SPEC, optimiser: {} }, 1, {}, 'unknown_field', 'field', 'optimiser'],
    [SPEC, -1, {}, 'invalid_argument', 'argument', 'seed'],
    [SPEC, 1, { workers: 0 }, 'invalid_argument', 'argument', 'workers'],
    [SPEC, 1, { workers: 65 }, 'invalid_argument', 'argument', 'workers'],
    [SPEC, 1, { shards: 1.5 }, 'invalid_argument', 'argument', 'shards'],
    [SPEC, 1, { variant: 'avx' }, 'invalid_argument', 'argument', 'variant'],
  ];
  for (const [spec, seed, options, code, field, value] of mistakes) {
    await assert.rejects(createTeam(spec, seed, { workers: 2, ...options }), (error) => {
      assert.deepEqual([error.code, error.fields[field]], [code, value]);
      return true;
    });
  }
});

test('a worker that never starts is an error', async () => {
  const spawn = () => new Worker('throw new Error("no engine here")', { eval: true });
  await assert.rejects(createTeam(SPEC, 1, { workers: 2, spawn }), { code: 'worker_lost', message: /no engine here/ });
});

test('the default is as many workers as processors, four at most; more than shards are not begun', async () => {
  const team = await digitTeam({}, SMALL);
  assert.ok(team.workers >= 1 && team.workers <= 4);
  assert.deepEqual([team.shards, team.shared], [4, true]);
  assert.equal((await digitTeam({ workers: 3, shards: 2 }, SMALL)).workers, 2);
});
