"""Arrays across the two runtimes, their comparison, how a difference is shown, and finite differences."""

import numpy as np
from danlu import codec
from danlu.judge import numeric_vjp
from danlu.judge.compare import first_difference, unchanged_difference


def check_crosses(array):
    back = codec.decode(codec.encode(array))
    assert type(back) is type(array), (type(back), type(array))
    assert back.dtype == array.dtype and back.shape == array.shape
    assert back.ravel().tolist() == array.ravel().tolist()


rng = np.random.default_rng(0)
grid = rng.normal(size=(3, 4))
for array in [
    grid,
    grid.T,
    grid[1:, ::2],
    grid.astype(np.float32),
    np.arange(6).reshape(2, 3),
    grid > 0,
    np.zeros((0, 3)),
    np.zeros(()),
    np.array([np.inf, -np.inf, -0.0]),
]:
    check_crosses(array)
assert codec.decode(codec.encode(np.float32(1.5))) == 1.5
assert str(codec.decode(codec.encode(np.float32(1.5))).dtype) == "float32"
assert str(codec.decode(codec.encode(np.int64(3))).dtype) == "int64"
assert codec.decode(codec.encode({"x": [np.ones(2)]}))["x"][0].tolist() == [1.0, 1.0]

whole = codec.encode(np.arange(4.0))
for length in range(len(whole)):
    try:
        codec.decode(whole[:length])
    except codec.Malformed:
        continue
    raise AssertionError(f"{length} bytes of an array were read")


def check_same(got, expected, **tolerance):
    difference = first_difference(got, expected, **tolerance)
    assert difference is None, difference


def check_differs(key, got, expected, fields=None, **tolerance):
    difference = first_difference(got, expected, **tolerance)
    assert difference is not None and difference.key == key, difference
    for name, value in (fields or {}).items():
        assert difference.fields[name] == value, difference
    return difference


check_same(grid + 1e-13, grid)
check_same(np.array(3.0), 3.0)
check_same(np.float64(3.0), 3.0)
check_same(3.0, np.array(3.0))
check_same(np.zeros((0, 2)), np.zeros((0, 2)))
check_same(np.array([np.inf]), np.array([np.inf]))
check_same(np.array([True, False]), np.array([True, False]))

check_differs("returned_none", None, grid, {"expected": "numpy.ndarray"})
check_differs("type_differs", grid.tolist(), grid, {"expected": "numpy.ndarray", "got": "list"})
check_differs("type_differs", grid, 3.0)
check_differs("dtype_differs", grid.astype(np.float32), grid, {"expected": "float64", "got": "float32"})
check_differs("dtype_differs", np.float32(3.0), 3.0)
check_differs("dtype_differs", np.zeros(2, dtype=np.int64), np.zeros(2))
check_differs("shape_differs", grid[0], grid, {"expected": "(3, 4)", "got": "(4,)"})
check_differs("shape_differs", grid[:1], grid[0], {"expected": "(4,)", "got": "(1, 4)"})

# The worst entry is named, not the first.
off = grid.copy()
off[0, 1] += 1e-3
off[2, 3] += 1.0
difference = check_differs("entry_differs_by", off, grid, {"index": "[2, 3]", "wrong": 2, "total": 12, "difference": "1"})
assert difference.expected["worst_index"] == [2, 3]
assert difference.expected["shape"] == [3, 4] and difference.expected["dtype"] == "float64"
lines = [difference.expected["text"].split("\n"), difference.got["text"].split("\n")]
assert len(lines[0]) == len(lines[1]) == 3
assert {len(line) for side in lines for line in side} == {len(lines[0][0])}, "the columns are aligned"
assert difference.expected["text"] != difference.got["text"]

# A difference in the ninth digit is seen.
small = np.array([1.0, 2.0])
difference = check_differs("entry_differs_by", small + np.array([0.0, 1e-8]), small, rtol=1e-12)
assert difference.expected["text"] != difference.got["text"]

# NaN is the worst of all and never equal, infinity comes next.
off[1, 1] = np.inf
check_differs("entry_differs", off, grid, {"index": "[1, 1]"})
off[1, 2] = np.nan
check_differs("not_a_number", off, grid, {"index": "[1, 2]", "wrong": 4})
assert first_difference(np.array([np.nan]), np.array([np.nan])) is not None, "NaN equalled NaN"

# Of a large array, the window around the worst entry.
large = np.zeros((2, 30, 40))
wrong = large.copy()
wrong[1, 20, 39] = 5.0
difference = check_differs("entry_differs_by", wrong, large, {"index": "[1, 20, 39]"})
head, *rows = difference.got["text"].split("\n")
assert head == "[1, 16:24, 32:40]" and len(rows) == 8 and sum("5" in row for row in rows) == 1

check_differs("entry_differs_by", [grid, grid + 1], (grid, grid), {"where": "result[1]"})
check_differs("entry_differs", ~(grid > 0), grid > 0)

kept = grid.copy()
assert unchanged_difference(kept, grid, "x") is None
kept[1, 0] = 9.0
difference = unchanged_difference(kept, grid, "x")
assert difference.key == "argument_changed_at" and difference.fields == {"argument": "x", "index": "[1, 0]"}
assert unchanged_difference(grid[0], grid, "x").key == "argument_changed"
hollow = np.array([np.nan, 1.0])
assert unchanged_difference(hollow.copy(), hollow, "x") is None

# Finite differences of a product, whose gradients are known: dx = dy wᵀ, dw = xᵀ dy.
x, w, dy = rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), rng.normal(size=(3, 2))
dx, dw = numeric_vjp(lambda x, w: x @ w, (x, w), dy)
check_same(dx, dy @ w.T, rtol=1e-7, atol=1e-8)
check_same(dw, x.T @ dy, rtol=1e-7, atol=1e-8)
(dx,) = numeric_vjp(lambda x: (x**3).sum(), (x,))
check_same(dx, 3 * x**2, rtol=1e-6, atol=1e-7)
dx, nothing = numeric_vjp(lambda x, axis: x.sum(axis=axis), (x, 0), np.ones(4))
check_same(dx, np.ones((3, 4)), rtol=1e-6)
assert nothing is None
print("ok")
