// What the workers say of their time, kept for drawing and added up.
import { activities, type Activity, type Progress } from '../../../workers/parallel/protocol.ts';

export interface Segment {
  activity: Activity;
  from_ms: number;
  to_ms: number;
  step: number;
}

export interface Lane {
  name: string;
  /** Of the last steps, in their order. */
  segments: Segment[];
  gone: boolean;
  /** Milliseconds by activity since the run began. */
  spent_ms: Record<Activity, number>;
  steps: number;
  sent_bytes: number;
  received_bytes: number;
}

/** Steps whose segments are kept. */
const KEPT = 6;

export function newLane(name: string): Lane {
  return { name, segments: [], gone: false, spent_ms: { compute: 0, exchange: 0, wait: 0, update: 0 }, steps: 0, sent_bytes: 0, received_bytes: 0 };
}

export function segmentsOf({ segments }: Progress): Segment[] {
  return Array.from({ length: segments.length / 4 }, (_, at) => ({
    activity: activities[segments[4 * at]!]!,
    from_ms: segments[4 * at + 1]!,
    to_ms: segments[4 * at + 2]!,
    step: segments[4 * at + 3]!,
  }));
}

/** The lane after what its worker said. */
export function heard(lane: Lane, progress: Progress): Lane {
  const fresh = segmentsOf(progress);
  const spent_ms = { ...lane.spent_ms };
  for (const { activity, from_ms, to_ms } of fresh) spent_ms[activity] += to_ms - from_ms;
  return {
    ...lane,
    spent_ms,
    segments: [...lane.segments, ...fresh].filter(({ step }) => step > progress.step - KEPT),
    steps: lane.steps + progress.steps,
    sent_bytes: lane.sent_bytes + progress.sent_bytes,
    received_bytes: lane.received_bytes + progress.received_bytes,
  };
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Mean losses by step, of what the workers say of their shards. */
export class Losses {
  readonly #sums = new Map<number, { loss: number; samples: number }>();

  add({ scores }: Progress): void {
    for (let at = 0; at < scores.length; at += 4) {
      const sum = this.#sums.get(scores[at]!) ?? { loss: 0, samples: 0 };
      this.#sums.set(scores[at]!, { loss: sum.loss + scores[at + 1]!, samples: sum.samples + scores[at + 3]! });
    }
  }

  /** Steps up to this one, in order; each is given once. */
  take(until: number): { x: number[]; y: number[] } {
    const steps = [...this.#sums.keys()].filter((step) => step <= until).sort((a, b) => a - b);
    const y = steps.map((step) => this.#sums.get(step)!).map(({ loss, samples }) => loss / samples);
    for (const step of steps) this.#sums.delete(step);
    return { x: steps, y };
  }
}

/** The largest difference between two weights files of one model. */
export function farthest(a: Uint8Array, b: Uint8Array): number {
  const numbers = (file: Uint8Array) => {
    const header = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
    return new Float32Array(file.slice(8 + header).buffer);
  };
  const [left, right] = [numbers(a), numbers(b)];
  return left.reduce((most, value, at) => Math.max(most, Math.abs(value - right[at]!)), 0);
}
