// Rotary positions of an attention, with the engine's defaults filled in.
import type { Rotary } from 'danlu';
import type { LayerOf } from './model.ts';

export interface RotaryOf {
  /** The settings that the layer gives, by the engine's names. */
  given: Rotary;
  /** By how much each pair of each step turns [steps][key / 2]. */
  angles(steps: number, key: number): number[][];
}

export function rotaryOf({ rotary }: LayerOf<'multi_head_attention'>): RotaryOf | undefined {
  if (!rotary) return undefined;
  const given = rotary === true ? {} : rotary;
  const { base = 10_000, scale = 1, start = 0 } = given;
  return { given, angles: (steps, key) => anglesOf({ base, scale, start }, steps, key) };
}

const anglesOf = ({ base, scale, start }: Required<Rotary>, steps: number, key: number) =>
  Array.from({ length: steps }, (_, step) => Array.from({ length: key / 2 }, (_, pair) => (start + step) * scale * base ** ((-2 * pair) / key)));

/** Sequences that a file brings begin at one of so many positions. */
const starts = 1 << 16;

/** The settings behind a table of cosines and sines [steps][key / 2], if there are any. */
export function settingsOf(cos: number[][], sin: number[][]): Required<Rotary> | undefined {
  const [steps, pairs] = [cos.length, cos[0]?.length ?? 0];
  if (pairs === 0) return undefined;
  const turn = (step: number, pair: number) => Math.atan2(sin[step]![pair]!, cos[step]![pair]!);
  const around = (angle: number) => angle - 2 * Math.PI * Math.floor(angle / (2 * Math.PI));
  const slope = (pair: number) => (steps > 1 ? around(turn(1, pair) - turn(0, pair)) : 1);
  // A table has floats; what was written has few digits.
  const scale = Number(slope(0).toPrecision(6));
  const base = pairs > 1 && steps > 1 ? Number(((slope(1) / slope(0)) ** -pairs).toPrecision(5)) : 10_000;
  const fits = (settings: Required<Rotary>, among: number) =>
    anglesOf(settings, among, 2 * pairs).every((row, step) =>
      row.every((angle, pair) => Math.hypot(Math.cos(angle) - cos[step]![pair]!, Math.sin(angle) - sin[step]![pair]!) < 1e-4),
    );
  for (let start = 0; start < starts; start += 1) {
    if (fits({ base, scale, start }, 1) && fits({ base, scale, start }, steps)) return { base, scale, start };
  }
  return undefined;
}
