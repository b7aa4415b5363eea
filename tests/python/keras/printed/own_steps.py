# Steps of one's own: train_step and test_step, a compile with two optimisers, trackers as metrics, samples by a layer.
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)


class Stepping(keras.Model):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = keras.metrics.Mean(name="loss")
        self.off = keras.metrics.MeanAbsoluteError(name="off")

    @property
    def metrics(self):
        return [self.seen, self.off]

    def _step(self, data, training):
        x, y = data
        y_pred = self(x, training=training)
        return y, y_pred, ops.mean(keras.losses.mean_squared_error(y, y_pred))

    def train_step(self, data):
        with tf.GradientTape() as tape:
            y, y_pred, loss = self._step(data, True)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply(gradients, self.trainable_variables)
        return self._told(y, y_pred, loss)

    def test_step(self, data):
        return self._told(*self._step(data, False))

    def _told(self, y, y_pred, loss):
        self.seen.update_state(loss)
        self.off.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}


inputs = keras.Input(shape=(12,))
model = Stepping(inputs, layers.Dense(1)(layers.Dense(8, activation="relu")(inputs)))
model.compile(optimizer=keras.optimizers.Adam(0.01))
x = rng.normal(size=(128, 12))
y = x[:, :1] * 2
history = model.fit(x, y, epochs=4, verbose=0, validation_data=(x[:32], y[:32]))
print(sorted(history.history), history.history["loss"][-1] < history.history["loss"][0], len(model.evaluate(x, y, verbose=0)))


class Drawn(layers.Layer):
    """Mean and log-variance in, a sample out; the divergence is a loss of the layer."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seeds = keras.random.SeedGenerator(7)

    def call(self, parts):
        mean, log_variance = parts
        self.add_loss(0.01 * ops.mean(ops.sum(ops.square(mean) + ops.exp(log_variance) - 1 - log_variance, axis=-1)))
        noise = keras.random.normal(shape=ops.shape(mean), seed=self.seeds)
        return mean + ops.exp(0.5 * log_variance) * noise


seen = keras.Input(shape=(14, 14, 1))
h = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu")(seen)
h = layers.Dense(10, activation="relu")(layers.Flatten()(h))
mean, log_variance = layers.Dense(2, name="mean")(h), layers.Dense(2, name="log_variance")(h)
encoder = keras.Model(seen, [mean, log_variance, Drawn(name="drawn")([mean, log_variance])], name="encoder")
encoder.summary()
code = keras.Input(shape=(2,))
h = layers.Reshape((7, 7, 4))(layers.Dense(7 * 7 * 4, activation="relu")(code))
decoder = keras.Model(code, layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid")(h), name="decoder")
decoder.summary()
auto = keras.Model(seen, decoder(encoder(seen)[2]), name="auto")
auto.compile(optimizer="adam", loss="binary_crossentropy")
pictures = (rng.random((64, 14, 14, 1)) > 0.7).astype("float32")
history = auto.fit(pictures, pictures, epochs=6, batch_size=16, verbose=0)
print(sorted(history.history), history.history["loss"][-1] < history.history["loss"][0])
print(decoder.predict(np.array([[0.1, -0.2]]), verbose=0).shape, [part.shape for part in encoder.predict(pictures[:3], verbose=0)])


class Contest(keras.Model):
    def __init__(self, maker, judge, size):
        super().__init__()
        self.maker, self.judge, self.size = maker, judge, size
        self.of_judge, self.of_maker = keras.metrics.Mean(name="judge"), keras.metrics.Mean(name="maker")
        self.seeds = keras.random.SeedGenerator(3)

    @property
    def metrics(self):
        return [self.of_judge, self.of_maker]

    def compile(self, for_judge, for_maker, loss_fn):
        super().compile()
        self.for_judge, self.for_maker, self.loss_fn = for_judge, for_maker, loss_fn

    def train_step(self, real):
        if isinstance(real, tuple):
            real = real[0]
        count = ops.shape(real)[0]
        noise = keras.random.normal((count, self.size), seed=self.seeds)
        both = ops.concatenate([self.maker(noise), real], axis=0)
        labels = ops.concatenate([ops.ones((count, 1)), ops.zeros((count, 1))], axis=0)
        labels += 0.05 * keras.random.uniform(ops.shape(labels), seed=self.seeds)
        with tf.GradientTape() as tape:
            judged = self.loss_fn(labels, self.judge(both))
        self.for_judge.apply_gradients(zip(tape.gradient(judged, self.judge.trainable_weights), self.judge.trainable_weights))
        with tf.GradientTape() as tape:
            made = self.loss_fn(ops.zeros((count, 1)), self.judge(self.maker(noise)))
        self.for_maker.apply_gradients(zip(tape.gradient(made, self.maker.trainable_weights), self.maker.trainable_weights))
        self.of_judge.update_state(judged)
        self.of_maker.update_state(made)
        return {m.name: m.result() for m in self.metrics}


judge = keras.Sequential([keras.Input((14, 14, 1)), layers.Conv2D(4, 3, strides=2, padding="same"), layers.LeakyReLU(negative_slope=0.2), layers.GlobalMaxPooling2D(), layers.Dense(1)], name="judge")
maker = keras.Sequential([keras.Input((6,)), layers.Dense(7 * 7 * 2), layers.LeakyReLU(negative_slope=0.2), layers.Reshape((7, 7, 2)), layers.Conv2DTranspose(2, 4, strides=2, padding="same"), layers.Conv2D(1, 5, padding="same", activation="sigmoid")], name="maker")
contest = Contest(maker, judge, 6)
contest.compile(keras.optimizers.Adam(3e-4), keras.optimizers.Adam(3e-4), keras.losses.BinaryCrossentropy(from_logits=True))


class Look(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        made = self.model.maker(keras.random.normal((3, 6)))
        print(epoch, sorted(logs), (made * 255).numpy().shape)


data = tf.data.Dataset.from_tensor_slices(pictures).shuffle(64).batch(16)
contest.fit(data, epochs=2, callbacks=[Look()], verbose=0)
maker.summary()
