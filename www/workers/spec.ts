// The reference network and a reader's settings, as the engine's run specification.
import type { RunSpec } from 'danlu';
import type { RunSettings } from './protocol.ts';

export function specOf(settings: RunSettings): RunSpec {
  return {
    model: {
      input: [28, 28, 1],
      layers: [
        { type: 'conv2d', filters: 32, kernel: [3, 3], activation: 'relu' },
        { type: 'max_pool2d', size: [2, 2] },
        { type: 'flatten' },
        { type: 'dense', units: 64, activation: 'relu' },
        { type: 'dense', units: 10, activation: 'softmax' },
      ],
    },
    loss: 'categorical_cross_entropy',
    optimizer:
      settings.optimizer === 'adam'
        ? { type: 'adam', learning_rate: settings.learning_rate }
        : { type: 'sgd', learning_rate: settings.learning_rate, momentum: 0.9 },
    batch_size: settings.batch_size,
    augment: settings.augment ? { shift: 2, rotate_deg: 10, zoom: 0.1 } : null,
  };
}
