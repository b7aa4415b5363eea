"""Products of arrays: dot, matmul, tensordot, outer, einsum's two-operand kin, convolve."""

from pyodide.ffi import JsException

from . import _engine
from ._array import ndarray, result
from ._convert import asarray
from ._bridge import translated


def matmul(x1, x2, /, out=None, *, dtype=None):
    a, b = asarray(x1), asarray(x2)
    if dtype is not None:
        a, b = a.astype(dtype), b.astype(dtype)
    try:
        made = result(_engine.matmul(a._h, b._h), "matmul")
    except JsException as error:
        raise translated(error) from None
    if out is not None:
        out[...] = made
        return out
    return made


def dot(a, b, out=None):
    """The sum over the last axis of `a` and the last but one of `b`."""
    a, b = asarray(a), asarray(b)
    if not a.ndim or not b.ndim:
        made = a * b
    else:
        axis = max(b.ndim - 2, 0)
        if a.shape[-1] != b.shape[axis]:
            raise ValueError(
                f"shapes {_tight(a.shape)} and {_tight(b.shape)} not aligned: "
                f"{a.shape[-1]} (dim {a.ndim - 1}) != {b.shape[axis]} (dim {axis})"
            )
        if b.ndim <= 2:
            made = matmul(a, b)
        else:
            made = tensordot(a, b, ((a.ndim - 1,), (axis,)))
    if out is not None:
        out[...] = made
        return out
    return made


def _tight(shape):
    return str(shape).replace(" ", "")


def vdot(a, b):
    return dot(asarray(a).ravel(), asarray(b).ravel())


def inner(a, b):
    a, b = asarray(a), asarray(b)
    if not a.ndim or not b.ndim:
        return a * b
    if a.shape[-1] != b.shape[-1]:
        raise ValueError(
            f"shapes {_tight(a.shape)} and {_tight(b.shape)} not aligned: "
            f"{a.shape[-1]} (dim {a.ndim - 1}) != {b.shape[-1]} (dim {b.ndim - 1})"
        )
    return tensordot(a, b, ((-1,), (-1,)))


def outer(a, b, out=None):
    made = asarray(a).ravel()[:, None] * asarray(b).ravel()
    if out is not None:
        out[...] = made
        return out
    return made


def tensordot(a, b, axes=2):
    """The sum over the named axes of both."""
    a, b = asarray(a), asarray(b)
    if isinstance(axes, int):
        left, right = list(range(a.ndim - axes, a.ndim)), list(range(axes))
    else:
        left, right = ([x] if isinstance(x, int) else list(x) for x in axes)
    left, right = [x % a.ndim for x in left], [x % b.ndim for x in right]
    if len(left) != len(right) or any(a.shape[x] != b.shape[y] for x, y in zip(left, right)):
        raise ValueError("shape-mismatch for sum")
    rest_a = [x for x in range(a.ndim) if x not in left]
    rest_b = [x for x in range(b.ndim) if x not in right]
    n = 1
    for x in left:
        n *= a.shape[x]
    shape_a, shape_b = [a.shape[x] for x in rest_a], [b.shape[x] for x in rest_b]
    rows = a.transpose(rest_a + left).reshape(_count(shape_a), n)
    columns = b.transpose(right + rest_b).reshape(n, _count(shape_b))
    return matmul(rows, columns).reshape(shape_a + shape_b)[()]


def _count(shape):
    n = 1
    for size in shape:
        n *= size
    return n


def vecdot(x1, x2, axis=-1):
    return (asarray(x1) * asarray(x2)).sum(axis)


def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    from ._shape import moveaxis, stack

    if axis is not None:
        axisa = axisb = axisc = axis
    a, b = moveaxis(a, axisa, -1), moveaxis(b, axisb, -1)
    if a.shape[-1] not in (2, 3) or b.shape[-1] not in (2, 3):
        raise ValueError("incompatible dimensions for cross product\n(dimension must be 2 or 3)")
    if a.shape[-1] == b.shape[-1] == 2:
        return asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
    # A vector of the plane lies in space at height 0.
    a, b = (v if v.shape[-1] == 3 else stack([v[..., 0], v[..., 1], v[..., 0] * 0], -1) for v in (a, b))
    x, y, z = a[..., 0], a[..., 1], a[..., 2]
    u, v, w = b[..., 0], b[..., 1], b[..., 2]
    made = stack([y * w - z * v, z * u - x * w, x * v - y * u], -1)
    return moveaxis(made, -1, axisc)


def kron(a, b):
    a, b = asarray(a), asarray(b)
    ndim = max(a.ndim, b.ndim)
    a = a.reshape((1,) * (ndim - a.ndim) + a.shape)
    b = b.reshape((1,) * (ndim - b.ndim) + b.shape)
    spread = a.reshape([x for n in a.shape for x in (n, 1)]) * b.reshape([x for n in b.shape for x in (1, n)])
    return spread.reshape([n * m for n, m in zip(a.shape, b.shape)])


def convolve(a, v, mode="full"):
    """The sum over shifts of two vectors, one of them backwards."""
    a, v = asarray(a), asarray(v)
    if not a.size or not v.size:
        raise ValueError(("a" if not a.size else "v") + " cannot be empty")
    if len(v) > len(a):
        a, v = v, a
    n, m = len(a), len(v)
    from ._create import zeros

    full = zeros(n + m - 1, (a[:1] * v[:1]).dtype)
    for i in range(m):
        full[i : i + n] += a * v[i]
    if mode == "full":
        return full
    if mode == "same":
        start = (m - 1) // 2
        return full[start : start + n]
    if mode == "valid":
        return full[m - 1 : n]
    raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")


def correlate(a, v, mode="valid"):
    a, v = asarray(a), asarray(v)
    if len(v) > len(a):
        return convolve(a, v[::-1], mode)
    return convolve(a, v[::-1], mode)


def trapezoid(y, x=None, dx=1.0, axis=-1):
    from ._order import diff

    y = asarray(y)
    gaps = dx if x is None else diff(asarray(x))
    lead = (slice(None),) * (axis % y.ndim)
    return (gaps * (y[(*lead, slice(1, None))] + y[(*lead, slice(None, -1))]) / 2.0).sum(axis)


def interp(x, xp, fp, left=None, right=None, period=None):
    """Between known points, linearly."""
    from ._order import searchsorted
    from ._select import clip, where

    x, xp, fp = asarray(x) * 1.0, asarray(xp) * 1.0, asarray(fp) * 1.0
    if xp.ndim != 1 or fp.ndim != 1 or len(xp) != len(fp):
        raise ValueError("fp and xp are not of the same length." if xp.ndim == fp.ndim == 1 else "Data points must be 1-D sequences")
    if period is not None:
        if period == 0:
            raise ValueError("period must be a non-zero value")
        from ._order import argsort
        from ._shape import concatenate

        period = abs(period)
        x, xp, left, right = x % period, xp % period, None, None
        order = argsort(xp)
        xp, fp = xp[order], fp[order]
        xp = concatenate((xp[-1:] - period, xp, xp[:1] + period))
        fp = concatenate((fp[-1:], fp, fp[:1]))
    if len(xp) == 1:
        return x * 0 + fp[0]
    i = clip(searchsorted(xp, x, "right") - 1, 0, len(xp) - 2)
    slope = (fp[i + 1] - fp[i]) / (xp[i + 1] - xp[i])
    made = slope * (x - xp[i]) + fp[i]
    made = where(x <= xp[0], fp[0] if left is None else where(x < xp[0], left, fp[0]), made)
    made = where(x >= xp[-1], fp[-1] if right is None else where(x > xp[-1], right, fp[-1]), made)
    return made[()]


def corrcoef(x, y=None, rowvar=True):
    from ._select import diagonal

    c = cov(x, y, rowvar)
    if not asarray(c).ndim:
        return c / c
    scale = diagonal(c) ** 0.5
    return c / scale[:, None] / scale


def cov(m, y=None, rowvar=True, bias=False, ddof=None):
    from ._shape import atleast_2d, concatenate

    x = atleast_2d(asarray(m) * 1.0)
    if not rowvar and x.shape[0] != 1:
        x = x.T
    if y is not None:
        other = atleast_2d(asarray(y) * 1.0)
        x = concatenate((x, other if rowvar or other.shape[0] == 1 else other.T))
    ddof = (0 if bias else 1) if ddof is None else ddof
    gap = x - x.mean(axis=1, keepdims=True)
    return (gap @ gap.T / (x.shape[1] - ddof)).squeeze()


ndarray.dot = dot
