"""torch.linalg."""

from ._decompositions import (
    LinAlgError, cholesky, det, eigh, eigvalsh, matrix_power, matrix_rank, pinv, qr, slogdet, solve, svd, svdvals,
)  # fmt: skip
from ._decompositions import inverse as inv
from ._linear import cross, matmul
from ._indexing import diagonal
from ._reductions import vector_norm
from ._base import axes_of

__all__ = [
    "LinAlgError", "cholesky", "cond", "cross", "det", "diagonal", "eigh", "eigvalsh", "inv", "matmul", "matrix_norm", "matrix_power",
    "matrix_rank", "norm", "pinv", "qr", "slogdet", "solve", "svd", "svdvals", "vector_norm",
]  # fmt: skip


def norm(A, ord=None, dim=None, keepdim=False, *, dtype=None):
    axes = axes_of(dim, A.ndim)
    if ord is not None and (axes is None and A.ndim == 2 or axes is not None and len(axes) == 2):
        return matrix_norm(A, ord, (-2, -1) if dim is None else dim, keepdim)
    return vector_norm(A, 2 if ord is None else ord, dim, keepdim, dtype=dtype)


def matrix_norm(A, ord="fro", dim=(-2, -1), keepdim=False):
    if ord == "fro":
        return vector_norm(A, 2, dim, keepdim)
    rows, columns = axes_of(dim, A.ndim)
    if ord in (1, -1, float("inf"), float("-inf")):
        along, across = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = A.abs().sum(along, keepdim=True)
        made = sums.amax(across, True) if ord > 0 else sums.amin(across, True)
        return made if keepdim else made.squeeze((rows, columns))
    if ord in (2, -2, "nuc"):
        s = svdvals(A)
        return s.sum(-1) if ord == "nuc" else s.amax(-1) if ord == 2 else s.amin(-1)
    raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")


def cond(A, p=None):
    """The largest singular value by the smallest, or ‖A‖·‖A⁻¹‖ in another norm."""
    if p in (None, 2):
        s = svdvals(A)
        return s[..., 0] / s[..., -1]
    return matrix_norm(A, p) * matrix_norm(inv(A), p)


def __getattr__(name):
    from ._missing import of_module

    raise of_module("torch.linalg", name, __all__, "torch.linalg")
