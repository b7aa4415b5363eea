"""numpy.linalg: norms, and what lets linear systems be solved."""

from collections import namedtuple

from pyodide.ffi import JsException

from . import _engine, _signed
from ._array import wrap
from ._bridge import LinAlgError, translated
from ._convert import array, asarray
from ._eig import eigen as _eigen
from ._products import matmul

__all__ = [
    "LinAlgError", "cholesky", "cond", "det", "eig", "eigh", "eigvals", "eigvalsh", "inv", "lstsq", "matrix_norm", "matrix_power",
    "matrix_rank", "multi_dot", "norm", "pinv", "qr", "slogdet", "solve", "svd", "svdvals", "vector_norm",
]  # fmt: skip


QRResult = namedtuple("QRResult", "Q R")
EigResult = namedtuple("EigResult", "eigenvalues eigenvectors")
EighResult = namedtuple("EighResult", "eigenvalues eigenvectors")
SVDResult = namedtuple("SVDResult", "U S Vh")
SlogdetResult = namedtuple("SlogdetResult", "sign logabsdet")


def norm(x, ord=None, axis=None, keepdims=False):
    from ._ufunc import abs, sqrt

    x = asarray(x)
    if x.dtype.kind != "f":
        x = x.astype(float)
    if axis is None:
        if ord is None or ord in ("f", "fro") and x.ndim == 2 or ord == 2 and x.ndim == 1:
            flat = x.ravel()
            made = sqrt(flat.dot(flat))
            return asarray(made).reshape((1,) * x.ndim) if keepdims else made
        axis = tuple(range(x.ndim))
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    if len(axes) == 1:
        (one,) = axes
        size = abs(x)
        if ord is None or ord == 2:
            return sqrt((x * x).sum(axis=one, keepdims=keepdims))
        if ord == float("inf"):
            return size.max(axis=one, keepdims=keepdims)
        if ord == float("-inf"):
            return size.min(axis=one, keepdims=keepdims)
        if ord == 0:
            return (x != 0).astype(x.dtype).sum(axis=one, keepdims=keepdims)
        if ord == 1:
            return size.sum(axis=one, keepdims=keepdims)
        if isinstance(ord, str):
            raise ValueError(f"Invalid norm order '{ord}' for vectors")
        return (size**ord).sum(axis=one, keepdims=keepdims) ** (1.0 / ord)
    if len(axes) != 2:
        raise ValueError("Improper number of dimensions to norm.")
    rows, columns = (a % x.ndim for a in axes)
    if ord is None or ord in ("f", "fro"):
        return sqrt((x * x).sum(axis=tuple(axes), keepdims=keepdims))
    if ord in (1, -1, float("inf"), float("-inf")):
        across = rows if ord in (1, -1) else columns
        sums = abs(x).sum(axis=across, keepdims=True)
        made = (sums.max if ord in (1, float("inf")) else sums.min)(axis=(rows, columns), keepdims=keepdims)
        return made
    if ord in (2, -2, "nuc"):
        s = svd(x, compute_uv=False)
        return s.max(-1) if ord == 2 else s.min(-1) if ord == -2 else s.sum(-1)
    raise ValueError("Invalid norm order for matrices.")


def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    x = asarray(x)
    return norm(x.ravel() if axis is None else x, ord, axis, keepdims)


def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    return norm(x, ord, (-2, -1), keepdims)


def matrix_power(a, n):
    from ._create import eye

    a = asarray(a)
    if n < 0:
        a, n = inv(a), -n
    made = eye(a.shape[-1], dtype=a.dtype)
    while n:
        if n & 1:
            made = matmul(made, a)
        a, n = matmul(a, a), n >> 1
    return made


def multi_dot(arrays):
    made = asarray(arrays[0])
    for a in arrays[1:]:
        made = made.dot(a)
    return made


# ── factorisations, in the engine, of the last two axes ────────────────────────────────────────


def _matrix(a):
    a = asarray(a)
    if a.ndim < 2:
        raise LinAlgError(f"{a.ndim}-dimensional array given. Array must be at least two-dimensional")
    return a


def _square(a):
    a = _matrix(a)
    if a.shape[-1] != a.shape[-2]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    return a


def _each(a, function):
    """`function` of every matrix of a stack; it answers with a tuple of arrays."""
    from ._iterate import ndindex
    from ._shape import stack

    wide = a.dtype.code != 2
    as_given = lambda x: x if wide else x.astype("float32")  # noqa: E731
    if a.ndim == 2:
        return tuple(as_given(x) for x in function(a))
    answers = [function(a[key]) for key in ndindex(a.shape[:-2])]
    return tuple(as_given(stack(parts).reshape(a.shape[:-2] + parts[0].shape)) for parts in zip(*answers))


def _calling(name, *arguments):
    try:
        return wrap(getattr(_engine, name)(*arguments))
    except JsException as error:
        raise translated(error) from None


def _next():
    return wrap(_engine.next_answer())


def inv(a):
    from ._create import eye

    a = _square(a)
    one = eye(a.shape[-1])
    return _each(a, lambda m: (_calling("solve", m._h, one._h),))[0]


def solve(a, b):
    a, b = _matrix(a), asarray(b)
    if b.ndim == 1:
        column = b.reshape(-1, 1)
        return _each(a, lambda m: (_calling("solve", m._h, column._h).reshape(-1),))[0]
    if a.ndim == 2 and b.ndim == 2:
        return _each(a, lambda m: (_calling("solve", m._h, b._h),))[0]
    from ._iterate import ndindex
    from ._shape import broadcast_shapes, broadcast_to, stack

    lead = broadcast_shapes(a.shape[:-2], b.shape[:-2])
    a, b = broadcast_to(a, lead + a.shape[-2:]), broadcast_to(b, lead + b.shape[-2:])
    return stack([solve(a[key], b[key]) for key in ndindex(lead)]).reshape(b.shape)


def det(a):
    a = _matrix(a)

    def of(m):
        try:
            return (asarray(_engine.determinant(m._h), dtype=float),)
        except JsException as error:
            raise translated(error) from None

    return _each(a, of)[0][()]


def slogdet(a):
    """The sign and the logarithm of a determinant, which itself may be too small or too large for a float."""
    from math import log

    def of(m):
        n = m.shape[-1]
        sizes = [log(abs(v)) for v in asarray(qr(m).R.diagonal()).tolist() if v]
        # Scaled so that the determinant is near 1; by a power of two, which rounds nothing.
        shift = round(sum(sizes) / n / log(2)) if sizes else 0
        rest = float(det(m * 2.0**-shift)) if n else 1.0
        if not rest:
            return asarray(0.0), asarray(float("-inf"))
        return asarray(1.0 if rest > 0 else -1.0), asarray(log(abs(rest)) + n * shift * log(2))

    signs, sizes = _each(_matrix(a), of)
    return SlogdetResult(signs[()], sizes[()])


def cholesky(a, /, *, upper=False):
    l = _each(_matrix(a), lambda m: (_calling("cholesky", m._h),))[0]  # noqa: E741
    return l.mT if upper else l


def _qr(m, complete):
    q = _calling("qr", m._h, complete)
    return q, _next()


def qr(a, mode="reduced"):
    if mode not in ("reduced", "complete", "r"):
        raise ValueError(f"Unrecognized mode '{mode}'")
    q, r = _each(_matrix(a), lambda m: _qr(m, mode == "complete"))
    return r if mode == "r" else QRResult(q, r)


def _eigh(m, upper):
    if 0 < m.shape[0] <= _signed.MOST and _finite(m):
        return tuple(array(part, dtype=float) for part in _signed.eigh(m.tolist(), upper))
    values = _calling("eigh", (m.mT if upper else m)._h)
    return values, _next()


def eigh(a, UPLO="L"):
    return EighResult(*_each(_square(a), lambda m: _eigh(m, UPLO.upper() == "U")))


def eigvalsh(a, UPLO="L"):
    return eigh(a, UPLO)[0]


def _eig(m, vectors):
    if not _finite(m):
        raise LinAlgError("Array must not contain infs or NaNs")
    made = _eigen(m.tolist(), vectors)
    return tuple(array(part, dtype=float) for part in made if part is not None)


def eig(a):
    """Eigenvalues and eigenvectors, which must be real here."""
    return EigResult(*_each(_square(a), lambda m: _eig(m, True)))


def eigvals(a):
    """The eigenvalues, which must be real here."""
    return _each(_square(a), lambda m: _eig(m, False))[0]


def _finite(m):
    from ._ufunc import isfinite

    return bool(isfinite(m).all())


def _svd(m, full=False):
    from ._shape import concatenate

    rows, columns = m.shape
    if 0 < min(rows, columns) <= _signed.MOST and _finite(m):
        # A matrix much longer than wide goes through its triangular factor, as in LAPACK.
        if rows > columns and rows >= columns * 11 // 6:
            q, r = _qr(m, full)
            u, s, vt = _small_svd(r[:columns])
            return concatenate((q[:, :columns] @ u, q[:, columns:]), 1), s, vt
        if rows < columns and columns >= rows * 11 // 6:
            q, r = _qr(m.T, full)
            u, s, vt = _small_svd(r[:rows].T)
            return u, s, concatenate((vt @ q[:, :rows].T, q[:, rows:].T))
        return _small_svd(m, full)
    u = _calling("svd", m._h)
    s = _next()
    return u, s, _next()


def _small_svd(m, full=False):
    return tuple(array(part, dtype=float) for part in _signed.svd(m.tolist(), full))


def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    a = _matrix(a)
    u, s, vt = _each(a, lambda m: _svd(m, full_matrices and compute_uv))
    if not compute_uv:
        return s
    if full_matrices and u.shape[-1] < a.shape[-2]:
        u = _completed(u)
    if full_matrices and vt.shape[-2] < a.shape[-1]:
        vt = _completed(vt.mT).mT
    return SVDResult(u, s, vt)


def _completed(q):
    """Orthonormal columns, continued to a whole basis."""
    from ._shape import concatenate

    basis = qr(q, "complete").Q
    return concatenate((q, basis[..., q.shape[-1] :]), -1)


def svdvals(x, /):
    return svd(x, compute_uv=False)


def matrix_rank(A, tol=None, hermitian=False, *, rtol=None):
    from ._dtypes import finfo

    A = asarray(A)
    if A.ndim < 2:
        return int(bool((A != 0).any()))
    s = svd(A, compute_uv=False)
    limit = tol if tol is not None else s.max(-1, keepdims=True) * max(A.shape[-2:]) * finfo(s.dtype).eps
    return (s > limit).sum(-1)


def pinv(a, rcond=None, hermitian=False, *, rtol=None):
    from ._select import where

    a = _matrix(a)
    u, s, vt = svd(a, full_matrices=False)
    rcond = rtol if rcond is None else rcond
    rcond = 1e-15 if rcond is None else rcond
    kept = s > rcond * s.max(-1, keepdims=True)
    inverse = where(kept, 1 / where(kept, s, 1.0), 0.0)
    return matmul(vt.mT * inverse[..., None, :], u.mT)


def lstsq(a, b, rcond=None):
    from ._dtypes import finfo

    a, b = _matrix(a), asarray(b)
    eps = finfo(float).eps * max(a.shape) if rcond is None else rcond
    x = matmul(pinv(a, eps), b)
    s = svd(a, compute_uv=False)
    rank = int((s > eps * s.max()).sum())
    gap = b - matmul(a, x)
    over = a.shape[0] > a.shape[1] and rank == a.shape[1]
    residuals = (gap * gap).sum(axis=0, keepdims=b.ndim == 1) if over else array([], float)
    return x, residuals, rank, s


def cond(x, p=None):
    if p is None or p == 2:
        s = svd(x, compute_uv=False)
        return s[..., 0] / s[..., -1]
    return norm(x, p, (-2, -1)) * norm(inv(x), p, (-2, -1))


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'numpy.linalg' has no attribute {name!r}")
    raise NotImplementedError(
        f"np.linalg.{name} is not in this numpy; here are norm, inv, solve, det, qr, svd, eig, eigh, cholesky, lstsq, pinv"
    )
