"""Reductions: `axes` is None for all, or a tuple of axes that are not negative."""

from numpy import _engine
from numpy._bridge import BINARY, REDUCE

from ._value import called, constant, record
from .arithmetic import div, mul, pair, sub
from .shape import broadcast_to, reshape

_ALL = 0xFFFFFFFF


def _raw(code, x, axes, keep, correction=0):
    mask = _ALL
    if axes is not None:
        mask = 0
        for axis in axes:
            mask |= 1 << axis
    made = called(_engine.reduce, code, x._a._h, mask, keep, correction)
    shape = x._a._shape
    if shape is not None:
        if keep:
            made._shape = tuple([1 if mask >> i & 1 else n for i, n in enumerate(shape)])
        else:
            made._shape = tuple([n for i, n in enumerate(shape) if not mask >> i & 1])
    return made


def kept_shape(shape, axes):
    """The shape with every reduced axis at size 1."""
    return tuple([1 if axes is None or i in axes else n for i, n in enumerate(shape)])


def count(shape, axes):
    """How many elements one result is made of."""
    n = 1
    for i, size in enumerate(shape):
        if axes is None or i in axes:
            n *= size
    return n


def _spread(dy, shape, axes, keep):
    """dy back over what was reduced."""
    if not keep:
        dy = reshape(dy, kept_shape(shape, axes))
    return broadcast_to(dy, shape)


def _sum_rule(node, dy, shape, axes, keep):
    return _spread(dy, shape, axes, keep)


def sum(x, axes=None, keep=False):
    """y = Σ x over `axes`."""
    name = "SumBackward0" if axes is None else "SumBackward1"
    return record(name, _raw(REDUCE["add"], x, axes, keep), (x,), _sum_rule, (x._a.shape, axes, keep))


def _mean_rule(node, dy, shape, axes, keep):
    return _spread(div(dy, float(count(shape, axes))), shape, axes, keep)


def mean(x, axes=None, keep=False):
    """y = the mean of x over `axes`."""
    name = "MeanBackward0" if axes is None else "MeanBackward1"
    return record(name, _raw(REDUCE["mean"], x, axes, keep), (x,), _mean_rule, (x._a.shape, axes, keep))


def _var_rule(node, dy, x, axes, keep, correction):
    shape = x._a.shape
    n = count(shape, axes)
    rest = n - correction
    scale = 2.0 / rest if rest > 0 else float("nan")
    return mul(_spread(mul(dy, scale), shape, axes, keep), sub(x, mean(x, axes, True)))


def var(x, axes=None, keep=False, correction=1):
    """y = the variance of x over `axes`; `correction` is taken off the count."""
    made = _variance(x, axes, keep, correction)
    return record("VarBackward0", made, (x,), _var_rule, (x, axes, keep, correction))


def _variance(x, axes, keep, correction):
    shape = x._a.shape
    if count(shape, axes) - correction > 0:
        return _raw(REDUCE["var"], x, axes, keep, correction)
    from ._make import full

    kept = kept_shape(shape, axes)
    if not keep:
        kept = tuple([n for i, n in enumerate(shape) if not (axes is None or i in axes)])
    return full(kept, float("nan"), x._a._h & 3)


def _std_rule(node, dy, y, x, axes, keep, correction):
    return _var_rule(node, div(dy, mul(y, 2.0)), x, axes, keep, correction)


def std(x, axes=None, keep=False, correction=1):
    """y = the standard deviation of x over `axes`; `correction` as in `var`."""
    from .elementwise import sqrt
    from ._value import recording

    with recording(False):
        made = sqrt(constant(_variance(x, axes, keep, correction)))._a
    return record("StdBackward0", made, (x,), _std_rule, (x, axes, keep, correction), True)


def _extreme_rule(node, dy, y, x, axes, keep):
    from .index import cast

    shape = x._a.shape
    best = y if keep else reshape(y, kept_shape(shape, axes))
    equal = cast(constant(pair(BINARY["equal"], x, best), x._cls), x._a._h & 3)
    shared = div(equal, sum(equal, axes, True))
    return mul(_spread(dy, shape, axes, keep), shared)


def _extreme(numpy_name, name, doc):
    code = REDUCE[numpy_name]

    def function(x, axes=None, keep=False):
        return record(name, _raw(code, x, axes, keep), (x,), _extreme_rule, (x, axes, keep), True)

    function.__doc__ = doc
    return function


amax = _extreme("maximum", "AmaxBackward0", "y = the largest x over `axes`; equal ones share the gradient evenly.")
amin = _extreme("minimum", "AminBackward0", "y = the smallest x over `axes`; equal ones share the gradient evenly.")


def _prod_rule(node, dy, y, x, axes, keep):
    from .index import cast

    shape = x._a.shape
    dy = _spread(dy, shape, axes, keep)
    product = y if keep else reshape(y, kept_shape(shape, axes))
    zero = constant(pair(BINARY["equal"], x, mul(x, 0.0)), x._cls)
    if not called(_engine.reduce, REDUCE["logical_or"], zero._a._h, _ALL, False, 0).item():
        return mul(dy, div(broadcast_to(product, shape), x))
    # With one zero its own slope is the product of the others, and theirs is 0; with two all are 0.
    is_zero = cast(zero, x._a._h & 3)
    from .arithmetic import add

    others = prod(add(x, is_zero), axes, True)
    lone = cast(_is_one(sum(is_zero, axes, True)), x._a._h & 3)
    none = cast(_is_zero(sum(is_zero, axes, True)), x._a._h & 3)
    with_zero = mul(mul(broadcast_to(mul(others, lone), shape), is_zero), dy)
    without = mul(div(broadcast_to(mul(product, none), shape), add(x, is_zero)), dy)
    return add(with_zero, without)


def _is_one(x):
    from .arithmetic import with_number

    return constant(with_number(BINARY["equal"], x, 1), x._cls)


def _is_zero(x):
    from .arithmetic import with_number

    return constant(with_number(BINARY["equal"], x, 0), x._cls)


def prod(x, axes=None, keep=False):
    """y = Π x over `axes`."""
    made = _raw(REDUCE["multiply"], x, axes, keep)
    return record("ProdBackward0", made, (x,), _prod_rule, (x, axes, keep), True)


def _logsumexp_rule(node, dy, y, x, axes, keep):
    from .elementwise import exp

    shape = x._a.shape
    total = y if keep else reshape(y, kept_shape(shape, axes))
    return mul(_spread(dy, shape, axes, keep), exp(sub(x, total)))


def logsumexp(x, axes=None, keep=False):
    """y = ln Σ e ** x over `axes`, the largest x taken off first."""
    from .arithmetic import add
    from .elementwise import exp, log
    from .index import masked_fill
    from ._value import recording

    with recording(False):
        plain_x = constant(x._a)
        top = amax(plain_x, axes, True)
        # An infinite one stays out of it: inf - inf would be NaN.
        top = masked_fill(top, _infinite(top), 0.0)
        made = add(log(sum(exp(sub(plain_x, top)), axes, True)), top)
        if not keep:
            shape = x._a.shape
            made = reshape(made, tuple([n for i, n in enumerate(shape) if not (axes is None or i in axes)]))
    return record("LogsumexpBackward0", made._a, (x,), _logsumexp_rule, (x, axes, keep), True)


def _infinite(x):
    from numpy._bridge import UNARY

    return called(_engine.unary, UNARY["isinf"], x._a._h)


def _cumsum_rule(node, dy, axis):
    from .shape import flip

    return flip(cumsum(flip(dy, (axis,)), axis), (axis,))


def cumsum(x, axis):
    """y = the sums of x up to each place along `axis`."""
    made = called(_engine.accumulate, REDUCE["add"], x._a._h, axis)
    made._shape = x._a._shape
    return record("CumsumBackward0", made, (x,), _cumsum_rule, (axis,))


def _cumprod_rule(node, dy, y, x, axis):
    from .shape import flip

    # Σ over j ≥ i of dy_j · y_j, divided by x_i.
    if (x._a == 0).any():
        raise NotImplementedError("the gradient of cumprod where a factor is 0 is not here")
    return div(flip(cumsum(flip(mul(dy, y), (axis,)), axis), (axis,)), x)


def cumprod(x, axis):
    """y = the products of x up to each place along `axis`."""
    made = called(_engine.accumulate, REDUCE["multiply"], x._a._h, axis)
    made._shape = x._a._shape
    return record("CumprodBackward0", made, (x,), _cumprod_rule, (x, axis), True)
