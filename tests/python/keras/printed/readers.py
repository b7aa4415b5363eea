# Texts and sequences: attention in layers of one's own, masks, both directions, a character model that samples.
import keras
import numpy as np
from keras import layers, ops

keras.utils.set_random_seed(3)
length, words, width = 10, 30, 8


class WithPlaces(layers.Layer):
    def __init__(self, length, words, width):
        super().__init__()
        self.words = layers.Embedding(input_dim=words, output_dim=width)
        self.places = layers.Embedding(input_dim=length, output_dim=width)

    def call(self, x):
        return self.words(x) + self.places(ops.arange(0, ops.shape(x)[-1], 1))


class Reading(layers.Layer):
    def __init__(self, width, heads, inner, rate=0.1):
        super().__init__()
        self.look = layers.MultiHeadAttention(num_heads=heads, key_dim=width)
        self.think = keras.Sequential([layers.Dense(inner, activation="relu"), layers.Dense(width)])
        self.norms = [layers.LayerNormalization(epsilon=1e-6) for _ in range(2)]
        self.drop = layers.Dropout(rate)

    def call(self, x, training=False):
        x = self.norms[0](x + self.drop(self.look(x, x), training=training))
        return self.norms[1](x + self.drop(self.think(x), training=training))


rng = np.random.default_rng(0)
texts = [list(map(int, rng.integers(1, words, size=rng.integers(3, 14)))) for _ in range(64)]
x = keras.utils.pad_sequences(texts, maxlen=length)
print(x.shape, keras.utils.pad_sequences([[1, 2], [3, 4, 5, 6]], maxlen=3, padding="post", truncating="post"))
y = np.array([sum(text) % 2 for text in texts])
inputs = keras.Input((length,))
h = Reading(width, 2, 12)(WithPlaces(length, words, width)(inputs))
h = layers.Dropout(0.1)(layers.GlobalAveragePooling1D()(h))
model = keras.Model(inputs, layers.Dense(2, activation="softmax")(h))
model.summary()
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, batch_size=16, epochs=4, validation_split=0.25, verbose=0)
print(sorted(history.history), history.history["loss"][-1] < history.history["loss"][0])
both = keras.Sequential([
    keras.Input((None,), dtype="int32"), layers.Embedding(words, 6, mask_zero=True),
    layers.Bidirectional(layers.LSTM(5, return_sequences=True)), layers.Bidirectional(layers.GRU(3)), layers.Dense(1, activation="sigmoid"),
])  # fmt: skip
both.summary()
both.compile("adam", "binary_crossentropy", metrics=["accuracy", keras.metrics.AUC(name="auc")])
print(sorted(both.fit(x, y, epochs=1, verbose=0).history))
padded = np.concatenate([np.zeros((64, 3), int), x], axis=1)
print(np.allclose(both.predict(x, verbose=0), both.predict(padded, verbose=0), atol=1e-5))
rows = keras.Sequential([keras.Input((6, 3)), layers.Masking(0.0), layers.SimpleRNN(4, return_sequences=True), layers.TimeDistributed(layers.Dense(2)), layers.Flatten(), layers.Dense(1)])
print(rows(np.zeros((2, 6, 3), "float32")).shape, rows.count_params())
text = "abcabdabcabd" * 4
letters = sorted(set(text))
number = {c: i for i, c in enumerate(letters)}
xs = np.zeros((len(text) - 3, 3, len(letters)), dtype=bool)
for i in range(len(xs)):
    for t in range(3):
        xs[i, t, number[text[i + t]]] = True
ys = keras.utils.to_categorical([number[text[i + 3]] for i in range(len(xs))], len(letters))
lm = keras.Sequential([keras.Input((3, len(letters))), layers.LSTM(24), layers.Dense(len(letters), activation="softmax")])
lm.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.RMSprop(learning_rate=0.02))
lm.fit(xs, ys, batch_size=8, epochs=25, verbose=0)


def pick(p, temperature):
    p = np.exp(np.log(np.asarray(p).astype("float64")) / temperature)
    return np.argmax(np.random.multinomial(1, p / np.sum(p), 1))


window = "abc"
for _ in range(9):
    seen = np.zeros((1, 3, len(letters)))
    for t, c in enumerate(window[-3:]):
        seen[0, t, number[c]] = 1.0
    window += letters[pick(lm.predict(seen, verbose=0)[0], 0.05)]
print(window)
tokens = layers.TextVectorization(max_tokens=12, output_sequence_length=5)
tokens.adapt(["the cat sat", "the dog ran away", "a dog sat"])
print(tokens(["the dog flew"]).numpy(), [str(word) for word in tokens.get_vocabulary()])
