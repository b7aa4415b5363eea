"""Metric: what is counted over batches and told at the end."""

import numpy as np
from tensorflow._core import as_tensor, to_numpy

from .. import _names
from .._registry import Described
from .._variable import Variable


class Metric(Described):
    _is_metric = True

    def __init__(self, dtype=None, name=None):
        self.name = name or _names.auto_name(type(self).__name__)
        self.dtype = str(getattr(dtype, "name", dtype) or "float32")
        self.__dict__.setdefault("_own", [])

    def add_variable(self, shape, initializer=None, dtype=None, aggregation="sum", name=None):
        variable = Variable(initializer or "zeros", shape=tuple(shape), dtype=dtype or self.dtype, trainable=False, name=name)
        self.__dict__.setdefault("_own", []).append(variable)
        return variable

    def add_weight(self, shape=(), initializer=None, dtype=None, name=None, **kwargs):
        if isinstance(shape, str):
            # Keras 2's order: the name came first.
            shape, name = (), shape
        return self.add_variable(shape, initializer, dtype, name=name)

    @property
    def variables(self):
        return list(self._own)

    weights = variables

    def reset_state(self):
        for variable in self._own:
            variable.assign(np.zeros(variable.shape, variable._store.label._storage))

    reset_states = reset_state

    def update_state(self, *args, **kwargs):
        raise NotImplementedError

    def result(self):
        raise NotImplementedError

    def __call__(self, *args, **kwargs):
        self.update_state(*args, **kwargs)
        return self.result()

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype}

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}>"


def number(value):
    """A Python float of a result."""
    return float(np.asarray(to_numpy(value)))


class _Counted(Metric):
    """A metric over numpy arrays, whose state is a dict of numbers and arrays."""

    def __init__(self, name=None, dtype=None):
        super().__init__(dtype=dtype, name=name)
        self.reset_state()

    def reset_state(self):
        self._total = self._count = 0.0

    reset_states = reset_state

    def _add(self, values, sample_weight=None):
        values = np.asarray(values, np.float64)
        if sample_weight is None:
            self._total += float(values.sum())
            self._count += values.size
            return
        weight = np.asarray(to_numpy(sample_weight), np.float64)
        while weight.ndim > values.ndim and weight.shape[-1] == 1:
            weight = weight.reshape(weight.shape[:-1])
        while weight.ndim < values.ndim:
            weight = weight[..., None]
        weight = np.broadcast_to(weight, values.shape)
        self._total += float((values * weight).sum())
        self._count += float(weight.sum())

    def result(self):
        return as_tensor(np.float32(self._total / self._count if self._count else 0.0))

    @property
    def total(self):
        return as_tensor(np.float32(self._total))

    @property
    def count(self):
        return as_tensor(np.float32(self._count))


class Mean(_Counted):
    def __init__(self, name="mean", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, values, sample_weight=None):
        self._add(to_numpy(values), sample_weight)


class Sum(_Counted):
    def __init__(self, name="sum", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, values, sample_weight=None):
        self._add(to_numpy(values), sample_weight)

    def result(self):
        return as_tensor(np.float32(self._total))


class MeanMetricWrapper(Mean):
    """The mean of a function of (y_true, y_pred)."""

    def __init__(self, fn, name=None, dtype=None, **kwargs):
        super().__init__(name or getattr(fn, "__name__", "metric"), dtype)
        self._fn, self._fn_settings = fn, kwargs

    def update_state(self, y_true, y_pred, sample_weight=None):
        self._add(to_numpy(self._fn(y_true, y_pred, **self._fn_settings)), sample_weight)

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype, **self._fn_settings}
