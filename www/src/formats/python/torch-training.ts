// The training of a run as a PyTorch program: one process, or several under torchrun.
import type { OptimizerSpec, RunSpec } from 'danlu';
import { unsayable } from '../failure.ts';
import type { Model } from '../model.ts';
import { call, indented, list, py, raw } from './code.ts';
import { fileLine, readLines } from './reading.ts';
import { movesMomentum, scheduleLines, scheduleOf } from './schedule.ts';
import { constraintsOf, optimizerOf, regularizersOf, parametersOf } from './strategy.ts';
import { lossType, type TorchModel } from './torch.ts';
import { hasAccuracy, stoppingLines, plateauLines } from './watching.ts';

export function trainTorch(model: Model, spec: RunSpec, written: TorchModel): string {
  const optimizer = optimizerOf(spec);
  const schedule = scheduleOf(spec.schedule);
  const torchNames = (engine: string[]) => engine.flatMap((name) => written.parameters.get(name) ?? []);
  const penalties = regularizersOf(spec).map(({ l1, l2, matches }) => ({ l1, l2, names: torchNames(parametersOf(model, matches, 'learning')) }));
  const limits = limitsOf(model, spec, written);
  const momentum = movesMomentum(schedule) !== undefined && momentumLine(optimizer) !== undefined;
  const cycles = optimizer.gradient_accumulation_steps ?? 1;
  const single = model.inputs.length === 1;

  return [
    '"""Trains the model of model.py.',
    '',
    '    python train.py mnist.npz --epochs 5',
    '    torchrun --nproc_per_node=2 train.py mnist.npz --epochs 5',
    '',
    fileLine(model),
    '"""',
    '',
    'import argparse',
    ...(usesMath(spec) ? ['import math'] : []),
    'import os',
    '',
    'import numpy as np',
    'import torch',
    'import torch.distributed as dist',
    'import torch.nn.functional as F',
    'from torch.nn.parallel import DistributedDataParallel',
    '',
    'from model import load',
    '',
    `BATCH_SIZE = ${spec.batch_size ?? 32}`,
    `LEARNING_RATE = ${py(rateOf(optimizer))}`,
    `CLASSES = ${py(lossType(spec) === 'categorical_cross_entropy')}  # Whether targets are class numbers.`,
    ...(optimizer.weight_decay ? [`WEIGHT_DECAY = ${py(optimizer.weight_decay)}`] : []),
    '',
    '',
    ...scheduleLines(spec.schedule),
    '',
    '',
    ...lossLines(spec),
    ...(penalties.length > 0 ? ['', '', 'def penalty(parameters):', ...indented(penaltyLines(penalties))] : []),
    ...(limits.length > 0 ? ['', '', '@torch.no_grad()', 'def keep_norms(parameters):', ...indented(limitLines(limits))] : []),
    ...(spec.augment ? ['', '', ...augmentLines(spec.augment)] : []),
    ...(optimizer.type === 'lion' ? ['', '', ...lionLines] : []),
    ...(spec.reduce_on_plateau ? ['', '', ...plateauLines(spec.reduce_on_plateau)] : []),
    ...(spec.early_stopping ? ['', '', ...stoppingLines(spec.early_stopping)] : []),
    '',
    '',
    ...readLines(model, ['device'], [
      'xs = [torch.from_numpy(a.astype("float32") / (255 if a.dtype == np.uint8 else 1)).reshape(-1, *shape).to(device) for a, shape in arrays]',
      'y = torch.from_numpy(y.astype("int64" if CLASSES else "float32")).to(device)',
    ]),
    '',
    '',
    '@torch.no_grad()',
    `def evaluate(model, ${single ? 'x' : 'xs'}, y):`,
    ...indented([
      'model.eval()',
      `outputs = torch.cat([model(${single ? 'x' : '*(x'}[at : at + 256]${single ? '' : ' for x in xs)'}) for at in range(0, len(y), 256)])`,
      'model.train()',
      `return judged(outputs, y), ${hasAccuracy(spec) ? 'right(outputs, y)' : 'float("nan")'}`,
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
      'parser.add_argument("--save", default="trained.pt")',
      'args = parser.parse_args()',
      '',
      '# torchrun starts every process with its rank; alone there is one.',
      'distributed = "RANK" in os.environ',
      'cuda = torch.cuda.is_available()',
      'if distributed:',
      '    dist.init_process_group("nccl" if cuda else "gloo")',
      'rank, world = (dist.get_rank(), dist.get_world_size()) if distributed else (0, 1)',
      'device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")',
      'torch.manual_seed(args.seed + rank)',
      '',
      `${single ? 'x' : 'xs'}, y = read(args.data, "train", device)`,
      `test = read(args.data, "test", device)`,
      'model = load().to(device)',
      'net = DistributedDataParallel(model, device_ids=[device.index] if cuda else None) if distributed else model',
      'parameters = dict(model.named_parameters())',
      'learning = [p for p in parameters.values() if p.requires_grad]',
      ...optimizerLines(model, optimizer, torchNames, schedule.type !== 'constant' || spec.reduce_on_plateau != null),
      ...(spec.reduce_on_plateau ? ['plateau = Plateau()'] : []),
      ...(spec.early_stopping ? ['watch = EarlyStopping()'] : []),
      ...(corrected(optimizer) ? ['step, updates = 0, 0'] : ['step = 0']),
      'for epoch in range(args.epochs):',
      ...indented([
        '# Every process draws the same order and takes its share of each batch.',
        'order = torch.arange(len(y)) if args.in_order else torch.randperm(len(y), generator=torch.Generator().manual_seed(args.seed + epoch))',
        'total = 0.0',
        'for start in range(0, len(y), BATCH_SIZE):',
        ...indented([
          'batch = order[start : start + BATCH_SIZE]',
          'share = batch[rank::world]',
          'weight = len(share) * world / len(batch)',
          'if len(share) == 0:',
          '    share = batch[:1]  # Counts for nothing, but every process must take part.',
          `rate = LEARNING_RATE * factor(step)${spec.reduce_on_plateau ? ' * plateau.factor' : ''}`,
          'for group in optimizer.param_groups:',
          '    group["lr"] = rate',
          ...(momentum ? indented([momentumLine(optimizer)!]) : []),
          single ? 'samples = x[share]' : 'samples = [x[share] for x in xs]',
          ...(spec.augment ? ['samples = augmented(samples)'] : []),
          `loss = loss_of(net(${single ? 'samples' : '*samples'}), y[share]) * weight`,
          'total += float(loss.detach()) * len(batch)',
          ...(penalties.length > 0 ? ['loss = loss + penalty(parameters)'] : []),
          ...(cycles > 1 ? [`(loss / ${cycles}).backward()`] : ['loss.backward()']),
          'step += 1',
          ...(cycles > 1 ? [`if step % ${cycles} == 0:`, ...indented(updateLines(optimizer, limits.length > 0))] : updateLines(optimizer, limits.length > 0)),
        ]),
        'mean = torch.tensor(total / len(y), device=device)',
        'if distributed:',
        '    dist.all_reduce(mean)',
        '    mean /= world',
        'line = f"epoch {epoch + 1}: loss {mean.item():.6f}"',
        'if test is not None:',
        ...indented([
          'loss, accuracy = evaluate(model, *test)',
          `line += f", test loss {loss:.6f}${hasAccuracy(spec) ? ', accuracy {accuracy:.4f}' : ''}"`,
          ...(spec.reduce_on_plateau ? ['plateau.observe(loss)'] : []),
        ]),
        'if rank == 0:',
        '    print(line, flush=True)',
        ...(spec.early_stopping ? ['if test is not None and watch.observe(loss, accuracy, model):', '    break'] : []),
      ]),
      'if rank == 0:',
      '    torch.save(model.state_dict(), args.save)',
      'if distributed:',
      '    dist.barrier()',
      '    dist.destroy_process_group()',
    ]),
    '',
    '',
    'if __name__ == "__main__":',
    '    main()',
    '',
  ].join('\n');
}

const usesMath = (spec: RunSpec) => spec.augment != null || spec.reduce_on_plateau != null || spec.early_stopping != null || scheduleLines(spec.schedule).some((line) => line.includes('math.'));
const rateOf = (optimizer: OptimizerSpec) => optimizer.learning_rate ?? (optimizer.type === 'sgd' ? 0.01 : 0.001);

function lossLines(spec: RunSpec): string[] {
  const type = lossType(spec);
  const lines: string[] = [];
  const settings = typeof spec.loss === 'object' && spec.loss.type === 'categorical_cross_entropy' ? spec.loss : undefined;
  const { label_smoothing = 0, class_weights = [] } = (settings ?? {}) as { label_smoothing?: number; class_weights?: number[] };
  const rows = 'outputs, targets = outputs.flatten(0, -2), targets.flatten()';
  const plain: Record<string, string> = {
    binary_cross_entropy: 'F.binary_cross_entropy_with_logits(outputs, targets)',
    mean_squared_error: 'F.mse_loss(outputs, targets)',
    mean_absolute_error: 'F.l1_loss(outputs, targets)',
    huber: 'F.huber_loss(outputs, targets)',
  };
  if (type !== 'categorical_cross_entropy') {
    lines.push('def loss_of(outputs, targets):', ...indented([`return ${plain[type]}`]), '', '', 'def judged(outputs, targets):', ...indented(['return loss_of(outputs, targets).item()']));
  } else {
    const smoothing = label_smoothing ? `, label_smoothing=${py(label_smoothing)}` : '';
    lines.push('def loss_of(outputs, targets):');
    if (class_weights.length > 0) {
      lines.push(...indented([rows, `weights = torch.tensor(${list(class_weights)}, device=outputs.device)`, `losses = F.cross_entropy(outputs, targets, reduction="none"${smoothing})`, 'return (weights[targets] * losses).mean()']));
    } else lines.push(...indented([rows, `return F.cross_entropy(outputs, targets${smoothing})`]));
    // Evaluations count every class alike.
    lines.push('', '', 'def judged(outputs, targets):', ...indented([rows, `return F.cross_entropy(outputs, targets${smoothing}).item()`]));
  }
  if (hasAccuracy(spec)) {
    const hit = type === 'binary_cross_entropy' ? '(outputs > 0) == (targets > 0.5)' : 'outputs.argmax(-1) == targets';
    lines.push('', '', 'def right(outputs, targets):', ...indented([`return (${hit}).float().mean().item()`]));
  }
  return lines;
}

function penaltyLines(penalties: { l1: number; l2: number; names: string[] }[]): string[] {
  const lines = ['cost = 0.0'];
  for (const { l1, l2, names } of penalties) {
    const terms = [...(l1 ? [`${py(l1)} * p.abs().sum()`] : []), ...(l2 ? [`${py(l2)} * p.square().sum()`] : [])];
    if (terms.length === 0 || names.length === 0) continue;
    lines.push(`for name in ${list(names)}:`, ...indented(['p = parameters[name]', `cost = cost + ${terms.join(' + ')}`]));
  }
  return [...lines, 'return cost'];
}

interface Limit {
  max_value: number;
  names: string[];
  /** Which axes of PyTorch's array the norm goes along. */
  axes: number[];
}

/** Axes of the engine's arrays as axes of PyTorch's; errs where they don't correspond. */
function limitsOf(model: Model, spec: RunSpec, written: TorchModel): Limit[] {
  return constraintsOf(spec).flatMap(({ max_value, axes, matches }) =>
    parametersOf(model, matches, 'learning').map((name) => {
      const torch = written.parameters.get(name);
      const rank = torch === undefined ? 0 : written.state.get(torch)!.shape.length;
      const node = model.nodes.find((one) => name.startsWith(`${one.name}/`))!;
      const part = name.slice(node.name.length + 1);
      const moved = axesOf(node.type, part, rank)?.(axes);
      if (torch === undefined || moved === undefined) throw unsayable('PyTorch', name, `max_norm axes ${list(axes)}`);
      return { max_value, names: [torch], axes: moved };
    }),
  );
}

/** How the axes of an array were turned on the way to PyTorch. */
function axesOf(type: string, part: string, rank: number): ((axes: number[]) => number[] | undefined) | undefined {
  const through = (order: number[]) => (axes: number[]) => (axes.every((axis) => axis < order.length) ? axes.map((axis) => order.indexOf(axis)) : undefined);
  if (rank === 1 || part === 'embeddings') return (axes) => (axes.every((axis) => axis < rank) ? axes : undefined);
  if (type === 'dense') return through([1, 0]);
  if (type === 'conv1d') return through([2, 1, 0]);
  if (type === 'conv2d' || part === 'pointwise_kernel' || type === 'conv2d_transpose') return through([3, 2, 0, 1]);
  return undefined;
}

const limitLines = (limits: Limit[]) =>
  limits.flatMap(({ max_value, names, axes }) => [
    `for name in ${list(names)}:`,
    ...indented(['p = parameters[name]', `norm = torch.linalg.vector_norm(p, dim=${py(axes)}, keepdim=True)`, `p.mul_(norm.clamp(max=${py(max_value)}) / (norm + 1e-7))`]),
  ]);

function augmentLines({ shift = 0, rotate_deg = 0, zoom = 0 }: Partial<NonNullable<RunSpec['augment']>>): string[] {
  return [
    'def augmented(images):',
    ...indented([
      '"""Each image moved, turned and zoomed a little; what comes in from outside is 0."""',
      'n, h, w, _ = images.shape',
      'right, down, turn, zoom = (2 * torch.rand(4, n) - 1).to(images.device)',
      `angle = torch.deg2rad(turn * ${py(rotate_deg)})`,
      `scale = 1 / (1 + zoom * ${py(zoom)})`,
      'cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale',
      `right, down = right * ${py(2 * shift)} / w, down * ${py(2 * shift)} / h`,
      'rows = [torch.stack([cos, sin * h / w, -cos * right - sin * h / w * down], -1),',
      '        torch.stack([-sin * w / h, cos, sin * w / h * right - cos * down], -1)]',
      'grid = F.affine_grid(torch.stack(rows, 1), (n, 1, h, w), align_corners=False)',
      'moved = F.grid_sample(images.permute(0, 3, 1, 2), grid, align_corners=False)',
      'return moved.permute(0, 2, 3, 1)',
    ]),
  ];
}

const lionLines = [
  'class Lion(torch.optim.Optimizer):',
  ...indented([
    '"""The sign of a momentum (Chen et al. 2023)."""',
    '',
    'def __init__(self, params, lr, betas):',
    '    super().__init__(params, {"lr": lr, "betas": betas})',
    '',
    '@torch.no_grad()',
    'def step(self):',
    ...indented([
      'for group in self.param_groups:',
      ...indented([
        'beta_1, beta_2 = group["betas"]',
        'for p in (p for p in group["params"] if p.grad is not None):',
        ...indented([
          'm = self.state[p].setdefault("m", torch.zeros_like(p))',
          'p.sub_(group["lr"] * (beta_1 * m + (1 - beta_1) * p.grad).sign())',
          'm.mul_(beta_2).add_(p.grad, alpha=1 - beta_2)',
        ]),
      ]),
    ]),
  ]),
];

function optimizerLines(model: Model, optimizer: OptimizerSpec, torchNames: (names: string[]) => string[], moving: boolean): string[] {
  const lr = raw('LEARNING_RATE');
  const made: Record<OptimizerSpec['type'], () => string> = {
    sgd: () => {
      const { momentum = 0, nesterov } = optimizer as Extract<OptimizerSpec, { type: 'sgd' }>;
      return call('torch.optim.SGD', [raw('learning')], { lr, momentum: momentum || undefined, nesterov: (momentum && nesterov) || undefined });
    },
    adagrad: () => {
      const { initial_accumulator_value = 0.1, epsilon = 1e-7 } = optimizer as Extract<OptimizerSpec, { type: 'adagrad' }>;
      return call('torch.optim.Adagrad', [raw('learning')], { lr, initial_accumulator_value, eps: epsilon });
    },
    adadelta: () => {
      const { rho = 0.95, epsilon = 1e-7 } = optimizer as Extract<OptimizerSpec, { type: 'adadelta' }>;
      return call('torch.optim.Adadelta', [raw('learning')], { lr, rho, eps: epsilon });
    },
    rmsprop: () => {
      const { rho = 0.9, momentum, epsilon = 1e-7, centered } = optimizer as Extract<OptimizerSpec, { type: 'rmsprop' }>;
      return call('torch.optim.RMSprop', [raw('learning')], { lr, alpha: rho, eps: epsilon, momentum: momentum || undefined, centered: centered || undefined });
    },
    adam: () => adam(),
    adamw: () => adam(),
    lion: () => {
      const { beta_1 = 0.9, beta_2 = 0.99 } = optimizer as Extract<OptimizerSpec, { type: 'lion' }>;
      return call('Lion', [raw('learning')], { lr, betas: [beta_1, beta_2] });
    },
  };
  const adam = () => {
    const { beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-7, amsgrad } = optimizer as Extract<OptimizerSpec, { type: 'adam' }>;
    return call('torch.optim.Adam', [raw('learning')], { lr, betas: [beta_1, beta_2], eps: epsilon, amsgrad: amsgrad || undefined });
  };
  const lines = [...differences(optimizer, moving), `optimizer = ${made[optimizer.type]()}`];
  if (optimizer.weight_decay) {
    const spared = torchNames(parametersOf(model, optimizer.exclude_from_weight_decay ?? [], 'learning'));
    lines.push(spared.length > 0 ? `decaying = [p for name, p in parameters.items() if p.requires_grad and name not in ${list(spared)}]` : 'decaying = learning');
  }
  return lines;
}

/** Adam, whose epsilon Keras and PyTorch add at different places. */
const corrected = (optimizer: OptimizerSpec): optimizer is OptimizerSpec & { epsilon?: number; beta_2?: number } => optimizer.type === 'adam' || optimizer.type === 'adamw';

/** What stays another in PyTorch than in Keras, and so in the engine. */
function differences(optimizer: OptimizerSpec, moving: boolean): string[] {
  const gathers = (optimizer.type === 'sgd' || optimizer.type === 'rmsprop') && optimizer.momentum;
  return [
    ...(gathers && moving ? ['# Keras gathers steps, rates included; PyTorch gathers gradients and multiplies by the newest rate.'] : []),
    ...(optimizer.type === 'rmsprop' || optimizer.type === 'adagrad' ? ['# Keras adds epsilon under the root, PyTorch to the root.'] : []),
  ];
}

function momentumLine(optimizer: OptimizerSpec): string | undefined {
  if (optimizer.type === 'adam' || optimizer.type === 'adamw' || optimizer.type === 'lion') return 'group["betas"] = (momentum(step), group["betas"][1])';
  if ((optimizer.type === 'sgd' || optimizer.type === 'rmsprop') && optimizer.momentum) return 'group["momentum"] = momentum(step)';
  return undefined;
}

function updateLines(optimizer: OptimizerSpec, limited: boolean): string[] {
  const { clipvalue, clipnorm, global_clipnorm } = optimizer;
  return [
    ...(clipvalue ? [`torch.nn.utils.clip_grad_value_(learning, ${py(clipvalue)})`] : []),
    ...(clipnorm ? ['for p in learning:', `    torch.nn.utils.clip_grad_norm_([p], ${py(clipnorm)})`] : []),
    ...(global_clipnorm ? [`torch.nn.utils.clip_grad_norm_(learning, ${py(global_clipnorm)})`] : []),
    ...(optimizer.weight_decay ? ['with torch.no_grad():  # Decoupled, as AdamW has it.', '    for p in decaying:', '        p.mul_(1 - rate * WEIGHT_DECAY)'] : []),
    ...(corrected(optimizer) ? ['updates += 1', 'for group in optimizer.param_groups:  # Keras adds epsilon to the root before its correction.', `    group["eps"] = ${py(optimizer.epsilon ?? 1e-7)} / (1 - ${py(optimizer.beta_2 ?? 0.999)} ** updates) ** 0.5`] : []),
    'optimizer.step()',
    'optimizer.zero_grad()',
    ...(limited ? ['keep_norms(parameters)'] : []),
  ];
}
