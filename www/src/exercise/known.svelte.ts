/** What the lists show of the reader's progress: solved, starred. */
import { keepStar, solvedExercises, starredExercises, type Solved } from './attempts.ts';

export class Known {
  solved = $state.raw(new Map<string, Solved>());
  starred = $state.raw(new Set<string>());
  /** The browser refuses its store: nothing is remembered; the list works all the same. */
  refused = $state(false);

  async read(): Promise<void> {
    try {
      [this.solved, this.starred] = await Promise.all([solvedExercises(), starredExercises()]);
    } catch {
      this.refused = true;
    }
  }

  async star(exercise: string, on: boolean): Promise<void> {
    const starred = new Set(this.starred);
    if (on) starred.add(exercise);
    else starred.delete(exercise);
    this.starred = starred;
    try {
      await keepStar({ exercise, on, at: Date.now() });
    } catch {
      this.refused = true;
    }
  }
}
