// Schedules whose lengths follow from the run's, and the rate they give at each step.
import type { RunSpec, ScheduleSpec } from 'danlu';

/** Whole steps, at least one. */
const part = (steps: number, share: number) => Math.max(1, Math.round(steps * share));

/**
 * A schedule with every length written in. Lengths that are left out fit the run: a decay lasts as long as it does,
 * a warm-up a twentieth of it, steps fall by a tenth at a half and at three quarters, or twice at thirds; restarts come after 1, 2 and 4 sevenths.
 */
export function fitted(schedule: ScheduleSpec, steps: number): ScheduleSpec {
  switch (schedule.type) {
    case 'constant':
      return schedule;
    case 'step':
      return { ...schedule, every: schedule.every ?? part(steps, 1 / 3) };
    case 'piecewise': {
      const boundaries = schedule.boundaries ?? [part(steps, 0.5), part(steps, 0.75)];
      return { ...schedule, boundaries, factors: schedule.factors ?? Array.from({ length: boundaries.length + 1 }, (_, at) => 10 ** -at) };
    }
    case 'exponential':
      return { ...schedule, decay_steps: schedule.decay_steps ?? part(steps, 1), decay_rate: schedule.decay_rate ?? 0.01 };
    case 'inverse_time':
      return { ...schedule, decay_steps: schedule.decay_steps ?? part(steps, 1), decay_rate: schedule.decay_rate ?? 9 };
    case 'inverse_sqrt':
      return { ...schedule, warmup_steps: schedule.warmup_steps ?? part(steps, 0.05) };
    case 'polynomial':
    case 'cosine':
      return { ...schedule, decay_steps: schedule.decay_steps ?? part(steps, 1) };
    case 'warm_restarts':
      return { ...schedule, first_decay_steps: schedule.first_decay_steps ?? part(steps, 1 / 7) };
    case 'one_cycle':
      return { ...schedule, total_steps: schedule.total_steps ?? Math.max(2, steps) };
    case 'warmup': {
      const warmup = schedule.steps ?? part(steps, 0.05);
      const then = schedule.then;
      if (then === undefined) return { ...schedule, steps: warmup };
      return { ...schedule, steps: warmup, then: fitted(named(then), Math.max(1, steps - warmup)) };
    }
  }
}

export function named(schedule: ScheduleSpec | ScheduleSpec['type']): ScheduleSpec {
  return typeof schedule === 'string' ? ({ type: schedule } as ScheduleSpec) : schedule;
}

/** The engine's run of a strategy that lasts so many steps. */
export function fittedRun(run: RunSpec, steps: number): RunSpec {
  return run.schedule === undefined ? run : { ...run, schedule: fitted(named(run.schedule), steps) };
}
