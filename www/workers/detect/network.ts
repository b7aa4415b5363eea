// The detector: a convolutional network whose every cell of 8 × 8 pixels says whether a digit's centre is near, which
// digit, and its box (one stage, no anchors, as in Redmon et al. 2016, "You Only Look Once", and Tian et al. 2019, "FCOS").
import type { RunSpec } from 'danlu';
import type { Box } from './boxes.ts';
import type { Scored } from './nms.ts';
import { side } from './scenes.ts';

export const stride = 8;
export const grid = side / stride;
export const cells = grid * grid;
export const classes = 10;
/** Of a cell's numbers: objectness, centre (x, y), sides (log width, log height), then the classes. */
export const channels = 5 + classes;
/** A box's side where its number is 0. */
export const usualSide = [16, 26] as const;
export const batch = 4;
export const width = 12;
export const learning_rate = 0.01;

/** `steps`: how long its learning rate's one cycle is. */
export function specOf(steps: number): RunSpec {
  const conv = (filters: number, stride: number) => ({ type: 'conv2d' as const, filters, kernel: [3, 3] as [number, number], stride: [stride, stride] as [number, number], padding: 'same' as const, activation: 'relu' as const, init: 'he_normal' as const });
  return {
    model: {
      input: [side, side, 1],
      layers: [
        conv(width, 2), conv(2 * width, 2), conv(4 * width, 2), conv(4 * width, 1), conv(4 * width, 1),
        { type: 'conv2d', filters: channels, kernel: [1, 1], init: { type: 'normal', stddev: 0.01 } },
      ],
    },
    // What the loss of loss.ts asks of the outputs is handed over as targets of this one.
    loss: 'mean_squared_error',
    optimizer: { type: 'adam', learning_rate, global_clipnorm: 10 },
    schedule: { type: 'one_cycle', total_steps: Math.max(2, steps), rise: 0.15, cycle_momentum: false },
    batch_size: batch,
  };
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The box that a cell's numbers mean; `at` is where they begin in `answer`. */
export function boxAt(answer: ArrayLike<number>, at: number, cell: number): Box {
  const [column, row] = [cell % grid, Math.floor(cell / grid)];
  const x = (column + 0.5 + answer[at + 1]!) * stride;
  const y = (row + 0.5 + answer[at + 2]!) * stride;
  const [w, h] = sidesAt(answer, at);
  return [x - w / 2, y - h / 2, x + w / 2, y + h / 2];
}

/** Held to a factor of e² either way, so that no side overflows. */
export function sidesAt(answer: ArrayLike<number>, at: number): [w: number, h: number] {
  const held = (x: number) => Math.exp(Math.max(-2, Math.min(2, x)));
  return [usualSide[0] * held(answer[at + 3]!), usualSide[1] * held(answer[at + 4]!)];
}

export interface Proposal extends Scored {
  cell: number;
}

/** What the cells of one scene propose: the likeliest class, its probability times the objectness as the score. */
export function decode(answer: ArrayLike<number>, least: number, first = 0): Proposal[] {
  const found: Proposal[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const at = first + cell * channels;
    const objectness = sigmoid(answer[at]!);
    if (objectness < least) continue;
    let [label, sum] = [0, 0];
    for (let other = 1; other < classes; other += 1) if (answer[at + 5 + other]! > answer[at + 5 + label]!) label = other;
    for (let other = 0; other < classes; other += 1) sum += Math.exp(answer[at + 5 + other]! - answer[at + 5 + label]!);
    const score = objectness / sum;
    if (score >= least) found.push({ cell, label, score, box: boxAt(answer, at, cell) });
  }
  return found;
}
