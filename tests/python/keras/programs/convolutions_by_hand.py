# A small network of tf.nn's functions, its gradients from a tape, on the page's digits.
import numpy as np
import tensorflow as tf

(train_x, train_y), _ = tf.keras.datasets.mnist.load_data()
images = tf.constant(train_x[:1000, ..., None] / 255.0, dtype=tf.float32)
labels = tf.one_hot(train_y[:1000], 10)
tf.random.set_seed(1)

filters = tf.Variable(tf.random.truncated_normal([5, 5, 1, 8], stddev=0.1))
shift = tf.Variable(tf.zeros([8]))
dense = tf.Variable(tf.random.truncated_normal([14 * 14 * 8, 10], stddev=0.05))
bias = tf.Variable(tf.zeros([10]))
variables = [filters, shift, dense, bias]


def model(x):
    x = tf.nn.conv2d(x, filters, [1, 1, 1, 1], padding="SAME")
    x = tf.nn.relu(tf.nn.bias_add(x, shift))
    x = tf.nn.max_pool2d(x, 2, strides=[1, 2, 2, 1], padding="VALID")
    x = tf.reshape(x, [-1, 14 * 14 * 8])
    return tf.matmul(x, dense) + bias


optimizer = tf.keras.optimizers.Adam(0.003)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        logits = model(x)
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=logits))
    optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
    return loss


data = tf.data.Dataset.from_tensor_slices((images, labels)).shuffle(1000, seed=0).batch(50)
for epoch in range(4):
    losses = [float(train_step(x, y)) for x, y in data]
    print(epoch + 1, np.mean(losses))
right = tf.equal(tf.argmax(model(images), axis=1), tf.argmax(labels, axis=1))
accuracy = tf.reduce_mean(tf.cast(right, tf.float32))
print(float(accuracy))
assert accuracy > 0.93

# Windows of size 2 that go on by 1, as in a program that leaves all strides at 1.
assert tf.nn.max_pool2d(images[:1], 2, strides=[1, 1, 1, 1], padding="VALID").shape == (1, 27, 27, 1)
print("ok")
