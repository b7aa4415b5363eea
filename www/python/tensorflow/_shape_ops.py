"""Shapes, pieces and places of tensors."""

import numpy as np
from danlu.tape import index as _index
from danlu.tape import shape as _s

from . import _dtypes
from ._core import Tensor, as_tensor, labelled, made, to_numpy
from ._dtypes import as_dtype
from ._math import cast
from .errors import InvalidArgumentError


def numbers(value):
    """A shape or a list of axes as a tuple of Python's integers."""
    if isinstance(value, (int, np.integer)):
        return (int(value),)
    if isinstance(value, (list, tuple)):
        return tuple(int(to_numpy(n)) if not isinstance(n, int) else n for n in value)
    return tuple(int(n) for n in np.atleast_1d(to_numpy(value)))


def reshape(tensor, shape, name=None):
    x = as_tensor(tensor)
    shape = numbers(shape) if not (isinstance(shape, (list, tuple)) and not shape) else ()
    size = x._a.size
    if shape.count(-1) > 1:
        raise InvalidArgumentError(f"Only one input size may be -1, not both in {list(shape)} [Op:Reshape]")
    known = 1
    for n in shape:
        known *= n if n != -1 else 1
    if -1 in shape and (not known or size % known) or -1 not in shape and known != size:
        wanted = known
        if -1 in shape:
            raise InvalidArgumentError(
                f"{{{{function_node __wrapped__Reshape_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} Input to "
                f"reshape is a tensor with {size} values, but the requested shape requires a multiple of {wanted} [Op:Reshape]"
            )
        raise InvalidArgumentError(
            f"{{{{function_node __wrapped__Reshape_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} Input to reshape is "
            f"a tensor with {size} values, but the requested shape has {wanted} [Op:Reshape]"
        )
    if -1 in shape:
        shape = tuple(size // known if n == -1 else n for n in shape)
    return labelled(_s.reshape(x, shape), x.dtype)


def transpose(a, perm=None, conjugate=False, name=None):
    x = as_tensor(a)
    axes = tuple(reversed(range(x._a.ndim))) if perm is None else numbers(perm)
    if sorted(axes) != list(range(x._a.ndim)):
        raise InvalidArgumentError(f"transpose expects a vector of size {x._a.ndim}. But input(1) is a vector of size {len(axes)} [Op:Transpose]")
    return labelled(_s.permute(x, axes), x.dtype)


def expand_dims(input, axis, name=None):
    x = as_tensor(input)
    ndim = x._a.ndim
    for at in sorted(a % (ndim + len(numbers(axis))) for a in numbers(axis)):
        x = labelled(_s.unsqueeze(x, at), x.dtype)
    return x


def squeeze(input, axis=None, name=None):
    x = as_tensor(input)
    shape = x._a.shape
    axes = tuple(i for i, n in enumerate(shape) if n == 1) if axis is None or axis == [] else tuple(a % len(shape) for a in numbers(axis))
    for a in axes:
        if shape[a] != 1:
            raise InvalidArgumentError(f"{{{{function_node __wrapped__Squeeze_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} Can not squeeze dim[{a}], expected a dimension of 1, got {shape[a]} [Op:Squeeze] name: ")
    return labelled(_s.reshape(x, tuple(n for i, n in enumerate(shape) if i not in axes)), x.dtype)


def broadcast_to(input, shape, name=None):
    x = as_tensor(input)
    return labelled(_s.broadcast_to(x, numbers(shape)), x.dtype)


def _alike(values):
    tensors = [as_tensor(v) for v in values]
    label = next((t.dtype for v, t in zip(values, tensors) if isinstance(v, Tensor)), tensors[0].dtype)
    return [t if t.dtype == label else cast(t, label) for t in tensors], label


def concat(values, axis=0, name=None):
    xs, label = _alike(list(values))
    axis = int(to_numpy(axis))
    first = xs[0]._a.shape
    for x in xs[1:]:
        shape = x._a.shape
        if len(shape) != len(first) or any(n != m for i, (n, m) in enumerate(zip(shape, first)) if i != axis % len(first)):
            raise InvalidArgumentError(
                f"{{{{function_node __wrapped__ConcatV2_N_{len(xs)}_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} ConcatOp : Dimension "
                f"{next((i for i, (n, m) in enumerate(zip(shape, first)) if n != m and i != axis % len(first)), 0)} in both shapes "
                f"must be equal: shape[0] = [{','.join(map(str, first))}] vs. shape[1] = [{','.join(map(str, shape))}] [Op:ConcatV2] name: concat"
            )
    return labelled(_s.concat(xs, axis % len(first)), label)


def stack(values, axis=0, name=None):
    xs, label = _alike(list(values))
    for x in xs[1:]:
        if x._a.shape != xs[0]._a.shape:
            raise InvalidArgumentError(
                "{{function_node __wrapped__Pack_N_2_device_/job:localhost/replica:0/task:0/device:CPU:0}} Shapes of all inputs "
                f"must match: values[0].shape = [{','.join(map(str, xs[0]._a.shape))}] != values[1].shape = "
                f"[{','.join(map(str, x._a.shape))}] [Op:Pack] name: stack"
            )
    return labelled(_s.stack(xs, axis % (xs[0]._a.ndim + 1)), label)


def unstack(value, num=None, axis=0, name="unstack"):
    x = as_tensor(value)
    at = axis % x._a.ndim
    key = (slice(None),) * at
    return [x[(*key, i)] for i in range(x._a.shape[at])]


def split(value, num_or_size_splits, axis=0, num=None, name="split"):
    x = as_tensor(value)
    at = int(axis) % x._a.ndim
    size = x._a.shape[at]
    if isinstance(num_or_size_splits, (int, np.integer)):
        count = int(num_or_size_splits)
        if size % count:
            raise InvalidArgumentError(
                f"{{{{function_node __wrapped__Split_num_split_{count}_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} Number of ways to split "
                f"should evenly divide the split dimension, but got split_dim {at} (size = {size}) and num_split {count} [Op:Split] name: split"
            )
        sizes = (size // count,) * count
    else:
        sizes = list(numbers(num_or_size_splits))
        if -1 in sizes:
            sizes[sizes.index(-1)] = size - sum(sizes) - 1
        sizes = tuple(sizes)
    return [labelled(part, x.dtype) for part in _s.split(x, sizes, at)]


def tile(input, multiples, name=None):
    x = as_tensor(input)
    for axis, times in enumerate(numbers(multiples)):
        if times != 1:
            x = concat([x] * times, axis) if times else x[(slice(None),) * axis + (slice(0, 0),)]
    return x


def repeat(input, repeats, axis=None, name=None):
    x = as_tensor(input)
    if axis is None:
        x, axis = reshape(x, (-1,)), 0
    axis = axis % x._a.ndim
    times = to_numpy(repeats)
    size = x._a.shape[axis]
    at = np.repeat(np.arange(size), times)
    return gather(x, at, axis=axis)


def reverse(tensor, axis, name=None):
    x = as_tensor(tensor)
    return labelled(_s.flip(x, tuple(a % x._a.ndim for a in numbers(axis))), x.dtype)


def pad(tensor, paddings, mode="CONSTANT", constant_values=0, name=None):
    x = as_tensor(tensor)
    pairs = [tuple(int(n) for n in pair) for pair in np.asarray(to_numpy(paddings)).tolist()]
    if mode.upper() == "CONSTANT":
        value = float(to_numpy(constant_values))
        if not x._a._h & 2:
            return labelled(made(np.pad(x._a, pairs, constant_values=int(value))), x.dtype)
        return labelled(_s.pad(x, [a for a, _ in pairs], [b for _, b in pairs], value), x.dtype)
    # Reflected borders are picked from inside.
    for axis, (before, behind) in enumerate(pairs):
        if before or behind:
            at = np.pad(np.arange(x._a.shape[axis]), (before, behind), mode="reflect" if mode.upper() == "REFLECT" else "symmetric")
            x = gather(x, at, axis=axis)
    return x


def gather(params, indices, validate_indices=None, axis=None, batch_dims=0, name=None):
    x = as_tensor(params)
    axis = 0 if axis is None else int(axis) % x._a.ndim
    at = np.asarray(to_numpy(indices))
    if at.dtype.kind == "f":
        raise InvalidArgumentError(f"indices of tf.gather are whole numbers, got {as_tensor(indices).dtype.name}: cast them to tf.int32")
    size = x._a.shape[axis]
    if batch_dims:
        key = tuple(np.arange(n).reshape((-1,) + (1,) * (at.ndim - 1 - i)) for i, n in enumerate(x._a.shape[:batch_dims]))
        return labelled(_index.getitem(x, (*key, at)), x.dtype)
    if at.size and (at.min() < 0 or at.max() >= size):
        flat = at.reshape(-1)
        bad = int(np.flatnonzero((flat < 0) | (flat >= size))[0])
        place = f"[{bad}]" if at.ndim else ""
        raise InvalidArgumentError(f"{{{{function_node __wrapped__GatherV2_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} indices{place} = {int(flat[bad])} is not in [0, {size}) [Op:GatherV2]")
    return labelled(_index.getitem(x, (*(slice(None),) * axis, at)), x.dtype)


def gather_nd(params, indices, batch_dims=0, name=None):
    x, at = as_tensor(params), np.asarray(to_numpy(indices))
    return labelled(_index.getitem(x, tuple(at[..., i] for i in range(at.shape[-1]))), x.dtype)


def boolean_mask(tensor, mask, axis=None, name="boolean_mask"):
    x = as_tensor(tensor)
    axis = axis or 0
    return labelled(_index.getitem(x, (*(slice(None),) * axis, np.asarray(to_numpy(mask)))), x.dtype)


def slice_(input_, begin, size, name=None):
    x = as_tensor(input_)
    sizes = [n if n != -1 else x._a.shape[i] - b for i, (b, n) in enumerate(zip(numbers(begin), numbers(size)))]
    return x[tuple(slice(b, b + n) for b, n in zip(numbers(begin), sizes))]


def tensor_scatter_nd_update(tensor, indices, updates, name=None):
    x, at = as_tensor(tensor), np.asarray(to_numpy(indices))
    return labelled(_index.put(x, tuple(at[..., i] for i in range(at.shape[-1])), as_tensor(updates, x.dtype)), x.dtype)


def scatter_nd(indices, updates, shape, name=None):
    updates = as_tensor(updates)
    at = np.asarray(to_numpy(indices))
    flat = made(np.zeros(numbers(shape), updates.dtype._storage))
    array = flat._a
    np.add.at(array, tuple(at[..., i] for i in range(at.shape[-1])), updates._a)
    return labelled(flat, updates.dtype)


def one_hot(indices, depth, on_value=None, off_value=None, axis=None, dtype=None, name=None):
    at = np.asarray(to_numpy(indices))
    given = next((v for v in (on_value, off_value) if v is not None), None)
    label = as_dtype(dtype) if dtype is not None else _dtypes.float32 if given is None else as_tensor(given).dtype
    on, off = (1 if on_value is None else on_value), (0 if off_value is None else off_value)
    rows = np.where(at[..., None] == np.arange(int(to_numpy(depth))), on, off).astype(label._storage)
    if axis is not None and axis != -1:
        rows = np.moveaxis(rows, -1, axis).copy()
    return labelled(made(rows), label)


def roll(input, shift, axis, name=None):
    x = as_tensor(input)
    at = np.roll(np.arange(x._a.shape[axis]), shift)
    return gather(x, at, axis=axis % x._a.ndim)


def shape(input, out_type=None, name=None):
    return cast(made(np.array(list(as_tensor(input)._a.shape), dtype=np.int64)), out_type or _dtypes.int32)


def size(input, out_type=None, name=None):
    return cast(made(np.asarray(int(as_tensor(input)._a.size))), out_type or _dtypes.int32)


def rank(input, name=None):
    return cast(made(np.asarray(as_tensor(input)._a.ndim)), _dtypes.int32)


def sort(values, axis=-1, direction="ASCENDING", name=None):
    x = as_tensor(values)
    at = np.argsort(x._a, axis=axis)
    at = np.flip(at, axis=axis).copy() if direction == "DESCENDING" else at
    if x._a._h & 2:
        return labelled(_index.gather(x, axis % x._a.ndim, made(at)), x.dtype)
    return labelled(made(np.take_along_axis(x._a, at, axis=axis)), x.dtype)


def argsort(values, axis=-1, direction="ASCENDING", stable=False, name=None):
    x = as_tensor(values)._a
    at = np.argsort(-x if direction == "DESCENDING" else x, axis=axis, kind="stable")
    return cast(made(at), _dtypes.int32)


def take_along_axis(x, indices, axis):
    x = as_tensor(x)
    return labelled(_index.gather(x, axis % x._a.ndim, made(np.asarray(to_numpy(indices)).astype(np.int64))), x.dtype)


def unique(x, out_idx=None, name=None):
    """(values in the order of their first appearance, where each stands among them)."""
    array = to_numpy(x)
    found, places = [], []
    known = {}
    for value in array.tolist():
        if value not in known:
            known[value] = len(found)
            found.append(value)
        places.append(known[value])
    y = made(np.array(found, dtype=array.dtype))
    return labelled(y, as_tensor(x).dtype), cast(made(np.array(places)), _dtypes.int32)


def get_item(x, key):
    """x[key] with TensorFlow's keys: integers, slices, None, … and scalar tensors."""
    parts = key if isinstance(key, tuple) else (key,)
    plain = []
    for part in parts:
        if isinstance(part, Tensor) or hasattr(type(part), "_read"):
            array = to_numpy(part)
            if not array.ndim:
                part = int(array.item())
            elif array.dtype.kind == "b":
                return boolean_mask(x, array) if len(parts) == 1 else _refuse_key(part)
            else:
                _refuse_key(part)
        elif isinstance(part, slice):
            part = slice(*(int(to_numpy(n)) if n is not None and not isinstance(n, int) else n for n in (part.start, part.stop, part.step)))
        elif isinstance(part, (list, np.ndarray)):
            _refuse_key(part)
        plain.append(part)
    x = as_tensor(x)
    shape, at = x._a.shape, 0
    for part in plain:
        if isinstance(part, int) and not isinstance(part, bool) and at < len(shape) and not -shape[at] <= part < shape[at]:
            raise InvalidArgumentError(
                "{{function_node __wrapped__StridedSlice_device_/job:localhost/replica:0/task:0/device:CPU:0}} slice index "
                f"{part} of dimension {at} out of bounds. [Op:StridedSlice] name: strided_slice/"
            )
        at += part is not None and part is not Ellipsis
    return labelled(_index.getitem(x, tuple(plain)), x.dtype)


def _refuse_key(part):
    raise TypeError(
        "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 tensors are valid "
        f"indices, got {part!r}. Rows by a list of numbers are tf.gather(x, indices)."
    )
