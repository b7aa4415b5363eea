# The functional model of a textbook: two convolutions, a dense layer, a softmax.
import tensorflow as tf

tf.keras.utils.set_random_seed(3)


def create_model():
    inputs = tf.keras.Input(shape=(28, 28, 1))
    x = tf.keras.layers.Conv2D(32, (3, 3), activation="relu")(inputs)
    x = tf.keras.layers.MaxPooling2D((2, 2))(x)
    x = tf.keras.layers.Conv2D(64, (3, 3), activation="relu")(x)
    x = tf.keras.layers.MaxPooling2D((2, 2))(x)
    x = tf.keras.layers.Flatten()(x)
    x = tf.keras.layers.Dense(64, activation="relu")(x)
    outputs = tf.keras.layers.Dense(10, activation="softmax")(x)
    return tf.keras.Model(inputs, outputs)


model = create_model()
model.summary()
assert model.count_params() == 121930
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
(train_data, train_labels), (test_data, test_labels) = tf.keras.datasets.mnist.load_data()
train_data = train_data[:2000].reshape(-1, 28, 28, 1).astype("float32") / 255
test_data = test_data[:500].reshape(-1, 28, 28, 1).astype("float32") / 255
train_labels = tf.keras.utils.to_categorical(train_labels[:2000])
test_labels = tf.keras.utils.to_categorical(test_labels[:500])
history = model.fit(train_data, train_labels, epochs=3, batch_size=32, validation_data=(test_data, test_labels))
assert sorted(history.history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
assert history.history["val_accuracy"][-1] > 0.9
assert model._train_plan is not None, model._why_tape
loss, accuracy = model.evaluate(test_data, test_labels, verbose=0)
assert abs(loss - history.history["val_loss"][-1]) < 1e-5 and accuracy == history.history["val_accuracy"][-1]
print("ok")
