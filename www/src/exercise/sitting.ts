/** An exercise within a mock interview: it has a draft of its own and no solution, and somebody takes notes. */
import type { Attempt } from './attempts.ts';

export interface Sitting {
  /** The name under which the draft is kept. */
  draft: string;
  hints: number;
  /** Causes named so far, for a case of the clinic. */
  named: number[];
  passed: boolean;
  /** Time is up: nothing more is judged. */
  over: boolean;
  onhint: (opened: number) => void;
  /** Returns the causes named so far. */
  onname: (cause: number) => number[];
  onsubmitted: (attempt: Attempt) => void;
}
