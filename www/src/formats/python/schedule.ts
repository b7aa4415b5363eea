// A schedule of the learning rate as a Python function: a factor for each batch, counted from 0.
import type { OneCycleSpec, RunSpec, ScheduleSpec } from 'danlu';
import { indented, list, py } from './code.ts';

type Schedule = ScheduleSpec;

export function scheduleOf(spec: RunSpec['schedule']): Schedule {
  if (spec === undefined) return { type: 'constant' };
  return (typeof spec === 'string' ? { type: spec } : spec) as Schedule;
}

/** The schedule in force once warming up is over. */
function settled(schedule: Schedule): Schedule {
  return schedule.type === 'warmup' ? settled(scheduleOf(schedule.then)) : schedule;
}

/** Whether the momentum goes with the schedule, and by what. */
export function movesMomentum(schedule: Schedule): OneCycleSpec | undefined {
  const last = settled(schedule);
  return last.type === 'one_cycle' && (last.cycle_momentum ?? true) ? last : undefined;
}

const periods = (steps: number | undefined, staircase: boolean | undefined) => `step ${staircase ? '//' : '/'} ${steps ?? 1000}`;
const halfWave = (done: string) => `(1 + math.cos(math.pi * ${done})) / 2`;

/** Lines of a function of `step` that gives the factor. */
function body(schedule: Schedule): string[] {
  switch (schedule.type) {
    case 'constant':
      return ['return 1.0'];
    case 'step':
      return [`return ${py(schedule.factor ?? 0.1)} ** (step // ${schedule.every ?? 1000})`];
    case 'piecewise': {
      const { boundaries = [], factors = [1] } = schedule;
      return [`return ${list(factors)}[sum(end < step for end in ${list(boundaries)})]`];
    }
    case 'exponential':
      return [`return ${py(schedule.decay_rate ?? 0.96)} ** (${periods(schedule.decay_steps, schedule.staircase)})`];
    case 'inverse_time':
      return [`return 1 / (1 + ${py(schedule.decay_rate ?? 1)} * (${periods(schedule.decay_steps, schedule.staircase)}))`];
    case 'inverse_sqrt':
      return [`return min((step + 1) ** -0.5, (step + 1) * ${schedule.warmup_steps ?? 1000} ** -1.5)`];
    case 'polynomial': {
      const { decay_steps = 1000, end = 0, power = 1, cycle = false } = schedule;
      const whole = cycle ? `${decay_steps} * max(1, -(-step // ${decay_steps}))` : String(decay_steps);
      return [`whole = ${whole}`, `return (1 - ${py(end)}) * (1 - min(step, whole) / whole) ** ${py(power)} + ${py(end)}`];
    }
    case 'cosine': {
      const { decay_steps = 1000, alpha = 0, wave = false } = schedule;
      const at = wave ? 'step' : `min(step, ${decay_steps})`;
      return [`return (1 - ${py(alpha)}) * ${halfWave(`${at} / ${decay_steps}`)} + ${py(alpha)}`];
    }
    case 'warm_restarts': {
      const { first_decay_steps = 1000, t_mul = 2, m_mul = 1, alpha = 0 } = schedule;
      return [
        `period, length, left = 0, 1.0, step / ${first_decay_steps}`,
        'while left >= length:',
        `    period, length, left = period + 1, length * ${py(t_mul)}, left - length`,
        `return (1 - ${py(alpha)}) * ${py(m_mul)} ** period * ${halfWave('left / length')} + ${py(alpha)}`,
      ];
    }
    case 'one_cycle': {
      const { div_factor = 25, final_div_factor = 1e4, three_phase = false } = schedule;
      const lows = three_phase ? [1 / div_factor, 1 / (div_factor * final_div_factor)] : [1 / (div_factor * final_div_factor)];
      return [
        ...phases(schedule),
        'if t <= peak:',
        `    return between(${py(1 / div_factor)}, 1, t / peak)`,
        ...(three_phase ? ['if t <= low:', `    return between(1, ${py(lows[0])}, (t - peak) / (low - peak))`, `return between(${py(lows[0])}, ${py(lows[1])}, (t - low) / (last - low))`] : [`return between(1, ${py(lows[0])}, (t - peak) / (last - peak))`]),
      ];
    }
    case 'warmup': {
      const { steps = 100, from = 0 } = schedule;
      return [`if step < ${steps}:`, `    return ${py(from)} + (1 - ${py(from)}) * step / ${steps}`, `step -= ${steps}`, ...body(scheduleOf(schedule.then))];
    }
  }
}

function phases({ total_steps = 1000, rise = 0.3, three_phase = false }: OneCycleSpec): string[] {
  return [
    `last, peak = ${total_steps - 1}, ${py(rise * total_steps - 1)}`,
    ...(three_phase ? [`low = ${py(2 * rise * total_steps - 2)}`] : []),
    't = min(step, last)',
  ];
}

function momentumBody(schedule: Schedule, cycle: OneCycleSpec): string[] {
  if (schedule.type === 'warmup') return [`step = max(0, step - ${schedule.steps ?? 100})`, ...momentumBody(scheduleOf(schedule.then), cycle)];
  const { base_momentum: base = 0.85, max_momentum: most = 0.95, three_phase = false } = cycle;
  return [
    ...phases(cycle),
    'if t <= peak:',
    `    return between(${py(most)}, ${py(base)}, t / peak)`,
    ...(three_phase ? ['if t > low:', `    return ${py(most)}`] : []),
    `return between(${py(base)}, ${py(most)}, (t - peak) / (${three_phase ? 'low' : 'last'} - peak))`,
  ];
}

/** The functions `factor` and, where it goes along, `momentum`. */
export function scheduleLines(spec: RunSpec['schedule']): string[] {
  const schedule = scheduleOf(spec);
  const last = settled(schedule);
  const lines: string[] = [];
  if (last.type === 'one_cycle') {
    const way = last.linear ? 'done' : '(1 - math.cos(math.pi * done)) / 2';
    lines.push('def between(start, end, done):', ...indented([`return start + (end - start) * ${way}`]), '', '');
  }
  lines.push('def factor(step):', ...indented(['"""What the learning rate is multiplied by in a batch, counted from 0."""', ...body(schedule)]));
  const cycle = movesMomentum(schedule);
  if (cycle) lines.push('', '', 'def momentum(step):', ...indented(momentumBody(schedule, cycle)));
  return lines;
}
