# Convolution, pooling, dense: a small Keras network tells drawn shapes apart.
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

rng = np.random.default_rng(0)
keras.utils.set_random_seed(0)
NAMES = ["disc", "square", "cross"]


def draw(kind):
    rows, columns = np.mgrid[0:16, 0:16]
    dy, dx = rows - rng.uniform(5, 10), columns - rng.uniform(5, 10)
    r = rng.uniform(3, 5)
    if kind == 0:
        shape = dx**2 + dy**2 < r**2
    elif kind == 1:
        shape = (np.abs(dx) < 0.85 * r) & (np.abs(dy) < 0.85 * r)
    else:
        shape = ((np.abs(dx) < 1.2) & (np.abs(dy) < r)) | ((np.abs(dy) < 1.2) & (np.abs(dx) < r))
    return shape.astype(float) + 0.1 * rng.normal(size=(16, 16))


labels = rng.integers(0, 3, 600)
images = np.stack([draw(k) for k in labels.tolist()])[..., None].astype("float32")

inputs = keras.Input(shape=(16, 16, 1))
maps = layers.Conv2D(8, (3, 3), activation="relu")(inputs)
x = layers.MaxPooling2D((2, 2))(maps)
x = layers.Flatten()(x)
x = layers.Dense(32, activation="relu")(x)
outputs = layers.Dense(3, activation="softmax")(x)
model = keras.Model(inputs, outputs)
model.summary()

model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(images[:500], labels[:500], epochs=15, batch_size=32, validation_data=(images[500:], labels[500:]), verbose=0)
print(f"validation accuracy {history.history['val_accuracy'][-1]:.1%}")

plt.plot(history.history["loss"], label="training")
plt.plot(history.history["val_loss"], "--o", label="validation", markersize=4)
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.grid(alpha=0.3)
plt.show()

# What the eight filters make of one image: the layer's output is a model of its own.
features = keras.Model(inputs, maps).predict(images[500:501], verbose=0)[0]
filters = np.asarray(model.layers[1].get_weights()[0])
fig, axes = plt.subplots(2, 9, figsize=(11, 2.8))
axes[0, 0].imshow(images[500, :, :, 0], cmap="gray")
axes[0, 0].set_title(NAMES[int(labels[500])])
for i in range(8):
    axes[0, i + 1].imshow(filters[:, :, 0, i], cmap="RdBu", vmin=-0.6, vmax=0.6)
    axes[1, i + 1].imshow(features[:, :, i], cmap="magma")
for ax in axes.flat:
    ax.axis("off")
plt.suptitle("filters, and what they find")
plt.show()
