# 微调：基座先学会 0 到 4，再用每类 50 张的 5 到 9 学新任务。
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

keras.utils.set_random_seed(1)
(x, y), (x_held, y_held) = keras.datasets.mnist.load_data()
x, x_held = x[..., None].astype("float32") / 255, x_held[..., None].astype("float32") / 255


def digits(x, y, wanted, most):
    chosen = np.concatenate([np.flatnonzero(y == label)[:most] for label in wanted])
    return x[chosen], y[chosen] - wanted[0]


# 基座：每个卷积后面接批归一化。
inputs = keras.Input(shape=(28, 28, 1))
maps = inputs
for filters in (16, 32):
    maps = layers.Conv2D(filters, 3, padding="same", use_bias=False)(maps)
    maps = layers.BatchNormalization(momentum=0.9)(maps)
    maps = layers.Activation("relu")(maps)
    maps = layers.MaxPooling2D()(maps)
base = keras.Model(inputs, maps, name="base")

known = layers.Dense(5, activation="softmax")(layers.GlobalAveragePooling2D()(base.output))
teacher = keras.Model(base.input, known)
teacher.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
teacher.fit(*digits(x, y, [0, 1, 2, 3, 4], 300), epochs=4, batch_size=32, verbose=2)

# 1. 冻结。Keras 里冻结的 BatchNormalization 自动按推理模式运行。
base.trainable = False
before = [weight.copy() for weight in base.get_weights()]

# 2. 接一个新的分类头。
features = layers.GlobalAveragePooling2D()(base.output)
hidden = layers.Dense(64, activation="relu")(features)
answers = layers.Dense(5, activation="softmax")(hidden)
model = keras.Model(base.input, answers)

train = digits(x, y, [5, 6, 7, 8, 9], 50)
held = digits(x_held, y_held, [5, 6, 7, 8, 9], 200)
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
head = model.fit(*train, epochs=10, batch_size=16, validation_data=held, verbose=0)
same = all(np.array_equal(a, b) for a, b in zip(before, base.get_weights()))
print(f"head alone: {head.history['val_accuracy'][-1]:.3f} held out, base unchanged: {same}")

# 3. 解冻，批归一化除外。改了 trainable 要重新 compile 才算数，学习率同时调小。
base.trainable = True
for layer in base.layers:
    if isinstance(layer, layers.BatchNormalization):
        layer.trainable = False
model.compile(optimizer=keras.optimizers.Adam(0.001), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
tuned = model.fit(*train, epochs=10, batch_size=16, validation_data=held, verbose=0)
print(f"fine-tuned: {tuned.history['val_accuracy'][-1]:.3f} held out")

plt.plot(range(1, 11), head.history["val_accuracy"], "o-", label="head alone")
plt.plot(range(11, 21), tuned.history["val_accuracy"], "s-", label="base unfrozen, rate / 10")
plt.xlabel("epoch")
plt.ylabel("held-out accuracy")
plt.legend()
plt.show()
