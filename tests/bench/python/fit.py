# Samples a second that Keras's fit trains of the reference net, by batch, as JSON.
import json
import time

import keras
import numpy as np
from keras import layers

COUNT = 2048
x = np.random.default_rng(0).random((COUNT, 28, 28, 1)).astype("float32")
y = np.arange(COUNT) % 10
rates = {}
for batch in (32, 128):
    model = keras.Sequential([
        keras.Input((28, 28, 1)), layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten(),
        layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:batch], y[:batch], batch_size=batch, verbose=0)
    began = time.perf_counter()
    model.fit(x, y, batch_size=batch, epochs=2, verbose=0)
    rates[batch] = 2 * COUNT / (time.perf_counter() - began)
print(json.dumps(rates))
