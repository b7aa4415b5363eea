# A model of three inputs by name and two answers by name; layers that are shared; layers of one's own in a saved config.
import keras
import numpy as np
from keras import layers, ops

keras.utils.set_random_seed(1)
words, kinds = 40, 3
headline = keras.Input(shape=(None,), name="headline")
article = keras.Input(shape=(None,), name="article")
marks = keras.Input(shape=(5,), name="marks")
table = layers.Embedding(words, 12, name="words")
read = layers.concatenate([layers.LSTM(10)(table(headline)), layers.GRU(6)(table(article)), marks])
urgent = layers.Dense(1, name="urgent")(read)
kind = layers.Dense(kinds, name="kind")(read)
model = keras.Model(inputs=[headline, article, marks], outputs={"urgent": urgent, "kind": kind}, name="desk")
model.summary()
model.compile(
    optimizer=keras.optimizers.RMSprop(1e-3),
    loss={"urgent": keras.losses.BinaryCrossentropy(from_logits=True), "kind": keras.losses.CategoricalCrossentropy(from_logits=True)},
    loss_weights={"urgent": 1.0, "kind": 0.3},
    metrics={"kind": ["accuracy"]},
)
rng = np.random.default_rng(0)
x = {"headline": rng.integers(words, size=(48, 6)), "article": rng.integers(words, size=(48, 15)), "marks": rng.integers(2, size=(48, 5)).astype("float32")}
y = {"urgent": rng.integers(2, size=(48, 1)).astype("float32"), "kind": np.eye(kinds)[rng.integers(kinds, size=48)]}
history = model.fit(x, y, epochs=3, batch_size=16, verbose=0)
print(sorted(history.history), history.history["loss"][-1] < history.history["loss"][0])
answers = model.predict(x, verbose=0)
print({name: (part.shape, str(part.dtype)) for name, part in answers.items()})
print(sorted(model.evaluate(x, y, verbose=0, return_dict=True)))

picture = keras.Input(shape=(20, 20, 3), name="picture")
h = layers.Conv2D(8, 3, activation="relu")(picture)
first = layers.MaxPooling2D(2)(layers.Conv2D(16, 3, activation="relu")(h))
h = layers.Conv2D(16, 3, activation="relu", padding="same")(first)
second = layers.add([layers.Conv2D(16, 3, padding="same")(h), first])
h = layers.Dropout(0.3)(layers.Dense(12, activation="relu")(layers.GlobalAveragePooling2D()(second)))
net = keras.Model(picture, layers.Dense(4)(h), name="with_a_way_around")
net.summary()
net.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["acc"])
pictures, labels = rng.random((40, 20, 20, 3)).astype("float32"), rng.integers(4, size=40)
print(sorted(net.fit(pictures, labels, batch_size=8, epochs=1, validation_split=0.25, verbose=0).history))
inside = keras.Model(net.inputs, [layer.output for layer in net.layers[1:4]])
print([part.shape for part in inside(pictures[:2])], net.input_shape, net.output_shape, [layer.name for layer in net.layers][:4])
part = keras.Model(net.input, second, name="lower")
whole = keras.Sequential([part, layers.Flatten(), layers.Dense(2)])
whole.build((None, 20, 20, 3))
whole.summary()
a, b = keras.Input((7,)), keras.Input((7,))
tower = keras.Sequential([keras.Input((7,)), layers.Dense(5, activation="tanh"), layers.Dense(3)])
far = layers.Lambda(lambda pair: ops.norm(pair[0] - pair[1], axis=-1, keepdims=True))([tower(a), tower(b)])
twins = keras.Model([a, b], far)
same = np.ones((2, 7), "float32")
print(twins.count_params(), twins([same, same]).numpy().ravel(), tower.get_layer(index=0).units)


class Tilted(layers.Layer):
    """w · x + b, where b is not learnt."""

    def __init__(self, units=8, tilt=0.5, **kwargs):
        super().__init__(**kwargs)
        self.units, self.tilt = units, tilt

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True, name="w")
        self.b = self.add_weight(shape=(self.units,), initializer=keras.initializers.Constant(self.tilt), trainable=False, name="b")

    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b

    def get_config(self):
        return {**super().get_config(), "units": self.units, "tilt": self.tilt}


@keras.saving.register_keras_serializable(package="own")
def leaning(y_true, y_pred):
    off = y_true - y_pred
    return ops.mean(ops.where(off > 0, 2.0 * off, -off), axis=-1)


inputs = keras.Input((4,))
own = keras.Model(inputs, layers.Dense(1)(Tilted(6, name="tilted")(inputs)))
own.compile("sgd", leaning)
x, y = rng.normal(size=(64, 4)), rng.normal(size=(64, 1))
print(own.fit(x, y, epochs=3, verbose=0).history["loss"][-1] > 0, own.layers[1].get_config()["tilt"], len(own.trainable_weights), len(own.non_trainable_weights))
again = keras.Model.from_config(own.get_config(), custom_objects={"Tilted": Tilted})
again.set_weights(own.get_weights())
print(np.allclose(own.predict(x, verbose=0), again.predict(x, verbose=0), atol=1e-6), [w.name for w in again.weights])
