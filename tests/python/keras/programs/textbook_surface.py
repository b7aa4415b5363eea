# What textbooks of Keras use besides: own layers, metrics and steps, several inputs, files, callbacks, images in folders.
import os
import tempfile

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers, models, optimizers
from tensorflow.keras.utils import to_categorical

keras.utils.set_random_seed(4)
folder = tempfile.mkdtemp()
rng = np.random.default_rng(0)

# A first network by the old spelling.
x = rng.normal(size=(200, 8)).astype("float32")
y = (x[:, 0] + x[:, 1] > 0).astype("int")
model = models.Sequential()
model.add(layers.Dense(16, activation="relu", input_shape=(8,)))
model.add(layers.Dropout(0.2))
model.add(layers.Dense(1, activation="sigmoid"))
model.compile(optimizer=optimizers.RMSprop(learning_rate=0.01), loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(x, y, epochs=20, batch_size=16, validation_split=0.25, verbose=0)
assert history.history["accuracy"][-1] > 0.85, history.history["accuracy"]
assert model.predict(x[:3], verbose=0).shape == (3, 1)
assert model._train_plan is not None

# A layer, a metric and a loss of one's own.
class Scale(layers.Layer):
    def __init__(self, start=1.0, **kwargs):
        super().__init__(**kwargs)
        self.start = start

    def build(self, input_shape):
        self.factor = self.add_weight(shape=(input_shape[-1],), initializer=keras.initializers.Constant(self.start), name="factor")

    def call(self, inputs):
        return inputs * self.factor

    def get_config(self):
        return {**super().get_config(), "start": self.start}


class Error(keras.metrics.Metric):
    def __init__(self, name="error", **kwargs):
        super().__init__(name=name, **kwargs)
        self.total = self.add_weight(name="total", initializer="zeros")
        self.count = self.add_weight(name="count", initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign_add(tf.reduce_sum(tf.abs(tf.cast(y_true, tf.float32) - y_pred)))
        self.count.assign_add(tf.cast(tf.size(y_pred), tf.float32))

    def result(self):
        return self.total / self.count


inputs = keras.Input(shape=(8,))
outputs = layers.Dense(1)(Scale(2.0)(inputs))
own = keras.Model(inputs, outputs)
own.compile("adam", loss=lambda t, p: tf.reduce_mean(tf.square(t - p)), metrics=[Error()])
seen = own.fit(x, x[:, :1], epochs=3, verbose=0).history
assert seen["error"][-1] < seen["error"][0] and seen["loss"][-1] < seen["loss"][0]
path = os.path.join(folder, "own.keras")
own.compile("adam", "mse")
own.save(path)
again = keras.models.load_model(path, custom_objects={"Scale": Scale})
assert np.allclose(again.predict(x, verbose=0), own.predict(x, verbose=0))

# Two inputs, two outputs.
title, tags = keras.Input(shape=(10,), name="title"), keras.Input(shape=(3,), name="tags")
joined = layers.Concatenate()([title, tags])
joined = layers.Dense(8, activation="relu")(joined)
priority = layers.Dense(1, activation="sigmoid", name="priority")(joined)
department = layers.Dense(4, activation="softmax", name="department")(joined)
two = keras.Model(inputs=[title, tags], outputs=[priority, department])
two.compile(
    optimizer="adam", loss={"priority": "mean_squared_error", "department": "categorical_crossentropy"},
    metrics={"priority": ["mean_absolute_error"], "department": ["accuracy"]},
)  # fmt: skip
a, b = rng.normal(size=(64, 10)), rng.normal(size=(64, 3))
seen = two.fit(
    {"title": a, "tags": b},
    {"priority": rng.random(size=(64, 1)), "department": to_categorical(rng.integers(0, 4, size=64), 4)}, epochs=2, verbose=0,
).history  # fmt: skip
assert {"loss", "priority_loss", "department_loss", "priority_mean_absolute_error", "department_accuracy"} <= set(seen)
assert [p.shape for p in two.predict([a, b], verbose=0)] == [(64, 1), (64, 4)]


# A subclass with its own step, as for a variational autoencoder.
class AutoEncoder(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = keras.Sequential([layers.Dense(4, activation="relu"), layers.Dense(2)])
        self.decoder = keras.Sequential([layers.Dense(4, activation="relu"), layers.Dense(8)])
        self.tracker = keras.metrics.Mean(name="reconstruction")

    @property
    def metrics(self):
        return [self.tracker]

    def train_step(self, data):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.reduce_sum(tf.square(data - self.decoder(self.encoder(data))), axis=1))
        grads = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights))
        self.tracker.update_state(loss)
        return {"reconstruction": self.tracker.result()}


auto = AutoEncoder()
auto.compile(optimizer=keras.optimizers.Adam(0.01))
seen = auto.fit(x, epochs=4, batch_size=32, verbose=0).history["reconstruction"]
assert seen[-1] < seen[0], seen

# Callbacks that write files, and the best weights again.
path = os.path.join(folder, "best.keras")
stops = [
    keras.callbacks.ModelCheckpoint(path, save_best_only=True, monitor="val_loss"),
    keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True),
    keras.callbacks.CSVLogger(os.path.join(folder, "log.csv")),
    keras.callbacks.ReduceLROnPlateau(patience=2, factor=0.5),
]  # fmt: skip
history = model.fit(x, y, epochs=6, validation_split=0.25, verbose=0, callbacks=stops)
best = keras.models.load_model(path)
loss, _ = best.evaluate(x[150:], y[150:], verbose=0)
assert abs(loss - min(history.history["val_loss"])) < 1e-4
assert len(open(os.path.join(folder, "log.csv")).read().splitlines()) == len(history.epoch) + 1
model.save_weights(os.path.join(folder, "w.weights.h5"))
model.load_weights(os.path.join(folder, "w.weights.h5"))

# Images in folders, augmented and scaled in the model.
for name, level in (("dark", 40), ("light", 200)):
    os.makedirs(os.path.join(folder, "images", name))
    for i in range(6):
        picture = np.clip(rng.normal(level, 20, size=(12, 12, 3)), 0, 255)
        keras.utils.save_img(os.path.join(folder, "images", name, f"{i}.png"), picture, scale=False)
data = keras.utils.image_dataset_from_directory(os.path.join(folder, "images"), image_size=(8, 8), batch_size=4, seed=1)
assert data.class_names == ["dark", "light"]
pictures = keras.Sequential([
    keras.Input((8, 8, 3)), layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom(0.2), layers.Rescaling(1.0 / 255),
    layers.SeparableConv2D(4, 3, activation="relu"), layers.BatchNormalization(), layers.GlobalAveragePooling2D(),
    layers.Dense(1, activation="sigmoid"),
])  # fmt: skip
pictures.compile(keras.optimizers.Adam(0.05), "binary_crossentropy", metrics=["accuracy"])
seen = pictures.fit(data, epochs=5, verbose=0).history
assert seen["accuracy"][-1] > 0.9, seen["accuracy"]
assert pictures._train_plan is not None, pictures._why_tape

# Words: an embedding, attention with a residual path, a recurrent layer.
words = rng.integers(1, 50, size=(120, 12))
label = (words == 7).any(axis=1).astype("int")
i = keras.Input(shape=(12,), dtype="int64")
e = layers.Embedding(50, 16)(i)
h = layers.LayerNormalization()(layers.Add()([e, layers.MultiHeadAttention(num_heads=2, key_dim=8)(e, e)]))
text = keras.Model(i, layers.Dense(2, activation="softmax")(layers.GlobalMaxPooling1D()(h)))
text.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
seen = text.fit(words, label, epochs=4, verbose=0).history
assert seen["loss"][-1] < seen["loss"][0] and text._train_plan is not None, text.__dict__.get("_why_tape")
recurrent = keras.Sequential([layers.Embedding(50, 8), layers.Bidirectional(layers.LSTM(4)), layers.Dense(1, activation="sigmoid")])
recurrent.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
recurrent.fit(words[:32], label[:32], epochs=1, verbose=0)

# The plan and the tape are one model: the same answers, the same first step.
one = keras.Sequential([keras.Input((8,)), layers.Dense(4, activation="tanh"), layers.Dense(2, activation="softmax")])
two = keras.models.clone_model(one)
two.set_weights(one.get_weights())
for m, eagerly in ((one, False), (two, True)):
    m.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"], run_eagerly=eagerly)
    m.fit(x, y, epochs=2, shuffle=False, verbose=0)
assert one._train_plan is not None and two._train_plan is None
assert all(np.allclose(p, q, atol=1e-5) for p, q in zip(one.get_weights(), two.get_weights()))
assert np.allclose(one.predict(x, verbose=0), one(x).numpy(), atol=1e-6)
print("ok")
