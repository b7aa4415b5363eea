/** What every calculator is: named inputs, presets, and lines that follow from the inputs alone. */
export type Values = Record<string, number>;

export interface NumberInput {
  kind: 'number';
  /** Key of the label in strings/<lang>/calculator.json. */
  name: string;
  min: number;
  max: number;
  /** Whole numbers only, unless set. */
  fractional?: boolean;
  start: number;
}

export interface ChoiceInput {
  kind: 'choice';
  name: string;
  /** The value is the place in this list; the names are keys of strings. */
  options: string[];
  start: number;
}

export type Input = NumberInput | ChoiceInput;

export interface Line {
  /** Key of the label. */
  name: string;
  value: number;
  unit: 'bytes' | 'count' | 'flops' | 'days' | 'percent' | 'times';
  /** The line that the rest adds up to, or the answer. */
  strong?: boolean;
  /** Whether the answer is a good one; said in words beside it. */
  verdict?: 'fits' | 'too-large';
}

export interface Calculator {
  id: string;
  inputs: Input[];
  /** A real model by its published sizes; only inputs that it fixes. */
  presets: { name: string; values: Values }[];
  compute(values: Values): Line[];
}

/** What is wrong with an input, or null. */
export function refusal(input: Input, value: number): 'number' | 'whole' | 'range' | null {
  if (!Number.isFinite(value)) return 'number';
  if (input.kind === 'choice') return Number.isInteger(value) && value >= 0 && value < input.options.length ? null : 'range';
  if (!input.fractional && !Number.isInteger(value)) return 'whole';
  return value < input.min || value > input.max ? 'range' : null;
}

export function startValues({ inputs }: Calculator): Values {
  return Object.fromEntries(inputs.map(({ name, start }) => [name, start]));
}
