"""Inverses and decompositions of matrices, with their gradients.

The rules decompose once more with recorded operations, so that their gradients have gradients. Where values coincide
(eigenvalues, singular values) the gradients of vectors are infinite, as they are for PyTorch.
Source: M. B. Giles, "An extended collection of matrix derivative results" (2008), and for QR and SVD PyTorch's notes.
"""

import numpy as np

from danlu.tape import record
from danlu.tape._value import record_several

from ._base import floats, wrap
from ._methods import method
from ._results import pair_type


class LinAlgError(RuntimeError):
    """A matrix that does not have what was asked of it."""


def _t(x):
    return x.transpose(-1, -2)


def _eye(n, like):
    return wrap(np.eye(n, dtype=like._a.dtype))


def _kept(x, mask):
    return x * wrap(mask.astype(x._a.dtype))


def _lower(x, diagonal=0):
    return _kept(x, np.tri(*x.shape[-2:], diagonal, dtype=bool))


def _diagonal_of(x):
    """A matrix for each row of the last axis."""
    return x.unsqueeze(-1) * _eye(x.shape[-1], x)


def _apart(values):
    """1 / (v_j - v_i), and 0 where i is j."""
    n = values.shape[-1]
    same = _eye(n, values)
    return (1.0 - same) / (values.unsqueeze(-2) - values.unsqueeze(-1) + same)


# ── inverse, determinants, systems ─────────────────────────────────────────────────────────────


def _inverse_rule(node, dy, y):
    turned = _t(y)
    return -(turned @ dy @ turned)


@method
def inverse(input):
    try:
        made = np.linalg.inv(input._a)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "linalg.inv: The diagonal element is zero, the inversion could not be completed because the input matrix is "
            "singular."
        ) from None
    return record("LinalgInvExBackward0", made.astype(input._a.dtype), (input,), _inverse_rule, (), True)


def _det_rule(node, dy, y, x):
    return (dy * y).unsqueeze(-1).unsqueeze(-1) * _t(inverse(x))


@method
def det(input):
    made = np.asarray(np.linalg.det(input._a), input._a.dtype)
    return record("LinalgDetBackward0", made, (input,), _det_rule, (input,), True)


def _slogdet_rule(node, dys, x):
    return None if dys[1] is None else dys[1].unsqueeze(-1).unsqueeze(-1) * _t(inverse(x))


@method
def slogdet(A):
    """The sign of a determinant and the logarithm of its size."""
    x = floats(A)
    parts = [np.asarray(part, x._a.dtype) for part in np.linalg.slogdet(x._a)]
    return pair_type("linalg_slogdet", "sign", "logabsdet")(*record_several("LinalgSlogdetBackward0", parts, (x,), _slogdet_rule, (x,)))


@method
def logdet(A):
    """The logarithm of a determinant; NaN where that is negative."""
    sign, size = slogdet(A)
    made = size + wrap(np.where(sign._a < 0, np.nan, 0.0).astype(size._a.dtype))
    if made._edge:
        made._edge[0].name = "WhereBackward0"
    return made


def _solve_rule(node, dy, y, A):
    by_right = inverse(_t(A)) @ dy
    column = y.dim() == 1
    by_matrix = -(by_right.unsqueeze(-1) @ y.unsqueeze(-2) if column else by_right @ _t(y))
    return by_matrix, by_right


def solve(A, B):
    if A.dim() > 2 or B.dim() > 2:
        return inverse(A) @ B
    try:
        made = np.linalg.solve(A._a, B._a)
    except np.linalg.LinAlgError:
        raise LinAlgError("torch.linalg.solve: The solver failed because the input matrix is singular.") from None
    return record("LinalgSolveExBackward0", made.astype(A._a.dtype), (A, B), _solve_rule, (A,), True)


# ── decompositions ─────────────────────────────────────────────────────────────────────────────


def _cholesky_rule(node, dy, y):
    p = _lower(_t(y) @ dy)
    back = inverse(y)
    return _t(back) @ (0.5 * (p + _t(_lower(p, -1)))) @ back


def cholesky(A):
    x = floats(A)
    try:
        made = np.linalg.cholesky(x._a)
    except np.linalg.LinAlgError:
        raise LinAlgError(
            "linalg.cholesky: The factorization could not be completed because the input is not positive-definite."
        ) from None
    return record("LinalgCholeskyExBackward0", made, (x,), _cholesky_rule, (), True)


def _eigh_rule(node, dys, x):
    values, v = eigh(x)
    by_values, by_v = dys
    inner = 0.0
    if by_v is not None:
        inner = (_t(v) @ by_v) * _apart(values)
    if by_values is not None:
        inner = inner + _diagonal_of(by_values)
    return v @ inner @ _t(v)


def eigh(A, UPLO="L"):
    x = floats(A)
    made = record_several("LinalgEighBackward0", list(np.linalg.eigh(x._a, UPLO)), (x,), _eigh_rule, (x,))
    return pair_type("linalg_eigh", "eigenvalues", "eigenvectors")(*made)


def eigvalsh(A, UPLO="L"):
    return eigh(A, UPLO)[0]


def _svd_rule(node, dys, x):
    u, s, vh = svd(x, False)
    v = _t(vh)
    k = s.shape[-1]
    by_u, by_s, by_vh = dys
    # Of whole matrices only the first columns are determined.
    by_u = None if by_u is None else by_u[..., :k]
    by_v = None if by_vh is None else _t(by_vh)[..., :k]
    inner = _diagonal_of(by_s) if by_s is not None else 0.0
    squares = s * s
    across = _apart(squares)
    made = 0.0
    if by_u is not None:
        m = _t(u) @ by_u
        inner = inner + (m - _t(m)) * across * s.unsqueeze(-2)
        if u.shape[-2] > k:
            made = made + (by_u - u @ m) / s.unsqueeze(-2) @ vh
    if by_v is not None:
        m = _t(v) @ by_v
        inner = inner + s.unsqueeze(-1) * (m - _t(m)) * across
        if v.shape[-2] > k:
            made = made + u @ _t((by_v - v @ m) / s.unsqueeze(-2))
    return made + u @ inner @ vh


def svd(A, full_matrices=True):
    x = floats(A)
    made = record_several("LinalgSvdBackward0", list(np.linalg.svd(x._a, full_matrices)), (x,), _svd_rule, (x,))
    return pair_type("linalg_svd", "U", "S", "Vh")(*made)


def _old_svd(input, some=True, compute_uv=True):
    """torch.svd: the right vectors as columns, and only as many as there are values."""
    u, s, vh = svd(input, not some)
    return pair_type("svd", "U", "S", "V")(u, s, _t(vh))


def svdvals(A):
    return svd(A, False)[1]


def _square_qr_rule(by_q, by_r, q, r):
    """Of a matrix with at least as many rows as columns."""
    m = 0.0 if by_r is None else r @ _t(by_r)
    if by_q is not None:
        m = m - _t(by_q) @ q
    m = _lower(m) + _t(_lower(m, -1))
    top = q @ m if by_q is None else by_q + q @ m
    return top @ _t(inverse(r))


def _qr_rule(node, dys, x):
    q, r = qr(x)
    by_q, by_r = dys
    rows, columns = x.shape[-2:]
    if rows >= columns:
        return _square_qr_rule(by_q, by_r, q, r)
    # The columns beyond the first square are Q times those of R.
    if by_r is None:
        left = _square_qr_rule(by_q, None, q, r[..., :rows])
        right = x[..., rows:] * 0.0
    else:
        beyond = x[..., rows:] @ _t(by_r[..., rows:])
        left = _square_qr_rule(beyond if by_q is None else by_q + beyond, by_r[..., :rows], q, r[..., :rows])
        right = q @ by_r[..., rows:]
    from ._shapes import cat

    return cat([left, right], -1)


def qr(A, mode="reduced"):
    x = floats(A)
    if mode != "reduced":
        raise NotImplementedError(f"torch.linalg.qr with mode={mode!r} is not here; nearest here: mode='reduced'")
    made = record_several("LinalgQrBackward0", list(np.linalg.qr(x._a)), (x,), _qr_rule, (x,))
    return pair_type("linalg_qr", "Q", "R")(*made)


def _pinv_rule(node, dy, y, x):
    back, turned = _t(y), _t(dy)
    rows, columns = x.shape[-2:]
    return (
        -(back @ dy @ back)
        + (_eye(rows, x) - x @ y) @ turned @ y @ back
        + back @ y @ turned @ (_eye(columns, x) - y @ x)
    )


def pinv(A, rcond=None):
    x = floats(A)
    made = np.linalg.pinv(x._a) if rcond is None else np.linalg.pinv(x._a, rcond)
    return record("LinalgPinvBackward0", made.astype(x._a.dtype), (x,), _pinv_rule, (x,), True)


def matrix_rank(A):
    return wrap(np.asarray(np.linalg.matrix_rank(A._a), np.int64))


@method
def matrix_power(input, n):
    if n < 0:
        input, n = inverse(input), -n
    made = _eye(input.shape[-1], input)
    for _ in range(n):
        made = made @ input
    return made
