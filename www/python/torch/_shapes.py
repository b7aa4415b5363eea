"""Views and shapes: view, reshape, permute, cat, stack, split and their kin."""

import builtins

import numpy as np

from danlu.tape import clone as copied
from danlu.tape import index, shape

from ._base import axis_of, cast, sizes_of
from ._methods import METHODS, method
from ._tensor import Tensor


def _whole(input, sizes):
    """Sizes with -1 worked out."""
    n, known, free = input._a.size, 1, None
    for at, size in enumerate(sizes):
        if size == -1:
            if free is not None:
                raise RuntimeError("only one dimension can be inferred")
            free = at
        elif size < -1:
            raise RuntimeError(f"invalid shape dimension {size} at index {at} of shape {list(sizes)}")
        else:
            known *= size
    if free is not None:
        if known == 0:
            raise RuntimeError(
                f"cannot reshape tensor of 0 elements into shape {list(sizes)} because the unspecified dimension size "
                "-1 can be any value and is ambiguous"
            )
        if n % known:
            raise RuntimeError(f"shape '{list(sizes)}' is invalid for input of size {n}")
        return (*sizes[:free], n // known, *sizes[free + 1 :])
    if known != n:
        raise RuntimeError(f"shape '{list(sizes)}' is invalid for input of size {n}")
    return tuple(sizes)


@method
def reshape(input, *sizes, **named):
    sizes = _whole(input, sizes_of(sizes or (named["shape"],)))
    return shape.reshape(input, sizes)


def view(self, *sizes):
    if len(sizes) == 1 and type(sizes[0]).__name__ in ("dtype", "Lacking"):
        raise NotImplementedError("view(dtype) is not here; nearest: tensor.to(dtype), which converts the values")
    sizes = _whole(self, sizes_of(sizes))
    if not shape.is_view(self, sizes):
        raise RuntimeError(
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
            "contiguous subspaces). Use .reshape(...) instead."
        )
    return shape.reshape(self, sizes)


METHODS["view"] = view
METHODS["view_as"] = lambda self, other: view(self, other._a.shape)
METHODS["reshape_as"] = lambda self, other: reshape(self, other._a.shape)


@method
def flatten(input, start_dim=0, end_dim=-1):
    if not input.ndim:
        return shape.reshape(input, (1,))
    start, end = axis_of(start_dim, input.ndim), axis_of(end_dim, input.ndim)
    if start > end:
        raise RuntimeError("flatten() has invalid args: start_dim cannot come after end_dim")
    if start == end:
        return input
    sizes, n = input._a.shape, 1
    for size in sizes[start : end + 1]:
        n *= size
    return shape.reshape(input, (*sizes[:start], n, *sizes[end + 1 :]))


@method
def unflatten(input, dim, sizes):
    at = axis_of(dim, input.ndim)
    before = input._a.shape
    return reshape(input, (*before[:at], *sizes, *before[at + 1 :]))


@method
def ravel(input):
    return shape.reshape(input, (input._a.size,))


@method
def squeeze(input, dim=None):
    sizes = input._a.shape
    dims = range(len(sizes)) if dim is None else dim if isinstance(dim, (tuple, list)) else (dim,)
    axes = [axis_of(d, len(sizes)) for d in dims]
    axes = [a for a in axes if a < len(sizes) and sizes[a] == 1]
    made = shape.squeeze(input, axes)
    if made._edge and made is not input:
        made._edge[0].name = "SqueezeBackward0" if dim is None else "SqueezeBackward1"
    return made


@method
def unsqueeze(input, dim):
    return shape.unsqueeze(input, axis_of(dim, input.ndim + 1))


@method
def permute(input, *dims):
    dims = [axis_of(d, input.ndim) for d in sizes_of(dims)]
    if sorted(dims) != list(range(input.ndim)):
        raise RuntimeError(
            f"permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
            f"ordering of dimensions i.e. input.dim() = {input.ndim} is not equal to len(dims) = {len(dims)}"
        )
    return shape.permute(input, dims)


@method
def transpose(input, dim0, dim1):
    if not input.ndim:
        return input
    return shape.transpose(input, axis_of(dim0, input.ndim), axis_of(dim1, input.ndim))


swapaxes, swapdims = method(transpose, "swapaxes"), method(transpose, "swapdims")


@method
def t(input):
    if input.ndim > 2:
        raise RuntimeError(f"t() expects a tensor with <= 2 dimensions, but self is {input.ndim}D")
    made = transpose(input, 0, 1) if input.ndim == 2 else input
    if made._edge and made is not input:
        made._edge[0].name = "TBackward0"
    return made


Tensor.T = property(lambda self: shape.permute(self, range(self.ndim)[::-1]) if self.ndim != 2 else _turned(self))
Tensor.mT = property(lambda self: transpose(self, -1, -2))
Tensor.H = property(lambda self: t(self))


def _turned(x):
    return shape.permute(x, (1, 0))


@method
def movedim(input, source, destination):
    source, destination = (d if isinstance(d, (tuple, list)) else (d,) for d in (source, destination))
    source = [axis_of(d, input.ndim) for d in source]
    order = [i for i in range(input.ndim) if i not in source]
    for to, at in sorted(zip([axis_of(d, input.ndim) for d in destination], source)):
        order.insert(to, at)
    return shape.permute(input, order)


moveaxis = method(movedim, "moveaxis")


def expand(self, *sizes):
    sizes, before = sizes_of(sizes), self._a.shape
    lead = len(sizes) - len(before)
    if lead < 0:
        raise RuntimeError(
            f"expand({_kind(self)}{{{list(before)}}}, size={list(sizes)}): the number of sizes provided "
            f"({len(sizes)}) must be greater or equal to the number of dimensions in the tensor ({len(before)})"
        )
    wanted = []
    for at, size in enumerate(sizes):
        own = before[at - lead] if at >= lead else 1
        if size == -1 and at < lead:
            raise RuntimeError(
                "The expanded size of the tensor (-1) isn't allowed in a leading, non-existing dimension 0"
            )
        size = own if size == -1 else size
        if own not in (1, size):
            raise RuntimeError(
                f"The expanded size of the tensor ({size}) must match the existing size ({own}) at non-singleton "
                f"dimension {at}.  Target sizes: {list(sizes)}.  Tensor sizes: {list(before)}"
            )
        wanted.append(size)
    return shape.broadcast_to(self, wanted)


def _kind(self):
    return "torch." + ("Bool", "Long", "Float", "Double")[self._a._h & 3] + "Tensor"


METHODS["expand"] = expand
METHODS["expand_as"] = lambda self, other: expand(self, other._a.shape)
broadcast_to = method(lambda input, size: expand(input, size), "broadcast_to")


def broadcast_shapes(*shapes):
    from ._dtypes import Size

    return Size(np.broadcast_shapes(*[s if isinstance(s, tuple) else (s,) for s in shapes]))


def broadcast_tensors(*tensors):
    tensors = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)) else tensors
    sizes = broadcast_shapes(*[x._a.shape for x in tensors])
    return [expand(x, sizes) for x in tensors]


@method
def clone(input, *, memory_format=None):
    return copied(input)


def contiguous(self, memory_format=None):
    return self if self.is_contiguous() else copied(self)


METHODS["contiguous"] = contiguous

# ── joining and cutting ────────────────────────────────────────────────────────────────────────


def _joined(name, tensors):
    if isinstance(tensors, Tensor):
        tensors = unbind(tensors, 0)
    tensors = list(tensors)
    if not tensors:
        raise ValueError(f"{name}(): expected a non-empty list of Tensors") if name != "stack" else RuntimeError(
            "stack expects a non-empty TensorList"
        )
    for at, x in enumerate(tensors):
        if not isinstance(x, Tensor):
            raise TypeError(f"expected Tensor as element {at} in argument 0, but got {type(x).__name__}")
    code = tensors[0]._a._h & 3
    for x in tensors[1:]:
        code = builtins.max(code, x._a._h & 3)
    return [cast(x, code) for x in tensors]


def cat(tensors, dim=0, *, axis=None, out=None):
    xs = _joined("torch.cat", tensors)
    xs = [x for x in xs if x._a.shape != (0,)] or xs[:1]
    first = xs[0]._a.shape
    if not first:
        raise RuntimeError("zero-dimensional tensor (at position 0) cannot be concatenated")
    at = axis_of(dim if axis is None else axis, len(first))
    for number, x in enumerate(xs[1:], 1):
        got = x._a.shape
        if len(got) != len(first):
            raise RuntimeError(
                f"Tensors must have same number of dimensions: got {len(first)} and {len(got)}"
            )
        for i, (want, size) in enumerate(zip(first, got)):
            if i != at and want != size:
                raise RuntimeError(
                    f"Sizes of tensors must match except in dimension {at}. Expected size {want} but got size {size} "
                    f"for tensor number {number} in the list."
                )
    return shape.concat(xs, at)


concat = concatenate = cat


def stack(tensors, dim=0, *, out=None):
    xs = _joined("stack", tensors)
    first = xs[0]._a.shape
    for number, x in enumerate(xs):
        if x._a.shape != first:
            raise RuntimeError(
                f"stack expects each tensor to be equal size, but got {list(first)} at entry 0 and "
                f"{list(x._a.shape)} at entry {number}"
            )
    return shape.stack(xs, axis_of(dim, len(first) + 1))


def hstack(tensors):
    xs = [x if x.ndim else reshape(x, 1) for x in tensors]
    return cat(xs, 0 if xs[0].ndim == 1 else 1)


def vstack(tensors):
    return cat([x if x.ndim > 1 else reshape(x, 1, -1) for x in tensors], 0)


row_stack = vstack


def dstack(tensors):
    return cat([x.reshape(*(x.shape if x.ndim > 1 else (1, x.numel())), 1) if x.ndim < 3 else x for x in tensors], 2)


def column_stack(tensors):
    return cat([reshape(x, -1, 1) if x.ndim < 2 else x for x in tensors], 1)


@method
def split(tensor, split_size_or_sections, dim=0):
    at = axis_of(dim, tensor.ndim)
    n = tensor._a.shape[at]
    if isinstance(split_size_or_sections, int):
        size = split_size_or_sections
        if size <= 0:
            raise RuntimeError(f"split_size can only be 0 if dimension size is 0, but got dimension size of {n}")
        sizes = [builtins.min(size, n - start) for start in range(0, n, size)] or [0]
        name = "SplitBackward0"
    else:
        sizes, name = list(split_size_or_sections), "SplitWithSizesBackward0"
        if builtins.sum(sizes) != n:
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {n} (input tensor's size at dimension {at}), "
                f"but got split_sizes={sizes}"
            )
    return tuple(shape.split(tensor, sizes, at, name))


@method
def chunk(input, chunks, dim=0):
    at = axis_of(dim, input.ndim)
    if chunks < 1:
        raise RuntimeError("chunk expects `chunks` to be greater than 0, got: " + str(chunks))
    return split(input, builtins.max(-(-input._a.shape[at] // chunks), 1), at)


@method
def tensor_split(input, indices_or_sections, dim=0):
    at = axis_of(dim, input.ndim)
    n = input._a.shape[at]
    if isinstance(indices_or_sections, int):
        size, more = divmod(n, indices_or_sections)
        sizes = [size + 1] * more + [size] * (indices_or_sections - more)
    else:
        cuts = [0, *[builtins.min(i if i >= 0 else i + n, n) for i in indices_or_sections], n]
        sizes = [builtins.max(b - a, 0) for a, b in zip(cuts, cuts[1:])]
    return tuple(shape.split(input, sizes, at))


@method
def unbind(input, dim=0):
    at = axis_of(dim, input.ndim)
    made = tuple([index.getitem(input, (slice(None),) * at + (i,)) for i in range(input._a.shape[at])])
    for x in made:
        if x._edge:
            x._edge[0].name = "UnbindBackward0"
    return made


@method
def narrow(input, dim, start, length):
    at = axis_of(dim, input.ndim)
    n = input._a.shape[at]
    start = start + n if start < 0 else int(start)
    if start + length > n:
        raise RuntimeError(f"start ({start}) + length ({length}) exceeds dimension size ({n}).")
    return shape.narrow(input, at, start, length)


@method
def select(input, dim, index):
    at = axis_of(dim, input.ndim)
    n = input._a.shape[at]
    if not -n <= index < n:
        raise IndexError(f"select(): index {index} out of range for tensor of size {list(input._a.shape)} at dimension {at}")
    return _key(input, (slice(None),) * at + (int(index),))


def _key(x, key):
    return index.getitem(x, key)


@method
def flip(input, *dims):
    return shape.flip(input, tuple([axis_of(d, input.ndim) for d in sizes_of(dims)]))


fliplr, flipud = method(lambda input: flip(input, 1), "fliplr"), method(lambda input: flip(input, 0), "flipud")


@method
def roll(input, shifts, dims=None):
    if dims is None:
        return reshape(roll(ravel(input), shifts, 0), input._a.shape)
    shifts, dims = (d if isinstance(d, (tuple, list)) else (d,) for d in (shifts, dims))
    for shift, dim in zip(shifts, dims):
        at = axis_of(dim, input.ndim)
        n = input._a.shape[at]
        cut = n - shift % n if n else 0
        input = shape.concat([shape.narrow(input, at, cut, n - cut), shape.narrow(input, at, 0, cut)], at)
    return input


@method
def rot90(input, k=1, dims=(0, 1)):
    first, second = (axis_of(d, input.ndim) for d in dims)
    for _ in range(k % 4):
        input = shape.transpose(shape.flip(input, (second,)), first, second)
    return input


def repeat(self, *repeats):
    repeats = sizes_of(repeats)
    if len(repeats) < self.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor"
        )
    sizes = (1,) * (len(repeats) - self.ndim) + tuple(self._a.shape)
    apart = [n for size in sizes for n in (1, size)]
    wide = [n for size, times in zip(sizes, repeats) for n in (times, size)]
    made = shape.broadcast_to(shape.reshape(self, apart), wide)
    return shape.reshape(made, [size * times for size, times in zip(sizes, repeats)])


METHODS["repeat"] = repeat


@method
def tile(input, *dims):
    dims = sizes_of(dims)
    return repeat(input, (1,) * (input.ndim - len(dims)) + dims)


@method
def repeat_interleave(input, repeats, dim=None):
    if dim is None:
        input, dim = ravel(input), 0
    at = axis_of(dim, input.ndim)
    n = input._a.shape[at]
    counts = repeats._a.tolist() if isinstance(repeats, Tensor) else repeats
    counts = counts if isinstance(counts, list) else [counts] * n
    places = [i for i, count in enumerate(counts if len(counts) == n else counts * n) for _ in range(count)]
    return index.getitem(input, (slice(None),) * at + (np.array(places, np.int64),))


def atleast_1d(*tensors):
    made = [x if x.ndim else reshape(x, 1) for x in tensors]
    return made[0] if len(made) == 1 else tuple(made)


def atleast_2d(*tensors):
    made = [x if x.ndim > 1 else reshape(x, 1, -1) for x in tensors]
    return made[0] if len(made) == 1 else tuple(made)


def meshgrid(*tensors, indexing="ij"):
    tensors = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)) else tensors
    # The axis along which each one runs; "xy" has the first two exchanged.
    along = list(range(len(tensors)))
    if indexing == "xy" and len(tensors) > 1:
        along[:2] = 1, 0
    sizes = [tensors[i].numel() for i in along]
    return tuple([expand(reshape(x, *[-1 if i == at else 1 for i in range(len(along))]), *sizes) for at, x in zip(along, tensors)])


def cartesian_prod(*tensors):
    return stack([ravel(x) for x in meshgrid(*tensors)], 1)
