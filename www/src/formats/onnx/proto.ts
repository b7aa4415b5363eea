// ONNX's messages (onnx.proto, the part that networks need) as plain objects, over protobuf's wire format.
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { malformed } from '../failure.ts';

export interface ModelProto {
  ir_version: number;
  producer_name: string;
  graph: GraphProto | undefined;
  opset_import: { domain: string; version: number }[];
}

export interface GraphProto {
  name: string;
  node: NodeProto[];
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
}

export interface NodeProto {
  name: string;
  op_type: string;
  domain: string;
  input: string[];
  output: string[];
  attribute: AttributeProto[];
}

export interface AttributeProto {
  name: string;
  type: number;
  f: number;
  i: number;
  s: Uint8Array;
  t: TensorProto | undefined;
  ints: number[];
}

export interface TensorProto {
  name: string;
  dims: number[];
  data_type: number;
  raw_data: Uint8Array;
  float_data: number[];
  int32_data: number[];
  int64_data: number[];
  double_data: number[];
  /** 1: the numbers stand in another file. */
  data_location: number;
}

export interface ValueInfoProto {
  name: string;
  type: { tensor_type: { elem_type: number; shape: { dim: { dim_value: number; dim_param: string }[] } | undefined } | undefined } | undefined;
}

/** TensorProto.DataType and AttributeProto.AttributeType, as far as they are used here. */
export const dataTypes = { float: 1, int32: 6, int64: 7, bool: 9, float16: 10, double: 11 } as const;
export const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, ints: 7 } as const;

type Scalar = 'string' | 'bytes' | 'int64' | 'int32' | 'float' | 'double';
/** Number of the field, what it holds, and whether it holds many. */
type Field = [number: number, type: Scalar | keyof typeof messages, repeated?: true];

const messages = {
  Model: { ir_version: [1, 'int64'], producer_name: [2, 'string'], graph: [7, 'Graph'], opset_import: [8, 'OperatorSet', true] },
  OperatorSet: { domain: [1, 'string'], version: [2, 'int64'] },
  Graph: {
    node: [1, 'Node', true], name: [2, 'string'], initializer: [5, 'Tensor', true], input: [11, 'ValueInfo', true], output: [12, 'ValueInfo', true],
  },
  Node: {
    input: [1, 'string', true], output: [2, 'string', true], name: [3, 'string'], op_type: [4, 'string'], attribute: [5, 'Attribute', true], domain: [7, 'string'],
  },
  Attribute: { name: [1, 'string'], f: [2, 'float'], i: [3, 'int64'], s: [4, 'bytes'], t: [5, 'Tensor'], ints: [8, 'int64', true], type: [20, 'int32'] },
  Tensor: {
    dims: [1, 'int64', true], data_type: [2, 'int32'], float_data: [4, 'float', true], int32_data: [5, 'int32', true], int64_data: [7, 'int64', true],
    name: [8, 'string'], raw_data: [9, 'bytes'], double_data: [10, 'double', true], data_location: [14, 'int32'],
  },
  ValueInfo: { name: [1, 'string'], type: [2, 'Type'] },
  Type: { tensor_type: [1, 'TensorType'] },
  TensorType: { elem_type: [1, 'int32'], shape: [2, 'Shape'] },
  Shape: { dim: [1, 'Dimension', true] },
  Dimension: { dim_value: [1, 'int64'], dim_param: [2, 'string'] },
} as const;

type Message = keyof typeof messages;
type Plain = Record<string, unknown>;
const fieldsOf = (message: Message) => Object.entries(messages[message]) as unknown as [string, Field][];

const wireTypes: Record<Scalar, WireType> = {
  string: WireType.LengthDelimited,
  bytes: WireType.LengthDelimited,
  int64: WireType.Varint,
  int32: WireType.Varint,
  float: WireType.Bit32,
  double: WireType.Bit64,
};

const isScalar = (type: string): type is Scalar => type in wireTypes;

function write(writer: BinaryWriter, message: Message, value: Plain) {
  for (const [name, [number, type, repeated]] of fieldsOf(message)) {
    const held = value[name];
    if (held === undefined) continue;
    const many = (repeated ? held : [held]) as unknown[];
    if (!isScalar(type)) {
      for (const one of many) {
        writer.tag(number, WireType.LengthDelimited).fork();
        write(writer, type, one as Plain);
        writer.join();
      }
    } else if (repeated && type !== 'string' && many.length > 0) {
      writer.tag(number, WireType.LengthDelimited).fork();
      for (const one of many) writer[type](one as never);
      writer.join();
    } else {
      for (const one of many) writer.tag(number, wireTypes[type])[type](one as never);
    }
  }
}

/** Fields that are left out are not written. */
export function encodeModel(model: DeepPartial<ModelProto>): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  write(writer, 'Model', model as Plain);
  return writer.finish();
}

export type DeepPartial<T> = T extends Uint8Array ? T : T extends (infer E)[] ? DeepPartial<E>[] : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;

const empty: Record<Scalar, unknown> = { string: '', bytes: new Uint8Array(0), int64: 0, int32: 0, float: 0, double: 0 };

/** Reads a message of `bytes`, which lie at `base` in the file. */
function read(bytes: Uint8Array, message: Message, base: number, file: string): Plain {
  const fields = fieldsOf(message);
  const value: Plain = Object.fromEntries(fields.map(([name, [, type, repeated]]) => [name, repeated ? [] : isScalar(type) ? empty[type] : undefined]));
  const reader = new BinaryReader(bytes);
  let at = 0;
  try {
    while (reader.pos < reader.len) {
      at = reader.pos;
      const [number, wire] = reader.tag();
      const field = fields.find(([, [known]]) => known === number);
      if (!field) {
        reader.skip(wire, number);
        continue;
      }
      const [name, [, type, repeated]] = field;
      const put = (one: unknown) => (repeated ? (value[name] as unknown[]).push(one) : (value[name] = one));
      const scalar = isScalar(type);
      const packed = repeated && scalar && wireTypes[type] !== WireType.LengthDelimited && wire === WireType.LengthDelimited;
      if (!packed && wire !== (scalar ? wireTypes[type] : WireType.LengthDelimited)) {
        throw malformed(file, base + at, `${message}.${name}: ${type}`, `wire type ${wire}`);
      }
      if (packed) {
        const end = reader.uint32() + reader.pos;
        if (end > reader.len) throw malformed(file, base + at, `${message}.${name} within ${reader.len} bytes`, `${end} bytes`);
        while (reader.pos < end) put(numbered(reader[type]()));
      } else if (scalar) put(numbered(reader[type]()));
      else {
        const inner = reader.bytes();
        put(read(inner, type, base + reader.pos - inner.length, file));
      }
    }
  } catch (error) {
    // What protobuf's reader says is about bytes; ours says which.
    if (error instanceof Error && error.name !== 'FormatFailure') throw malformed(file, base + at, `ONNX ${message}`, error.message);
    throw error;
  }
  return value;
}

/** Whole numbers of 64 bits come as bigint. */
const numbered = (value: unknown) => (typeof value === 'bigint' ? Number(value) : value);

export const decodeModel = (bytes: Uint8Array, file: string): ModelProto => read(bytes, 'Model', 0, file) as unknown as ModelProto;
