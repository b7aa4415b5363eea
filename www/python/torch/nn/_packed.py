"""torch.nn.utils.rnn: padded sequences, and packed ones, in which a step holds only what is still going on."""

from collections import namedtuple

import numpy as np

from .._base import wrap
from .._create import full
from .._shapes import cat, stack
from .._tensor import Tensor


class PackedSequence(namedtuple("PackedSequence", ["data", "batch_sizes", "sorted_indices", "unsorted_indices"])):
    """All steps of several sequences one after another, the longest sequence first; `batch_sizes` says how many go on at each."""

    def __new__(cls, data, batch_sizes=None, sorted_indices=None, unsorted_indices=None):
        if unsorted_indices is None and sorted_indices is not None:
            unsorted_indices = sorted_indices.argsort()
        return super().__new__(cls, data, batch_sizes, sorted_indices, unsorted_indices)

    def to(self, *args, **kwargs):
        return PackedSequence(self.data.to(*args, **kwargs), *self[1:])


def _lengths(packed):
    """Steps of each sequence, in the order in which they are packed."""
    sizes = packed.batch_sizes._a
    return np.array([int((sizes > n).sum()) for n in range(int(sizes[0]))])


def padded(packed, padding_value=0.0, total=None):
    """[T, N, …] of a packed sequence, in the order in which it is packed, and the lengths."""
    lengths = _lengths(packed)
    steps = max(int(lengths[0]), total or 0)
    starts = np.cumsum(np.concatenate([np.zeros(1, int), packed.batch_sizes._a]))
    # What has ended takes the row behind all others.
    rows = np.full((steps, len(lengths)), len(packed.data), int)
    for t, n in enumerate(packed.batch_sizes.tolist()):
        rows[t, :n] = starts[t] + np.arange(n)
    fill = full((1, *packed.data.shape[1:]), padding_value, dtype=packed.data.dtype)
    return cat([packed.data, fill])[wrap(rows)], lengths


def packed_of(x, lengths):
    """(data, batch_sizes) of [T, N, …] whose sequences get no longer."""
    sizes = [int((lengths > t).sum()) for t in range(int(lengths.max()))]
    steps = np.concatenate([np.full(n, t) for t, n in enumerate(sizes)])
    of = np.concatenate([np.arange(n) for n in sizes])
    return x[wrap(steps), wrap(of)], wrap(np.array(sizes))


def pad_sequence(sequences, batch_first=False, padding_value=0.0, padding_side="right"):
    longest = max(s.shape[0] for s in sequences)
    rows = []
    for s in sequences:
        fill = s.new_full((longest - s.shape[0], *s.shape[1:]), padding_value)
        rows.append(cat([s, fill] if padding_side == "right" else [fill, s]) if fill.numel() else s)
    return stack(rows, 0 if batch_first else 1)


def unpad_sequence(padded_sequences, lengths, batch_first=False):
    rows = padded_sequences if batch_first else padded_sequences.transpose(0, 1)
    return [row[: int(n)] for row, n in zip(rows, lengths)]


def pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True):
    lengths = np.asarray(lengths._a if isinstance(lengths, Tensor) else lengths).astype(int)
    x = input.transpose(0, 1) if batch_first else input
    order = None
    if lengths.ndim != 1 or len(lengths) != x.shape[1]:
        raise RuntimeError(f"Expected `len(lengths)` to be equal to batch_size, but got {lengths.size} (batch_size={x.shape[1]})")
    if lengths.min() <= 0:
        raise RuntimeError("Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0")
    if lengths.max() > x.shape[0]:
        raise RuntimeError(f"Expected lengths of at most {x.shape[0]}, the steps of the input, got {int(lengths.max())}")
    if enforce_sorted:
        if (np.diff(lengths) > 0).any():
            raise RuntimeError(
                "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True. You can pass "
                "`enforce_sorted=False` to pack_padded_sequence and/or pack_sequence to sidestep this requirement if you do "
                "not need ONNX exportability."
            )
    else:
        order = np.argsort(-lengths, kind="stable")
        lengths, x = lengths[order], x[:, wrap(order)]
    return PackedSequence(*packed_of(x, lengths), None if order is None else wrap(order))


def pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None):
    longest = len(sequence.batch_sizes)
    if total_length is not None and total_length < longest:
        raise ValueError(
            "Expected total_length to be at least the length of the longest sequence in input, but got "
            f"total_length={total_length} and max sequence length being {longest}"
        )
    x, lengths = padded(sequence, padding_value, total_length)
    lengths = wrap(lengths)
    if sequence.unsorted_indices is not None:
        x, lengths = x[:, sequence.unsorted_indices], lengths[sequence.unsorted_indices]
    return (x.transpose(0, 1) if batch_first else x), lengths


def pack_sequence(sequences, enforce_sorted=True):
    return pack_padded_sequence(pad_sequence(sequences), [len(s) for s in sequences], enforce_sorted=enforce_sorted)


def unpack_sequence(packed_sequences):
    return unpad_sequence(*pad_packed_sequence(packed_sequences))
