"""What `fit`, `evaluate` and `predict` are given: arrays, data sets, generators."""

import numpy as np
from tensorflow._core import to_numpy
from tensorflow._data import Dataset

from ._tree import flatten, map_tree


def unpack_x_y_sample_weight(data):
    if isinstance(data, list):
        data = tuple(data)
    if not isinstance(data, tuple):
        return (data, None, None)
    if len(data) == 1:
        return (data[0], None, None)
    if len(data) == 2:
        return (data[0], data[1], None)
    if len(data) == 3:
        return data
    raise ValueError(f"Data is expected to be in format `x`, `(x,)`, `(x, y)`, or `(x, y, sample_weight)`, found: {data}")


def pack_x_y_sample_weight(x, y=None, sample_weight=None):
    if y is None:
        return x if not isinstance(x, (tuple, list)) else (x,)
    return (x, y) if sample_weight is None else (x, y, sample_weight)


def _array(x):
    if isinstance(x, list):
        return np.array([np.asarray(to_numpy(v)) for v in x]) if x and hasattr(x[0], "shape") else np.array(x)
    array = np.asarray(to_numpy(x))
    return array


def arrays(tree, keep_lists=False):
    """Arrays in the place of a tree's values; a list of numbers is one array."""
    if tree is None:
        return None
    if isinstance(tree, dict):
        return {key: arrays(part) for key, part in tree.items()}
    if isinstance(tree, tuple) or keep_lists and isinstance(tree, list) and tree and hasattr(tree[0], "shape"):
        return type(tree)(arrays(part) for part in tree)
    array = _array(tree)
    if array.dtype == np.float64:
        array = array.astype(np.float32)
    return array


class ArrayData:
    """Samples in arrays, cut into batches."""

    def __init__(self, x, y=None, sample_weight=None, batch_size=None, shuffle=False, several_inputs=False, several_outputs=False):
        self.x, self.y = arrays(x, several_inputs), arrays(y, several_outputs)
        self.sample_weight = arrays(sample_weight, several_outputs)
        self.batch_size = 32 if batch_size is None else int(batch_size)
        self.shuffle = shuffle
        sizes = {name: [len(a) for a in flatten(part)] for name, part in (("x", self.x), ("y", self.y), ("sample_weight", self.sample_weight)) if part is not None}
        counts = {n for found in sizes.values() for n in found}
        if len(counts) != 1:
            told = "".join(f"'{name}' sizes: {', '.join(map(str, found))}\n" for name, found in sizes.items())
            raise ValueError(f"Data cardinality is ambiguous. Make sure all arrays contain the same number of samples.{told}")
        (self.count,) = counts
        if not self.count:
            raise ValueError("There are no samples in the data: x has length 0")
        self.steps = -(-self.count // self.batch_size)

    def batches(self):
        from ._random import generator

        order = generator().permutation(self.count) if self.shuffle else None
        for first in range(0, self.count, self.batch_size):
            last = min(first + self.batch_size, self.count)
            at = slice(first, last) if order is None else order[first:last]
            pick = lambda a: a[at]  # noqa: E731
            yield tuple(None if part is None else map_tree(pick, part) for part in (self.x, self.y, self.sample_weight))


class IterableData:
    """A data set, a generator, a sequence of batches."""

    def __init__(self, source, steps=None):
        self.source, self.count, self.batch_size = source, None, None
        self._running = None
        self._steps = steps
        self.steps = steps if steps is not None else self._length()
        self.once = not hasattr(source, "__len__") and hasattr(source, "__next__")

    def _length(self):
        try:
            return len(self.source)
        except TypeError:
            return None

    def _items(self):
        if isinstance(self.source, Dataset) or hasattr(self.source, "__iter__"):
            yield from self.source
            return
        for i in range(len(self.source)):
            yield self.source[i]
        if hasattr(self.source, "on_epoch_end"):
            self.source.on_epoch_end()

    def batches(self):
        if self._steps is None:
            for item in self._items():
                yield self._unpacked(item)
            return
        # Given steps go on where the last epoch left off.
        for _ in range(self._steps):
            if self._running is None:
                self._running = iter(self._items())
            try:
                item = next(self._running)
            except StopIteration:
                self._running = iter(self._items())
                try:
                    item = next(self._running)
                except StopIteration:
                    return
            yield self._unpacked(item)

    def _unpacked(self, item):
        x, y, w = unpack_x_y_sample_weight(item)
        return arrays(x, True), arrays(y, True), arrays(w, True)


def adapter(x, y=None, sample_weight=None, batch_size=None, steps=None, shuffle=False, model=None):
    graph = getattr(model, "_graph", None)
    several_in = graph is None or isinstance(graph.inputs_tree, (list, tuple))
    several_out = graph is None or isinstance(graph.outputs_tree, (list, tuple))
    is_iterable = isinstance(x, Dataset) or hasattr(x, "__next__") or hasattr(x, "__getitem__") and hasattr(x, "__len__") and not isinstance(x, (list, tuple, dict)) and not hasattr(x, "shape")
    if is_iterable:
        if y is not None:
            raise ValueError(f"When `x` is a data set or a generator, `y` comes with it and should not be passed. Received: y={y}")
        return IterableData(x, steps)
    return ArrayData(x, y, sample_weight, batch_size, shuffle, several_in, several_out)


def split_validation(tree, share):
    """(training, validation) of arrays: the last `share` of the samples validates, before any shuffle."""

    def cut(array):
        n = len(array)
        at = int(n * (1.0 - share))
        if at == 0 or at == n:
            raise ValueError(
                f"Training data contains {n} samples, which is not sufficient to split it into a validation and training "
                f"set as specified by `validation_split={share}`. Either provide more data, or a different value for the "
                "`validation_split` argument."
            )
        return array[:at], array[at:]

    pairs = [cut(a) for a in flatten(tree)]
    from ._tree import pack_as

    return pack_as(tree, [a for a, _ in pairs]), pack_as(tree, [b for _, b in pairs])
