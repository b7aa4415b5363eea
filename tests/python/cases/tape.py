"""danlu.tape: each operation's gradient and its gradient's gradient against differences, and the rules of sweeps."""

import gc

import _danlu
import numpy as np

from danlu import tape
from danlu.tape import arithmetic as ar
from danlu.tape import elementwise as el
from danlu.tape import index, product, reduce, shape
from danlu.tape.kernel import kernel


def varied(*sizes):
    """Numbers that repeat nothing, none near 0, the same every time."""
    n = 1
    for size in sizes:
        n *= size
    values = np.sin(np.arange(n) * 1.7 + len(sizes)) * 0.8
    return (values + np.where(values < 0, -0.1, 0.1)).reshape(sizes)


def slopes(fn, arrays, which):
    """Central differences of the number `fn` of Values by each element of one array."""
    found = np.zeros(arrays[which].shape)
    for at in np.ndindex(*arrays[which].shape):
        ends = []
        for step in (1e-5, -1e-5):
            moved = [a.copy() for a in arrays]
            moved[which][at] += step
            ends.append(float(fn(*[tape.constant(a) for a in moved])._a.item()))
        found[at] = (ends[0] - ends[1]) / 2e-5
    return found


def check_close(name, got, want, tolerance):
    assert got.shape == want.shape, (name, got.shape, want.shape)
    worst = np.abs(got - want) / (1 + np.abs(want))
    assert worst.size == 0 or worst.max() < tolerance, (name, worst.max(), got, want)


def check(name, fn, *arrays, twice=True):
    """First gradients of ⟨w, fn⟩, and second ones of ⟨v, first gradients⟩, against differences."""
    def loss(*xs):
        y = fn(*xs)
        w = tape.constant(np.asarray(varied(*y._a.shape) + 0.3))
        return reduce.sum(ar.mul(y, w))

    def inner(*xs):
        xs = [tape.variable(x._a) for x in xs]
        gradients = tape.grad([loss(*xs)], xs, create=True)
        total = None
        for x, g in zip(xs, gradients):
            if g is not None:
                part = reduce.sum(ar.mul(g, tape.constant(np.asarray(varied(*x._a.shape) - 0.2))))
                total = part if total is None else ar.add(total, part)
        return xs, total

    xs = [tape.variable(a) for a in arrays]
    for which, g in enumerate(tape.grad([loss(*xs)], xs)):
        check_close(f"{name} by {which}", g._a, slopes(loss, arrays, which), 1e-6)
    if not twice:
        return
    xs, total = inner(*[tape.constant(a) for a in arrays])
    if not total._requires:
        return
    for which, g in enumerate(tape.grad([total], xs)):
        got = np.zeros(arrays[which].shape) if g is None else g._a
        check_close(f"{name} twice by {which}", got, slopes(lambda *v: inner(*v)[1], arrays, which), 1e-6)


def check_operations():
    a, b, row, one = varied(2, 3), varied(3, 2).reshape(2, 3) + 2.0, varied(3), varied(1)
    for name, fn in (("add", ar.add), ("sub", ar.sub), ("mul", ar.mul), ("div", ar.div), ("max", ar.maximum), ("min", ar.minimum)):
        for other in (b, row, one, varied(2, 1)):
            check(name, fn, a, other)
    check("pow", ar.pow, b, row)
    check("numbers", lambda x: ar.rdiv(ar.rsub(ar.div(ar.mul(ar.sub(ar.add(x, 3.0), 1), 2.0), 4.0), 5.0), 2.0), a)
    check("powers", lambda x: ar.add(ar.add(ar.pow(x, 2), ar.pow(x, 3)), ar.pow(x, -1.0)), a)
    check("rpow", lambda x: ar.rpow(x, 2.0), a)
    check("remainder", ar.remainder, b, np.array([0.7]))
    for name in ("exp exp2 expm1 sin cos tan tanh sinh cosh asin acos atan asinh atanh abs sigmoid relu").split():
        check(name, getattr(el, name), a)
    for name in ("log log2 log10 log1p sqrt rsqrt acosh").split():
        check(name, getattr(el, name), b)
    check("clip", lambda x: el.clip(x, -0.4, 0.5), a)
    c = varied(2, 3, 4)
    for axes in (None, (0,), (1, 2), (2,)):
        for keep in (False, True):
            for fn in (reduce.sum, reduce.mean, reduce.var, reduce.std, reduce.amax, reduce.amin, reduce.prod, reduce.logsumexp):
                check(f"{fn} {axes}", lambda x, fn=fn: fn(x, axes, keep), c if fn is not reduce.prod else varied(2, 2, 2))
    check("cumsum", lambda x: reduce.cumsum(x, 1), c)
    check("cumprod", lambda x: reduce.cumprod(x, 1), a)
    for zeros in ([[0.0, 2.0, 3.0]], [[0.0, 2.0, 0.0]]):
        check("prod with zeros", lambda x: reduce.prod(x, (1,)), np.array(zeros), twice=False)
    for x, y in ((a, varied(3, 4)), (varied(3), varied(3)), (a, varied(3)), (varied(2), a), (c, varied(4, 2)),
                 (varied(2, 2, 3), varied(2, 3, 2)), (varied(2, 1, 2, 3), varied(3, 3, 1)), (varied(3), varied(2, 3, 2))):  # fmt: skip
        check("matmul", product.matmul, x, y)
    check("linear", product.linear, a, varied(4, 3), varied(4))
    check("linear", product.linear, c, varied(3, 4))
    check("shapes", lambda x: shape.transpose(shape.reshape(shape.permute(x, (2, 0, 1)), (4, 6)), 0, 1), c)
    check("stretch", lambda x: shape.broadcast_to(shape.unsqueeze(x, 1), (2, 4, 3)), a)
    check("flip", lambda x: shape.flip(x, (0, 2)), c)
    check("joined", lambda x, y: shape.concat([x, y, x], 1), a, b)
    check("stacked", lambda x, y: shape.stack([x, y], 1), a, b)
    check("split", lambda x: ar.mul(*shape.split(x, (2, 2), 2)), c)
    check("part of a split", lambda x: shape.split(x, (1, 3), 2)[1], c)
    check("pad", lambda x: shape.pad(x, (1, 0), (0, 2), 1.5), a)
    for key in (0, (slice(None), 1), (slice(None), slice(0, 3, 2)), (1, 2), (None, Ellipsis, 0), np.array([1, 0, 1]),
                (np.array([0, 1, 0]), np.array([2, 2, 2])), np.array([[True, False, True], [False, True, True]])):  # fmt: skip
        check(f"x[{key}]", lambda x, key=key: index.getitem(x, key), a)
    check("put", lambda x, v: index.put(x, (slice(None), 1), v), a, varied(2))
    check("put wide", lambda x, v: index.put(x, np.array([1, 0]), v), a, varied(3))
    check("where", lambda x, y: index.where(a > 0, x, y), a, row)
    check("masked_fill", lambda x: index.masked_fill(x, a > 0, 7.0), a)
    places = np.array([[2, 0], [1, 1]])
    check("gather", lambda x: index.gather(x, 1, places), a)
    check("scatter_add", lambda x, v: index.scatter(x, 1, places, v, True), a, varied(2, 2))
    check("scatter", lambda x, v: index.scatter(x, 1, np.array([[2, 0], [1, 2]]), v), a, varied(2, 2))
    image, taps = varied(1, 5, 5, 2), varied(3, 3, 2, 2)
    check("conv2d", lambda x, w: kernel("conv2d", "Conv", [x, w], {"padding": "same"}), image, taps, twice=False)
    check("softmax", lambda x: kernel("softmax", "Softmax", [x], {"axis": -1}, keep=True), a, twice=False)


def refused(kind, words, fn):
    try:
        fn()
    except kind as error:
        assert words in str(error), error
    else:
        raise AssertionError(f"{kind.__name__} was expected: {words}")


def check_sweeps():
    x = tape.variable(np.array([1.0, 2.0]))
    y = ar.mul(x, x)
    tape.backward([reduce.sum(y)])
    assert x._grad._a.tolist() == [2, 4]
    refused(RuntimeError, "a second time", lambda: tape.backward([reduce.sum(y)]))
    y = ar.mul(x, x)
    tape.backward([y], [tape.constant(np.array([1.0, 10.0]))], retain=True)
    assert x._grad._a.tolist() == [4, 44]
    tape.backward([y], [tape.constant(np.array([1.0, 10.0]))])
    assert x._grad._a.tolist() == [6, 84]

    w = tape.variable(np.array([3.0]))
    y = ar.mul(w, x)
    with tape.recording(False):
        tape.write(x, np.array([5.0, 5.0]))
    refused(RuntimeError, "modified by an inplace operation", lambda: tape.grad([y], [w]))
    x = tape.variable(np.array([1.0, 2.0]))
    y = el.exp(x)
    tape.assign(y, ar.add(y, 1.0))
    refused(RuntimeError, "modified by an inplace operation", lambda: tape.grad([y], [x]))

    # A write through a view: the base's history goes through it, and so does the view's.
    y = ar.mul(x, 1.0)
    first = index.getitem(y, 0)
    tape.assign(first, ar.mul(first, 10.0))
    (g,) = tape.grad([reduce.sum(y)], [x])
    assert g._a.tolist() == [10, 1], g._a
    y = ar.mul(x, 1.0)
    view = index.getitem(y, slice(0, 1))
    tape.assign(y, ar.mul(y, 3.0))
    (g,) = tape.grad([reduce.sum(view)], [x])
    assert g._a.tolist() == [3, 0], g._a

    # Of intermediate results, of what does not matter, and through several outputs.
    y = ar.mul(x, x)
    z = reduce.sum(ar.mul(y, y))
    other = tape.variable(np.array(1.0))
    gy, gx, none = tape.grad([z], [y, x, other])
    assert gy._a.tolist() == [2, 8] and gx._a.tolist() == [4, 32] and none is None

    seen = []
    y = ar.mul(x, x)
    tape.hook(y, lambda g: seen.append(g._a.tolist()) or ar.mul(g, 2.0))
    tape.hook(x, lambda g: seen.append(g._a.tolist()))
    tape.backward([reduce.sum(y)])
    assert seen == [[1, 1], [4, 8]], seen

    # The gradient of a parameter is an array of its own.
    a, b = tape.variable(np.zeros(2)), tape.variable(np.zeros(2))
    tape.backward([reduce.sum(ar.add(a, b))])
    assert not np.shares_memory(a._grad._a, b._grad._a)

    refused(NotImplementedError, "SoftmaxBackward0", lambda: tape.grad(
        [kernel("softmax", "SoftmaxBackward0", [x], {"axis": 0}, keep=True)], [x], create=True))  # fmt: skip
    single = tape.variable(np.ones((2, 3), np.float32))
    y = kernel("softmax", "SoftmaxBackward0", [single], {"axis": -1}, keep=True)
    assert y._a.dtype == np.float32 and tape.grad([y], [single])[0]._a.dtype == np.float32


def check_long_chain():
    x = tape.variable(np.array([1.0]))
    y = x
    for _ in range(30000):
        y = ar.add(y, 0.001)
    tape.backward([y])
    assert x._grad._a.tolist() == [1]
    y = x
    for _ in range(30000):
        y = ar.mul(y, 1.0)
    del y


def live():
    gc.collect()
    return _danlu.np_live(), _danlu.ag_records_live()


check_sweeps()
before = live()
check_operations()
check_sweeps()
check_long_chain()
assert live() == before, (live(), before)
print("ok")
