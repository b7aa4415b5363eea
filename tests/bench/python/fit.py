# Samples a second that Keras's fit trains of the reference net, by batch, as JSON.
import json
import time

import keras
import numpy as np
from keras import layers

COUNT, EPOCHS = 512, 12
x = np.random.default_rng(0).random((COUNT, 28, 28, 1)).astype("float32")
y = np.arange(COUNT) % 10


class Times(keras.callbacks.Callback):
    """Seconds of each epoch: short ones, of which the median leaves out what else the machine did."""

    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        seconds.append(time.perf_counter() - self.began)


rates = {}
for batch in (32, 128):
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
        layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    seconds = []
    model.fit(x, y, batch_size=batch, epochs=EPOCHS, verbose=0, callbacks=[Times()])
    rates[batch] = COUNT / sorted(seconds[1:])[EPOCHS // 2]
print(json.dumps(rates))
