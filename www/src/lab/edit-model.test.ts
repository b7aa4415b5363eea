import { load, type Engine } from 'danlu';
import { beforeAll, expect, it } from 'vitest';
import { duplicate, insertAfter, layersOf, move, remove, removable, replaceLayer, rewire, sourcesOf, toGraph } from './edit-model.ts';
import { gistOf, kindOf, layerKinds, titleOf } from './layers.ts';
import { preset, presetNames } from './presets.ts';
import { isGraph, type Chain, type Graph } from './spec.ts';

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

const chain: Chain = { input: [28, 28, 1], layers: [{ type: 'flatten' }, { type: 'dense', units: 8 }, { type: 'dense', units: 10, activation: 'softmax' }] };

it('layers of a chain are added, copied, moved, changed and removed', () => {
  const types = (model: Chain | Graph) => layersOf(model).map(({ type }) => type);
  expect(types(insertAfter(chain, -1, { type: 'relu' }))).toEqual(['relu', 'flatten', 'dense', 'dense']);
  expect(layersOf(duplicate(chain, 1))[2]).toEqual({ type: 'dense', units: 8 });
  expect(types(move(chain, 0, 2))).toEqual(['dense', 'dense', 'flatten']);
  expect(move(chain, 0, 3)).toBe(chain);
  expect(types(remove(chain, 1))).toEqual(['flatten', 'dense']);
  expect(layersOf(replaceLayer(chain, 1, { type: 'dense', units: 9 }))[1]).toEqual({ type: 'dense', units: 9 });
});

it('a graph stays a network of the engine when nodes are added, copied and removed', () => {
  const graph = preset('resnet');
  expect(isGraph(graph)).toBe(true);
  for (let at = 0; at < layersOf(graph).length - 1; at += 1) {
    const more = insertAfter(graph, at, { type: 'relu' });
    expect(engine.describe({ model: more })).toHaveLength(layersOf(graph).length + 1);
    if (removable(graph, at)) expect(() => engine.describe({ model: remove(more, at + 1) })).not.toThrow();
  }
  expect(engine.describe({ model: duplicate(graph, 1) })).toHaveLength(layersOf(graph).length + 1);
  expect((remove(insertAfter(graph, -1, { type: 'relu' }), 0) as Graph).nodes.map(({ inputs }) => inputs)).toEqual((graph as Graph).nodes.map(({ inputs }) => inputs));
});

it('a chain becomes the same network as a graph, whose layers choose what they take', () => {
  const named: Chain = { ...chain, layers: [{ ...chain.layers[0]!, name: 'dense_2' }, ...chain.layers.slice(1)] };
  const graph = toGraph(named);
  expect(graph.nodes.map(({ name, inputs }) => `${name}<${inputs}`)).toEqual(['dense_2<input', 'dense_1<dense_2', 'dense_3<dense_1']);
  const shapes = (model: Chain | Graph) => engine.describe({ model }).map(({ outputShape, parameters }) => [outputShape, parameters]);
  expect(shapes(graph)).toEqual(shapes(named));
  expect(sourcesOf(graph, 2)).toEqual(['input', 'dense_2', 'dense_1']);
  const wide = insertAfter(graph, 1, { type: 'concatenate' }) as Graph;
  expect(wide.nodes[2]!.inputs).toEqual(['dense_1', 'dense_2']);
  expect(shapes(wide)[2]![0]).toEqual([792]);
  expect(() => engine.describe({ model: rewire(wide, 2, ['dense_1', 'dense_1']) })).not.toThrow();
  expect(() => engine.describe({ model: rewire(wide, 2, ['dense_1']) })).toThrow();
});

it('every field that the builder offers is one of the engine’s, and so is every layer', () => {
  for (const kind of layerKinds) {
    const fields = Object.fromEntries([...kind.fields.map(({ name }) => [name, null]), ['no_such_field', null]]);
    let expected = '';
    try {
      engine.describe({ model: { input: [8, 8, 4], layers: [{ ...fields, type: kind.type } as never] } });
    } catch (error) {
      expected = String((error as { fields: { expected?: string } }).fields.expected);
    }
    // The engine lists a layer's fields where it refuses one.
    for (const { name } of kind.fields) expect(expected.split(', '), kind.type).toContain(name);
    expect(kindOf(kind.type)).toBe(kind);
  }
});

it('a layer is told by what sets it apart', () => {
  expect(titleOf('multi_head_attention')).toBe('MultiHeadAttention');
  expect(titleOf('max_pool2d')).toBe('MaxPool2D');
  expect(gistOf({ type: 'conv2d', filters: 16, kernel: [3, 3], stride: [2, 2], padding: 'same', activation: 'relu' })).toBe('16 · 3×3 · /2 · same · relu');
  expect(presetNames.length).toBe(6);
});
