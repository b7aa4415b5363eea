"""Shapes: reshaping, axes, stretching, joining, cutting. Sizes and axes come normal: no -1.

What NumPy gives as a view is one here, so that a write shows through.
"""

from pyodide.ffi import JsException

from numpy import _engine
from numpy._array import view
from numpy._bridge import give

from ._value import called, constant, plain, record, record_several, record_view, translated


def _viewed(x, h, shape=None):
    made = view(x._a, h)
    made._shape = shape
    return made


def _reshape_rule(node, dy, shape):
    return reshape(dy, shape)


def is_view(x, shape):
    """Whether a reshape shares x's memory."""
    give(shape)
    return _engine.reshape_is_view(x._a._h)


def reshape(x, shape, name=None):
    """y = x in another shape of as many elements: a view where x's memory allows one."""
    before = x._a.shape
    shape = tuple(shape)
    give(shape)
    try:
        h = _engine.reshape(x._a._h)
    except JsException as error:
        raise translated(error) from None
    if is_view(x, shape):
        made = _viewed(x, h, shape)
        return record_view(name or "ViewBackward0", made, x, _reshape_rule, lambda base: reshape(base, shape), (before,))
    made = plain(h)
    made._shape = shape
    return record(name or "UnsafeViewBackward0", made, (x,), _reshape_rule, (before,))


def _permute_rule(node, dy, order):
    return permute(dy, order)


def permute(x, axes, name="PermuteBackward0"):
    """Axis i of y is axis axes[i] of x."""
    axes = tuple(axes)
    give(axes)
    h = _engine.permute(x._a._h)
    shape = x._a._shape
    made = _viewed(x, h, shape and tuple([shape[i] for i in axes]))
    order = [0] * len(axes)
    for at, axis in enumerate(axes):
        order[axis] = at
    return record_view(name, made, x, _permute_rule, lambda base: permute(base, axes, name), (tuple(order),))


def transpose(x, first, second):
    """y = x with two axes exchanged."""
    axes = list(range(x._a.ndim))
    axes[first], axes[second] = axes[second], axes[first]
    return permute(x, axes, "TransposeBackward0")


def _stretch_rule(node, dy, shape):
    from .arithmetic import unbroadcast

    return unbroadcast(dy, shape)


def broadcast_to(x, shape):
    """y = x, repeated along axes of size 1 and new leading axes, without a copy."""
    before, shape = x._a.shape, tuple(shape)
    if before == shape:
        return x
    give(shape)
    try:
        made = _viewed(x, _engine.broadcast_to(x._a._h), shape)
    except JsException as error:
        raise translated(error) from None
    return record_view("ExpandBackward0", made, x, _stretch_rule, lambda base: broadcast_to(base, shape), (before,))


def squeeze(x, axes):
    """y = x without the axes named, which are of size 1."""
    shape = tuple([n for i, n in enumerate(x._a.shape) if i not in axes])
    return reshape(x, shape, "SqueezeBackward1")


def unsqueeze(x, axis):
    """y = x with a new axis of size 1."""
    shape = x._a.shape
    return reshape(x, (*shape[:axis], 1, *shape[axis:]), "UnsqueezeBackward0")


def _flip_rule(node, dy, axes):
    return flip(dy, axes)


def flip(x, axes):
    """y = x in reverse along `axes`."""
    from .index import getitem

    key = tuple([slice(None, None, -1) if i in axes else slice(None) for i in range(x._a.ndim)])
    if not key:
        return x
    # By a name of its own: the handle is the engine's only as long as its array lives.
    turned = getitem(constant(x._a), key)._a
    made = called(_engine.copy, turned._h)
    return record("FlipBackward0", made, (x,), _flip_rule, (tuple(axes),))


def _concat_rule(node, dy, sizes, axis):
    parts, start = [], 0
    for size, edge in zip(sizes, node.edges):
        parts.append(None if edge is None else narrow(dy, axis, start, size))
        start += size
    return parts


def concat(xs, axis, name="CatBackward0"):
    """y = the Values one after another along `axis`."""
    give([x._a._h for x in xs])
    made = called(_engine.concatenate, axis)
    return record(name, made, tuple(xs), _concat_rule, (tuple([x._a.shape[axis] for x in xs]), axis))


def _stack_rule(node, dy, axis):
    from .index import getitem

    lead = (slice(None),) * axis
    return [None if edge is None else getitem(dy, (*lead, i)) for i, edge in enumerate(node.edges)]


def stack(xs, axis):
    """y = the Values side by side along a new axis."""
    shape = xs[0]._a.shape
    shape = (*shape[:axis], 1, *shape[axis:])
    rows = []
    for x in xs:
        give(shape)
        rows.append(called(_engine.reshape, x._a._h))
    give([row._h for row in rows])
    return record("StackBackward0", called(_engine.concatenate, axis), tuple(xs), _stack_rule, (axis,))


def narrow(x, axis, start, size):
    """The `size` entries of `axis` from `start` on, a view."""
    from .index import getitem

    return getitem(x, (*((slice(None),) * axis), slice(start, start + size)), "SliceBackward0")


def _split_rule(node, dys, shape, sizes, axis):
    from ._make import full

    parts = []
    for dy, size in zip(dys, sizes):
        if dy is None:
            dy = constant(full((*shape[:axis], size, *shape[axis + 1 :]), 0.0, node.like[0]._h & 3), node.cls)
        parts.append(dy)
    return concat(parts, axis)


def split(x, sizes, axis, name="SplitBackward0"):
    """The parts of x along `axis`, of these sizes: views."""
    start, arrays, plain_x = 0, [], constant(x._a)
    for size in sizes:
        arrays.append(narrow(plain_x, axis, start, size)._a)
        start += size
    outs = record_several(name, arrays, (x,), _split_rule, (x._a.shape, tuple(sizes), axis))
    if x._version is None:
        x._version = [0]
    for out in outs:
        out._version = x._version
    return outs


def _pad_rule(node, dy, before, shape):
    from .index import getitem

    return getitem(dy, tuple([slice(a, a + n) for a, n in zip(before, shape)]))


def pad(x, before, after, value=0.0):
    """y = x with `before[i]` and `after[i]` entries of one value around axis i."""
    from ._make import full
    from numpy._index import set_item

    shape = x._a.shape
    made = full([n + a + b for n, a, b in zip(shape, before, after)], value, x._a._h & 3)
    set_item(made, tuple([slice(a, a + n) for a, n in zip(before, shape)]), x._a)
    return record("ConstantPadNdBackward0", made, (x,), _pad_rule, (tuple(before), shape))
