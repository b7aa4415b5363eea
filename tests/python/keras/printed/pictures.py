# Pictures: noise taken away, a net of the nineties layer by layer, augmentation, ways around, Grad-CAM; and what mistakes say.
import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(4)
rng = np.random.default_rng(1)
clean = rng.random((48, 16, 16, 1)).astype("float32")
noisy = np.clip(clean + 0.3 * rng.normal(size=clean.shape), 0.0, 1.0)
seen = keras.Input((16, 16, 1))
h = layers.MaxPooling2D(2, padding="same")(layers.Conv2D(6, 3, activation="relu", padding="same")(seen))
h = layers.UpSampling2D(2)(layers.Conv2DTranspose(6, 3, activation="relu", padding="same")(h))
cleaner = keras.Model(seen, layers.Conv2D(1, 3, activation="sigmoid", padding="same")(h))
cleaner.summary()
cleaner.compile(optimizer="adam", loss="binary_crossentropy")
history = cleaner.fit(x=noisy, y=clean, epochs=2, batch_size=16, validation_data=(noisy[:8], clean[:8]), verbose=0)
print(sorted(history.history), history.history["loss"][1] < history.history["loss"][0])
old = keras.Sequential([
    keras.Input((28, 28, 1)), layers.Conv2D(6, kernel_size=5, activation="sigmoid", padding="same"), layers.AvgPool2D(pool_size=2, strides=2),
    layers.Conv2D(16, 5, activation="sigmoid"), layers.AvgPool2D(2, 2), layers.Flatten(), layers.Dense(120, "sigmoid"),
    layers.Dense(84, activation="sigmoid"), layers.Dense(10),
])  # fmt: skip
x = rng.random((1, 28, 28, 1)).astype("float32")
for layer in old.layers:
    x = layer(x)
    print(f"{type(layer).__name__:20}{tuple(x.shape)}")
images, labels = rng.random((64, 28, 28, 1)).astype("float32"), np.arange(64) % 10
old.compile(optimizer=keras.optimizers.SGD(learning_rate=0.5), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"], weighted_metrics=["accuracy"])
print(sorted(old.fit(images, labels, batch_size=16, epochs=1, verbose=0, class_weight={0: 2.0, 3: 0.5}).history))
print(sorted(old.fit(images, labels, batch_size=16, epochs=1, verbose=0, sample_weight=np.linspace(0, 1, 64)).history))
changed = keras.Sequential([layers.RandomFlip("horizontal"), layers.RandomRotation(0.1), layers.RandomZoom(0.1), layers.RandomContrast(0.1)])
print(changed(images[:4], training=True).shape, bool(np.allclose(changed(images[:4], training=False), images[:4])))


def net(shape, classes):
    inputs = keras.Input(shape=shape)
    h = around = layers.Activation("relu")(layers.BatchNormalization()(layers.Conv2D(8, 3, strides=2, padding="same")(layers.Rescaling(1.0 / 255)(inputs))))
    for size in (8, 12):
        h = layers.BatchNormalization()(layers.SeparableConv2D(size, 3, padding="same")(layers.Activation("relu")(h)))
        h = layers.MaxPooling2D(3, strides=2, padding="same")(h)
        h = around = layers.add([h, layers.Conv2D(size, 1, strides=2, padding="same")(around)])
    h = layers.Dropout(0.25)(layers.GlobalAveragePooling2D()(h))
    return keras.Model(inputs, layers.Dense(1 if classes == 2 else classes)(h))


model = net((28, 28, 1), 2)
model.summary()
model.compile(optimizer=keras.optimizers.Adam(3e-4), loss=keras.losses.BinaryCrossentropy(from_logits=True), metrics=[keras.metrics.BinaryAccuracy(name="acc")])
print(sorted(model.fit(images, labels % 2, epochs=1, verbose=0).history))
last = [layer for layer in model.layers if isinstance(layer, layers.SeparableConv2D)][-1]
looking = keras.Model(model.inputs, [last.output, model.output])
with tf.GradientTape() as tape:
    maps, answer = looking(images[:1])
    score = answer[:, 0]
weights = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
heat = tf.maximum(tf.squeeze(maps[0] @ weights[..., tf.newaxis]), 0)
print(heat.shape, heat.dtype, bool(tf.reduce_all(heat >= 0)))
for mistake in (
    lambda: layers.Conv2D(4, 3)(np.zeros((2, 8, 8), "float32")),
    lambda: layers.Concatenate()([np.zeros((2, 3)), np.zeros((3, 3))]),
    lambda: layers.Add()([np.zeros((2, 3)), np.zeros((2, 4))]),
    lambda: layers.Dense(3, activation="reluu"),
    lambda: layers.Dense(-1),
    lambda: keras.Sequential([layers.Dense(2)]).fit(images, labels),
    lambda: old.fit(images, labels[:9], verbose=0),
    lambda: old.fit(images, labels, verbose=0, class_weight={0: 1.0}, sample_weight=np.ones(64)),
):
    try:
        print("nothing", mistake())
    except Exception as error:
        print(type(error).__name__, str(error).splitlines()[0][:56])
