"""Activations: by the engine's kernels, with a second gradient in recorded operations."""

import math

import numpy as np

from danlu import tape
from danlu.tape import arithmetic as ar
from danlu.tape import elementwise as el
from danlu.tape import index, reduce
from danlu.tape.kernel import kernel

from . import _pointwise as pw
from ._base import axis_of, cast, floats, into, wrap
from ._dtypes import code_of
from ._methods import METHODS, both


def _softmax_rule(node, dy, y, axis):
    part = ar.mul(dy, y)
    return ar.sub(part, ar.mul(y, reduce.sum(part, (axis,), True)))


def _log_softmax_rule(node, dy, y, axis):
    return ar.sub(dy, ar.mul(el.exp(y), reduce.sum(dy, (axis,), True)))


def _check_floats(name, input):
    if input._a._h & 3 < 2:
        kind = ("Bool", "Long")[input._a._h & 3]
        raise NotImplementedError(f'"{name}" not implemented for \'{kind}\'')


def _legacy_dim(name, ndim):
    """The dimension of programs that name none, with PyTorch's warning."""
    import warnings

    warnings.warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include dim=X as an argument.",
        UserWarning,
        stacklevel=4,
    )
    return 0 if ndim in (0, 1, 3) else 1


def _over_rows(name, op, label, rule):
    def function(input, dim=None, dtype=None, *, _stacklevel=3):
        if dtype is not None:
            input = cast(input, code_of(dtype))
        _check_floats(f"{name}_lastdim_kernel_impl", input)
        if dim is None:
            dim = _legacy_dim(name, input.ndim)
        axis = axis_of(dim, input.ndim)
        if not input.ndim:
            return input * 0 + (1 if name == "softmax" else 0)

        def double(node, dy, y, *_):
            return rule(node, dy, y, axis)

        return kernel(op, label, [input], {"axis": axis}, keep=True, double=double, saved=())

    function.__name__ = name
    METHODS[name] = function
    return function


softmax = _over_rows("softmax", "softmax", "SoftmaxBackward0", _softmax_rule)
log_softmax = _over_rows("log_softmax", "log_softmax", "LogSoftmaxBackward0", _log_softmax_rule)


def softmin(input, dim=None, dtype=None):
    return softmax(-input, dim, dtype)


def _in_place_or_not(function, label=None, keeps_input=False):
    """A function of `inplace=`. One that keeps its input for the way back keeps a copy of what is written over."""

    def activation(input, *args, inplace=False, **kwargs):
        made = function(index.clone(input) if inplace and keeps_input else input, *args, **kwargs)
        if label and made._edge and made is not input:
            made._edge[0].name = label
        return into(input, made) if inplace else made

    activation.__name__ = function.__name__
    return activation


def _leaky(input, negative_slope=0.01):
    return index.where(pw.gt(input, 0), input, ar.mul(input, float(negative_slope)))


leaky_relu = _in_place_or_not(_leaky, "LeakyReluBackward0")


def _elu(input, alpha=1.0):
    low = ar.mul(el.expm1(el.clip(input, None, 0.0)), alpha)
    return index.where(pw.gt(input, 0), input, low)


elu = _in_place_or_not(_elu, "EluBackward0")


def _selu(input):
    alpha, scale = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
    return ar.mul(_elu(input, alpha), scale)


selu = _in_place_or_not(_selu, "EluBackward0")


def _celu(input, alpha=1.0):
    return ar.add(el.relu(input), ar.mul(el.expm1(el.clip(ar.mul(input, 1.0 / alpha), None, 0.0)), alpha))


celu = _in_place_or_not(_celu)


def _relu6(input):
    return el.clip(input, 0.0, 6.0, False)


relu6 = _in_place_or_not(_relu6, "HardtanhBackward0")


def _hardtanh(input, min_val=-1.0, max_val=1.0):
    return el.clip(input, min_val, max_val, False)


hardtanh = _in_place_or_not(_hardtanh, "HardtanhBackward0")


def _hardsigmoid(input):
    return ar.mul(el.clip(ar.add(input, 3.0), 0.0, 6.0, False), 1 / 6)


hardsigmoid = _in_place_or_not(_hardsigmoid, "HardsigmoidBackward0")
hardswish = _in_place_or_not(lambda input: ar.mul(input, _hardsigmoid(input)), "HardswishBackward0", True)


def _silu(input):
    return ar.mul(input, el.sigmoid(input))


silu = _in_place_or_not(_silu, "SiluBackward0", True)


def _softplus_rule(node, dy, x, beta, threshold):
    scaled = ar.mul(x, beta)
    return index.where(pw.gt(scaled, threshold), dy, ar.mul(dy, el.sigmoid(scaled)))


def softplus(input, beta=1.0, threshold=20.0):
    with tape.recording(False):
        scaled = ar.mul(input, float(beta))
        # ln(1 + e^x) as max(x, 0) + ln(1 + e^-|x|), which does not overflow.
        made = ar.add(el.relu(scaled), el.log1p(el.exp(ar.neg(el.abs(scaled)))))
        made = index.where(pw.gt(scaled, threshold), input, ar.div(made, float(beta)))
    return tape.record("SoftplusBackward0", made._a, (input,), _softplus_rule, (input, float(beta), threshold))


def _mish(input):
    return ar.mul(input, el.tanh(softplus(input)))


mish = _in_place_or_not(_mish, "MishBackward0", True)


def softsign(input):
    return ar.div(input, ar.add(el.abs(input), 1.0))


def logsigmoid(input):
    made = ar.neg(softplus(ar.neg(input), threshold=float("inf")))
    if made._edge:
        made._edge[0].name = "LogSigmoidBackward0"
    return made


def tanhshrink(input):
    return input - el.tanh(input)


def hardshrink(input, lambd=0.5):
    return index.masked_fill(input, pw.le(pw.abs(input), lambd), 0.0)


def softshrink(input, lambd=0.5):
    return ar.sub(el.relu(ar.sub(input, lambd)), el.relu(ar.sub(ar.neg(input), lambd)))


def threshold(input, threshold, value, inplace=False):
    made = index.masked_fill(input, pw.le(input, threshold), value)
    return into(input, made) if inplace else made


def prelu(input, weight):
    if weight.numel() > 1:
        weight = weight.reshape(1, -1, *[1] * (input.ndim - 2))
    y = pw.sub(el.relu(input), pw.mul(weight, el.relu(ar.neg(input))))
    if y._edge:
        y._edge[0].name = "PreluKernelBackward0"
    return y


def rrelu(input, lower=1 / 8, upper=1 / 3, training=False, inplace=False):
    if training:
        slope = wrap(np.asarray(lower)).new_empty(input.shape, dtype=input.dtype).uniform_(lower, upper)
        made = ar.sub(el.relu(input), ar.mul(slope, el.relu(ar.neg(input))))
    else:
        made = _leaky(input, (lower + upper) / 2)
    return into(input, made) if inplace else made


def glu(input, dim=-1):
    a, b = input.chunk(2, dim)
    return a * el.sigmoid(b)


def _erf_rule(node, dy, x):
    return ar.mul(dy, ar.mul(el.exp(ar.neg(ar.mul(x, x))), 2 / math.sqrt(math.pi)))


def _erf_array(a):
    values = [math.erf(v) for v in a.reshape(-1).tolist()]
    return np.array(values, a.dtype).reshape(a.shape) if values else a.copy()


@both
def erf(input, *, out=None):
    input = floats(input)
    return tape.record("ErfBackward0", np.asarray(_erf_array(input._a)), (input,), _erf_rule, (input,))


@both
def erfc(input):
    return 1 - erf(input)


def _gelu_rule(node, dy, x, *_):
    cdf = ar.mul(ar.add(erf(ar.mul(x, math.sqrt(0.5))), 1.0), 0.5)
    pdf = ar.mul(el.exp(ar.mul(ar.mul(x, x), -0.5)), 1 / math.sqrt(2 * math.pi))
    return ar.mul(dy, ar.add(cdf, ar.mul(x, pdf)))


def gelu(input, approximate="none"):
    if approximate == "tanh":
        inner = ar.mul(ar.add(input, ar.mul(ar.pow(input, 3), 0.044715)), math.sqrt(2 / math.pi))
        made = ar.mul(ar.mul(input, 0.5), ar.add(el.tanh(inner), 1.0))
        if made._edge:
            made._edge[0].name = "GeluBackward0"
        return made
    if approximate != "none":
        raise RuntimeError("approximate argument must be either none or tanh.")
    _check_floats("GeluKernelImpl", input)
    return kernel("gelu", "GeluBackward0", [input], double=_gelu_rule)


def _mask(input, p, sizes):
    """1 / (1 - p) at what stays, 0 at what is dropped."""
    from ._random import default_generator

    n = 1
    for size in sizes:
        n *= size
    kept = default_generator.uniform(n, 3) >= p
    scale = 1.0 / (1.0 - p) if p < 1 else 0.0
    return wrap((kept * scale).astype(input._a.dtype).reshape(sizes))


def _check_rate(p):
    if not 0 <= p <= 1:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")


def dropout(input, p=0.5, training=True, inplace=False):
    _check_rate(p)
    if not training or p == 0:
        return input
    made = ar.mul(input, _mask(input, p, input._a.shape))
    return into(input, made) if inplace else made


def dropout_channels(input, p=0.5, training=True, inplace=False):
    """Drops whole channels: one choice for each row of the first two axes."""
    _check_rate(p)
    if not training or p == 0:
        return input
    sizes = input._a.shape
    made = ar.mul(input, _mask(input, p, (*sizes[:2], *[1] * (len(sizes) - 2))))
    return into(input, made) if inplace else made


def alpha_dropout(input, p=0.5, training=False, inplace=False):
    if not training or p == 0:
        return input
    low = -1.7580993408473766
    kept = _mask(input, p, input._a.shape)
    kept = kept * (1 - p)
    a = ((1 - p) * (1 + p * low * low)) ** -0.5
    return (input * kept + low * (1 - kept)) * a + (-a * p * low)


def normalize(input, p=2.0, dim=1, eps=1e-12, out=None):
    return input / input.norm(p, dim, True).clamp(min=eps).expand_as(input)


def gumbel_softmax(logits, tau=1, hard=False, eps=1e-10, dim=-1):
    noise = -(logits.detach().clone().exponential_().log())
    y = softmax((logits + noise) / tau, dim)
    if not hard:
        return y
    best = y.max(dim, keepdim=True)[1]
    return wrap(np.zeros(y._a.shape, y._a.dtype)).scatter(dim, best, 1.0) - y.detach() + y


METHODS["softmax"], METHODS["log_softmax"] = softmax, log_softmax
