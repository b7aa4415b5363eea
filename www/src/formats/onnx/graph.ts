// An ONNX graph being written: nodes, constants, and names that are given once.
import { sizeOf, type Tensor } from '../safetensors.ts';
import { attributeTypes, dataTypes, encodeModel, type AttributeProto, type DeepPartial, type ModelProto, type TensorProto } from './proto.ts';

type Written = DeepPartial<NonNullable<ModelProto['graph']>>;
export type Attributes = Record<string, number | number[] | string | undefined>;

/** Attributes that are numbers with a point even where their value is whole. */
const floats = ['alpha', 'epsilon', 'momentum'];

export class GraphWriter {
  #nodes: NonNullable<Written['node']> = [];
  #constants = new Map<string, DeepPartial<TensorProto>>();
  #taken = new Set<string>();

  /** A name nobody has yet, this one if it is free. */
  name(wanted: string): string {
    let name = wanted;
    for (let count = 1; this.#taken.has(name); count += 1) name = `${wanted}_${count}`;
    this.#taken.add(name);
    return name;
  }

  /** Adds an operation and gives its output's name. */
  op(type: string, inputs: string[], attributes: Attributes = {}, wanted = type): string {
    const output = this.name(wanted);
    this.#nodes.push({ op_type: type, name: output, input: inputs, output: [output], attribute: Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [attributeOf(name, value)])) });
    return output;
  }

  weight(wanted: string, { shape, data }: Tensor): string {
    const name = this.name(wanted);
    const raw_data = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#constants.set(name, { name, dims: shape, data_type: dataTypes.float, raw_data });
    return name;
  }

  /** A number with a point, or one for each place. */
  number(wanted: string, value: number | number[], shape: number[] = []): string {
    return this.weight(wanted, { shape, data: Float32Array.from([value].flat()) });
  }

  /** Whole numbers: shapes, axes, pads. */
  whole(wanted: string, values: number[]): string {
    const name = this.name(wanted);
    const raw_data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#constants.set(name, { name, dims: [values.length], data_type: dataTypes.int64, raw_data });
    return name;
  }

  /** The whole file. The batch is free: its size is called N. */
  finish(name: string, opset: number, inputs: { name: string; shape: number[] }[], output: { name: string; shape: number[] }): Uint8Array<ArrayBuffer> {
    const info = (value: { name: string; shape: number[] }) => ({
      name: value.name,
      type: { tensor_type: { elem_type: dataTypes.float, shape: { dim: [{ dim_param: 'N' }, ...value.shape.map((dim_value) => ({ dim_value }))] } } },
    });
    return encodeModel({
      ir_version: 8,
      producer_name: 'danlu',
      graph: { name, node: this.#nodes, initializer: [...this.#constants.values()], input: inputs.map(info), output: [info(output)] },
      opset_import: [{ domain: '', version: opset }],
    });
  }
}

function attributeOf(name: string, value: number | number[] | string): DeepPartial<AttributeProto> {
  if (Array.isArray(value)) return { name, ints: value, type: attributeTypes.ints };
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: attributeTypes.string };
  return floats.includes(name) ? { name, f: value, type: attributeTypes.float } : { name, i: value, type: attributeTypes.int };
}

export const onesOf = (shape: number[], value = 1): Tensor => ({ shape, data: new Float32Array(sizeOf(shape)).fill(value) });
