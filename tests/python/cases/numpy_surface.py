"""Every name of numpy's that teaching programs use, each in a line that would not pass without it."""

import numpy as np

a = np.arange(6.0).reshape(2, 3)

FUNCTIONS = {
    "zeros": lambda: np.zeros((2, 3)).sum() == 0,
    "zeros_like": lambda: np.zeros_like(a).shape == (2, 3),
    "ones": lambda: np.ones(4).sum() == 4,
    "array": lambda: np.array([[1, 2], [3, 4]]).dtype == np.int64,
    "asarray": lambda: np.asarray(a) is a,
    "dot": lambda: np.dot(a, a.T).tolist() == [[5, 14], [14, 50]],
    "sum": lambda: np.sum(a, axis=0).tolist() == [3, 5, 7],
    "mean": lambda: np.mean(a, axis=1, keepdims=True).tolist() == [[1], [4]],
    "max": lambda: np.max(a) == 5,
    "exp": lambda: np.exp(0.0) == 1,
    "log": lambda: np.log(1.0) == 0,
    "sqrt": lambda: np.sqrt(np.array([4.0, 9.0])).tolist() == [2, 3],
    "abs": lambda: np.abs(-a).max() == 5,
    "argmax": lambda: np.argmax(a, axis=1).tolist() == [2, 2],
    "maximum": lambda: np.maximum(a, 3).min() == 3,
    "clip": lambda: np.clip(a, 1, 2).tolist() == [[1, 1, 2], [2, 2, 2]],
    "arange": lambda: np.arange(2, 8, 3).tolist() == [2, 5],
    "reshape": lambda: np.reshape(a, (3, -1)).shape == (3, 2),
    "pad": lambda: np.pad(a, ((0, 0), (1, 1)), "constant")[0].tolist() == [0, 0, 1, 2, 0],
    "amax": lambda: np.amax(a, axis=0).tolist() == [3, 4, 5],
    "newaxis": lambda: a[:, np.newaxis].shape == (2, 1, 3),
    "frombuffer": lambda: np.frombuffer(np.arange(3).tobytes(), dtype=np.int64).tolist() == [0, 1, 2],
    "eye": lambda: np.eye(3)[1].tolist() == [0, 1, 0],
    "nditer": lambda: [float(x) for x in np.nditer(a)] == a.ravel().tolist(),
    "concatenate": lambda: np.concatenate([a, a], axis=1).shape == (2, 6),
    "expand_dims": lambda: np.expand_dims(a, 0).shape == (1, 2, 3),
    "transpose": lambda: np.transpose(a, (1, 0)).tolist() == a.T.tolist(),
}
RANDOM = {
    "randn": lambda: np.random.randn(2, 3).shape == (2, 3),
    "rand": lambda: 0 <= np.random.rand() < 1,
    "random": lambda: np.random.random((2, 2)).shape == (2, 2),
    "normal": lambda: abs(np.random.normal(5, 0.001) - 5) < 0.1,
    "choice": lambda: set(np.random.choice(3, 20).tolist()) <= {0, 1, 2},
    "permutation": lambda: sorted(np.random.permutation(5).tolist()) == [0, 1, 2, 3, 4],
    "shuffle": lambda: _shuffled() == [0, 1, 2, 3],
    "seed": lambda: _seeded() == _seeded(),
}
METHODS = {
    "shape": lambda: a.shape == (2, 3),
    "ndim": lambda: a.ndim == 2,
    "size": lambda: a.size == 6,
    "T": lambda: a.T.shape == (3, 2),
    "reshape": lambda: a.reshape(-1).tolist() == [0, 1, 2, 3, 4, 5],
    "transpose": lambda: a.transpose(1, 0).shape == (3, 2),
    "copy": lambda: a.copy() is not a and (a.copy() == a).all(),
    "astype": lambda: a.astype(np.float32).dtype == np.float32,
    "flatten": lambda: a.flatten().base is None,
    "ravel": lambda: a.ravel().shape == (6,),
    "sum": lambda: a.sum(axis=(0, 1)) == 15,
    "mean": lambda: a.mean() == 2.5,
    "argmax": lambda: a.argmax() == 5,
    "std": lambda: abs(a.std() - 1.707825127659933) < 1e-12,
    "tolist": lambda: a.tolist() == [[0, 1, 2], [3, 4, 5]],
    "@": lambda: (a @ a.T).shape == (2, 2),
}


def _shuffled():
    x = np.arange(4)
    np.random.shuffle(x)
    return sorted(x.tolist())


def _seeded():
    np.random.seed(3)
    return np.random.randn(4).tolist()


def pairs_of_index_arrays_are_assigned():
    t, y = np.zeros((3, 4)), np.array([2, 0, 3])
    t[np.arange(3), y] -= 1
    assert t.sum() == -3 and t[1, 0] == -1
    t[np.arange(3), y] = [5, 6, 7]
    assert t[2, 3] == 7
    t[t > 5] = 0
    assert t.max() == 5


def stepped_slices_are_assigned():
    col, img = np.zeros((1, 1, 2, 2, 2, 2)), np.arange(16.0).reshape(1, 1, 4, 4)
    for y in range(2):
        for x in range(2):
            col[:, :, y, x, :, :] = img[:, :, y : y + 3 : 2, x : x + 3 : 2]
    assert col[0, 0, 1, 1].tolist() == [[5, 7], [13, 15]]
    img[...] += 1
    img[:, :, ::2, ::2] += col[:, :, 0, 0]
    assert img[0, 0, 2].tolist() == [17, 10, 21, 12]


def attributes_grow_in_place():
    class Layer:
        pass

    layer = Layer()
    layer.w = np.ones(3)
    kept = layer.w
    layer.w += 1
    layer.w -= 0.5 * np.ones(3)
    assert kept is layer.w and kept.tolist() == [1.5, 1.5, 1.5]


def elements_are_read_in_plain_loops():
    total = 0.0
    for i in range(2):
        for j in range(3):
            total += a[i][j] * a[i, j]
    assert total == 55 and isinstance(a[0, 0], float)


for group in (FUNCTIONS, RANDOM, METHODS):
    for name, holds in group.items():
        assert holds(), name
for check in (
    pairs_of_index_arrays_are_assigned,
    stepped_slices_are_assigned,
    attributes_grow_in_place,
    elements_are_read_in_plain_loops,
):
    check()
# A maximum that starts somewhere has a value where there is nothing, along any axis.
hollow = np.zeros((3, 0), dtype=np.float32)
assert hollow.max(axis=1, initial=-np.inf).tolist() == [-np.inf] * 3 and hollow.max(axis=1, initial=0).dtype == np.float32
assert hollow.min(axis=-1, keepdims=True, initial=7).tolist() == [[7], [7], [7]]
assert hollow.max(axis=0, initial=1).shape == (0,) and np.zeros((0, 2), dtype=int).max(axis=0, initial=4).tolist() == [4, 4]
assert np.max(hollow, initial=2) == 2 and np.max(hollow, initial=2, keepdims=True).tolist() == [[2]]
# A number's parts are numbers of its own kind.
parts = np.frexp(np.array([0.1, 6.0], dtype=np.float32))
assert parts[0].dtype == np.float32 and parts[0][1] == 0.75 and parts[1].tolist() == [-3, 3]
assert np.frexp(np.float32(6.0))[0].dtype == np.float32 and np.frexp(np.zeros(0))[1].dtype.kind == "i"
assert np.frexp(np.array([4, 0]))[0].tolist() == [0.5, 0.0] and not isinstance(np.frexp(2.0)[1], np.ndarray)
print("ok")
