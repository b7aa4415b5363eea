"""The engine's ops in float64, and their gradients: the judge's reference.

    y, pull = ops.vjp(lambda x, w, b: ops.dense(x, w, b), x, w, b)
    dx, dw, db = pull(dy)

Images are NHWC, convolution kernels [K, K, C / groups, O], dense weights [in, out]. An op takes
tensors, numpy arrays or numbers and returns a Tensor. An op of the engine that has no function here
is there all the same: tensors by position, settings by name.
"""

import json
import math

import _danlu
import numpy as np
from numpy._array import wrap
from pyodide.ffi import JsException, to_js

_call, _free = _danlu.ag_call, _danlu.ag_free
_NAMES = frozenset(_danlu.ag_names().split())


def _from_engine(function, *args):
    try:
        return function(*args)
    except JsException as error:
        # A mistake has a code; anything else is the engine's own and goes on as it came.
        if getattr(error, "code", None) is None:
            raise
        raise ValueError(error.message) from None


class Tensor:
    """A float64 array on the engine's tape."""

    __slots__ = ("_t", "_value")
    # numpy's operators leave `array + tensor` to the tensor.
    __array_priority__ = 1000.0
    __array_ufunc__ = None

    def __init__(self, handle):
        self._t = handle
        self._value = None

    def __del__(self, _free=_free):
        _free(self._t)

    @property
    def value(self):
        """A numpy array of the values; a copy."""
        if self._value is None:
            self._value = wrap(_from_engine(_danlu.ag_value, self._t))
        return self._value.copy()

    @property
    def shape(self):
        if self._value is None:
            self._value = wrap(_from_engine(_danlu.ag_value, self._t))
        return self._value.shape

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def T(self):
        return transpose(self)

    def __repr__(self):
        return f"Tensor({self.value!r})"

    def __add__(self, other):
        return add(self, other)

    def __radd__(self, other):
        return add(other, self)

    def __sub__(self, other):
        return sub(self, other)

    def __rsub__(self, other):
        return sub(other, self)

    def __mul__(self, other):
        return mul(self, other)

    def __rmul__(self, other):
        return mul(other, self)

    def __truediv__(self, other):
        return div(self, other)

    def __rtruediv__(self, other):
        return div(other, self)

    def __pow__(self, other):
        return pow(self, other)

    def __rpow__(self, other):
        return pow(other, self)

    def __matmul__(self, other):
        return matmul(self, other)

    def __rmatmul__(self, other):
        return matmul(other, self)

    def __neg__(self):
        return neg(self)


def _as_array(x):
    return np.asarray(x, dtype=np.float64)


def _taken(function, x):
    # The name keeps the array alive until the engine has copied it.
    array = _as_array(x)
    return Tensor(function(array._h))


def _as_tensor(x):
    if isinstance(x, Tensor):
        return x
    return _taken(_danlu.ag_constant, x)


def _apply(name, tensors, **settings):
    tensors = [_as_tensor(x) for x in tensors]
    handles = to_js([x._t for x in tensors])
    return Tensor(_from_engine(_call, name, handles, json.dumps(settings)))


def vjp(fn, *arrays):
    """The value of `fn(*arrays)` and a function that pulls a gradient back through it.

    `fn` gets one Tensor for each array and returns one Tensor. `pull(dy)` returns a tuple: the
    gradient of the sum of dy * y by each of the arrays, zeros where y does not depend on one. dy has
    the shape of y. Both may be called again.
    """
    inputs = [_taken(_danlu.ag_parameter, x) for x in arrays]
    y = _as_tensor(fn(*inputs))

    def pull(dy):
        dy = _as_array(dy)
        handles = to_js([x._t for x in inputs])
        return tuple(wrap(h) for h in _from_engine(_danlu.ag_vjp, y._t, dy._h, handles).to_py())

    return y.value, pull


def _plain(setting):
    """A setting as JSON has it: numpy's integers and tuples made plain."""
    if isinstance(setting, (list, tuple)):
        return [_plain(x) for x in setting]
    if isinstance(setting, np.ndarray):
        return setting.tolist()
    if isinstance(setting, np.generic):
        return setting.item()
    return setting


def _op(name):
    """An op whose positional arguments are all tensors."""

    def op(*tensors, **settings):
        return _apply(name, tensors, **{key: _plain(value) for key, value in settings.items()})

    op.__name__ = op.__qualname__ = name
    op.__doc__ = f"The engine's op {name}: tensors by position, settings by name."
    return op


def __getattr__(name):
    if name in _NAMES:
        op = globals()[name] = _op(name)
        return op
    raise AttributeError(f"module 'danlu.ops' has no attribute '{name}'")


def __dir__():
    return sorted({*globals(), *_NAMES})


# Those that the operators above name, and those with settings that read well by position.
add, sub, mul, div, neg, matmul, transpose, maximum, minimum, where = map(
    _op, ("add", "sub", "mul", "div", "neg", "matmul", "transpose", "maximum", "minimum", "where")
)
pow = _op("pow")


def sum(x, axis=None, keepdims=False):
    """y = sum of x over `axis`: None for all, an integer or several."""
    return _apply("sum", [x], axis=_plain(axis), keepdims=keepdims)


def mean(x, axis=None, keepdims=False):
    """y = mean of x over `axis`: None for all, an integer or several."""
    return _apply("mean", [x], axis=_plain(axis), keepdims=keepdims)


def _over_axes(name, meaning):
    """A reduction: `axis` is None for all, an integer or several."""

    def op(x, axis=None, keepdims=False):
        return _apply(name, [x], axis=_plain(axis), keepdims=keepdims)

    op.__name__ = op.__qualname__ = name
    op.__doc__ = f"y = {meaning} over `axis`: None for all, an integer or several."
    return op


max = _over_axes("max", "the largest x (equal ones share the gradient evenly)")
min = _over_axes("min", "the smallest x (equal ones share the gradient evenly)")
prod = _over_axes("prod", "the product of x")
logsumexp = _over_axes("logsumexp", "the logarithm of the sum of exp(x)")
any = _over_axes("any", "1 if some x is not 0, else 0,")
all = _over_axes("all", "1 if no x is 0, else 0,")


def var(x, axis=None, correction=1, keepdims=False):
    """y = variance of x over `axis`; `correction` is taken off the count, 1 as in PyTorch."""
    return _apply("var", [x], axis=_plain(axis), correction=_plain(correction), keepdims=keepdims)


def std(x, axis=None, correction=1, keepdims=False):
    """y = standard deviation of x over `axis`; `correction` as in `var`."""
    return _apply("std", [x], axis=_plain(axis), correction=_plain(correction), keepdims=keepdims)


def argmax(x, axis=None, keepdims=False):
    """The index of the largest x along `axis`, the first of equals; over all for None.

    With keepdims the values are gather(x, axis, argmax(x, axis, keepdims=True)).
    """
    return _apply("argmax", [x], axis=_plain(axis), keepdims=keepdims)


def argmin(x, axis=None, keepdims=False):
    """The index of the smallest x along `axis`, the first of equals; over all for None."""
    return _apply("argmin", [x], axis=_plain(axis), keepdims=keepdims)


def einsum(equation, *tensors):
    """The product of the tensors, summed as the equation says: einsum("ij,jk->ik", a, b)."""
    return _apply("einsum", tensors, equation=equation)


def clip(x, low=None, high=None):
    """y = x held within the bounds; the gradient passes at the bounds themselves."""
    # A setting is a number of JSON, which has no infinite ones.
    endless = [(bound, op) for bound, op in ((low, maximum), (high, minimum)) if bound is not None and not math.isfinite(bound)]
    for bound, op in endless:
        x = op(x, bound)
    low, high = (None if bound is None or not math.isfinite(bound) else bound for bound in (low, high))
    if endless and low is None and high is None:
        return x
    return _apply("clip", [x], low=_plain(low), high=_plain(high))


def cumsum(x, axis):
    """y = the sums of x up to each place along `axis`."""
    return _apply("cumsum", [x], axis=_plain(axis))


def cumprod(x, axis):
    """y = the products of x up to each place along `axis`."""
    return _apply("cumprod", [x], axis=_plain(axis))


def reshape(x, shape):
    """y = x in another shape; one size may be -1."""
    return _apply("reshape", [x], shape=_plain(shape))


def permute(x, axes):
    """Axis i of y is axis axes[i] of x."""
    return _apply("permute", [x], axes=_plain(axes))


def broadcast_to(x, shape):
    """y = x, repeated along axes of size 1 and new leading axes."""
    return _apply("broadcast_to", [x], shape=_plain(shape))


def concat(tensors, axis=0):
    """y = the tensors one after another along `axis`."""
    return _apply("concat", tensors, axis=_plain(axis))


def stack(tensors, axis=0):
    """y = the tensors side by side along a new axis."""
    return _apply("stack", tensors, axis=_plain(axis))


def split(x, sizes, axis=0):
    """The parts of x along `axis`: a list of sizes, or one size for all but a shorter last part."""
    x, axis, sizes = _as_tensor(x), _plain(axis), _plain(sizes)
    count = len(sizes) if isinstance(sizes, list) else -(-x.shape[axis] // sizes) or 1
    return [_apply("split", [x], sizes=sizes, axis=axis, part=part) for part in range(count)]


def squeeze(x, axis=None):
    """y = x without the axes of size 1, or those among `axis` that are."""
    return _apply("squeeze", [x], axis=_plain(axis))


def unsqueeze(x, axis):
    """y = x with a new axis of size 1."""
    return _apply("unsqueeze", [x], axis=_plain(axis))


def flip(x, axis=None):
    """y = x in reverse along `axis`: None for all, an integer or several."""
    return _apply("flip", [x], axis=_plain(axis))


def roll(x, shifts, axis=None):
    """y = x turned by `shifts` along `axis`, or as one row for None."""
    return _apply("roll", [x], shifts=_plain(shifts), axis=_plain(axis))


def pad(x, pads, mode="constant", value=0.0):
    """y = x with values around it; `pads` in PyTorch's order, the last axis first.

    `mode` is "constant", "reflect" or "replicate".
    """
    if mode == "constant" and not math.isfinite(value):
        inside = pad(np.ones(_as_tensor(x).shape), pads)
        return where(inside.value, pad(x, pads), value)
    return _apply("pad", [x], pads=_plain(pads), mode=mode, value=_plain(value))


def gather(x, axis, indices):
    """y = x at the indices along `axis`, each in its own row."""
    return _apply("gather", [x, indices], axis=_plain(axis))


def scatter(x, axis, indices, values):
    """y = x with values written at the indices along `axis`, the last one for a place staying."""
    return _apply("scatter", [x, indices, values], axis=_plain(axis))


def scatter_add(x, axis, indices, values):
    """y = x with values added at the indices along `axis`."""
    return _apply("scatter_add", [x, indices, values], axis=_plain(axis))


def index_select(x, axis, indices):
    """y = the entries of `axis` with these numbers."""
    return _apply("index_select", [x, indices], axis=_plain(axis))


def one_hot(indices, classes=None):
    """Rows with a 1 at each index; without `classes` as wide as the largest asks for."""
    return _apply("one_hot", [indices], classes=_plain(classes))


def masked_fill(x, mask, value):
    """y = value where the mask is not 0, else x."""
    if not math.isfinite(value):
        return where(mask, value, x)
    return _apply("masked_fill", [x, mask], value=_plain(value))


def argsort(x, axis=-1, descending=False):
    """The indices that sort x along `axis`; the values are then gather(x, axis, indices)."""
    return _apply("argsort", [x], axis=_plain(axis), descending=descending)


def sort(x, axis=-1, descending=False):
    """y = x sorted along `axis`; who wants the indices too calls `argsort` and `gather`."""
    return _apply("sort", [x], axis=_plain(axis), descending=descending)


def topk(x, k, axis=-1, largest=True):
    """y = the k largest along `axis`, or the smallest; their places are `topk_indices`."""
    return _apply("topk", [x], k=_plain(k), axis=_plain(axis), largest=largest)


def topk_indices(x, k, axis=-1, largest=True):
    """The places of `topk`; the values are then gather(x, axis, indices)."""
    return _apply("topk_indices", [x], k=_plain(k), axis=_plain(axis), largest=largest)


def softmax(x, axis=-1):
    """y = exp(x) / sum of exp(x) along `axis`."""
    return _apply("softmax", [x], axis=_plain(axis))


def log_softmax(x, axis=-1):
    """y = x - log of the sum of exp(x) along `axis`."""
    return _apply("log_softmax", [x], axis=_plain(axis))


def cross_entropy(logits, labels, reduction="mean"):
    """Softmax cross-entropy of logits [N, classes] against N integer labels.

    `reduction` is "mean", "sum" or "none".
    """
    labels = [int(label) for label in np.asarray(labels).ravel().tolist()]
    return _apply("cross_entropy", [logits], labels=labels, reduction=reduction)


def dense(x, w, b=None):
    """y = x @ w + b."""
    return _apply("dense", [x, w] if b is None else [x, w, b])


def conv2d(x, w, b=None, stride=1, padding="valid", dilation=1, groups=1):
    """The convolution of images, the kernel not flipped.

    Shape: x [N, H, W, C], w [K, K, C / groups, O], b [O] -> [N, OH, OW, O]. `padding` is "valid",
    "same" (Keras's), one size for all sides, (down, across) or (top, bottom, left, right).
    """
    return _apply(
        "conv2d",
        [x, w] if b is None else [x, w, b],
        stride=_plain(stride),
        padding=_plain(padding),
        dilation=_plain(dilation),
        groups=_plain(groups),
    )


def max_pool2d(x, size=2, stride=None, padding="valid"):
    """Maxima over windows of [N, H, W, C]; `stride` is the size where it is left out.

    The first of equal maxima takes the gradient.
    """
    return _apply(
        "max_pool2d", [x], size=_plain(size), stride=_plain(stride), padding=_plain(padding)
    )


def dropout(x, rate, seed):
    """y = x, each value dropped with probability `rate`, the rest divided by 1 - rate."""
    return _apply("dropout", [x], rate=_plain(rate), seed=_plain(seed))
