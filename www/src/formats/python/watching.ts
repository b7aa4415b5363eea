// What ends a run, or lowers its rate, when it no longer gets better: as the engine counts, in Python.
import type { EarlyStoppingSpec, ReduceOnPlateauSpec, RunSpec } from 'danlu';
import { indented, py } from './code.ts';

/** Losses that know right and wrong, not near and far only. */
export function hasAccuracy({ loss }: RunSpec): boolean {
  const type = loss === undefined ? 'categorical_cross_entropy' : typeof loss === 'string' ? loss : loss.type;
  return type.endsWith('cross_entropy');
}

export function plateauLines(spec: ReduceOnPlateauSpec): string[] {
  const { factor = 0.1, patience = 10, min_delta = 1e-4, relative = false, cooldown = 0, min_factor = 0 } = spec;
  return [
    'class Plateau:',
    ...indented([
      '"""Lowers the rate when the test loss no longer falls."""',
      '',
      'factor, best, waited, cooling = 1.0, math.inf, 0, 0',
      '',
      'def observe(self, loss):',
      ...indented([
        'if self.cooling > 0:',
        '    self.cooling, self.waited = self.cooling - 1, 0',
        `if loss < ${relative ? `self.best * (1 - ${py(min_delta)})` : `self.best - ${py(min_delta)}`}:`,
        '    self.best, self.waited = loss, 0',
        'elif self.cooling == 0:',
        ...indented(['self.waited += 1', `if self.waited >= ${patience}:`, `    self.factor = max(self.factor * ${py(factor)}, ${py(min_factor)})`, `    self.cooling, self.waited = ${cooldown}, 0`]),
      ]),
    ]),
  ];
}

export function stoppingLines(spec: EarlyStoppingSpec): string[] {
  const { monitor = 'loss', patience = 0, min_delta = 0, baseline = null, start_from = 0, restore_best_weights = false } = spec;
  const accuracy = monitor === 'accuracy';
  const limit = baseline === null ? undefined : py((accuracy ? -baseline : baseline) - min_delta);
  return [
    'class EarlyStopping:',
    ...indented([
      '"""Ends training when it no longer gets better."""',
      '',
      'seen, waited, best, weights = 0, 0, math.inf, None',
      '',
      'def observe(self, loss, accuracy, model):',
      ...indented([
        `cost = ${accuracy ? '-accuracy' : 'loss'}`,
        'self.seen += 1',
        ...(start_from > 0 ? [`if self.seen <= ${start_from}:`, '    return False'] : []),
        'self.waited += 1',
        `if cost < self.best${min_delta ? ` - ${py(min_delta)}` : ''}:`,
        ...indented([
          'self.best = cost',
          ...(limit === undefined ? ['self.waited = 0'] : [`if cost < ${limit}:`, '    self.waited = 0']),
          ...(restore_best_weights ? ['self.weights = {name: value.clone() for name, value in model.state_dict().items()}'] : []),
          'return False',
        ]),
        `if self.waited < ${patience} or self.seen == 1:`,
        '    return False',
        ...(restore_best_weights ? ['if self.weights is not None:', '    model.load_state_dict(self.weights)'] : []),
        'return True',
      ]),
    ]),
  ];
}
