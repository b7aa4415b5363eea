// A spec in the page's address: `spec=1.<packed>`. The number is the version of what is packed.
import { pack, unpack } from '../state/share.ts';
import type { LabSpec } from './spec.ts';

const version = 1;

/** Why an address or a file is no spec, as a sentence of strings/lab.json and what stands in it. */
export interface Problem {
  key: 'lab.address-broken' | 'lab.address-version' | 'lab.address-field' | 'lab.address-missing';
  fields: Record<string, string>;
}

export type Reading = { spec: LabSpec; problem?: undefined } | { spec?: undefined; problem: Problem };

export async function writeAddress(spec: LabSpec): Promise<string> {
  return `${version}.${await pack(JSON.stringify(spec))}`;
}

export async function readAddress(text: string): Promise<Reading> {
  const mark = text.indexOf('.');
  const got = text.slice(0, Math.max(0, mark));
  if (!/^\d+$/.test(got)) return { problem: { key: 'lab.address-broken', fields: {} } };
  if (Number(got) !== version) return { problem: { key: 'lab.address-version', fields: { expected: String(version), got } } };
  const json = await unpack(text.slice(mark + 1));
  if (json === null) return { problem: { key: 'lab.address-broken', fields: {} } };
  return readSpec(json);
}

class Malformed extends Error {
  constructor(readonly problem: Problem) {
    super(problem.key);
  }
}

function wrong(place: string, expected: string, got: unknown): Malformed {
  const shown = JSON.stringify(got) ?? 'undefined';
  return new Malformed({ key: 'lab.address-field', fields: { place, expected, got: shown.length > 60 ? `${shown.slice(0, 60)}…` : shown } });
}

type Fields = Record<string, unknown>;

function object(place: string, value: unknown, allowed?: readonly string[]): Fields {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw wrong(place, '{…}', value);
  const strange = allowed && Object.keys(value).find((key) => !allowed.includes(key));
  if (strange !== undefined) throw wrong(place, allowed!.join(', '), strange);
  return value as Fields;
}

function whole(place: string, value: unknown, least: number, most: number): number {
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) throw wrong(place, `${least} … ${most}`, value);
  return value as number;
}

function text(place: string, value: unknown): string {
  if (typeof value !== 'string' || value === '' || value.length > 200) throw wrong(place, '"…"', value);
  return value;
}

function list(place: string, value: unknown, most: number): unknown[] {
  if (!Array.isArray(value) || value.length > most) throw wrong(place, `[…] (≤ ${most})`, value);
  return value;
}

function shape(place: string, value: unknown) {
  for (const size of list(place, value, 4)) whole(place, size, 1, 100_000);
}

/** Only what the page itself must hold; fields of layers and of the strategy are the engine's to judge. */
function model(value: unknown) {
  const fields = object('model', value);
  const graph = 'nodes' in fields;
  const layers = list(graph ? 'model.nodes' : 'model.layers', graph ? fields.nodes : fields.layers, 400);
  layers.forEach((layer, index) => {
    const place = `${graph ? 'model.nodes' : 'model.layers'}[${index}]`;
    const { type, inputs } = object(place, layer);
    text(`${place}.type`, type);
    if (graph) for (const input of list(`${place}.inputs`, inputs, 16)) text(`${place}.inputs`, input);
  });
  if (!graph) return shape('model.input', fields.input);
  for (const input of list('model.inputs', fields.inputs, 16)) {
    const { name, shape: sizes } = object('model.inputs', input);
    text('model.inputs.name', name);
    shape('model.inputs.shape', sizes);
  }
  text('model.output', fields.output);
}

/** A part of the strategy that is a name or an object with a `type`. */
function typed(place: string, value: unknown) {
  if (value === undefined || typeof value === 'string') return;
  text(`${place}.type`, object(place, value).type);
}

const strategyFields = [
  'epochs', 'batch_size', 'loss', 'optimizer', 'schedule', 'reduce_on_plateau', 'early_stopping', 'regularizers', 'constraints', 'augment',
] as const;

function strategy(value: unknown) {
  const fields = object('strategy', value, strategyFields);
  whole('strategy.epochs', fields.epochs, 1, 10_000);
  if (fields.batch_size !== undefined) whole('strategy.batch_size', fields.batch_size, 1, 100_000);
  for (const part of ['loss', 'optimizer', 'schedule'] as const) typed(`strategy.${part}`, fields[part]);
  for (const part of ['reduce_on_plateau', 'early_stopping', 'augment'] as const) {
    if (fields[part] !== undefined && fields[part] !== null) object(`strategy.${part}`, fields[part]);
  }
  for (const part of ['regularizers', 'constraints'] as const) if (fields[part] !== undefined) list(`strategy.${part}`, fields[part], 100);
}

function preparation(value: unknown) {
  const { heldOut, seed, scale, classes } = object('data.prepare', value, ['heldOut', 'seed', 'scale', 'classes']);
  if (heldOut !== 'own' && !(typeof heldOut === 'number' && heldOut > 0 && heldOut < 1)) throw wrong('data.prepare.heldOut', '"own", 0 … 1', heldOut);
  whole('data.prepare.seed', seed, 0, 2 ** 32 - 1);
  if (scale !== 'unit' && scale !== 'standard' && scale !== 'raw') throw wrong('data.prepare.scale', '"unit", "standard", "raw"', scale);
  if (classes !== undefined) for (const one of list('data.prepare.classes', classes, 1000)) whole('data.prepare.classes', one, 0, 999);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Malformed({ key: 'lab.address-broken', fields: {} });
  }
}

/** A model that a reader wrote as JSON. */
export function readModel(json: string): { model: LabSpec['model']; problem?: undefined } | { model?: undefined; problem: Problem } {
  try {
    const value = parsed(json);
    model(value);
    return { model: value as LabSpec['model'] };
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.problem };
    throw error;
  }
}

export function readSpec(json: string): Reading {
  try {
    const value = parsed(json);
    const names = ['data', 'model', 'strategy', 'seed', 'exact'] as const;
    const fields = object('spec', value, names);
    const missing = names.find((name) => fields[name] === undefined);
    if (missing) throw new Malformed({ key: 'lab.address-missing', fields: { field: missing } });
    const data = object('data', fields.data, ['name', 'hash', 'limit', 'prepare']);
    text('data.name', data.name);
    if (data.hash !== undefined) text('data.hash', data.hash);
    if (data.limit !== undefined) whole('data.limit', data.limit, 1, 10_000_000);
    if (data.prepare !== undefined) preparation(data.prepare);
    model(fields.model);
    strategy(fields.strategy);
    whole('seed', fields.seed, 0, 2 ** 32 - 1);
    if (typeof fields.exact !== 'boolean') throw wrong('exact', 'true, false', fields.exact);
    return { spec: fields as unknown as LabSpec };
  } catch (error) {
    if (error instanceof Malformed) return { problem: error.problem };
    throw error;
  }
}
