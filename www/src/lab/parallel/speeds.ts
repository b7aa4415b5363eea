// How fast 1 to N workers are on this machine: blocks of steps by turns, each count against one worker in the same round.
import type { Crew } from './crew.ts';
import { median } from './times.ts';

export interface Speed {
  workers: number;
  samples_per_s: number;
  /** Against one worker of the same round, the median over the rounds. */
  speed_up: number;
}

const rounds = 3;
const block_ms = 700;

export async function measureSpeeds(crew: Pick<Crew, 'pace'>, most: number, batch: number, say: (speeds: Speed[], done: number, of: number) => void): Promise<void> {
  const counts = Array.from({ length: most }, (_, at) => at + 1);
  const of = rounds * most;
  // Everybody's first steps are slow: engines compile, caches fill.
  await crew.pace(most, 2);
  const steps = Math.max(2, Math.min(60, Math.round(block_ms / ((await crew.pace(1, 3)) / 3))));
  const took: number[][] = counts.map(() => []);
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    // There and back: what changes while it is measured favours nobody.
    for (const workers of round % 2 === 0 ? counts : [...counts].reverse()) {
      took[workers - 1]!.push((await crew.pace(workers, steps)) / steps);
      done += 1;
      say(speedsOf(took, batch), done, of);
    }
  }
}

/** `took[workers − 1][round]`: milliseconds a step. */
export function speedsOf(took: number[][], batch: number): Speed[] {
  return took.flatMap((times, at) => {
    const ratios = times.flatMap((ms, round) => (took[0]![round] === undefined ? [] : [took[0]![round]! / ms]));
    return ratios.length === 0 ? [] : [{ workers: at + 1, samples_per_s: (1000 * batch) / median(times), speed_up: median(ratios) }];
  });
}
