// The exercises of the catalogue, in the order of learning. A question may link to one before it is written; such a link
// appears when its exercise does.
export const CATALOGUE = [
  'broadcast-shapes', 'matmul-three-ways', 'one-hot-gather', 'batch-iterator', 'preprocess', 'dense-forward',
  'activations', 'stable-softmax', 'cross-entropy', 'linear-regression', 'logistic-step', 'metrics',
  'dense-backward', 'softmax-ce-backward', 'two-layer-net', 'scalar-autograd', 'tensor-autograd', 'gradient-checker',
  'gradient-flow', 'momentum', 'adam', 'adamw', 'lr-schedules', 'weight-init', 'dropout', 'batch-norm', 'layer-norm',
  'clip-accumulate', 'early-stopping', 'conv-arithmetic', 'conv2d-naive', 'conv2d-im2col', 'conv2d-backward',
  'pooling', 'global-average-pool', 'depthwise-separable', 'residual-block', 'augmentation', 'create-model',
  'train-small-cnn', 'grad-cam', 'iou-nms', 'transposed-conv', 'freeze-base', 'vgg16-head', 'staged-unfreezing',
  'lora', 'magnitude-pruning', 'int8-quantise', 'int8-inference', 'distillation', 'loss-scaling', 'data-parallel',
  'ring-allreduce', 'memory-calculator', 'causal-attention', 'mha-gqa', 'rope', 'kv-cache', 'sampling', 'bpe',
  'online-softmax', 'dpo-grpo', 'loss-nan', 'loss-flat', 'leakage', 'forgot-eval',
  'loss-floor', 'leaping-loss', 'deep-but-still', 'only-the-mean',
];
