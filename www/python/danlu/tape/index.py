"""Picking, choosing and writing: keys as NumPy has them, masks, indices, dtypes.

A key is one of numpy's: integers, slices, None, Ellipsis, numpy arrays. Masks and indices are
Values or arrays of bools and int64.
"""

from pyodide.ffi import JsException

from numpy import _engine
from numpy._bridge import BINARY
from numpy._index import entries, set_item
from numpy._array import view

from . import _make
from ._value import Value, bump, called, constant, plain, record, record_view, translated
from .arithmetic import mul, unbroadcast

_ADD = BINARY["add"]


def _full_key(key):
    key = key if type(key) is tuple else (key,)
    for item in key:
        if item is Ellipsis:
            return key
    return (*key, Ellipsis)


def _getitem_rule(node, dy, shape, key, repeats):
    return at_key(dy, shape, key, repeats)


def getitem(x, key, name=None):
    """y = x[key]: a view unless an array is in the key."""
    key = _full_key(key)
    kept = []
    try:
        h = _engine.get_item(x._a._h, *entries(key, kept))
    except JsException as error:
        raise translated(error) from None
    if kept:
        return record(name or "IndexBackward0", plain(h), (x,), _getitem_rule, (x._a.shape, key, True))
    made = view(x._a, h)
    if name is None:
        name = "SelectBackward0" if any(type(item) is int for item in key) else "SliceBackward0"
    return record_view(name, made, x, _getitem_rule, lambda base: getitem(base, key, name), (x._a.shape, key, False))


def _at_key_rule(node, dy, key):
    return getitem(dy, key)


def at_key(dy, shape, key, repeats):
    """Zeros of `shape` with dy added at a key."""
    made = _make.full(shape, 0.0, dy._a._h & 3)
    if repeats:
        try:
            _engine.update_at(_ADD, made._h, dy._a._h, *entries(key, []))
        except JsException as error:
            raise translated(error) from None
    else:
        set_item(made, key, dy._a)
    return record("IndexPutBackward0", made, (dy,), _at_key_rule, (key,))


def _put_rule(node, dy, key, shape):
    dx = dv = None
    if node.edges[0]:
        made = called(_engine.copy, dy._a._h)
        set_item(made, key, 0.0)
        dx = record("IndexPutBackward0", made, (dy,), _put_rest_rule, (key,))
    if len(node.edges) > 1 and node.edges[1]:
        dv = unbroadcast(getitem(dy, key), shape)
    return (dx, dv)


def _put_rest_rule(node, dy, key):
    made = called(_engine.copy, dy._a._h)
    set_item(made, key, 0.0)
    return record("IndexPutBackward0", made, (dy,), _put_rest_rule, (key,))


def put(x, key, value):
    """A copy of x with the Value, or the number, at a key."""
    made = called(_engine.copy, x._a._h)
    made._shape = x._a._shape
    key = _full_key(key)
    if isinstance(value, Value):
        set_item(made, key, value._a)
        return record("IndexPutBackward0", made, (x, value), _put_rule, (key, value._a.shape))
    set_item(made, key, value)
    return record("IndexPutBackward0", made, (x,), _put_rule, (key, ()))


def _cast_rule(node, dy, code):
    return cast(dy, code)


def cast(x, code):
    """x in the dtype of a code: 0 bool, 1 int64, 2 float32, 3 float64. Only floats have gradients."""
    before = x._a._h & 3
    if before == code:
        return x
    made = called(_engine.cast, x._a._h, code, False)
    made._shape = x._a._shape
    if code < 2 or before < 2:
        return constant(made, x._cls)
    return record("ToCopyBackward0", made, (x,), _cast_rule, (before,))


def _clone_rule(node, dy):
    return dy


def clone(x):
    """A copy of x in memory of its own, in C order."""
    made = called(_engine.copy, x._a._h)
    made._shape = x._a._shape
    return record("CloneBackward0", made, (x,), _clone_rule)


def _kept_rule(node, dy, condition, inside):
    return _kept(dy, condition, inside)


def _kept(dy, condition, inside):
    """dy where the condition holds (or, not `inside`, does not), 0 elsewhere."""
    zero = _make.full((), 0.0, dy._a._h & 3)
    left, right = (dy._a, zero) if inside else (zero, dy._a)
    made = called(_engine.choose, condition._h, left._h, right._h, 0)
    return record("WhereBackward0", made, (dy,), _kept_rule, (condition, inside))


def _where_rule(node, dy, condition, shapes):
    first, second = node.edges
    return (
        first and unbroadcast(_kept(dy, condition, True), shapes[0]),
        second and unbroadcast(_kept(dy, condition, False), shapes[1]),
    )


def where(condition, a, b):
    """y = a where the condition (a Value or an array of bools) holds, else b; all three broadcast."""
    condition = condition._a if isinstance(condition, Value) else condition
    made = called(_engine.choose, condition._h, a._a._h, b._a._h, 0)
    return record("WhereBackward0", made, (a, b), _where_rule, (condition, (a._a.shape, b._a.shape)))


def where_constant(condition, number, x):
    """x, but a number where the condition is 0 itself, or where a mask of bools holds."""
    array = condition._a if isinstance(condition, Value) else condition
    if array._h & 3:
        mask = called(_engine.binary_number, BINARY["equal"], array._h, 0, 4)
    else:
        mask = array
    return masked_fill(x, mask, number)


def _fill_rule(node, dy, mask, shape):
    return unbroadcast(_kept(dy, mask, False), shape)


def masked_fill(x, mask, number):
    """y = a number where the mask holds, else x."""
    mask = mask._a if isinstance(mask, Value) else mask
    value = _make.full((), number, x._a._h & 3)
    made = called(_engine.choose, mask._h, value._h, x._a._h, 0)
    return record("MaskedFillBackward0", made, (x,), _fill_rule, (mask, x._a.shape))


def _lanes(shape, indices, axis):
    """The key of the places that `indices` name along `axis`, every other axis at its own place."""
    from numpy._create import arange

    got = indices.shape
    key = []
    for i, n in enumerate(got):
        if i == axis:
            key.append(indices)
        else:
            key.append(arange(n).reshape((1,) * i + (n,) + (1,) * (len(got) - i - 1)))
    return tuple(key)


def _gather_rule(node, dy, shape, key):
    return at_key(dy, shape, key, True)


def gather(x, axis, indices):
    """y = x at the indices along `axis`, each in its own row."""
    indices = indices._a if isinstance(indices, Value) else indices
    if not x._a._h & 124:
        return reshape_like(x, indices)
    key = _lanes(x._a.shape, indices, axis)
    made = getitem(constant(x._a), key)._a
    return record("GatherBackward0", made, (x,), _gather_rule, (x._a.shape, key))


def reshape_like(x, indices):
    """A value without axes, picked by an index of 0."""
    if int(indices.item()) != 0:
        raise IndexError(f"index {indices.item()} is out of bounds for dimension 0 with size 1")
    return x


def _scatter_add_rule(node, dy, key):
    return dy, getitem(dy, key)


def scatter(x, axis, indices, values, add=False):
    """y = x with values (a Value of the indices' shape, or a number) written or added along `axis`."""
    indices = indices._a if isinstance(indices, Value) else indices
    key = _lanes(x._a.shape, indices, axis)
    if not add:
        return put(x, key, values)
    made = called(_engine.copy, x._a._h)
    _engine.update_at(_ADD, made._h, values._a._h, *entries(key, []))
    return record("ScatterAddBackward0", made, (x, values), _scatter_add_rule, (key,))


def write(x, source):
    """Writes an array, cast and stretched, into x's memory and counts that. History is the caller's."""
    try:
        _engine.assign(x._a._h, source._h)
    except JsException as error:
        raise translated(error) from None
    bump(x)
