# A large network's features, computed once, and a new end trained on them; then the whole, frozen and joined.
import time

import numpy as np
import tensorflow as tf
from tensorflow.keras.layers import Dense, GlobalAveragePooling2D

tf.keras.utils.set_random_seed(2)
size, classes = 64, 2
base_model = tf.keras.applications.VGG16(weights=None, include_top=False, input_shape=(size, size, 3))
assert base_model.count_params() == 14714688
for layer in base_model.layers:
    layer.trainable = False
assert base_model.trainable_weights == []

# Stripes that lie, and stripes that stand.
rng = np.random.default_rng(0)
at = np.arange(size)
wave = np.sin(at[:, None] * 0.6 + rng.uniform(0, 6, size=(24, 1, 1)))
lying = np.broadcast_to(wave, (24, size, size))
standing = np.broadcast_to(np.swapaxes(wave, 1, 2), (24, size, size))
images = np.stack([*lying[:12], *standing[12:]])[..., None] * np.ones(3) + rng.normal(size=(24, size, size, 3)) * 0.1
images = (images * 60 + 128).astype(np.float32)
labels = tf.keras.utils.to_categorical([0] * 12 + [1] * 12, classes)

began = time.time()
features = base_model.predict(images, verbose=0)
print(f"the base ran in {time.time() - began:.1f} s", features.shape)
assert features.shape == (24, size // 32, size // 32, 512)
assert base_model._inference_plan is not None

began = time.time()
# A base of random weights has small features that lie close together; trained weights would need no such care.
features = (features - features.mean(axis=0)) / (features.std(axis=0) + 1e-12)
head_input = tf.keras.Input(shape=features.shape[1:])
x = GlobalAveragePooling2D()(head_input)
x = Dense(1024, activation="relu")(x)
head = tf.keras.Model(head_input, Dense(classes, activation="softmax")(x))
head.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
history = head.fit(features, labels, epochs=10, batch_size=8, verbose=0)
print(f"the end was trained in {time.time() - began:.1f} s", history.history["accuracy"])
assert time.time() - began < 60
assert history.history["accuracy"][-1] > 0.9

# The same as one model: only its own two layers learn.
x = base_model.output
x = GlobalAveragePooling2D()(x)
x = Dense(1024, activation="relu")(x)
model = tf.keras.Model(inputs=base_model.input, outputs=Dense(classes, activation="softmax")(x))
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
assert len(model.trainable_weights) == 4
before = base_model.get_weights()[0].copy()
model.fit(images[:8], labels[:8], epochs=1, batch_size=4, validation_data=(images[8:10], labels[8:10]))
assert model._train_plan is not None, model._why_tape
assert (model.get_weights()[0] == before).all()

# Without its file 'imagenet' says which one to drop.
try:
    tf.keras.applications.VGG16(weights="imagenet", include_top=False)
except FileNotFoundError as error:
    assert "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5" in str(error)
else:
    raise AssertionError("weights came from nowhere")
print("ok")
