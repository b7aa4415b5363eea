// Layers that a Keras model brings along where Keras has none that computes the same.

export type KerasHelper = 'gelu_tanh' | 'PositionEmbedding' | 'RotaryAttention' | 'LowPadding2D' | 'AverageInside2D';

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
    'RotaryAttention',
    `
@keras.saving.register_keras_serializable(package="danlu")
class RotaryAttention(layers.MultiHeadAttention):
    """Queries and keys are turned by their positions before they meet (RoFormer)."""

    def __init__(self, num_heads, key_dim, base=10000.0, scale=1.0, start=0.0, **settings):
        super().__init__(num_heads, key_dim, **settings)
        self.rotary = {"base": base, "scale": scale, "start": start}

    def _turned(self, x):
        steps, key = x.shape[1], x.shape[-1]
        positions = (np.arange(steps) + self.rotary["start"]) * self.rotary["scale"]
        angles = np.outer(positions, self.rotary["base"] ** (-np.arange(0, key, 2) / key))[:, None]
        cos, sin = np.cos(angles).astype("float32"), np.sin(angles).astype("float32")
        a, b = keras.ops.split(x, 2, axis=-1)  # Halves form the pairs, as in LLaMA and GPT-NeoX.
        return keras.ops.concatenate([a * cos - b * sin, a * sin + b * cos], axis=-1)

    def _compute_attention(self, query, key, value, *rest, **settings):
        query, key = self._turned(query), self._turned(key)
        return super()._compute_attention(query, key, value, *rest, **settings)

    def get_config(self):
        return {**super().get_config(), **self.rotary}
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
