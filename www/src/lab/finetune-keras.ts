// The Keras program of the stages as they are set: what one writes in an interview.
import type { Settings } from './finetune.svelte.ts';

export interface Asked {
  settings: Settings;
  classes: number;
  /** Of the base, from the input to the output, with the names of their layers. */
  blocks: readonly { layers: readonly string[] }[];
  /** Whether it is VGG16, which Keras has itself. */
  vgg16: boolean;
  side: number;
}

/** Names and numbers alone: Python is the same in every language. */
export function kerasProgram({ settings, classes, blocks, vgg16, side }: Asked): string {
  const { stages, units, batch_size, norms } = settings;
  const lines = [
    'import keras',
    'from keras import layers',
    '',
    vgg16
      ? `base = keras.applications.VGG16(weights="imagenet", include_top=False, input_shape=(${side}, ${side}, 3))`
      : 'base = keras.saving.load_model("base.keras")',
    'base.trainable = False',
    '',
    'x = layers.GlobalAveragePooling2D()(base.output)',
    `x = layers.Dense(${units}, activation="relu")(x)`,
    `outputs = layers.Dense(${classes}, activation="softmax")(x)`,
    'model = keras.Model(base.input, outputs)',
  ];
  stages.forEach(({ open, epochs, rate }) => {
    lines.push('');
    if (open > 0) {
      const opened = Math.min(open, blocks.length);
      const first = blocks[blocks.length - opened]?.layers[0];
      lines.push('base.trainable = True');
      if (opened < blocks.length && first) {
        lines.push(`first = base.layers.index(base.get_layer("${first}"))`, 'for layer in base.layers[:first]:', '    layer.trainable = False');
      }
      if (norms === 'still' && !vgg16) lines.push('for layer in base.layers:', '    if isinstance(layer, layers.BatchNormalization):', '        layer.trainable = False');
    }
    lines.push(
      'model.compile(',
      `    optimizer=keras.optimizers.Adam(${rate}),`,
      '    loss="sparse_categorical_crossentropy",',
      '    metrics=["accuracy"],',
      ')',
      `model.fit(x_train, y_train, epochs=${epochs}, batch_size=${batch_size}, validation_data=(x_held, y_held))`,
    );
  });
  return `${lines.join('\n')}\n`;
}
