"""Data in the form in which a compiled plan takes them, or a word that it can't."""

import numpy as np
from tensorflow._core import as_tensor

from ._plan import width_of
from ._tree import flatten


class Misfit(Exception):
    """Data that the tape may take, and the plan does not."""


def inputs_for(model, layout, x):
    """Samples as rows of one float32 array, a sample's inputs one after another."""
    given = flatten(model._in_order(x))
    if len(given) != len(layout.inputs):
        model._check_graph_inputs(x)
        raise Misfit
    rows = []
    for array, spec in zip(given, layout.inputs):
        shape = tuple(spec["shape"])
        rest = tuple(array.shape[1:])
        if rest != shape and not (rest == shape[:-1] and shape[-1] == 1) and not (rest == (*shape, 1)):
            # Let the layer that minds say so.
            model(as_tensor(array[:1]) if len(given) == 1 else [as_tensor(a[:1]) for a in given], training=False)
            raise Misfit
        rows.append(array if array.dtype == np.float32 else array.astype(np.float32))
    if len(rows) == 1:
        return rows[0]
    n = len(rows[0])
    flat = np.concatenate([r.reshape(n, -1) for r in rows], axis=1)
    if flat.shape[1] != width_of(layout):
        raise Misfit
    return flat


def _refuse(model, layout, y):
    """Lets the loss say what is wrong with targets of this shape."""
    answers = as_tensor(np.full((min(len(y), 2), *layout.output_shape[1:]), 0.5, np.float32))
    model._compiled_losses.losses[0](as_tensor(y[:2]), answers)
    raise Misfit


def targets_for(target, layout, model, y):
    if y is None:
        raise Misfit
    if isinstance(y, dict) and len(y) == 1:
        (y,) = y.values()
    (y,) = flatten(y) if isinstance(y, (list, tuple)) else (y,)
    out = layout.output_shape[1:]
    rest = tuple(y.shape[1:])
    if target.kind == "values":
        if rest == out:
            return y if y.dtype == np.float32 else y.astype(np.float32)
        if out and rest == out[:-1] and out[-1] == 1:
            return y.reshape((len(y), *out)).astype(np.float32)
        return _refuse(model, layout, y)
    if target.kind == "one_hot":
        if rest != out:
            return _refuse(model, layout, y)
        pure = ((y == 0) | (y == 1)).all() and (y.sum(axis=-1) == 1).all()
        if not pure:
            raise Misfit
        return np.argmax(y, axis=-1).astype(np.float32)
    if rest != out[:-1] and rest != (*out[:-1], 1):
        return _refuse(model, layout, y)
    classes = out[-1]
    low, high = float(y.min()), float(y.max())
    if low < 0 or high >= classes:
        from tensorflow.errors import InvalidArgumentError

        bad = int(high if high >= classes else low)
        shown = " ".join(str(int(v)) for v in y.reshape(-1)[:20].tolist())
        raise InvalidArgumentError(
            f"Received a label value of {bad} which is outside the valid range of [0, {classes}).  Label values: {shown}. "
            f"The last layer gives {classes} classes: give it {int(high) + 1} units, or labels below {classes}."
            if low >= 0
            else f"Received a label value of {bad} which is outside the valid range of [0, {classes}).  Label values: {shown}"
        )
    return y.reshape((len(y), *out[:-1]))
