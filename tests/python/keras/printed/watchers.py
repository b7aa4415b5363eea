# Callbacks: what each is told and when, those that come with Keras, and one that stops and restores.
import csv
import os
import tempfile

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(2)
folder = tempfile.mkdtemp()
x = np.linspace(-1, 1, 192).reshape(-1, 1).astype("float32")
y = 2 - 3 * x


def line():
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1, kernel_initializer="zeros")])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.2), loss="mse", metrics=["mae"])
    return model


class Diary(keras.callbacks.Callback):
    """Writes down every call."""


def _writing(name):
    def method(self, *args, logs=None):
        *place, logs = (*args, logs) if logs is not None or not args or not isinstance(args[-1], dict) else args
        print(name, *place, sorted(logs or {}), {k: round(float(v), 3) for k, v in (logs or {}).items() if k != "outputs"})

    return method


for _name in ("train_begin", "train_end", "epoch_begin", "epoch_end", "test_begin", "test_end", "predict_begin", "predict_end",
              "train_batch_begin", "train_batch_end", "test_batch_begin", "test_batch_end", "predict_batch_begin", "predict_batch_end"):  # fmt: skip
    setattr(Diary, f"on_{_name}", _writing(_name))

model = line()
model.fit(x, y, batch_size=96, epochs=2, verbose=0, validation_split=0.5, shuffle=False, callbacks=[Diary()])
print([round(value, 3) for value in model.evaluate(x, y, batch_size=96, verbose=0, callbacks=[Diary()])])
print(model.predict(x, batch_size=96, verbose=0, callbacks=[Diary()]).shape)


class BestKept(keras.callbacks.Callback):
    def __init__(self, goal):
        super().__init__()
        self.goal = goal

    def on_train_begin(self, logs=None):
        self.best, self.kept = np.inf, None

    def on_epoch_end(self, epoch, logs=None):
        if logs["loss"] < self.best:
            self.best, self.kept = logs["loss"], self.model.get_weights()
        if logs["loss"] < self.goal:
            print(f"epoch {epoch + 1}: below {self.goal}")
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        self.model.set_weights(self.kept)


model = line()
history = model.fit(x, y, epochs=20, verbose=0, shuffle=False, callbacks=[BestKept(0.01)])
print(history.epoch, history.params, [float(np.round(w.ravel()[0], 2)) for w in model.get_weights()])
model = line()
history = model.fit(x, y, epochs=14, batch_size=32, verbose=0, validation_data=(x[:64], y[:64]), shuffle=False, callbacks=[
    keras.callbacks.EarlyStopping(monitor="val_loss", min_delta=1e-3, patience=2, verbose=1, restore_best_weights=True),
    keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=1, min_lr=0.01, min_delta=0.005, verbose=1),
    keras.callbacks.ModelCheckpoint(os.path.join(folder, "{epoch:02d}.keras"), save_best_only=True, monitor="val_mae"),
    keras.callbacks.ModelCheckpoint(os.path.join(folder, "last.weights.h5"), save_weights_only=True),
    keras.callbacks.CSVLogger(os.path.join(folder, "log.csv")),
    keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch, sorted(logs))),
    keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate if epoch < 3 else rate * 0.9),
    keras.callbacks.TerminateOnNaN(),
])  # fmt: skip
print(len(history.epoch), sorted(os.listdir(folder))[0], sorted(os.listdir(folder))[-2:])
with open(os.path.join(folder, "log.csv")) as file:
    print(next(csv.reader(file)))
kept = keras.models.load_model(os.path.join(folder, sorted(os.listdir(folder))[-3]))
print(round(kept.evaluate(x, y, verbose=0)[0], 2), kept.optimizer.name)
other = line()
other.load_weights(os.path.join(folder, "last.weights.h5"))
print(np.allclose(other.predict(x, verbose=0), -3 * x + 2, atol=0.3))
steps = keras.optimizers.schedules.ExponentialDecay(1e-2, decay_steps=1000, decay_rate=0.5, staircase=True)
print([round(float(steps(s)), 5) for s in (0, 999, 1000, 2500)], float(keras.optimizers.schedules.CosineDecay(0.1, 100, warmup_target=0.2, warmup_steps=10)(5)))
for bad in ({"monitor": "val_acc"}, {"monitor": "accuracy"}):
    try:
        line().fit(x, y, epochs=1, verbose=0, callbacks=[keras.callbacks.EarlyStopping(**bad)])
    except ValueError as error:
        print(str(error)[:60])
