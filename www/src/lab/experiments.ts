// Guided experiments: two or three runs side by side, small enough to be over in a minute, and what should be seen in
// them. In exact mode they end the same on every machine, so what is promised here was measured.
import type { RunRecord } from './records.ts';
import type { Chain, LabSpec, Strategy } from './spec.ts';
import { preset } from './presets.ts';

export const experimentIds = [
  'learning-rate', 'batch-size', 'optimizer', 'schedule', 'init', 'dropout', 'l2', 'smoothing', 'augment', 'early-stopping', 'clip',
] as const;
export type ExperimentId = (typeof experimentIds)[number];

/** What a run came to, of all that is judged. */
export interface Outcome {
  diverged: boolean;
  epochs: number;
  trainingLoss: number;
  trainingAccuracy: number;
  loss: number;
  accuracy: number;
}

export interface Experiment {
  id: ExperimentId;
  specs: LabSpec[];
  /** Whether it came as the text says. */
  holds: (outcomes: readonly Outcome[]) => boolean;
  /** The question and the exercise that it goes with. */
  question: string;
  exercise: string;
}

export function outcomeOf({ curves, state, step, steps_per_epoch }: RunRecord): Outcome {
  const { training, heldOut } = curves;
  // The last epoch's mean, which single batches do not shake.
  const from = training.step.findIndex((at) => at > step - steps_per_epoch);
  const mean = (values: number[]) => {
    const part = values.slice(from);
    return part.length > 0 ? part.reduce((sum, value) => sum + value, 0) / part.length : NaN;
  };
  return {
    diverged: state === 'diverged',
    epochs: step / steps_per_epoch,
    trainingLoss: mean(training.loss),
    trainingAccuracy: mean(training.accuracy),
    loss: heldOut.loss.at(-1) ?? NaN,
    accuracy: heldOut.accuracy.at(-1) ?? NaN,
  };
}

function spec(model: LabSpec['model'], limit: number, strategy: Partial<Strategy> & { epochs: number }): LabSpec {
  return {
    data: { name: 'digits', limit },
    model,
    strategy: { loss: 'categorical_cross_entropy', optimizer: { type: 'adam', learning_rate: 0.001 }, batch_size: 32, ...strategy },
    seed: 1,
    exact: true,
  };
}

const cnn = preset('article');

/** Two wide layers: enough to learn some hundred digits by heart. */
function wide(dropout?: number): Chain {
  const drop: Chain['layers'] = dropout === undefined ? [] : [{ type: 'dropout', rate: dropout }];
  return {
    input: [28, 28, 1],
    layers: [{ type: 'flatten' }, { type: 'dense', units: 256, activation: 'relu' }, ...drop, { type: 'dense', units: 256, activation: 'relu' }, ...drop, { type: 'dense', units: 10, activation: 'softmax' }],
  };
}

/** Ten thin layers, through which a signal must find its way. */
function deep(init: 'he_normal' | 'normal' | 'zeros'): Chain {
  return {
    input: [28, 28, 1],
    layers: [
      { type: 'flatten' },
      ...Array.from({ length: 10 }, () => ({ type: 'dense' as const, units: 64, activation: 'relu' as const, init })),
      { type: 'dense', units: 10, activation: 'softmax', init },
    ],
  };
}

const sgd = (learning_rate: number, more: object = {}) => ({ optimizer: { type: 'sgd' as const, learning_rate, ...more } });

const table: Record<ExperimentId, Omit<Experiment, 'id'>> = {
  'learning-rate': {
    specs: [0.001, 0.05, 2].map((rate) => spec(cnn, 2000, { epochs: 5, ...sgd(rate) })),
    holds: ([slow, good, wild]) => good!.accuracy > 0.75 && slow!.accuracy < good!.accuracy - 0.05 && (wild!.diverged || wild!.accuracy < 0.5),
    question: 'training-strategies',
    exercise: 'momentum',
  },
  'batch-size': {
    specs: [16, 128, 1024].map((batch_size) => spec(cnn, 4000, { epochs: 4, batch_size })),
    holds: (outcomes) => outcomes.every(({ trainingLoss }, at) => at === 0 || trainingLoss > outcomes[at - 1]!.trainingLoss),
    question: 'batch-size',
    exercise: 'batch-iterator',
  },
  optimizer: {
    specs: [sgd(0.01), sgd(0.01, { momentum: 0.9 }), { optimizer: { type: 'adam' as const, learning_rate: 0.001 } }].map((part) => spec(cnn, 3000, { epochs: 3, ...part })),
    holds: ([plain, momentum, adam]) => plain!.trainingLoss > momentum!.trainingLoss && plain!.trainingLoss > adam!.trainingLoss,
    question: 'sgd-or-adam',
    exercise: 'adam',
  },
  schedule: {
    specs: [undefined, 'cosine' as const, { type: 'warmup' as const, then: 'cosine' as const }].map((schedule) =>
      spec(cnn, 3000, { epochs: 8, ...sgd(0.1, { momentum: 0.9 }), ...(schedule ? { schedule } : {}) }),
    ),
    holds: ([constant, cosine, warm]) => Math.min(cosine!.loss, warm!.loss) < constant!.loss || constant!.diverged,
    question: 'why-warm-up',
    exercise: 'lr-schedules',
  },
  init: {
    specs: (['he_normal', 'normal', 'zeros'] as const).map((init) => spec(deep(init), 2000, { epochs: 5, ...sgd(0.02) })),
    holds: ([he, normal, zeros]) => he!.accuracy > 0.7 && normal!.accuracy < 0.3 && zeros!.accuracy < 0.3,
    question: 'xavier-or-he',
    exercise: 'weight-init',
  },
  dropout: {
    specs: [0, 0.5].map((rate) => spec(wide(rate), 500, { epochs: 40 })),
    holds: ([without, drop]) => drop!.trainingLoss > without!.trainingLoss && drop!.loss < without!.loss,
    question: 'where-dropout-goes',
    exercise: 'dropout',
  },
  l2: {
    specs: [0, 0.001, 0.05].map((l2) => spec(wide(), 500, { epochs: 40, ...(l2 > 0 ? { regularizers: [{ type: 'l2' as const, l2 }] } : {}) })),
    holds: ([none, some, much]) => some!.loss < none!.loss && much!.accuracy < some!.accuracy,
    question: 'l1-or-l2',
    exercise: 'adamw',
  },
  smoothing: {
    specs: [0, 0.1].map((label_smoothing) => spec(cnn, 2000, { epochs: 10, loss: { type: 'categorical_cross_entropy', label_smoothing } })),
    holds: ([hard, soft]) => soft!.trainingLoss > 0.4 && hard!.trainingLoss < 0.2 && Math.abs(soft!.accuracy - hard!.accuracy) < 0.03,
    question: 'training-strategies',
    exercise: 'cross-entropy',
  },
  augment: {
    specs: [null, { shift: 2, rotate_deg: 10, zoom: 0.1 }].map((augment) => spec(cnn, 1000, { epochs: 20, augment })),
    holds: ([plain, drawn]) => drawn!.trainingAccuracy < plain!.trainingAccuracy && drawn!.accuracy > plain!.accuracy,
    question: 'when-augmentation-lies',
    exercise: 'augmentation',
  },
  'early-stopping': {
    specs: [null, { monitor: 'loss' as const, patience: 3, restore_best_weights: true }].map((early_stopping) => spec(wide(), 300, { epochs: 60, batch_size: 16, early_stopping })),
    holds: ([all, early]) => early!.epochs < all!.epochs && early!.loss < all!.loss,
    question: 'reading-curves',
    exercise: 'early-stopping',
  },
  clip: {
    specs: [{}, { global_clipnorm: 0.5 }].map((clip) => spec(cnn, 2000, { epochs: 5, ...sgd(0.3, { momentum: 0.9, ...clip }) })),
    holds: ([free, clipped]) => clipped!.accuracy > 0.85 && (free!.diverged || free!.accuracy < clipped!.accuracy - 0.05),
    question: 'vanishing-exploding',
    exercise: 'clip-accumulate',
  },
};

export const experiments: Experiment[] = experimentIds.map((id) => ({ id, ...table[id] }));
