# Loops by hand: tf.Module and variables, gradients of gradients, a model's own loop with metrics, tf.data.
import numpy as np
import tensorflow as tf

tf.random.set_seed(1)
a = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
print(a, a.shape, a.dtype, a @ tf.transpose(a), tf.concat([a, a], axis=0), tf.nn.softmax(a, axis=-1).numpy().round(4), tf.reduce_sum(a))
v = tf.Variable([0.0, 0.0])
v.assign([1, 2])
v.assign_add([1, 1])
print(v, v.numpy(), v.trainable)


class Line(tf.Module):
    def __init__(self, name=None):
        super().__init__(name=name)
        self.w, self.b = tf.Variable(5.0, name="w"), tf.Variable(0.0, name="b")

    @tf.function
    def __call__(self, x):
        return self.w * x + self.b


line = Line()
xs = tf.cast(tf.linspace(-1, 1, 101), tf.float32)
ys = 3.0 * xs - 1.0
for epoch in range(6):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(line(xs) - ys))
    dw, db = tape.gradient(loss, [line.w, line.b])
    line.w.assign_sub(0.3 * dw)
    line.b.assign_sub(0.3 * db)
    print(f"{epoch}: w {line.w.numpy():.3f} b {line.b.numpy():.3f} loss {loss:.5f}")
print([v.shape for v in line.variables], [v.name for v in line.trainable_variables])
x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
with tf.GradientTape(persistent=True) as tape:
    tape.watch(x)
    y = x * x
    z = y * y
print(tape.gradient(z, x), tape.gradient(y, x), tape.gradient(z, y).numpy())
with tf.GradientTape() as outer:
    outer.watch(x)
    with tf.GradientTape() as inner:
        inner.watch(x)
        y = tf.reduce_sum(tf.sin(x) * x)
    slope = inner.gradient(y, x)
print(outer.gradient(slope, x))
w = tf.Variable([1.0, 2.0, 3.0])
with tf.GradientTape() as tape:
    y = tf.stack([w[0] * w[1], tf.sin(w[2])])
print(tape.jacobian(y, w))


@tf.custom_gradient
def held(t):
    def backward(dy):
        return tf.clip_by_norm(dy, 0.5)

    return tf.identity(t), backward


with tf.GradientTape() as tape:
    y = held(w * w)
print(tape.gradient(y, w))
for bad in (
    lambda: tf.constant([1.0, 2.0]) + tf.constant([1, 2]),
    lambda: tf.matmul(tf.ones((2, 3)), tf.ones((2, 3))),
    lambda: tf.reshape(tf.ones(6), (4, 2)),
    lambda: tf.debugging.assert_equal([1, 2], [1, 3]),
    lambda: v.assign([1.0, 2.0, 3.0]),
):
    try:
        bad()
    except Exception as error:
        print(type(error).__name__, str(error).splitlines()[0].split("}} ")[-1][:60])
print(tf.TensorShape(None), repr(tf.TensorShape([2, None])), tf.TensorShape([2, None]).is_compatible_with([2, 5]))
print(tf.reshape(tf.range(12), (3, 4))[1:, ::2], tf.argmax([[1, 5, 2], [9, 3, 4]], axis=1), tf.one_hot([0, 2], 3), tf.gather([10, 20, 30], [2, 0]))
print(tf.where([True, False], [1, 2], [3, 4]), tf.boolean_mask([1, 2, 3], [True, False, True]), tf.unique([1, 1, 2, 4, 4])[0], tf.einsum("ij,jk->ik", tf.ones((2, 3)), tf.ones((3, 2))))
data = tf.data.Dataset.range(12).map(lambda n: n * 3).filter(lambda n: n % 2 == 0).batch(4).prefetch(tf.data.AUTOTUNE)
print([batch.numpy().tolist() for batch in data], data.element_spec.dtype)

rng = np.random.default_rng(0)
images = rng.random((96, 10, 10, 1)).astype("float32")
labels = (images[:, :5].mean((1, 2, 3)) > images[:, 5:].mean((1, 2, 3))).astype("int64")
train = tf.data.Dataset.from_tensor_slices((images[:64], labels[:64])).shuffle(64, seed=0).batch(16)
test = tf.data.Dataset.from_tensor_slices((images[64:], labels[64:])).batch(16)
print(train.element_spec, len(train))


class Small(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.conv = tf.keras.layers.Conv2D(4, 3, activation="relu")
        self.flat = tf.keras.layers.Flatten()
        self.out = tf.keras.layers.Dense(2)

    def call(self, x):
        return self.out(self.flat(self.conv(x)))


model, optimizer = Small(), tf.keras.optimizers.Adam(0.01)
loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
seen, right = tf.keras.metrics.Mean(name="seen"), tf.keras.metrics.SparseCategoricalAccuracy(name="right")


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_of(y, logits)
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    seen.update_state(loss)
    right.update_state(y, logits)


told = []
for epoch in range(4):
    seen.reset_state()
    right.reset_state()
    for x, y in train:
        step(x, y)
    told.append(float(seen.result()))
print(told[-1] < told[0], right.result().shape, int(optimizer.iterations), len(optimizer.variables), [v.name for v in model.trainable_variables])
right.reset_state()
for x, y in test:
    right(y, model(x, training=False))
print(0 <= right.result().numpy() <= 1)
model.summary()
try:
    model(np.zeros((2, 7, 7, 1), "float32"))
except ValueError as error:
    print(str(error).replace("\033[1m", "").replace("\033[0m", ""))
optimizer = tf.keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True)
p = tf.Variable([1.0, -2.0])
for _ in range(3):
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(p * p)
    optimizer.apply_gradients([(tape.gradient(loss, p), p)])
print(p.numpy().round(4), tf.math.confusion_matrix([0, 1, 1], [0, 1, 0]), tf.clip_by_global_norm([tf.constant([3.0, 4.0])], 1.0)[1])
