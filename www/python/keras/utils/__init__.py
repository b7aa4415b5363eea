"""keras.utils."""

import numpy as np
from tensorflow._core import Tensor, as_tensor, to_numpy

from .._registry import custom_object_scope
from .._registry import register as register_keras_serializable
from .._random import set_random_seed
from ._images import array_to_img, image_dataset_from_directory, img_to_array, load_img, save_img


def to_categorical(x, num_classes=None):
    """Class numbers as rows with a 1. Shape: [N, …] → [N, …, classes]."""
    at = np.asarray(to_numpy(x)).astype(np.int64)
    if at.ndim > 1 and at.shape[-1] == 1:
        at = at.reshape(at.shape[:-1])
    classes = int(at.max()) + 1 if not num_classes else int(num_classes)
    if at.size and (int(at.max()) >= classes or int(at.min()) < 0):
        raise IndexError(f"index {int(at.max())} is out of bounds for axis 1 with size {classes}: give num_classes={int(at.max()) + 1}, or labels below {classes}")
    rows = np.zeros((at.size, classes), dtype=np.float64)
    rows[np.arange(at.size), at.reshape(-1)] = 1
    rows = rows.reshape((*at.shape, classes))
    return as_tensor(rows, "float32") if isinstance(x, Tensor) else rows


def normalize(x, axis=-1, order=2):
    x = np.asarray(to_numpy(x))
    norms = np.linalg.norm(x, ord=order, axis=axis, keepdims=True)
    return x / np.where(norms == 0, 1, norms)


def split_dataset(dataset, left_size=None, right_size=None, shuffle=False, seed=None):
    """Two data sets, by shares or by counts."""
    from tensorflow._data import Dataset

    source = dataset if isinstance(dataset, Dataset) else Dataset.from_tensor_slices(dataset)
    elements = list(source)
    if shuffle:
        elements = [elements[int(i)] for i in np.random.default_rng(seed).permutation(len(elements))]
    n = len(elements)
    count = lambda size: None if size is None else int(round(size * n)) if isinstance(size, float) else int(size)  # noqa: E731
    left, right = count(left_size), count(right_size)
    left = n - right if left is None else left
    right = n - left if right is None else right
    first, second = elements[:left], elements[n - right :]
    return Dataset(lambda: iter(first), len(first)), Dataset(lambda: iter(second), len(second))


def pad_sequences(sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0):
    """Lists of numbers as rows of one length."""
    longest = max((len(s) for s in sequences), default=0) if maxlen is None else maxlen
    rows = np.full((len(sequences), longest), value, dtype=np.int64 if "int" in str(dtype) else np.float32)
    for row, sequence in zip(rows, sequences):
        kept = list(sequence)[-longest:] if truncating == "pre" else list(sequence)[:longest]
        if not kept:
            continue
        if padding == "pre":
            row[longest - len(kept) :] = kept
        else:
            row[: len(kept)] = kept
    return rows


def timeseries_dataset_from_array(data, targets, sequence_length, sequence_stride=1, sampling_rate=1, batch_size=128,
                                  shuffle=False, seed=None, start_index=None, end_index=None):  # fmt: skip
    """Windows of a series with their targets."""
    from tensorflow._data import Dataset

    data = np.asarray(to_numpy(data))[start_index:end_index]
    last = len(data) - (sequence_length - 1) * sampling_rate
    starts = np.arange(0, last if targets is None else min(last, len(targets)), sequence_stride)
    windows = np.stack([data[s : s + sequence_length * sampling_rate : sampling_rate] for s in starts])
    parts = windows if targets is None else (windows, np.asarray(to_numpy(targets))[starts])
    source = Dataset.from_tensor_slices(parts)
    source = source.shuffle(len(starts), seed=seed) if shuffle else source
    return source.batch(batch_size) if batch_size else source


class Sequence:
    """A source of batches with a length; `__getitem__` gives one."""

    def __init__(self, workers=1, use_multiprocessing=False, max_queue_size=10):
        pass

    def on_epoch_end(self):
        pass


PyDataset = Sequence


class Progbar:
    """A line that says how far a loop has come; printed when it is done."""

    def __init__(self, target, width=20, verbose=1, interval=0.05, stateful_metrics=None, unit_name="step"):
        from .._progress import Progress

        self.target, self._progress = target, Progress(verbose, named=False)
        self._progress.begin(0, target)
        self._sums, self._stateful = {}, set(stateful_metrics or ())

    def update(self, current, values=None, finalize=None):
        before = self._progress.done
        for name, value in values or ():
            value = float(to_numpy(value))
            if name in self._stateful:
                self._sums[name] = (value, 1)
            else:
                total, count = self._sums.get(name, (0.0, 0))
                weight = max(current - before, 1)
                self._sums[name] = (total + value * weight, count + weight)
        self._progress.step(current)
        if finalize or finalize is None and self.target is not None and current >= self.target:
            self._progress.end({name: total / count for name, (total, count) in self._sums.items()})

    def add(self, n, values=None):
        self.update(self._progress.done + n, values)


def plot_model(*args, **kwargs):
    raise NotImplementedError("keras.utils.plot_model is not in this Keras; nearest here: model.summary(expand_nested=True)")


model_to_dot = plot_model


def get_source_inputs(tensor):
    from .._graph import Graph  # noqa: F401
    from .._symbolic import node_of

    found, pending = [], [tensor]
    while pending:
        x = pending.pop()
        node = node_of(x)
        if not node.inputs:
            found.append(x)
        pending += node.inputs
    return found


def __getattr__(name):
    from .._missing import module_attribute

    raise module_attribute("keras.utils", globals(), name)


__all__ = [
    "array_to_img", "custom_object_scope", "image_dataset_from_directory", "img_to_array", "load_img", "register_keras_serializable",
    "save_img", "set_random_seed", "to_categorical",
]  # fmt: skip
