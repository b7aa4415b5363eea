// The training of a run as a Keras program.
import type { OptimizerSpec, RunSpec } from 'danlu';
import { unsayable } from '../failure.ts';
import type { Model } from '../model.ts';
import { call, indented, list, py, raw } from './code.ts';
import type { KerasModel } from './keras.ts';
import { fileLine, readLines } from './reading.ts';
import { movesMomentum, scheduleLines, scheduleOf } from './schedule.ts';
import { optimizerOf, parametersOf } from './strategy.ts';
import { lossType } from './torch.ts';
import { hasAccuracy, plateauLines } from './watching.ts';

export function trainKeras(model: Model, spec: RunSpec, written: KerasModel): string {
  const optimizer = optimizerOf(spec);
  const schedule = scheduleOf(spec.schedule);
  const moving = movesMomentum(schedule) !== undefined && !['adagrad', 'adadelta'].includes(optimizer.type);
  const momentumless = (optimizer.type === 'sgd' || optimizer.type === 'rmsprop') && !optimizer.momentum;
  // Keras compiles the momentum into the step, where no callback reaches it.
  if (moving && !momentumless) throw unsayable('Keras', 'schedule', 'cycle_momentum');
  const settings = (typeof spec.loss === 'object' ? spec.loss : {}) as { label_smoothing?: number; class_weights?: number[] };
  const scheduled = schedule.type !== 'constant' || spec.reduce_on_plateau != null;
  const lines = scheduled ? scheduleLines(spec.schedule) : [];

  return [
    '"""Trains the model of model.py.',
    '',
    '    python train.py mnist.npz --epochs 5',
    '',
    fileLine(model),
    '"""',
    '',
    'import argparse',
    ...(spec.reduce_on_plateau || lines.some((line) => line.includes('math.')) ? ['import math'] : []),
    '',
    'import numpy as np',
    '',
    'from model import build, keras, load',
    '',
    `BATCH_SIZE = ${spec.batch_size ?? 32}`,
    `LEARNING_RATE = ${py(optimizer.learning_rate ?? (optimizer.type === 'sgd' ? 0.01 : 0.001))}`,
    `CLASSES = ${py(lossType(spec) === 'categorical_cross_entropy')}  # Whether targets are class numbers.`,
    ...(scheduled ? ['', '', ...lines] : []),
    ...(spec.reduce_on_plateau ? ['', '', ...plateauLines(spec.reduce_on_plateau)] : []),
    ...(scheduled ? ['', '', ...ratesLines(spec)] : []),
    '',
    '',
    ...readLines(model, [], [
      'xs = [a.astype("float32").reshape(-1, *shape) / (255 if a.dtype == np.uint8 else 1) for a, shape in arrays]',
      'y = y.astype("int64" if CLASSES else "float32")',
      ...(settings.label_smoothing ? [`y = keras.utils.to_categorical(y, ${model.output.shape.at(-1)})`] : []),
    ]),
    '',
    '',
    'def main():',
    ...indented([
      'parser = argparse.ArgumentParser()',
      'parser.add_argument("data")',
      'parser.add_argument("--epochs", type=int, default=5)',
      'parser.add_argument("--seed", type=int, default=0)',
      'parser.add_argument("--in-order", action="store_true", help="do not shuffle")',
      'parser.add_argument("--from-scratch", action="store_true", help="with fresh weights")',
      'parser.add_argument("--save", default="trained.keras")',
      'args = parser.parse_args()',
      '',
      'keras.utils.set_random_seed(args.seed)',
      'x, y = read(args.data, "train")',
      'test = read(args.data, "test")',
      'model = build() if args.from_scratch else load()',
      `optimizer = ${optimizerCall(optimizer)}`,
      ...sparedLines(model, optimizer, written),
      `model.compile(optimizer, ${lossCall(spec, settings)}${hasAccuracy(spec) ? ', metrics=["accuracy"]' : ''})`,
      ...(scheduled ? ['callbacks = [Rates()]'] : ['callbacks = []']),
      ...(spec.early_stopping ? ['if test is not None:', `    callbacks.append(${stoppingCall(spec.early_stopping)})`] : []),
      ...(spec.augment ? augmentLines(model, spec.augment) : []),
      'model.fit(',
      ...indented([
        ...(spec.augment ? ['augmented(x, y, args),'] : ['x,', 'y,', 'batch_size=BATCH_SIZE,', 'shuffle=not args.in_order,']),
        'epochs=args.epochs,',
        'validation_data=test,',
        'callbacks=callbacks,',
        ...(settings.class_weights?.length ? [`class_weight={${settings.class_weights.map((weight, at) => `${at}: ${py(weight)}`).join(', ')}},`] : []),
      ]),
      ')',
      'model.save(args.save)',
    ]),
    '',
    '',
    'if __name__ == "__main__":',
    '    main()',
    '',
  ].join('\n');
}

function ratesLines(spec: RunSpec): string[] {
  return [
    'class Rates(keras.callbacks.Callback):',
    ...indented([
      '"""Sets the learning rate of every batch."""',
      '',
      `step = 0${spec.reduce_on_plateau ? '\nplateau = Plateau()' : ''}`.split('\n').join('\n    '),
      '',
      'def on_train_batch_begin(self, batch, logs=None):',
      ...indented([`self.model.optimizer.learning_rate = LEARNING_RATE * factor(self.step)${spec.reduce_on_plateau ? ' * self.plateau.factor' : ''}`, 'self.step += 1']),
      ...(spec.reduce_on_plateau ? ['', 'def on_epoch_end(self, epoch, logs):', '    if "val_loss" in logs:', '        self.plateau.observe(logs["val_loss"])'] : []),
    ]),
  ];
}

function lossCall(spec: RunSpec, { label_smoothing }: { label_smoothing?: number }): string {
  const type = lossType(spec);
  if (type !== 'categorical_cross_entropy') return call(`keras.losses.${{ binary_cross_entropy: 'BinaryCrossentropy', mean_squared_error: 'MeanSquaredError', mean_absolute_error: 'MeanAbsoluteError', huber: 'Huber' }[type]}`, []);
  return label_smoothing ? call('keras.losses.CategoricalCrossentropy', [], { label_smoothing }) : 'keras.losses.SparseCategoricalCrossentropy()';
}

const names: Record<OptimizerSpec['type'], string> = {
  sgd: 'SGD', adagrad: 'Adagrad', adadelta: 'Adadelta', rmsprop: 'RMSprop', adam: 'Adam', adamw: 'AdamW', lion: 'Lion',
};

/** Keras's names are the spec's; its defaults too, but for what AdamW decays. */
function optimizerCall(optimizer: OptimizerSpec): string {
  const { type, learning_rate: _, exclude_from_weight_decay: __, ...rest } = optimizer as OptimizerSpec & Record<string, unknown>;
  const given = Object.fromEntries(
    Object.entries(rest)
      .filter(([name, value]) => value !== null && !(name === 'gradient_accumulation_steps' && (value as number) <= 1) && !(name === 'weight_decay' && !value && type !== 'adamw'))
      .map(([name, value]) => [name, value as unknown]),
  );
  return call(`keras.optimizers.${names[type]}`, [], { learning_rate: raw('LEARNING_RATE'), ...given });
}

function sparedLines(model: Model, optimizer: OptimizerSpec, written: KerasModel): string[] {
  const { weight_decay, exclude_from_weight_decay = [] } = optimizer;
  if (!weight_decay || exclude_from_weight_decay.length === 0) return [];
  const spared = parametersOf(model, exclude_from_weight_decay, 'learning').map((name) => {
    const node = model.nodes.find((one) => name.startsWith(`${one.name}/`))!;
    return [written.names.get(node.name)!, [...node.weights.keys()].indexOf(name.slice(node.name.length + 1))];
  });
  return [
    `spared = [model.get_layer(name).weights[at] for name, at in [${spared.map(py).join(', ')}]]`,
    'optimizer.exclude_from_weight_decay(var_list=spared)',
  ];
}

function stoppingCall(spec: NonNullable<RunSpec['early_stopping']>): string {
  const { monitor = 'loss', baseline, min_delta, patience, restore_best_weights, start_from } = spec;
  return call('keras.callbacks.EarlyStopping', [], {
    monitor: `val_${monitor}`,
    mode: monitor === 'loss' ? 'min' : 'max',
    patience,
    min_delta,
    baseline: baseline ?? undefined,
    start_from_epoch: start_from,
    restore_best_weights,
  });
}

/** Keras's own layers move, turn and zoom, one after another. */
function augmentLines(model: Model, { shift = 0, rotate_deg = 0, zoom = 0 }: Partial<NonNullable<RunSpec['augment']>>): string[] {
  const [h, w] = model.inputs[0]!.shape;
  if (model.inputs.length > 1 || model.inputs[0]!.shape.length !== 3) throw unsayable('Keras', 'augment', list(model.inputs[0]!.shape));
  const fill = { fill_mode: 'constant', fill_value: 0 };
  return [
    '',
    'change = keras.Sequential([',
    ...indented([
      `${call('keras.layers.RandomZoom', [zoom], { width_factor: undefined, ...fill })},`,
      `${call('keras.layers.RandomRotation', [rotate_deg / 360], fill)},`,
      `${call('keras.layers.RandomTranslation', [shift / h!, shift / w!], fill)},`,
    ]),
    '])',
    '',
    'def augmented(x, y, args):',
    ...indented([
      'class Batches(keras.utils.PyDataset):',
      ...indented([
        'order = np.arange(len(y))',
        '',
        'def __len__(self):',
        '    return -(-len(y) // BATCH_SIZE)',
        '',
        'def __getitem__(self, at):',
        ...indented(['batch = self.order[at * BATCH_SIZE : (at + 1) * BATCH_SIZE]', 'return keras.ops.convert_to_numpy(change(x[batch], training=True)), y[batch]']),
        '',
        'def on_epoch_end(self):',
        ...indented(['if not args.in_order:', '    np.random.shuffle(self.order)']),
      ]),
      '',
      'batches = Batches()',
      'batches.on_epoch_end()',
      'return batches',
    ]),
    '',
  ];
}
