"""danlu.ops: values and gradients on the engine's tape, as the judge asks for them."""

import gc

import _danlu
import numpy as np

from danlu import ops


def check_close(got, want, tolerance=1e-12):
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape, (got.shape, want.shape)
    assert bool(np.all(np.abs(got - want) <= tolerance * (1 + np.abs(want)))), (got, want)


def varied(*shape):
    """Numbers that repeat nothing, the same every time."""
    n = 1
    for size in shape:
        n *= size
    return np.sin(np.arange(n) * 1.7 + len(shape)).reshape(shape)


def check_gradients(fn, *arrays):
    """pull(dy) against central differences of sum(dy * fn) by every element of every array."""
    y, pull = ops.vjp(fn, *arrays)
    dy = varied(*y.shape) + 0.3
    gradients = pull(dy)
    assert isinstance(gradients, tuple) and len(gradients) == len(arrays)
    for which, (array, gradient) in enumerate(zip(arrays, gradients)):
        assert gradient.shape == array.shape and str(gradient.dtype) == "float64"
        slopes = []
        for at in range(array.size):
            ends = []
            for step in (1e-5, -1e-5):
                moved = array.copy()
                moved.reshape(-1)[at] += step
                inputs = [moved if i == which else a for i, a in enumerate(arrays)]
                ends.append(float((dy * ops.vjp(fn, *inputs)[0]).sum()))
            slopes.append((ends[0] - ends[1]) / 2e-5)
        check_close(gradient, np.array(slopes).reshape(array.shape), 1e-8)


def check_refused(message, fn, *arrays):
    try:
        ops.vjp(fn, *arrays)
    except ValueError as error:
        assert message in str(error), error
    else:
        raise AssertionError(f"nothing refused: {message}")


x, w, b = varied(4, 3), varied(3, 2), varied(2)
y, pull = ops.vjp(lambda x, w, b: ops.relu(ops.dense(x, w, b)), x, w, b)
check_close(y, np.maximum(x @ w + b, 0))
dy = varied(4, 2)
dx, dw, db = pull(dy)
dz = dy * (x @ w + b > 0)
check_close(dx, dz @ w.T)
check_close(dw, x.T @ dz)
check_close(db, dz.sum(axis=0))
check_close(pull(2 * dy)[0], 2 * dx)

# Operators, numbers and numpy arrays on either side.
check_gradients(lambda x, w: -((2 - x @ w / 3) ** 2) + w.T @ w @ b, x, w)
check_gradients(lambda x: x * b[0] + np.ones((4, 3)) * x - 1 / (x + 3), x)
y, pull = ops.vjp(lambda x: np.ones((4, 3)) + x, x)
check_close(y, 1 + x)

# Every op, by position or by name.
check_gradients(lambda x: ops.sum(ops.exp(x), 1, keepdims=True) * ops.mean(x), x)
check_gradients(lambda x: ops.max(x, axis=(0,)), x)
check_gradients(lambda x: ops.log_softmax(x) + ops.softmax(x, 0), x)
check_gradients(lambda x: ops.cross_entropy(x, np.array([2, 0, 1, 1])), x)
check_gradients(lambda x: ops.cross_entropy(x, [2, 0, 1, 1], reduction="none"), x)
check_gradients(lambda x: ops.concat([x, ops.reshape(ops.transpose(x), (4, -1))], 1), x)
check_gradients(lambda x: ops.permute(ops.reshape(x, (2, 2, 3)), (2, 0, 1)), x)
check_gradients(lambda x: ops.slice(x, slices=[[None, None, 2], [1, None, None]]), x)
check_gradients(lambda x: ops.tanh(ops.sigmoid(x)) + ops.abs(x) + ops.sqrt(ops.exp(x)), x)
check_gradients(lambda x: ops.dropout(x, 0.5, seed=3), x)
check_gradients(lambda b: ops.broadcast_to(b, (3, 2)) * varied(3, 2), b)
check_gradients(lambda x: ops.min(x, 0) + ops.prod(x, axis=(0,)) + ops.logsumexp(x, 0), x)
check_gradients(lambda x: ops.std(x, 1, keepdims=True) * ops.var(x, correction=0), x)
check_gradients(lambda x: ops.einsum("ij,kj->ik", x, x) @ ops.clip(x, -0.5, 0.5), x)
check_gradients(lambda x: ops.cumsum(x, 0) * ops.cumprod(x, axis=1), x)
check_gradients(lambda x: ops.concat(ops.split(x, 3), 0) - ops.concat(ops.split(x, [1, 2], 1), -1) ** 2, x)
check_gradients(lambda x: ops.roll(ops.flip(x, 0), (1, -1), (0, 1)) + ops.pad(x, (1, -1), "reflect"), x)
check_gradients(lambda x: ops.squeeze(ops.unsqueeze(ops.stack([x, 2 * x], 1), 0)), x)
check_gradients(lambda x: ops.where(ops.gt(x, 0), x, ops.masked_fill(x, ops.lt(x, -0.5), 3)), x)
# Infinite settings, which JSON lacks: masks of attention, pads of max pooling, a bound on one side only.
check_gradients(lambda x: ops.softmax(ops.masked_fill(x, ops.lt(x, -0.5), -np.inf), -1), x)
check_gradients(lambda x: ops.clip(x, -np.inf, 0.25) * ops.clip(x, -0.25, np.inf) + ops.clip(x, -np.inf, np.inf), x)
check_gradients(lambda x: ops.exp(ops.pad(x, (1, 2), value=-np.inf)), x)
assert np.array_equal(ops.pad(x, (1, 0), value=np.inf).value, np.pad(x, ((0, 0), (1, 0)), constant_values=np.inf))
assert np.array_equal(ops.clip(x, np.inf).value, np.clip(x, np.inf, None))
assert np.isnan(ops.masked_fill(x, x > 0, np.nan).value).sum() == (x > 0).sum()
# Values and indices of one search: the indices once, the values by gather.
order = ops.argsort(x, 0, descending=True)
check_close(ops.gather(x, 0, order).value, np.sort(x, axis=0)[::-1])
del order
check_gradients(lambda x: ops.gather(x, 1, ops.topk_indices(x, 2)) + ops.topk(x, 2), x)
check_gradients(lambda x: ops.gather(x, 1, ops.argmax(x, 1, keepdims=True)), x)
check_gradients(lambda x: ops.scatter_add(x, 0, [[1, 1, 3]], ops.index_select(x, 0, [2])), x)
check_gradients(lambda x: ops.scatter(x, 0, [[1, 0, 3]], 5.0) + ops.sort(x, 0), x)
check_close(ops.one_hot([1, 0], 3).value, [[0, 1, 0], [1, 0, 0]])
check_close(ops.any(x, 1).value, np.ones(4))
image, kernel, bias = varied(1, 5, 4, 2), varied(3, 2, 2, 3), varied(3)
check_gradients(lambda x, w, b: ops.conv2d(x, w, b, stride=(2, 1), padding="same"), image, kernel, bias)
check_gradients(lambda x, w: ops.conv2d(x, w, padding=(1, 0, 2, 1), dilation=2), image, kernel)
check_gradients(lambda x: ops.max_pool2d(x, 2, stride=1), image)
assert {"conv2d", "relu", "vjp"} <= set(dir(ops))

# What the function gets wrong is told, and integers and views become float64 copies.
check_refused("conv2d", lambda x: ops.conv2d(x, kernel), x)
check_refused("label 3", lambda x: ops.cross_entropy(x, [3, 0, 0, 0]), x)
check_refused("sum", lambda x: ops.sum(x, axis=2), x)
check_refused("setting", lambda x: ops.relu(x, leak=1), x)
check_refused("0.5", lambda x: ops.gather(x, 0, [[0.5, 0, 0]]), x)
check_refused("index 4", lambda x: ops.index_select(x, 0, [4]), x)
check_refused("size of j", lambda x: ops.einsum("ij,jk", x, x), x)
try:
    ops.frobnicate
except AttributeError as error:
    assert "frobnicate" in str(error)
y, pull = ops.vjp(lambda a: a * a, np.arange(6).reshape(2, 3).T)
check_close(y, [[0, 9], [1, 16], [4, 25]])
try:
    pull(np.ones(6))
except ValueError as error:
    assert "[3, 2]" in str(error), error
else:
    raise AssertionError("a dy of another shape was pulled back")

# Nothing that Python does to an array changes what the tape remembers.
a = np.array([3.0])
y, pull = ops.vjp(lambda a: a * a, a)
a[0] = 100.0
y[0] = 100.0
check_close(pull(np.ones(1))[0], [6.0])

# A gradient of what an input has no part in is zero; nothing is left behind.
check_close(ops.vjp(lambda a, b: b, np.ones(2), np.ones(3))[1](np.ones(3))[0], [0, 0])
del y, pull, dx, dw, db
gc.collect()
assert _danlu.ag_live() == 0, _danlu.ag_live()
print("ok")
