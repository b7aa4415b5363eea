"""t[key], t[key] = value, and what picks and writes along an axis."""

import builtins

import numpy as np

from danlu import tape
from danlu.tape import index, shape
from numpy._index import set_item

from ._base import axis_of, cast, check_writable, mismatch, number_of, wrap
from ._methods import METHODS, both, method
from ._tensor import Tensor


def _plain_key(key):
    """A key as numpy has it: tensors become arrays, and a list of indices one too."""
    kind = type(key)
    if kind is int or kind is slice:
        return key
    if kind is tuple:
        return tuple([_plain_key(item) for item in key])
    if isinstance(key, Tensor):
        if key._a._h & 3 > 1:
            raise IndexError("tensors used as indices must be long, int, byte or bool tensors")
        return key._a
    if isinstance(key, list):
        if builtins.any(isinstance(item, (slice, type(None), type(Ellipsis))) for item in key):
            return tuple([_plain_key(item) for item in key])
        return np.array([int(item) if isinstance(item, Tensor) else item for item in key]) if key else np.zeros(0, np.int64)
    if isinstance(key, range):
        return np.array(list(key))
    return key


def _failed(error, t, key):
    """PyTorch's sentence for an index that does not fit."""
    for item in key if type(key) is tuple else (key,):
        if isinstance(item, str):
            return TypeError("new(): invalid data type 'str'")
        if isinstance(item, float):
            return IndexError(
                "only integers, slices (`:`), ellipsis (`...`), None and long or byte Variables are valid indices (got float)"
            )
    sizes = t._a.shape
    parts = key if type(key) is tuple else (key,)
    used = builtins.sum(1 for item in parts if item is not None and item is not Ellipsis and type(item) is not bool)
    if not sizes and used:
        return IndexError(
            "invalid index of a 0-dim tensor. Use `tensor.item()` in Python or `tensor.item<T>()` in C++ to convert a "
            "0-dim tensor to a number"
        )
    if used > len(sizes):
        return IndexError(f"too many indices for tensor of dimension {len(sizes)}")
    axis = 0
    for at, item in enumerate(parts):
        if item is Ellipsis:
            axis = len(sizes) - builtins.sum(1 for rest in parts[at + 1 :] if rest is not None)
        elif item is not None:
            n = sizes[axis]
            if type(item) is int and not -n <= item < n:
                return IndexError(f"index {item} is out of bounds for dimension {axis} with size {n}")
            if isinstance(item, np.ndarray) and item._h & 3 == 1 and item.size:
                for value in (int(item.max()), int(item.min())):
                    if not -n <= value < n:
                        return IndexError(f"index {value} is out of bounds for dimension {axis} with size {n}")
            if isinstance(item, np.ndarray) and item._h & 3 == 0 and item.shape[0] != n:
                return IndexError(
                    f"The shape of the mask {list(item.shape)} at index 0 does not match the shape of the indexed "
                    f"tensor {list(sizes)} at index 0"
                )
            axis += item.ndim if isinstance(item, np.ndarray) and item._h & 3 == 0 else 1
    if "broadcast" in str(error):
        arrays = [item.shape for item in parts if isinstance(item, np.ndarray)]
        return IndexError(
            "shape mismatch: indexing tensors could not be broadcast together with shapes "
            + ", ".join(str(list(s)) for s in arrays)
        )
    return error


def getitem(self, key):
    key = _plain_key(key)
    kind = type(key)
    if kind is slice and key.step is not None and key.step <= 0:
        raise ValueError("step must be greater than zero")
    if kind is tuple:
        for item in key:
            if type(item) is slice and item.step is not None and item.step <= 0:
                raise ValueError("step must be greater than zero")
    try:
        return index.getitem(self, key)
    except (IndexError, ValueError) as error:
        raise _failed(error, self, key) from None


def setitem(self, key, value):
    key = _plain_key(key)
    if tape.state.on and self._requires and self._edge is None and key is not Ellipsis:
        raise RuntimeError("a view of a leaf Variable that requires grad is being used in an in-place operation.")
    check_writable(self)
    if not isinstance(value, Tensor):
        number = number_of(value)
        if number is None:
            value = wrap(np.asarray(value, self._a.dtype))
    if isinstance(value, Tensor):
        value = cast(value, self._a._h & 3)
    try:
        if tape.state.on and (self.requires_grad or isinstance(value, Tensor) and value.requires_grad):
            _record_write(self, key, value)
        else:
            set_item(self._a, key, value._a if isinstance(value, Tensor) else _fit(number, self))
            tape.bump(self)
    except (IndexError, ValueError) as error:
        raise _unfit(error, self, key, value) from None


def _fit(number, t):
    """A number as the tensor's dtype holds it."""
    code = t._a._h & 3
    return int(number) if code == 1 else builtins.bool(number) if code == 0 else number


def _record_write(self, key, value):
    """Writes in place and gives the tensor the history of it."""
    inputs = (self, value) if isinstance(value, Tensor) else (self,)
    sizes = value._a.shape if isinstance(value, Tensor) else ()
    full = index._full_key(key)
    made = tape.record("CopySlices", self._a, inputs, index._put_rule, (full, sizes))
    set_item(self._a, key, value._a if isinstance(value, Tensor) else _fit(value, self))
    tape.bump(self)
    tape.rebase(self, made)


def _unfit(error, t, key, value):
    if "broadcast" in str(error) and isinstance(value, Tensor):
        try:
            place = t._a[key].shape
        except Exception:
            return _failed(error, t, key)
        if not isinstance(key, np.ndarray) and not (type(key) is tuple and any(isinstance(k, np.ndarray) for k in key)):
            from ._shapes import expand

            try:
                expand(value, place)
            except RuntimeError as told:
                return told
        return RuntimeError(f"shape mismatch: value tensor of shape {list(value._a.shape)} cannot be broadcast to "
                            f"indexing result of shape {list(place)}")  # fmt: skip
    return _failed(error, t, key)


Tensor.__getitem__, Tensor.__setitem__ = getitem, setitem


def nonzero(input, *, as_tuple=False):
    places = np.nonzero(input._a) if input.ndim else ()
    if as_tuple:
        return tuple([wrap(p) for p in places])
    if not input.ndim:
        return wrap(np.zeros((int(builtins.bool(input._a.item())), 0), np.int64))
    return wrap(np.argwhere(input._a))


method(nonzero)
argwhere = method(lambda input: nonzero(input), "argwhere")


def _indices(name, indices):
    if not isinstance(indices, Tensor) or indices._a._h & 3 != 1:
        raise RuntimeError(f"{name}(): Expected dtype int64 for index")
    return indices._a


def _check_lanes(name, input, at, indices):
    if indices.ndim != input.ndim:
        raise RuntimeError("Index tensor must have the same number of dimensions as " +
                           ("input" if name == "gather" else "self") + " tensor")  # fmt: skip
    sizes = input._a.shape
    for i, n in enumerate(indices.shape):
        if i != at and n > sizes[i]:
            raise RuntimeError(
                f"Size does not match at dimension {i} expected index {list(indices.shape)} to be no larger than self "
                f"{list(sizes)} apart from dimension {at}"
            )
    if indices.size:
        n = sizes[at] if sizes else 1
        for value in (int(indices.max()), int(indices.min())):
            if not 0 <= value < n:
                raise RuntimeError(f"index {value} is out of bounds for dimension {at} with size {n}")


@method
def gather(input, dim, index, *, sparse_grad=False):
    at, places = axis_of(dim, input.ndim), _indices("gather", index)
    _check_lanes("gather", input, at, places)
    return _gather(input, at, places)


def _gather(input, at, places):
    return index.gather(input, at, places)


def take_along_dim(input, indices, dim=None):
    if dim is None:
        return gather(input.flatten(), 0, indices.flatten())
    at = axis_of(dim, input.ndim)
    sizes = list(input.shape)
    sizes[at] = indices.shape[at]
    return _gather(input, at, indices.expand(*[max_(a, b) for a, b in zip(sizes, indices.shape)])._a)


max_ = builtins.max
METHODS["take_along_dim"] = take_along_dim


def _sources(input, src, places):
    if not isinstance(src, Tensor):
        return None
    src = cast(src, input._a._h & 3)
    return index.getitem(src, tuple([slice(0, n) for n in places.shape])) if src._a.shape != places.shape else src


@both
def scatter(input, dim, index, src=None, *, value=None, reduce=None):
    at, places = axis_of(dim, input.ndim), _indices("scatter", index)
    _check_lanes("scatter", input, at, places)
    source = value if src is None else src
    values = _sources(input, source, places)
    if reduce is not None:
        if reduce not in ("add", "multiply"):
            raise RuntimeError("reduce argument must be either add or multiply.")
        if values is None:
            values = wrap(np.full(places.shape, source, input._a.dtype))
        return scatter_reduce(input, dim, index, values, "sum" if reduce == "add" else "prod")
    return _scatter(input, at, places, _fit(source, input) if values is None else values)


def _scatter(input, at, places, values):
    return index.scatter(input, at, places, values)


@both
def scatter_add(input, dim, index, src):
    at, places = axis_of(dim, input.ndim), _indices("scatter_add", index)
    _check_lanes("scatter_add", input, at, places)
    return _scatter_add(input, at, places, _sources(input, src, places))


def _scatter_add(input, at, places, values):
    return index.scatter(input, at, places, values, True)


@both
def scatter_reduce(input, dim, index, src, reduce, *, include_self=True):
    if reduce == "sum" and include_self:
        return scatter_add(input, dim, index, src)
    functions = {"sum": np.add, "prod": np.multiply, "amax": np.maximum, "amin": np.minimum, "mean": np.add}
    if reduce not in functions:
        raise RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}.")
    if tape.wanted(input, src):
        raise NotImplementedError(f"the gradient of scatter_reduce with reduce={reduce!r} is not here; nearest: scatter_add")
    at, places = axis_of(dim, input.ndim), _indices("scatter_reduce", index)
    key = index_lanes(input, places, at)
    made = input._a.copy()
    if not include_self:
        start = {"sum": 0, "mean": 0, "prod": 1, "amax": -np.inf, "amin": np.inf}[reduce]
        made[key] = start
    functions[reduce].at(made, key, _sources(input, src, places)._a)
    if reduce == "mean":
        count = np.ones(made.shape) if include_self else np.zeros(made.shape)
        np.add.at(count, key, 1.0)
        made = (made / np.maximum(count, 1.0)).astype(made.dtype)
    return wrap(made)


def index_lanes(input, places, at):
    return index._lanes(input._a.shape, places, at)


def _along(at, places):
    return (slice(None),) * at + (places,)


@method
def index_select(input, dim, index):
    at, places = axis_of(dim, input.ndim), _indices("index_select", index)
    if places.ndim > 1:
        raise IndexError("index_select(): Index is supposed to be a vector")
    try:
        return _getitem(input, _along(at, places.reshape(-1)))
    except IndexError:
        raise IndexError("index out of range in self") from None


def _getitem(input, key):
    return index.getitem(input, key)


def _put(input, key, value):
    return index.put(input, key, value)


@both
def index_fill(input, dim, index, value):
    return _put(input, _along(axis_of(dim, input.ndim), index._a), _fit(value, input) if not isinstance(value, Tensor) else value)


@both
def index_copy(input, dim, index, source):
    return _put(input, _along(axis_of(dim, input.ndim), index._a), cast(source, input._a._h & 3))


@both
def index_add(input, dim, index, source, *, alpha=1):
    at = axis_of(dim, input.ndim)
    sizes = [1] * input.ndim
    sizes[at] = -1
    places = index._a.reshape(sizes)
    source = source if alpha == 1 else source * alpha
    places = np.broadcast_to(places, source._a.shape)
    return _scatter_add(input, at, places, cast(source, input._a._h & 3))


@both
def index_put(input, indices, values, accumulate=False):
    key = tuple([i._a for i in indices])
    if accumulate:
        return input + tape.index.at_key(cast(values, input._a._h & 3).expand(*input._a[key].shape), input._a.shape, key, True)
    return _put(input, key, cast(values, input._a._h & 3))


@method
def take(input, index):
    return _getitem(input.reshape(-1), index._a)


@both
def masked_fill(input, mask, value):
    if mask._a._h & 3:
        kind = ("bool", "long int", "float", "double")[mask._a._h & 3]
        raise RuntimeError("masked_fill_ only supports boolean masks, but got mask with dtype " + kind)
    if isinstance(value, Tensor):
        if value.ndim:
            raise RuntimeError(
                "masked_fill only supports a 0-dimensional value tensor, but got tensor with "
                f"{value.ndim} dimension(s)."
            )
        value = value.item()
    try:
        return tape.index.masked_fill(input, mask, _fit(number_of(value), input))
    except ValueError:
        raise mismatch(input, mask) from None


@method
def masked_select(input, mask):
    if mask._a.shape != input._a.shape:
        from ._shapes import broadcast_tensors

        input, mask = broadcast_tensors(input, mask)
    return _getitem(input, mask._a)


@both
def masked_scatter(input, mask, source):
    mask = mask.expand(*input.shape)
    n = int(mask._a.sum())
    return _put(input, mask._a, cast(source, input._a._h & 3).reshape(-1)[:n])


# ── triangles and diagonals ────────────────────────────────────────────────────────────────────


def _triangle(name):
    def triangle(input, diagonal=0):
        rows, columns = input._a.shape[-2:]
        mask = np.tri(rows, columns, diagonal - (0 if name == "tril" else 1), dtype=bool)
        mask = mask if name == "tril" else ~mask
        if input._a._h & 3 < 2:
            return wrap(np.where(mask, input._a, np.zeros((), input._a.dtype)))
        made = tape.index.masked_fill(input, wrap(~mask), 0.0)
        if made._edge:
            made._edge[0].name = name.capitalize() + "Backward0"
        return made

    triangle.__name__ = name
    return both(triangle)


tril, triu = _triangle("tril"), _triangle("triu")


def tril_indices(row, col, offset=0, **_):
    return wrap(np.stack(np.nonzero(np.tri(row, col, offset, dtype=bool))))


def triu_indices(row, col, offset=0, **_):
    return wrap(np.stack(np.nonzero(~np.tri(row, col, offset - 1, dtype=bool))))


@method
def diagonal(input, offset=0, dim1=0, dim2=1):
    first, second = axis_of(dim1, input.ndim), axis_of(dim2, input.ndim)
    rest = [i for i in range(input.ndim) if i not in (first, second)]
    turned = shape.permute(input, [*rest, first, second])
    n, m = turned._a.shape[-2:]
    count = max_(0, min(n + min(offset, 0), m - max_(offset, 0)))
    i = np.arange(count)
    return _getitem(turned, (Ellipsis, i - min(offset, 0), i + max_(offset, 0)))


@method
def diag(input, diagonal=0):
    return diag_embed(input, diagonal) if input.ndim == 1 else _diagonal(input, diagonal)


_diagonal = diagonal


@method
def diag_embed(input, offset=0, dim1=-2, dim2=-1):
    n = input._a.shape[-1]
    size = n + abs(offset)
    i = np.arange(n)
    key = (Ellipsis, i - min(offset, 0), i + max_(offset, 0))
    return tape.index.at_key(input, (*input._a.shape[:-1], size, size), key, False)


def diagflat(input, offset=0):
    return diag_embed(input.reshape(-1), offset)


@method
def trace(input):
    return _diagonal(input).sum()


def block_diag(*tensors):
    tensors = [x.reshape(1, -1) if x.ndim < 2 else x for x in tensors]
    rows, columns = sum(x.shape[0] for x in tensors), sum(x.shape[1] for x in tensors)
    made, r, c = wrap(np.zeros((rows, columns), tensors[0]._a.dtype)), 0, 0
    for x in tensors:
        made[r : r + x.shape[0], c : c + x.shape[1]] = x
        r, c = r + x.shape[0], c + x.shape[1]
    return made


# ── in place ───────────────────────────────────────────────────────────────────────────────────


def fill_(self, value):
    setitem(self, Ellipsis, value)
    return self


def copy_(self, src, non_blocking=False):
    setitem(self, Ellipsis, src)
    return self


METHODS.update(fill_=fill_, copy_=copy_, zero_=lambda self: fill_(self, 0))


def fill_diagonal_(self, fill_value, wrap=False):
    np.fill_diagonal(self._a, fill_value)
    tape.bump(self)
    return self


METHODS["fill_diagonal_"] = fill_diagonal_
