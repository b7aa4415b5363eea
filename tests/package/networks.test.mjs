// Networks that are no chain, frozen layers, the summary, and runs that are written down and taken up
// again: by a session, and by a team with shared memory and by messages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { load, supported } from '../../pkg-config/pkg/index.js';
import { createTeam } from '../../pkg-config/pkg/team.js';

/** Two inputs, a branch that meets its trunk again, and everything that a run remembers. */
const SPEC = {
  model: {
    inputs: [
      { name: 'image', shape: [6, 6, 2] },
      { name: 'about', shape: [3] },
    ],
    nodes: [
      { type: 'conv2d', filters: 4, kernel: [3, 3], padding: 'same', use_bias: false, name: 'stem', inputs: ['image'] },
      { type: 'batch_normalization', name: 'norm', inputs: ['stem'] },
      { type: 'relu', name: 'trunk', inputs: ['norm'] },
      { type: 'conv2d', filters: 4, kernel: [3, 3], padding: 'same', name: 'branch', inputs: ['trunk'] },
      { type: 'add', name: 'meet', inputs: ['trunk', 'branch'] },
      { type: 'global_avg_pool2d', name: 'pool', inputs: ['meet'] },
      { type: 'concatenate', name: 'both', inputs: ['pool', 'about'] },
      { type: 'dropout', rate: 0.2, name: 'drop', inputs: ['both'] },
      { type: 'dense', units: 3, activation: 'softmax', name: 'head', inputs: ['drop'] },
    ],
    output: 'head',
  },
  optimizer: { type: 'adam', learning_rate: 0.02, gradient_accumulation_steps: 2 },
  schedule: { type: 'exponential', decay_steps: 5, decay_rate: 0.97 },
  early_stopping: { patience: 3, restore_best_weights: true },
  batch_size: 12,
};
const SIZE = 6 * 6 * 2 + 3;
const SAMPLES = 40;

const x = Float32Array.from({ length: SAMPLES * SIZE }, (_, at) => {
  const [sample, place] = [Math.floor(at / SIZE), at % SIZE];
  return (((at * 7919) % 128) + (place % 3 === sample % 3 ? 128 : 0)) / 256;
});
const labels = Uint32Array.from({ length: SAMPLES }, (_, sample) => sample % 3);

/** A mistake of this code, one of whose fields has this value. */
const refused = (code, value) => (error) => {
  assert.deepEqual([error.code, Object.values(error.fields).includes(value)], [code, true], error.message);
  return true;
};

/** The weights by name, each as its bytes in hexadecimal. */
function weightsOf(bytes) {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  delete header.__metadata__;
  const slice = ([from, to]) => Buffer.from(bytes.subarray(8 + length + from, 8 + length + to)).toString('hex');
  return Object.fromEntries(Object.entries(header).map(([name, { data_offsets }]) => [name, slice(data_offsets)]));
}

for (const variant of supported()) {
  describe(variant, () => {
    let engine;
    before(async () => (engine = await load({ variant })));

    function session(seed = 1, shards = 1) {
      const made = engine.createSession(SPEC, seed, { shards });
      made.setData('train', x, labels);
      return made;
    }

    test('a graph of several inputs learns, and tells what takes what', () => {
      const run = session();
      const before = run.evaluate('train').loss;
      run.runSteps(300);
      const after = run.evaluate('train');
      assert.ok(after.loss < before / 2, `loss ${before} → ${after.loss}`);
      assert.equal(run.predict(x.subarray(0, 2 * SIZE)).length, 6);
      const layers = Object.fromEntries(run.layers().map((layer) => [layer.name, layer]));
      assert.deepEqual(layers.meet.connectedTo.toSorted(), ['branch', 'trunk']);
      assert.deepEqual(layers.both.outputShape, [7]);
      // 3·3·2·4; scale, shift, mean and variance; 3·3·4·4 + 4; 7·3 + 3.
      const counts = ['stem', 'norm', 'branch', 'head'].map((name) => layers[name].parameters);
      assert.deepEqual(counts, [72, 16, 148, 24]);
      assert.equal(run.parameterCount, 260);
      // The moving means are no business of the gradients.
      assert.equal(layers.norm.trainableParameters, 8);
    });

    test('the summary shows each layer, its parameters and what it takes', () => {
      const lines = session().summary().split('\n');
      const row = (name) => lines.find((line) => line.startsWith(`${name} (`)).split(/ {2,}/).map((cell) => cell.trim());
      assert.deepEqual(row('image'), ['image (input)', '(None, 6, 6, 2)', '0']);
      assert.deepEqual(row('branch'), ['branch (conv2d)', '(None, 6, 6, 4)', '148', 'trunk']);
      assert.deepEqual(row('both'), ['both (concatenate)', '(None, 7)', '0', 'pool, about']);
      assert.deepEqual(lines.filter((line) => line.includes('params:')), [
        'Total params: 260 (1.02 KB)',
        'Trainable params: 252 (1008.00 B)',
        'Non-trainable params: 8 (32.00 B)',
      ]);
    });

    test('a frozen layer stays to the byte while the others learn, and learns again when it is freed', () => {
      const run = session();
      for (const layer of ['stem', 'norm']) run.setTrainable(layer, false);
      const learns = () => run.layers().filter(({ trainableParameters }) => trainableParameters > 0).map(({ name }) => name);
      assert.deepEqual(learns(), ['branch', 'head']);
      const changed = (steps) => {
        const earlier = weightsOf(run.getWeights());
        run.runSteps(steps);
        const later = weightsOf(run.getWeights());
        return Object.keys(later).filter((name) => later[name] !== earlier[name]).toSorted();
      };
      const others = ['branch/bias', 'branch/kernel', 'head/bias', 'head/kernel'];
      assert.deepEqual(changed(6), others);
      run.setTrainable('stem', true);
      assert.deepEqual(changed(6), [...others, 'stem/kernel']);
      assert.throws(() => run.setTrainable('root', true), refused('unknown_name', 'root'));
    });

    test('a run that is written down goes on to the bit, whatever the seed of the one that takes it up', () => {
      const whole = session();
      whole.runSteps(7);
      whole.observe(whole.evaluate('train'));
      whole.setTrainable('branch', false);
      const file = whole.checkpoint();
      const told = whole.runSteps(9);
      const resumed = session(99);
      resumed.runSteps(2);
      resumed.restore(file);
      assert.deepEqual(resumed.checkpoint(), file);
      assert.deepEqual(resumed.runSteps(9), told);
      assert.deepEqual(resumed.checkpoint(), whole.checkpoint());
      // It holds the weights too; weights alone are no run.
      const fresh = session(5);
      fresh.setWeights(file);
      assert.throws(() => fresh.restore(fresh.getWeights()), { code: 'malformed_file' });
      assert.throws(() => fresh.restore('file'), { code: 'invalid_argument' });
      assert.throws(() => fresh.restore(file.subarray(0, 100)), { code: 'malformed_file' });
    });

    test('a node that waits for itself, or that nobody takes, is refused by name', () => {
      const changed = (change) => ({ model: { ...SPEC.model, nodes: change(SPEC.model.nodes) } });
      const circle = changed((nodes) => nodes.map((node) => (node.name === 'branch' ? { ...node, inputs: ['meet'] } : node)));
      assert.throws(() => engine.createSession(circle, 1), { code: 'graph_cycle' });
      const idle = changed((nodes) => [...nodes, { type: 'flatten', name: 'idle', inputs: ['image'] }]);
      assert.throws(() => engine.createSession(idle, 1), refused('unused_node', 'idle'));
      const twice = changed((nodes) => nodes.map((node) => (node.name === 'drop' ? { ...node, name: 'pool' } : node)));
      assert.throws(() => engine.createSession(twice, 1), refused('duplicate_name', 'pool'));
    });
  });
}

for (const shared of [true, false]) {
  describe(shared ? 'a team by shared memory' : 'a team by messages', () => {
    const teams = [];
    after(() => teams.forEach((team) => team.free()));

    async function teamOf(workers, seed = 1) {
      const team = await createTeam(SPEC, seed, { variant: 'simd', workers, shards: 4, shared });
      teams.push(team);
      await team.setData('train', x, labels);
      return team;
    }

    test('writes the checkpoint of a session, and goes on from it with any number of workers', async () => {
      const engine = await load({ variant: 'simd' });
      const alone = engine.createSession(SPEC, 1, { shards: 4 });
      alone.setData('train', x, labels);
      alone.runSteps(7);
      alone.setTrainable('branch', false);
      const file = alone.checkpoint();
      const told = alone.runSteps(9);
      for (const [workers, others] of [[2, 4], [4, 1], [1, 2]]) {
        const team = await teamOf(workers);
        await team.runSteps(7);
        await team.setTrainable('branch', false);
        // What follows at once doesn't come between the parts.
        const [written] = await Promise.all([team.checkpoint(), team.runSteps(3)]);
        assert.deepEqual(written, file, `${workers} workers`);
        const next = await teamOf(others, 99);
        await next.restore(file);
        const branch = next.layers().find(({ name }) => name === 'branch');
        assert.deepEqual([branch.trainable, branch.trainableParameters], [false, 0]);
        assert.deepEqual(await next.runSteps(9), told, `${others} workers`);
        assert.deepEqual(await next.checkpoint(), alone.checkpoint(), `${others} workers`);
        assert.equal(await next.summary(), alone.summary());
      }
    });

    test('refuses a file that is no run and trains on', async () => {
      const team = await teamOf(2);
      const before = await team.checkpoint();
      await assert.rejects(team.restore(await team.getWeights()), { code: 'malformed_file' });
      await assert.rejects(team.setTrainable('root', false), { code: 'unknown_name' });
      assert.deepEqual(await team.checkpoint(), before);
      assert.equal((await team.runSteps(2)).step, 2);
    });
  });
}
