// An ONNX file as it is read: who makes which value, constants, attributes; errors name the node and what stands there.
import { malformed, unsupported } from '../failure.ts';
import { halfOf, sizeOf, type Tensor } from '../safetensors.ts';
import { dataTypes, decodeModel, type GraphProto, type NodeProto, type TensorProto } from './proto.ts';

/** A constant's numbers, with a point or whole. */
export interface Constant {
  shape: number[];
  values: ArrayLike<number>;
}

export class Source {
  readonly graph: GraphProto;
  readonly #makers = new Map<string, NodeProto>();
  readonly #uses = new Map<string, number>();
  readonly #initializers: Map<string, TensorProto>;

  constructor(
    readonly file: string,
    bytes: Uint8Array,
  ) {
    const { graph, opset_import } = decodeModel(bytes, file);
    if (!graph || graph.output.length === 0) throw malformed(file, 'graph', 'a graph with an output', graph ? '0 outputs' : 'no graph');
    this.graph = graph;
    const foreign = opset_import.find(({ domain }) => domain !== '' && domain !== 'ai.onnx');
    this.#initializers = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
    for (const node of graph.node) {
      if (node.domain !== '' && node.domain !== 'ai.onnx') throw unsupported(file, node.name || node.op_type, 'ai.onnx', foreign?.domain ?? node.domain);
      for (const output of node.output) if (output) this.#makers.set(output, node);
      for (const input of node.input) this.#uses.set(input, (this.#uses.get(input) ?? 0) + 1);
    }
    for (const { name } of graph.output) this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
  }

  maker(value: string): NodeProto | undefined {
    return this.#makers.get(value);
  }

  /** The node that makes a value, if it is of this type. */
  made(value: string | undefined, ...types: string[]): NodeProto | undefined {
    const node = value === undefined ? undefined : this.#makers.get(value);
    return node && types.includes(node.op_type) ? node : undefined;
  }

  users(value: string): NodeProto[] {
    return this.graph.node.filter((node) => node.input.includes(value));
  }

  place(node: NodeProto): string {
    return `${node.op_type} ${node.name || node.output[0]}`;
  }

  refuse(node: NodeProto, what: string, expected: string, got: unknown): never {
    throw unsupported(this.file, `${this.place(node)}, ${what}`, expected, typeof got === 'string' ? got : (JSON.stringify(got) ?? 'undefined'));
  }

  int(node: NodeProto, name: string, otherwise: number): number {
    return node.attribute.find((one) => one.name === name)?.i ?? otherwise;
  }

  float(node: NodeProto, name: string, otherwise: number): number {
    const value = node.attribute.find((one) => one.name === name)?.f;
    // A file has floats; 0.001 is meant where 0.0010000000474974513 stands.
    return value === undefined ? otherwise : Number(value.toPrecision(7));
  }

  ints(node: NodeProto, name: string): number[] | undefined {
    return node.attribute.find((one) => one.name === name)?.ints;
  }

  text(node: NodeProto, name: string, otherwise: string): string {
    const value = node.attribute.find((one) => one.name === name)?.s;
    return value === undefined ? otherwise : new TextDecoder().decode(value);
  }

  /** Errs unless an attribute is left out or has this value. */
  only(node: NodeProto, name: string, value: number) {
    const got = this.int(node, name, value);
    if (got !== value) this.refuse(node, name, String(value), String(got));
  }

  /** A value that doesn't depend on the inputs: an initialiser, a Constant, or one of them passed on. */
  constant(value: string | undefined): Constant | undefined {
    if (value === undefined || value === '') return undefined;
    const tensor = this.#initializers.get(value);
    if (tensor) return this.#read(tensor, value);
    const node = this.#makers.get(value);
    if (node?.op_type === 'Identity') return this.constant(node.input[0]);
    if (node?.op_type !== 'Constant') return undefined;
    const [attribute] = node.attribute;
    if (attribute?.t) return this.#read(attribute.t, value);
    if (attribute?.name === 'value_float') return { shape: [], values: [attribute.f] };
    if (attribute?.name === 'value_int') return { shape: [], values: [attribute.i] };
    if (attribute?.name === 'value_ints') return { shape: [attribute.ints.length], values: attribute.ints };
    return this.refuse(node, attribute?.name ?? 'value', 'value | value_float | value_int | value_ints', 'another');
  }

  /** A constant that must be there, as weights. */
  weight(node: NodeProto, at: number, what: string): Tensor {
    const constant = this.constant(node.input[at]);
    if (!constant) return this.refuse(node, what, 'a constant', node.input[at] ?? 'nothing');
    return { shape: constant.shape, data: Float32Array.from(constant.values) };
  }

  /** A constant of one number. */
  scalar(value: string | undefined): number | undefined {
    const constant = this.constant(value);
    return constant && constant.values.length === 1 ? constant.values[0] : undefined;
  }

  #read(tensor: TensorProto, name: string): Constant {
    const { dims: shape, data_type, raw_data: raw } = tensor;
    if (tensor.data_location === 1) throw unsupported(this.file, name, 'weights inside the file', 'external_data');
    const size = sizeOf(shape);
    const bytes = raw.slice();
    const view = new DataView(bytes.buffer);
    const kinds: Record<number, { size: number; values: () => ArrayLike<number>; typed: ArrayLike<number> }> = {
      [dataTypes.float]: { size: 4, values: () => new Float32Array(bytes.buffer), typed: tensor.float_data },
      [dataTypes.double]: { size: 8, values: () => new Float64Array(bytes.buffer), typed: tensor.double_data },
      [dataTypes.int64]: { size: 8, values: () => Array.from(new BigInt64Array(bytes.buffer), Number), typed: tensor.int64_data },
      [dataTypes.int32]: { size: 4, values: () => new Int32Array(bytes.buffer), typed: tensor.int32_data },
      [dataTypes.bool]: { size: 1, values: () => bytes, typed: tensor.int32_data },
      [dataTypes.float16]: { size: 2, values: () => Array.from({ length: size }, (_, at) => halfOf(view.getUint16(2 * at, true))), typed: Array.from(tensor.int32_data, halfOf) },
    };
    const kind = kinds[data_type];
    if (!kind) throw unsupported(this.file, name, `data_type ${Object.keys(kinds).join(' | ')}`, String(data_type));
    if (raw.length > 0 && raw.length !== size * kind.size) throw malformed(this.file, name, `${size * kind.size} bytes for [${shape.join(', ')}]`, `${raw.length} bytes`);
    const values = raw.length > 0 ? kind.values() : kind.typed;
    if (values.length !== size) throw malformed(this.file, name, `${size} numbers`, String(values.length));
    return { shape, values };
  }
}
