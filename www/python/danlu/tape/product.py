"""Products of matrices and of what counts as one."""

from numpy import _engine

from ._value import called, record
from .arithmetic import mul, unbroadcast
from .reduce import sum
from .shape import reshape, transpose, unsqueeze


def _raw(x, y):
    return called(_engine.matmul, x._a._h, y._a._h)


def _matmul_rule(node, dy, a, b):
    n, m = a._a.ndim, b._a.ndim
    first, second = node.edges
    return (
        first and unbroadcast(matmul(dy, transpose(b, m - 2, m - 1)), a._a.shape),
        second and unbroadcast(matmul(transpose(a, n - 2, n - 1), dy), b._a.shape),
    )


def _dot_rule(node, dy, a, b):
    first, second = node.edges
    return first and mul(b, dy), second and mul(a, dy)


def _mv_rule(node, dy, a, b):
    first, second = node.edges
    column = unsqueeze(dy, dy._a.ndim)
    da = first and mul(column, b)
    db = second and sum(mul(column, a), tuple(range(a._a.ndim - 1)))
    return da, db


def _vm_rule(node, dy, a, b):
    first, second = node.edges
    m = b._a.ndim
    row = unsqueeze(dy, dy._a.ndim - 1)
    da = first and sum(mul(row, b), (*range(m - 2), m - 1))
    db = second and mul(row, unsqueeze(a, 1))
    return da, db


def matmul(a, b):
    """y = a @ b: vectors count as a row on the left and a column on the right; stacks broadcast."""
    n, m = a._a._h >> 2 & 31, b._a._h >> 2 & 31
    if n == 2 and m == 2:
        made = _raw(a, b)
        made._shape = (a._a.shape[0], b._a.shape[1])
        return record("MmBackward0", made, (a, b), _matmul_rule, (a, b))
    if n == 1 and m == 1:
        return record("DotBackward0", _raw(a, b), (a, b), _dot_rule, (a, b))
    if m == 1:
        return record("MvBackward0", _raw(a, b), (a, b), _mv_rule, (a, b))
    if n == 1:
        return record("SqueezeBackward4", _raw(a, b), (a, b), _vm_rule, (a, b))
    if m == 2:
        # One large product instead of a stack of small ones.
        shape = a._a.shape
        rows = 1
        for size in shape[:-1]:
            rows *= size
        flat = matmul(reshape(a, (rows, shape[-1])), b)
        return reshape(flat, (*shape[:-1], b._a.shape[1]), "UnsafeViewBackward0")
    return record("BmmBackward0" if n == m == 3 else "UnsafeViewBackward0", _raw(a, b), (a, b), _matmul_rule, (a, b))


def _linear_rule(node, dy, x, w):
    first, second = node.edges[:2]
    dx = first and matmul(dy, w)
    dw = second and matmul(transpose(dy, 0, 1), x)
    if len(node.edges) < 3:
        return dx, dw
    return dx, dw, node.edges[2] and sum(dy, (0,))


def linear(x, w, b=None):
    """y = x @ wᵀ + b. Shape: x [..., in], w [out, in], b [out] -> [..., out]."""
    shape = x._a.shape
    if len(shape) != 2:
        rows = 1
        for size in shape[:-1]:
            rows *= size
        y = linear(reshape(x, (rows, shape[-1])), w, b)
        return reshape(y, (*shape[:-1], w._a.shape[0]))
    turned = called(_engine.transpose, w._a._h)
    made = called(_engine.matmul, x._a._h, turned._h)
    if b is None:
        made._shape = (shape[0], w._a.shape[0])
        return record("MmBackward0", made, (x, w), _linear_rule, (x, w))
    made = called(_engine.binary, 0, made._h, b._a._h)
    made._shape = (shape[0], w._a.shape[0])
    return record("AddmmBackward0", made, (x, w, b), _linear_rule, (x, w))


