// What the builder does to a model: each gives a new one, none changes what it got.
import type { RunSpec } from 'danlu';
import { kindOf } from './layers.ts';
import { isGraph, type Chain, type Graph, type GraphNode, type Layer } from './spec.ts';

type Model = RunSpec['model'];

export function layersOf(model: Model): Layer[] {
  return isGraph(model) ? model.nodes : model.layers;
}

export function replaceLayer(model: Model, at: number, layer: Layer): Model {
  if (isGraph(model)) {
    const before = model.nodes[at]!;
    return { ...model, nodes: model.nodes.with(at, { ...layer, inputs: before.inputs } as GraphNode) };
  }
  return { ...model, layers: model.layers.with(at, layer) };
}

/** Behind the layer `at`; −1 is the front. In a graph, those that took its answer take the new one's. */
export function insertAfter(model: Model, at: number, layer: Layer): Model {
  if (!isGraph(model)) return { ...model, layers: model.layers.toSpliced(at + 1, 0, layer) };
  const source = model.nodes[at]?.name ?? model.inputs[0]!.name;
  const name = freeName(model, layer.type);
  // What joins branches takes, to begin with, the way around the layer it stands behind.
  const around = model.nodes[at]?.inputs[0] ?? source;
  const node = { ...layer, name, inputs: kindOf(layer.type)?.merges ? [source, around] : [source] } as GraphNode;
  const rewired = model.nodes.map((each) => ({ ...each, inputs: each.inputs.map((input) => (input === source ? name : input)) }));
  return { ...model, nodes: rewired.toSpliced(at + 1, 0, node), output: model.output === source ? name : model.output };
}

export function duplicate(model: Model, at: number): Model {
  const { name: _, ...copy } = structuredClone(layersOf(model)[at]!) as Layer & { inputs?: string[] };
  delete copy.inputs;
  return insertAfter(model, at, copy as Layer);
}

/** Whether a graph can do without it: what it took is then handed on. */
export function removable(model: Model, at: number): boolean {
  const layers = layersOf(model);
  return isGraph(model) ? layers.length > 1 && model.nodes[at]!.inputs.length === 1 : layers.length > 0;
}

export function remove(model: Model, at: number): Model {
  if (!isGraph(model)) return { ...model, layers: model.layers.toSpliced(at, 1) };
  const gone = model.nodes[at]!;
  const source = gone.inputs[0]!;
  const inputs = (each: GraphNode) => each.inputs.map((input) => (input === gone.name ? source : input));
  const nodes = model.nodes.toSpliced(at, 1).map((each) => ({ ...each, inputs: inputs(each) }));
  return { ...model, nodes, output: model.output === gone.name ? source : model.output };
}

/** Layers of a chain change places; a graph's order is its wiring. */
export function move(model: Model, from: number, to: number): Model {
  if (isGraph(model) || to < 0 || to >= model.layers.length) return model;
  const layer = model.layers[from]!;
  return { ...model, layers: model.layers.toSpliced(from, 1).toSpliced(to, 0, layer) };
}

/** Where a node's inputs may come from: the model's inputs and the nodes above it. */
export function sourcesOf(graph: Graph, at: number): string[] {
  return [...graph.inputs, ...graph.nodes.slice(0, at)].flatMap(({ name }) => name ?? []);
}

export function rewire(graph: Graph, at: number, inputs: string[]): Graph {
  return { ...graph, nodes: graph.nodes.with(at, { ...graph.nodes[at]!, inputs }) };
}

/** The same network, its layers named and each told what it takes. */
export function toGraph(chain: Chain): Graph {
  const nodes: GraphNode[] = [];
  let graph: Graph = { inputs: [{ name: 'input', shape: chain.input }], nodes, output: 'input' };
  const own = new Set(chain.layers.map(({ name }) => name));
  for (const layer of chain.layers) {
    const name = layer.name ?? freeName(graph, layer.type, own);
    graph = { ...graph, nodes: [...graph.nodes, { ...layer, name, inputs: [graph.output] } as GraphNode], output: name };
  }
  return graph;
}

function freeName(model: Model, type: string, also: Iterable<string | undefined> = []): string {
  const taken = new Set<string | undefined>([...also, ...layersOf(model).map((layer) => layer.name)]);
  for (let number = 1; ; number += 1) if (!taken.has(`${type}_${number}`)) return `${type}_${number}`;
}
