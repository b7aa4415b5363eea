"""Normalisations, embeddings, padding and resizing."""

import numpy as np

from danlu import tape
from danlu.tape import arithmetic as ar
from danlu.tape import constant, index, reduce, shape
from danlu.tape.kernel import kernel
from numpy import _engine
from numpy._bridge import give
from numpy._array import view

from ._base import cast, wrap
from ._tensor import Tensor


def _channels_last(array):
    n = array.ndim
    order = (0, *range(2, n), 1)
    give(order)
    made = view(array, _engine.permute(array._h))
    made._shape = tuple([array.shape[i] for i in order])
    return made


def _channels_first(array):
    n = array.ndim
    order = (0, n - 1, *range(1, n - 1))
    give(order)
    made = view(array, _engine.permute(array._h))
    made._shape = tuple([array.shape[i] for i in order])
    return made


def _norm_rule(node, dy, *saved):
    if tape.state.on:
        return node.extra[2](node, dy, *saved)
    inner, turned, _ = node.extra
    array = _channels_last(dy._a) if turned else dy._a
    parts = inner.rule(inner, constant(array))
    picked = [parts[at] for at in node.extra[0].taken]
    answers = [g and constant(g._a, node.cls) for g in picked]
    if turned and answers[0] is not None:
        answers[0] = constant(_channels_first(answers[0]._a), node.cls)
    return answers


class _Inner:
    """A record of the engine's with the places of the inputs that have gradients."""

    def __init__(self, node, taken):
        self.rule, self.edges, self.extra, self.name, self.cls = node.rule, node.edges, node.extra, node.name, node.cls
        self.taken = taken


def _engine_norm(op, label, x, statistics, affine, settings, double, turned=True):
    """The engine's norm of x over its last axis; channels come second in PyTorch."""
    inputs = [x, *[w for w in affine if w is not None]]
    lead = [_channels_last(x._a) if turned and x.ndim > 2 else x._a, *[s._a for s in statistics]]
    turned = turned and x.ndim > 2
    values = [constant(lead[0]), *[constant(a) for a in lead[1:]], *[constant(w._a) for w in affine if w is not None]]
    values[0]._requires = x.requires_grad
    for at, w in enumerate([w for w in affine if w is not None]):
        values[len(lead) + at]._requires = w.requires_grad
    made = kernel(op, label, values, settings)
    out = constant(_channels_first(made._a) if turned else made._a, Tensor)
    if made._edge:
        node = tape.node_of(label, inputs, _norm_rule, tuple(inputs))
        taken = [0, *[len(lead) + at for at in range(len(inputs) - 1)]]
        node.extra, node.like, node.cls = (_Inner(made._edge[0], taken), turned, double), out._a, Tensor
        out._edge, out._requires = (node, 0), True
    return out


def _standard(x, axes, eps):
    from danlu.tape import elementwise as el

    centred = ar.sub(x, reduce.mean(x, axes, True))
    scale = el.rsqrt(ar.add(reduce.mean(ar.mul(centred, centred), axes, True), eps))
    return ar.mul(centred, scale)


def _by_parts(forward):
    """A second gradient by recording the forward again in single operations."""

    def double(node, dy, *saved):
        with tape.recording(True):
            y = forward(*saved)
        found = tape.grad([y], [s for s, e in zip(saved, node.edges) if e], [dy], True, True)
        found = iter(found)
        return [next(found) if e else None for e in node.edges]

    return double


def batch_norm(input, running_mean, running_var, weight=None, bias=None, training=False, momentum=0.1, eps=1e-5):
    """As PyTorch's; where the running statistics are given and training, they are updated in place."""
    x = input
    if x.ndim < 2:
        raise ValueError(f"expected at least 2D input (got {x.ndim}D input)")
    channels = x._a.shape[1]
    if running_mean is not None and running_mean.numel() != channels:
        raise RuntimeError(
            f"running_mean should contain {channels} elements not {running_mean.numel()}"
        )
    axes = (0, *range(2, x.ndim))
    if training:
        count = x.numel() // max(channels, 1)
        if count == 1:
            raise ValueError(f"Expected more than 1 value per channel when training, got input size {x.shape}")
        if running_mean is not None:
            with tape.recording(False):
                plain = constant(x._a, Tensor)
                mean, var = reduce.mean(plain, axes), reduce.var(plain, axes, False, 1)
                for kept, new in ((running_mean, mean), (running_var, var)):
                    tape.write(kept, (kept * (1 - momentum) + cast(new, kept._a._h & 3) * momentum)._a)
    if weight is None and bias is not None or weight is not None and bias is None:
        y = batch_norm(x, running_mean, running_var, None, None, training, 0.0, eps)
        sizes = (1, channels, *[1] * (x.ndim - 2))
        return y * weight.reshape(sizes) if weight is not None else y + bias.reshape(sizes)
    if training:
        zeros = x.new_zeros(channels)
        statistics = (zeros, zeros)
    else:
        if running_mean is None:
            raise ValueError("Expected running_mean and running_var to be defined when training=False")
        statistics = (running_mean.detach(), running_var.detach())

    def forward(x, *affine):
        sizes = (1, channels, *[1] * (x.ndim - 2))
        if training:
            y = _standard(x, axes, eps)
        else:
            y = ar.div(ar.sub(x, statistics[0].reshape(sizes)), (statistics[1] + eps).sqrt().reshape(sizes))
        if affine:
            y = ar.add(ar.mul(y, shape.reshape(affine[0], sizes)), shape.reshape(affine[1], sizes))
        return y

    settings = {"training": bool(training), "epsilon": eps}
    label = "NativeBatchNormBackward0"
    return _engine_norm("batch_norm", label, x, statistics, (weight, bias), settings, _by_parts(forward))


def layer_norm(input, normalized_shape, weight=None, bias=None, eps=1e-5):
    sizes = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    if tuple(input._a.shape[input.ndim - len(sizes) :]) != sizes:
        raise RuntimeError(
            f"Given normalized_shape={list(sizes)}, expected input with shape [*, {', '.join(map(str, sizes))}], but got "
            f"input of size{list(input._a.shape)}"
        )
    if weight is None or bias is None:
        y = _layer_norm(input, sizes, (), eps)
        return y if weight is None else y * weight
    return _layer_norm(input, sizes, (weight, bias), eps)


def _layer_norm(x, sizes, affine, eps):
    axes = tuple(range(x.ndim - len(sizes), x.ndim))

    def forward(x, *affine):
        y = _standard(x, axes, eps)
        return ar.add(ar.mul(y, affine[0]), affine[1]) if affine else y

    settings = {"normalized_shape": sizes, "epsilon": eps}
    return _engine_norm("layer_norm", "NativeLayerNormBackward0", x, (), affine, settings, _by_parts(forward), False)


def rms_norm(input, normalized_shape, weight=None, eps=None):
    sizes = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
    axes = tuple(range(input.ndim - len(sizes), input.ndim))
    eps = float(np.finfo(input._a.dtype).eps) if eps is None else eps
    y = input * (input * input).mean(axes, keepdim=True).add(eps).rsqrt()
    return y if weight is None else y * weight


def group_norm(input, num_groups, weight=None, bias=None, eps=1e-5):
    channels = input._a.shape[1]
    if channels % num_groups:
        raise RuntimeError(
            "Expected number of channels in input to be divisible by num_groups, but got input of shape "
            f"{list(input._a.shape)} and num_groups={num_groups}"
        )
    n, rest = input._a.shape[0], input._a.shape[2:]
    y = _standard(input.reshape(n, num_groups, -1), (2,), eps).reshape(input._a.shape)
    sizes = (1, channels, *[1] * len(rest))
    if weight is not None:
        y = y * weight.reshape(sizes)
    y = y if bias is None else y + bias.reshape(sizes)
    if y._edge:
        y._edge[0].name = "NativeGroupNormBackward0"
    return y


def instance_norm(input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, eps=1e-5):
    return group_norm(input, input._a.shape[1], weight, bias, eps)


def local_response_norm(input, size, alpha=1e-4, beta=0.75, k=1.0):
    squares = input * input
    padded = shape.pad(squares, (0, size // 2, *[0] * (input.ndim - 2)), (0, (size - 1) // 2, *[0] * (input.ndim - 2)))
    total = padded.unfold(1, size, 1).mean(-1)
    return input / (total * alpha + k) ** beta


# ── embeddings ─────────────────────────────────────────────────────────────────────────────────


def _embedding_rule(node, dy, places, sizes, padding_idx):
    made = index.at_key(dy, sizes, (places,), True)
    if padding_idx is not None:
        made = index.put(made, padding_idx, 0.0)
    return made


def embedding(input, weight, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False):
    if input._a._h & 3 != 1:
        raise RuntimeError(
            "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got "
            f"torch.{('Bool', '', 'Float', 'Double')[input._a._h & 3]}Tensor instead (while checking arguments for embedding)"
        )
    rows = weight._a.shape[0]
    places = input._a
    if places.size and not 0 <= int(places.min()) <= int(places.max()) < rows:
        raise IndexError("index out of range in self")
    if max_norm is not None:
        used = np.unique(places)
        part = weight._a[used]
        norms = np.linalg.norm(part.astype(np.float64), norm_type, -1)
        scale = np.where(norms > max_norm, max_norm / (norms + 1e-7), 1.0).astype(weight._a.dtype)
        weight._a[used] = part * scale.reshape(-1, 1)
        tape.bump(weight)
    if padding_idx is not None and padding_idx < 0:
        padding_idx += rows
    made = index.getitem(constant(weight._a), places)
    return tape.record("EmbeddingBackward0", made._a, (weight,), _embedding_rule, (places, weight._a.shape, padding_idx))


def embedding_bag(input, weight, offsets=None, mode="mean", padding_idx=None, **_):
    if offsets is not None:
        ends = [*offsets.tolist()[1:], input.numel()]
        parts = [embedding(input[a:b], weight, padding_idx) for a, b in zip(offsets.tolist(), ends)]
        from ._shapes import stack

        return stack([getattr(p, "amax" if mode == "max" else mode)(0) for p in parts])
    rows = embedding(input, weight, padding_idx)
    return getattr(rows, "amax" if mode == "max" else mode)(1)


def one_hot(tensor, num_classes=-1):
    if tensor._a._h & 3 != 1:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if tensor.numel() and int(tensor._a.min()) < 0:
        raise RuntimeError("Class values must be non-negative.")
    top = int(tensor._a.max()) + 1 if tensor.numel() else 0
    if num_classes == -1:
        num_classes = top
    elif top > num_classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    return wrap((np.expand_dims(tensor._a, -1) == np.arange(num_classes)).astype(np.int64))


# ── padding and resizing ───────────────────────────────────────────────────────────────────────


def pad(input, pad, mode="constant", value=None):
    """`pad` begins at the last axis: (before, behind, before of the one ahead of it, ...)."""
    if len(pad) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(pad) > 2 * input.ndim:
        raise RuntimeError(
            f"Padding length should be less than or equal to two times the input dimension but got padding length "
            f"{len(pad)} and input of dimension {input.ndim}"
        )
    before, after = [0] * input.ndim, [0] * input.ndim
    for at in range(len(pad) // 2):
        before[-1 - at], after[-1 - at] = pad[2 * at], pad[2 * at + 1]
    key = tuple([slice(max(-a, 0), n - max(-b, 0)) for a, b, n in zip(before, after, input._a.shape)])
    if any(a < 0 or b < 0 for a, b in zip(before, after)):
        input = input[key]
        before, after = [max(a, 0) for a in before], [max(b, 0) for b in after]
    if mode == "constant":
        value = 0.0 if value is None else value
        return shape.pad(input, before, after, int(value) if input._a._h & 3 == 1 else value)
    for axis, (a, b) in enumerate(zip(before, after)):
        if a or b:
            input = index.getitem(input, (slice(None),) * axis + (_sources(input._a.shape[axis], a, b, mode, axis),))
    return input


def _sources(n, before, behind, mode, axis):
    """Which entry of an axis stands at each place of the padded one."""
    i = np.arange(-before, n + behind)
    if mode == "replicate":
        return np.clip(i, 0, n - 1)
    if mode == "circular":
        return i % n
    if mode != "reflect":
        raise NotImplementedError(f"Unrecognised padding mode {mode}: constant, reflect, replicate or circular")
    if before >= n or behind >= n:
        raise RuntimeError(
            f"Argument #4: Padding size should be less than the corresponding input dimension, but got: padding "
            f"({before}, {behind}) at dimension {axis} of input"
        )
    return (n - 1) - np.abs((n - 1) - np.abs(i))


def interpolate(input, size=None, scale_factor=None, mode="nearest", align_corners=None, recompute_scale_factor=None, antialias=False):
    """Resizes by the nearest element, or linearly along each axis."""
    n = input.ndim - 2
    before = input._a.shape[2:]
    ratios = [None] * n
    if size is None:
        factors = scale_factor if isinstance(scale_factor, (tuple, list)) else (scale_factor,) * n
        size = [int(s * f) for s, f in zip(before, factors)]
        if not recompute_scale_factor:
            # The step is that of the factor asked for, not of the sizes that came of it.
            ratios = [1 / f for f in factors]
    else:
        size = list(size) if isinstance(size, (tuple, list)) else [size] * n
    if mode in ("nearest", "nearest-exact"):
        for axis, (old, new, ratio) in enumerate(zip(before, size, ratios)):
            place = (np.arange(new) + (0.5 if mode == "nearest-exact" else 0.0)) * (ratio or old / new)
            input = index.getitem(input, (slice(None),) * (axis + 2) + (np.minimum(place.astype(np.int64), old - 1),))
        return input
    if mode not in ("linear", "bilinear", "trilinear"):
        raise NotImplementedError(f"interpolate with mode={mode!r} is not here: nearest, nearest-exact, linear, bilinear")
    for axis, (old, new, ratio) in enumerate(zip(before, size, ratios)):
        input = _linear_along(input, axis + 2, old, new, align_corners, ratio or old / new)
    return input


def _linear_along(x, axis, old, new, align_corners, ratio):
    i = np.arange(new) * 1.0
    if align_corners:
        place = i * ((old - 1) / (new - 1)) if new > 1 else i * 0.0
    else:
        place = np.clip((i + 0.5) * ratio - 0.5, 0, None)
    low = np.minimum(np.floor(place).astype(np.int64), old - 1)
    high = np.minimum(low + 1, old - 1)
    share = (place - low).astype(x._a.dtype).reshape((-1,) + (1,) * (x.ndim - axis - 1))
    lead = (slice(None),) * axis
    a, b = index.getitem(x, (*lead, low)), index.getitem(x, (*lead, high))
    return a + (b - a) * wrap(share)


def pixel_shuffle(input, upscale_factor):
    r = upscale_factor
    *lead, c, h, w = input.shape
    x = input.reshape(*lead, c // (r * r), r, r, h, w)
    n = len(lead)
    return x.permute(*range(n), n, n + 3, n + 1, n + 4, n + 2).reshape(*lead, c // (r * r), h * r, w * r)
