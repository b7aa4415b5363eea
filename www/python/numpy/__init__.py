"""The NumPy that interviews use, over Danlu's engine: arrays alias, promote, print and refuse as NumPy's.

What NumPy has and this lacks raises NotImplementedError naming it and the nearest thing here.
"""

import math as _math

from . import _array, _index, _iterate, _scalar_operators  # noqa: F401  (they complete ndarray and the scalars)
from . import exceptions, lib, linalg, random, testing, typing  # noqa: F401
from ._array import ndarray
from ._compare import (
    allclose, around, array_equal, array_equiv, errstate, fix, geterr, imag, iscomplexobj, isclose, isneginf, isposinf,
    isreal, isrealobj, isscalar, may_share_memory, nan_to_num, real, round, seterr, shares_memory,
)
from ._convert import array, asanyarray, asarray, ascontiguousarray, asfortranarray
from ._create import (
    arange, copy, diag, diagflat, empty, empty_like, eye, fromfunction, fromiter, full, full_like,
    geomspace, identity, linspace, logspace, ones, ones_like, tri, tril, triu, vander, zeros, zeros_like,
)
from ._dtypes import ELSEWHERE as _ELSEWHERE
from ._dtypes import FOREIGN as _FOREIGN
from ._dtypes import can_cast, dtype, finfo, iinfo, issubdtype, promote_types, result_type
from ._dtypes import refusal as _refusal
from ._einsum import einsum, einsum_path
from ._files import (
    NpzFile as _NpzFile, frombuffer, fromfile, fromstring, genfromtxt, load, loadtxt, save, savetxt, savez, savez_compressed,
)
from ._grid import c_, index_exp, indices, ix_, meshgrid, mgrid, ogrid, pad, r_, s_
from ._iterate import apply_along_axis, apply_over_axes, flatiter, iterable, ndenumerate, ndindex, nditer, vectorize
from ._missing import nearest as _nearest
from ._order import (
    argpartition, argsort, bincount, diff, digitize, ediff1d, gradient, histogram, histogram2d, histogram_bin_edges, intersect1d,
    lexsort, partition, searchsorted, setdiff1d, setxor1d, sort, trim_zeros, union1d, unique,
)
from ._polynomials import poly, poly1d, polyadd, polyder, polydiv, polyfit, polyint, polymul, polysub, polyval, roots
from ._print import (
    array2string, array_repr, array_str, base_repr, binary_repr, format_float_positional, format_float_scientific,
    get_printoptions, printoptions, set_printoptions,
)
from ._products import (
    convolve, corrcoef, correlate, cov, cross, dot, inner, interp, kron, matmul, outer, tensordot, trapezoid, vdot, vecdot,
)
from ._reduce import (
    all, amax, amin, any, argmax, argmin, average, count_nonzero, cumprod, cumsum, max, mean, median, min, nanargmax,
    nanargmin, nancumprod, nancumsum, nanmax, nanmean, nanmedian, nanmin, nanpercentile, nanprod, nanquantile, nanstd, nansum, nanvar, percentile, prod, ptp, quantile, std, sum, var,
)
from ._scalars import (
    False_, True_, bool_, float32, float64, floating, generic, inexact, int64, integer, number, signedinteger, unsignedinteger,
)
from ._select import (
    argwhere, choose, clip, compress, copyto, delete, diag_indices, diag_indices_from, diagonal, extract, fill_diagonal, flatnonzero,
    insert, isin, nonzero, piecewise, place, put, put_along_axis, putmask, ravel_multi_index, select, take, take_along_axis, trace,
    tril_indices, tril_indices_from, triu_indices, triu_indices_from, unravel_index, where,
)
from ._shape import (
    append, array_split, atleast_1d, atleast_2d, atleast_3d, block, broadcast_arrays, broadcast_shapes, broadcast_to,
    column_stack, concat, concatenate, dsplit, dstack, expand_dims, flip, fliplr, flipud, hsplit, hstack, moveaxis,
    ndim, ravel, repeat, reshape, resize, roll, rollaxis, rot90, row_stack, shape, size, split, squeeze, stack,
    swapaxes, tile, transpose, unstack, vsplit, vstack,
)
from ._ufunc import NAMES as _UFUNCS
from ._ufunc import divmod, fabs, float_power, frexp, modf, sinc, ufunc
from . import _ufunc

for _name in _UFUNCS:
    globals()[_name] = getattr(_ufunc, _name)
del _name

__version__ = "2.4.6"

pi, e, euler_gamma = _math.pi, _math.e, 0.5772156649015329
inf, nan, newaxis = _math.inf, _math.nan, None
bool, int_, intp, double, single = bool_, int64, int64, float64, float32
permute_dims, matrix_transpose = transpose, lambda x: asarray(x).mT  # noqa: E731
little_endian = True

# NumPy's other number formats: names of what bytes hold, which no array here does.
for _name, _type in _FOREIGN.items():
    globals()[_name] = _type
byte, short, intc, ubyte, ushort, half = int8, int16, int32, uint8, uint16, float16  # noqa: F821

# As in NumPy, what is public says that it comes from there.
for _thing in list(globals().values()):
    if isinstance(_thing, type) and _thing.__module__.startswith("numpy._"):
        _thing.__module__ = "numpy"
del _name, _type, _thing

from . import _docs  # noqa: E402

_docs.write(__import__("sys").modules[__name__])


def __getattr__(name):
    if name in _ELSEWHERE:
        raise _refusal(name)
    raise _nearest(name)


