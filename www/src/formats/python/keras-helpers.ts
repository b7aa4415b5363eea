// Layers that a Keras model brings along where Keras has none that computes the same.

export type KerasHelper = 'gelu_tanh' | 'PositionEmbedding' | 'LowPadding2D' | 'AverageInside2D';

export const kerasHelpers = new Map<KerasHelper, string>([
  [
    'gelu_tanh',
    `
@keras.saving.register_keras_serializable(package="danlu")
def gelu_tanh(x):
    """By a tanh; Keras's own goes by the error function."""
    return keras.ops.gelu(x, approximate=True)
`,
  ],
  [
    'PositionEmbedding',
    `
@keras.saving.register_keras_serializable(package="danlu")
class PositionEmbedding(layers.Layer):
    """Adds to each step a row of its own."""

    def build(self, shape):
        self.embeddings = self.add_weight(shape=shape[1:], name="embeddings")

    def call(self, x):
        return x + self.embeddings
`,
  ],
  [
    'LowPadding2D',
    `
@keras.saving.register_keras_serializable(package="danlu")
class LowPadding2D(layers.Layer):
    """Surrounds an image with what no maximum takes."""

    def __init__(self, padding, **settings):
        super().__init__(**settings)
        self.padding = padding

    def call(self, x):
        return keras.ops.pad(x, ((0, 0), *self.padding, (0, 0)), constant_values=-np.inf)

    def compute_output_shape(self, shape):
        n, h, w, c = shape
        (top, bottom), (left, right) = self.padding
        return n, h + top + bottom, w + left + right, c

    def get_config(self):
        return {**super().get_config(), "padding": self.padding}
`,
  ],
  [
    'AverageInside2D',
    `
@keras.saving.register_keras_serializable(package="danlu")
class AverageInside2D(layers.Layer):
    """Means over windows that count only what lies inside the image."""

    def __init__(self, size, strides, padding, **settings):
        super().__init__(**settings)
        self.size, self.strides, self.padding = size, strides, padding

    def call(self, x):
        pads = ((0, 0), *self.padding, (0, 0))
        mean, share = (
            keras.ops.average_pool(keras.ops.pad(part, pads), self.size, self.strides)
            for part in (x, keras.ops.ones_like(x))
        )
        return mean / share

    def get_config(self):
        own = {"size": self.size, "strides": self.strides, "padding": self.padding}
        return {**super().get_config(), **own}
`,
  ],
]);
