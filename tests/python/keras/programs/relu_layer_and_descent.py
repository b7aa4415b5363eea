# A layer by hand and TensorFlow 1's optimiser by its old name: a straight line is found again.
import numpy as np
import tensorflow as tf

rng = np.random.default_rng(0)
x = tf.constant(rng.normal(size=(64, 3)), dtype=tf.float32)
weights = tf.Variable(tf.zeros([3, 2]))
biases = tf.Variable(tf.ones([2]))
truth = tf.constant([[1.0, 0.5], [0.25, 1.0], [0.0, 0.75]])
target = tf.nn.relu(tf.matmul(x, truth) + 1.0)


def loss():
    layer = tf.nn.relu(tf.matmul(x, weights) + biases)
    return tf.reduce_mean(tf.square(layer - target))


optimizer = tf.train.GradientDescentOptimizer(0.2)
first = float(loss())
for _ in range(400):
    optimizer.minimize(loss)
print(first, float(loss()))
assert float(loss()) < 1e-3 < first
assert np.allclose(weights.numpy(), truth.numpy(), atol=0.1)

# With a tensor it says what has changed since TensorFlow 1, and what to write.
try:
    optimizer.minimize(loss())
except ValueError as error:
    assert "GradientTape" in str(error) and "lambda" in str(error)
else:
    raise AssertionError("a tensor was taken for a loss")
assert tf.compat.v1.train.AdamOptimizer(0.1).minimize(loss) is not None
print("ok")
