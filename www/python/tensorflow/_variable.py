"""Variables: a place for an array that assignments change, and what of it a gradient tape sees."""

import numpy as np
from danlu.tape._value import constant

from ._core import Tensor, _shape_text, as_tensor, labelled, numpy_text, to_numpy
from ._dtypes import as_dtype
from ._shapes import TensorShape
from ._state import state


class Store:
    """The array itself. A compiled plan may hold newer values: then `source` brings them when someone looks."""

    __slots__ = ("_array", "label", "source", "version", "_leaf", "_plain")

    def __init__(self, array, label):
        self._array, self.label = array, label
        self.source, self.version = None, 0
        self._leaf = self._plain = None

    @property
    def array(self):
        if self.source is not None:
            self.source.pull()
        return self._array

    def set(self, array):
        """A new array; what was computed from the old one keeps that."""
        if self.source is not None:
            self.source.pull()
        self._array = array
        self._leaf = self._plain = None
        self.version += 1

    def pulled(self, array):
        """The plan's values, which are no change of the variable's."""
        self._array = array
        self._leaf = self._plain = None
        self.source = None

    def leaf(self):
        """As a tape that records sees it."""
        array = self.array
        if self._leaf is None:
            self._leaf = labelled(constant(array, Tensor), self.label)
            self._leaf._requires = True
        return self._leaf

    def plain(self):
        array = self.array
        if self._plain is None:
            self._plain = labelled(constant(array, Tensor), self.label)
        return self._plain


class BaseVariable:
    """What TensorFlow's and Keras's variables have in common."""

    __array_priority__ = 1000.0
    __array_ufunc__ = None
    _store = None

    def _start(self, value, dtype, fresh=False):
        """`fresh`: nobody else holds the value, which then needs no copy."""
        tensor = as_tensor(value() if callable(value) else value, dtype)
        self._store = Store(tensor._a if fresh and tensor is value else tensor._a.copy(), tensor.dtype)

    def _read(self):
        """The value for an operation; inside a tape, one that gradients flow to."""
        if state.tapes and self.trainable and state.watches(self):
            return self._store.leaf()
        return self._store.plain()

    def _array(self):
        return self._store.array

    @property
    def shape(self):
        return TensorShape(self._store._array.shape)

    @property
    def ndim(self):
        return self._store._array.ndim

    def numpy(self):
        array = self._store.array
        return array.copy() if array.ndim else array[()]

    def __array__(self, dtype=None, copy=None):
        array = self._store.array
        return array.copy() if dtype is None else array.astype(dtype)

    def _assign(self, value):
        """Takes an array of its own shape."""
        store = self._store
        array = to_numpy(value)
        if tuple(array.shape) != tuple(store._array.shape):
            self._refuse(tuple(array.shape))
        array = array.astype(store.label._storage) if isinstance(array, np.ndarray) else np.asarray(array, store.label._storage)
        store.set(array if isinstance(array, np.ndarray) else np.asarray(array))
        return self

    def assign_add(self, value, use_locking=None, name=None, read_value=True):
        return self.assign(self._store.array + to_numpy(value))

    def assign_sub(self, value, use_locking=None, name=None, read_value=True):
        return self.assign(self._store.array - to_numpy(value))

    def __len__(self):
        return len(self._store._array)

    def __iter__(self):
        return iter(self._read())

    def __bool__(self):
        return bool(self._read())

    def __int__(self):
        return int(self._read())

    def __float__(self):
        return float(self._read())

    def __index__(self):
        return self._read().__index__()

    def __format__(self, spec):
        return format(self._read(), spec) if not self.ndim else format(str(self), spec)

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        from ._math import equal

        return equal(self, other)

    def ref(self):
        return VariableReference(self)


class VariableReference:
    def __init__(self, variable):
        self._variable = variable

    def deref(self):
        return self._variable

    def __eq__(self, other):
        return isinstance(other, VariableReference) and other._variable is self._variable

    def __hash__(self):
        return id(self._variable)


class Variable(BaseVariable):
    """tf.Variable: its value changes by assign, assign_add and assign_sub."""

    def __init__(self, initial_value=None, trainable=None, validate_shape=True, caching_device=None, name=None,
                 variable_def=None, dtype=None, import_scope=None, constraint=None, synchronization=None,
                 aggregation=None, shape=None):  # fmt: skip
        if initial_value is None:
            raise ValueError(
                "The `initial_value` arg to `tf.Variable` must be specified except when you are not providing a "
                "`variable_def`. You provided neither."
            )
        self._start(initial_value, dtype)
        self.trainable = trainable if trainable is not None else True
        self._given_name = name or "Variable"
        self.constraint = constraint

    @classmethod
    def _sharing(cls, variable):
        """The TensorFlow variable inside one of Keras's."""
        shared = cls.__new__(cls)
        shared._store, shared.trainable, shared._given_name = variable._store, variable.trainable, variable.path
        shared.constraint = None
        return shared

    @property
    def name(self):
        return f"{self._given_name}:0"

    @property
    def dtype(self):
        return self._store.label

    def get_shape(self):
        return self.shape

    def value(self):
        return self._read()

    def read_value(self):
        return self._read()

    def initialized_value(self):
        return self._read()

    def assign(self, value, use_locking=False, name=None, read_value=True):
        return self._assign(value)

    def _refuse(self, got):
        raise ValueError(
            f"Cannot assign value to variable ' {self.name}': Shape mismatch.The variable shape "
            f"{_shape_text(self.shape)}, and the assigned value shape {_shape_text(got)} are incompatible."
        )

    def scatter_update(self, slices):
        raise NotImplementedError("Variable.scatter_update is not in this TensorFlow; nearest here: assign")

    def __repr__(self):
        plain = self._store.plain()
        return (
            f"<tf.Variable '{self.name}' shape={_shape_text(self.shape)} dtype={self.dtype.name}, "
            f"numpy={numpy_text(plain)}>"
        )

    def __getattr__(self, name):
        from ._missing import variable_attribute

        raise variable_attribute(name)


__all__ = ["Variable", "BaseVariable", "Store", "as_dtype"]
