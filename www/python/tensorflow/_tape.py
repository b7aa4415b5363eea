"""tf.GradientTape: what is computed inside is remembered, and differentiated afterwards."""

import numpy as np
from danlu import tape as _tape
from danlu.tape._value import recording
from danlu.tape._value import state as recorder

from ._core import Tensor, as_tensor, made
from ._state import state
from ._variable import BaseVariable

# Between tapes nothing is remembered. torch, which shares the recorder, records all the time: so the
# switch is set only while a tape is open, and what no tape watches asks for no gradient anyway.


class GradientTape:
    def __init__(self, persistent=False, watch_accessed_variables=True):
        self._persistent, self._accessed = persistent, watch_accessed_variables
        self._seen, self._watched_stores, self._watched = {}, {}, []
        self._used, self._open = False, False

    def __enter__(self):
        if self._open:
            raise ValueError("Tape is still recording, This can happen if you try to re-enter an already-active tape.")
        self._open = True
        state.tapes.append(self)
        self._switch = recording(True)
        self._switch.__enter__()
        return self

    def __exit__(self, *_):
        self._close()

    def _close(self):
        if self._open:
            self._open = False
            state.tapes.remove(self)
            self._switch.__exit__()

    def watch(self, tensor):
        """Gradients by these may be asked for."""
        for x in _flat(tensor):
            if isinstance(x, BaseVariable):
                self._watched_stores[id(x._store)] = x
                self._seen[id(x._store)] = x
                continue
            if not isinstance(x, Tensor):
                raise ValueError(f"Passed in object {x} of type '{type(x).__name__}', not tf.Tensor or tf.Variable or ExtensionType.")
            if not x.dtype.is_floating:
                import warnings

                warnings.warn(f"The dtype of the watched tensor must be floating (e.g. tf.float32), got tf.{x.dtype.name}", stacklevel=2)
                continue
            x._requires = True
            self._watched.append(x)

    def watched_variables(self):
        return tuple(self._seen.values())

    def stop_recording(self):
        return recording(False)

    def reset(self):
        self._seen, self._watched = {}, []

    def gradient(self, target, sources, output_gradients=None, unconnected_gradients="none"):
        """d(Σ target) / d(source), in the form of `sources`; None where a source does not matter."""
        if self._used and not self._persistent:
            raise RuntimeError(
                "A non-persistent GradientTape can only be used to compute one set of gradients (or jacobians)"
            )
        if self._open and not self._persistent:
            self._close()
        self._used = True
        if target is None:
            raise TypeError("Argument `target` should be a list or nested structure of Tensors, Variables or CompositeTensors to be differentiated, but received None.")
        targets = [as_tensor(t) for t in _flat(target)]
        dys = None
        if output_gradients is not None:
            dys = [as_tensor(g, t.dtype) for g, t in zip(_flat(output_gradients), targets)]
        flat = _flat(sources)
        leaves = [_leaf(s) for s in flat]
        found = self._swept(targets, leaves, dys)
        zero = str(getattr(unconnected_gradients, "value", unconnected_gradients)) == "zero"
        if zero:
            found = [made(np.zeros(s._a.shape, s._a.dtype)) if g is None else g for g, s in zip(found, leaves)]
        return _like(sources, iter(found))

    def _swept(self, targets, leaves, dys):
        # Another open tape wants to differentiate these gradients; graphs are shared between tapes, so
        # what one of them has gone through must stay.
        outer = bool(state.tapes)
        kept = [(t, None if dys is None else dys[i]) for i, t in enumerate(targets) if t.dtype.is_floating]
        if not kept:
            return [None] * len(leaves)
        ys = [t for t, _ in kept]
        with recording(recorder.on):
            return _tape.grad(ys, leaves, None if dys is None else [g for _, g in kept], retain=True, create=outer)

    def jacobian(self, target, sources, unconnected_gradients="none", parallel_iterations=None, experimental_use_pfor=True):
        """The gradient of each number of `target`, along the first axes."""
        target = as_tensor(target)
        count = target._a.size
        rows = []
        persistent, self._persistent = self._persistent, True
        for i in range(count):
            unit = np.zeros(count, target._a.dtype)
            unit[i] = 1
            rows.append(_flat(self.gradient(target, _flat(sources), made(unit.reshape(target._a.shape)), unconnected_gradients)))
        self._persistent = persistent
        from ._shape_ops import reshape, stack

        found = []
        for at, source in enumerate(_flat(sources)):
            parts = [row[at] for row in rows]
            if any(p is None for p in parts):
                found.append(None)
                continue
            found.append(reshape(stack(parts), (*target._a.shape, *_leaf(source)._a.shape)))
        return _like(sources, iter(found))

    def batch_jacobian(self, target, source, **kwargs):
        """The Jacobian of each sample by itself. Shape: target [N, …], source [N, …] → [N, …, …]."""
        from ._shape_ops import stack

        whole = self.jacobian(target, source)
        n = as_tensor(target)._a.shape[0]
        rank = as_tensor(target)._a.ndim
        return stack([whole[(i, *(slice(None),) * (rank - 1), i)] for i in range(n)])


def _leaf(source):
    return source._store.leaf() if isinstance(source, BaseVariable) else as_tensor(source)


def _flat(tree):
    if isinstance(tree, dict):
        return [x for key in sorted(tree) for x in _flat(tree[key])]
    if isinstance(tree, (list, tuple)) and not isinstance(tree, Tensor):
        return [x for part in tree for x in _flat(part)]
    return [tree]


def _like(tree, values):
    if isinstance(tree, dict):
        made_ = {key: _like(tree[key], values) for key in sorted(tree)}
        return {key: made_[key] for key in tree}
    if isinstance(tree, (list, tuple)):
        return type(tree)(_like(part, values) for part in tree) if type(tree) in (list, tuple) else [_like(p, values) for p in tree]
    return next(values)


def stop_gradient(input, name=None):
    x = as_tensor(input)
    y = made(x._a, x._label)
    return y


def custom_gradient(f):
    """A function whose gradient is its own: `f` returns (y, grad), grad(dy) the gradient of each argument."""

    def called(*args):
        inputs = [as_tensor(x) for x in args]
        with recording(False):
            y, grad = f(*[stop_gradient(x) for x in inputs])

        def rule(node, dy, *saved):
            parts = grad(dy)
            parts = parts if isinstance(parts, (list, tuple)) else [parts]
            return tuple(None if p is None else as_tensor(p) for p in parts)

        return _tape.record("CustomGradient", as_tensor(y)._a, inputs, rule)

    called.__name__ = getattr(f, "__name__", "custom_gradient")
    return called
