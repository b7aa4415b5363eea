"""tf.data.Dataset: a pipeline that is walked anew each time."""

import numpy as np

from . import _dtypes
from ._core import Tensor, as_tensor, labelled, made, to_numpy
from ._shapes import TensorShape


def _map(function, tree):
    if isinstance(tree, dict):
        return {key: _map(function, part) for key, part in tree.items()}
    if isinstance(tree, tuple):
        return tuple(_map(function, part) for part in tree)
    return function(tree)


def _flat(tree):
    if isinstance(tree, dict):
        return [x for part in tree.values() for x in _flat(part)]
    if isinstance(tree, tuple):
        return [x for part in tree for x in _flat(part)]
    return [tree]


def _zip_map(function, trees):
    """`function` of the leaves that stand at one place of several alike trees."""
    first = trees[0]
    if isinstance(first, dict):
        return {key: _zip_map(function, [t[key] for t in trees]) for key in first}
    if isinstance(first, tuple):
        return tuple(_zip_map(function, [t[i] for t in trees]) for i in range(len(first)))
    return function(trees)


def _tensors(tree):
    if isinstance(tree, list):
        return as_tensor(tree)
    if isinstance(tree, dict):
        return {key: _tensors(part) for key, part in tree.items()}
    if isinstance(tree, tuple):
        return tuple(_tensors(part) for part in tree)
    return as_tensor(tree)


class TensorSpec:
    def __init__(self, shape, dtype=_dtypes.float32, name=None):
        self.shape, self.dtype, self.name = TensorShape(shape), _dtypes.as_dtype(dtype), name

    def __repr__(self):
        return f"TensorSpec(shape={tuple(self.shape)}, dtype={self.dtype!r}, name={self.name!r})"


class Dataset:
    """Elements are tensors, or tuples and dicts of them."""

    def __init__(self, make, length=None, whole=None):
        # `make()` walks the elements; `whole` holds the arrays of plain slices, for speed.
        self._make, self._length, self._whole = make, length, whole

    def __iter__(self):
        return iter(self._make())

    def __len__(self):
        if self._length is None:
            raise TypeError("The dataset length is unknown.")
        if self._length == float("inf"):
            raise TypeError("The dataset is infinite.")
        return self._length

    def __bool__(self):
        return True

    def cardinality(self):
        n = -2 if self._length is None else -1 if self._length == float("inf") else self._length
        return labelled(made(np.asarray(n)), _dtypes.int64)

    def as_numpy_iterator(self):
        return (_map(lambda x: x.numpy(), element) for element in self)

    @property
    def element_spec(self):
        element = next(iter(self))
        batched = getattr(self, "_batched", False)
        spec = lambda x: TensorSpec((None, *x.shape[1:]) if batched else tuple(x.shape), x.dtype)  # noqa: E731
        return _map(spec, element)

    def __repr__(self):
        kind = "_BatchDataset" if getattr(self, "_batched", False) else "_TensorSliceDataset" if self._whole is not None else "_MapDataset"
        return f"<{kind} element_spec={self.element_spec!r}>"

    # ── where elements come from ───────────────────────────────────────────────────────────────

    @classmethod
    def from_tensor_slices(cls, tensors, name=None):
        whole = _tensors(tensors)
        sizes = list(dict.fromkeys(x._a.shape[0] if x._a.ndim else None for x in _flat(whole)))
        if None in sizes:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        if len(sizes) > 1:
            raise ValueError(f"Dimensions {' and '.join(map(str, sizes))} are not compatible")
        (n,) = sizes
        return cls(lambda: (_map(lambda x: x[i], whole) for i in range(n)), n, whole)

    @classmethod
    def from_tensors(cls, tensors, name=None):
        whole = _tensors(tensors)
        return cls(lambda: iter([whole]), 1)

    @classmethod
    def from_generator(cls, generator, output_types=None, output_shapes=None, args=None, output_signature=None, name=None):
        def make():
            for element in generator(*(args or ())):
                element = _tensors(element)
                if output_types is not None:
                    types = _flat(output_types) if isinstance(output_types, tuple) else [output_types]
                    values = [as_tensor(x, t) for x, t in zip(_flat(element), types)]
                    element = tuple(values) if isinstance(element, tuple) else values[0]
                elif output_signature is not None:
                    values = [as_tensor(x, s.dtype) for x, s in zip(_flat(element), _flat(output_signature))]
                    element = tuple(values) if isinstance(element, tuple) else values[0]
                yield element

        return cls(make)

    @classmethod
    def range(cls, *args, output_type=_dtypes.int64, **kwargs):
        numbers = range(*(int(to_numpy(a)) for a in args))
        return cls(lambda: (as_tensor(i, output_type) for i in numbers), len(numbers))

    @classmethod
    def zip(cls, *datasets, name=None):
        parts = datasets[0] if len(datasets) == 1 and isinstance(datasets[0], (tuple, list)) else datasets
        lengths = [d._length for d in parts]
        return cls(lambda: zip(*parts), None if None in lengths else min(lengths))

    # ── what is done with them ─────────────────────────────────────────────────────────────────

    def map(self, map_func, num_parallel_calls=None, deterministic=None, name=None):
        def make():
            for element in self:
                y = map_func(*element) if isinstance(element, tuple) else map_func(element)
                yield _tensors(tuple(y)) if isinstance(y, list) else _tensors(y)

        made_ = Dataset(make, self._length)
        made_._batched = getattr(self, "_batched", False)
        return made_

    def filter(self, predicate, name=None):
        def keep(element):
            return bool(predicate(*element) if isinstance(element, tuple) else predicate(element))

        return Dataset(lambda: (element for element in self if keep(element)))

    def shuffle(self, buffer_size, seed=None, reshuffle_each_iteration=True, name=None):
        from .random import _generator

        buffer_size = int(to_numpy(buffer_size))
        fixed = [None]

        def source():
            if seed is not None and (fixed[0] is None or not reshuffle_each_iteration):
                fixed[0] = _generator(seed)
            elif not reshuffle_each_iteration and fixed[0] is None:
                fixed[0] = _generator(int(_generator().integers(0, 1 << 31)))
            return fixed[0] or _generator()

        def order(n):
            return source().permutation(n)

        if self._whole is not None and buffer_size >= self._length:
            whole, n = self._whole, self._length
            made_ = Dataset(lambda: (_map(lambda x: x[int(i)], whole) for i in order(n)), n)
            made_._order, made_._sliced = order, whole
            return made_

        def make():
            draw, buffer = source(), []
            for element in self:
                if len(buffer) < buffer_size:
                    buffer.append(element)
                    continue
                at = int(draw.integers(0, buffer_size))
                yield buffer[at]
                buffer[at] = element
            for at in draw.permutation(len(buffer)):
                yield buffer[int(at)]

        return Dataset(make, self._length)

    def batch(self, batch_size, drop_remainder=False, num_parallel_calls=None, deterministic=None, name=None):
        size = int(to_numpy(batch_size))
        n = self._length
        length = n if n is None or n == float("inf") else n // size if drop_remainder else -(-n // size)
        whole = self._whole if self._whole is not None else getattr(self, "_sliced", None)
        if whole is not None:
            order = getattr(self, "_order", None)

            def sliced():
                at = order(n) if order is not None else None
                for first in range(0, n, size):
                    last = first + size
                    if last > n and drop_remainder:
                        return
                    key = slice(first, last) if at is None else at[first:last]
                    yield _map(lambda x: labelled(made(x._a[key].copy() if at is None else x._a[key]), x.dtype), whole)

            made_ = Dataset(sliced, length)
        else:
            from ._shape_ops import stack

            def make():
                batch = []
                for element in self:
                    batch.append(element)
                    if len(batch) == size:
                        yield _zip_map(stack, batch)
                        batch = []
                if batch and not drop_remainder:
                    yield _zip_map(stack, batch)

            made_ = Dataset(make, length)
        made_._batched = True
        return made_

    def unbatch(self, name=None):
        def make():
            for element in self:
                n = _flat(element)[0]._a.shape[0]
                yield from (_map(lambda x: x[i], element) for i in range(n))

        return Dataset(make)

    def repeat(self, count=None, name=None):
        endless = count is None or int(to_numpy(count)) < 0
        times = None if endless else int(to_numpy(count))

        def make():
            done = 0
            while endless or done < times:
                yield from self
                done += 1

        length = float("inf") if endless else None if self._length is None else self._length * times
        made_ = Dataset(make, length)
        made_._batched = getattr(self, "_batched", False)
        return made_

    def take(self, count, name=None):
        count = int(to_numpy(count))

        def make():
            for i, element in enumerate(self):
                if i == count:
                    return
                yield element

        known = self._length
        made_ = Dataset(make, None if known is None else min(known, count) if count >= 0 else known)
        made_._batched = getattr(self, "_batched", False)
        return made_

    def skip(self, count, name=None):
        count = int(to_numpy(count))
        known = self._length
        made_ = Dataset(lambda: (e for i, e in enumerate(self) if i >= count), None if known is None else max(known - count, 0))
        made_._batched = getattr(self, "_batched", False)
        return made_

    def concatenate(self, dataset, name=None):
        def make():
            yield from self
            yield from dataset

        both = None if None in (self._length, dataset._length) else self._length + dataset._length
        return Dataset(make, both)

    def enumerate(self, start=0, name=None):
        return Dataset(lambda: ((as_tensor(i, "int64"), element) for i, element in enumerate(self, start)), self._length)

    def cache(self, filename="", name=None):
        kept = []

        def make():
            if kept:
                yield from kept[0]
                return
            seen = []
            for element in self:
                seen.append(element)
                yield element
            kept.append(seen)

        made_ = Dataset(make, self._length)
        made_._batched = getattr(self, "_batched", False)
        return made_

    def prefetch(self, buffer_size, name=None):
        return self

    def with_options(self, options, name=None):
        return self

    def apply(self, transformation_func):
        return transformation_func(self)

    def reduce(self, initial_state, reduce_func, name=None):
        state = _tensors(initial_state)
        for element in self:
            state = reduce_func(state, element)
        return state

    def window(self, size, shift=None, stride=1, drop_remainder=False, name=None):
        elements = list(self)
        shift = shift or size
        windows = []
        for first in range(0, len(elements), shift):
            part = elements[first : first + size * stride : stride]
            if len(part) == size or not drop_remainder:
                windows.append(part)
        return Dataset(lambda: (Dataset(lambda p=p: iter(p), len(p)) for p in windows), len(windows))

    def flat_map(self, map_func, name=None):
        def make():
            for element in self:
                yield from map_func(*element) if isinstance(element, tuple) else map_func(element)

        return Dataset(make)


__all__ = ["Dataset", "TensorSpec", "Tensor"]
