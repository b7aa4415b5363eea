"""tf.Tensor over the shared tape: a value of the engine with TensorFlow's dtype, shape and text."""

import numpy as np
from danlu.tape._value import Value, constant
from numpy._array import ndarray, wrap

from . import _dtypes
from ._dtypes import OF_CODE, as_dtype
from ._shapes import TensorShape

_new = object.__new__


class Tensor(Value):
    """An immutable array that knows how it was computed."""

    # numpy's operators leave `array + tensor` to the tensor.
    __array_priority__ = 1000.0
    __array_ufunc__ = None

    def __init__(self, *args, **kwargs):
        raise TypeError("tf.Tensor is made by tf.constant or tf.convert_to_tensor")

    @property
    def dtype(self):
        return self._label or OF_CODE[self._a._h & 3]

    @property
    def shape(self):
        return TensorShape(self._a.shape)

    @property
    def ndim(self):
        return self._a.ndim

    @property
    def name(self):
        raise AttributeError("Tensor.name is undefined when eager execution is enabled.")

    @property
    def device(self):
        return "/job:localhost/replica:0/task:0/device:CPU:0"

    def numpy(self):
        a = self._a
        return a.copy() if a.ndim else a[()]

    def get_shape(self):
        return self.shape

    def set_shape(self, shape):
        if not TensorShape(self._a.shape).is_compatible_with(shape):
            raise ValueError(f"Tensor's shape {tuple(self._a.shape)} is not compatible with supplied shape {shape}")

    def __array__(self, dtype=None, copy=None):
        return self._a.copy() if dtype is None else self._a.astype(dtype)

    def __repr__(self):
        return f"<tf.Tensor: shape={_shape_text(self._a.shape)}, dtype={self.dtype.name}, numpy={numpy_text(self)}>"

    def __str__(self):
        shown = str(self._a) if self._a.ndim else str(self._a[()])
        return f"tf.Tensor({'' if self._a.ndim == 0 else ''}{_lines(shown)}, shape={_shape_text(self._a.shape)}, dtype={self.dtype.name})"

    def __format__(self, spec):
        if self._a.ndim == 0:
            return format(self._a.item(), spec)
        return format(str(self), spec)

    def __len__(self):
        if not self._a.ndim:
            raise TypeError("Scalar tensor has no `len()`")
        return len(self._a)

    def __bool__(self):
        if self._a.size != 1:
            raise ValueError(
                "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
            )
        return bool(self._a.item())

    def __int__(self):
        return int(self._a.item()) if self._a.size == 1 else int(self._a)

    def __float__(self):
        if self._a.size != 1 or self._a.ndim:
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return float(self._a.item())

    def __index__(self):
        if self._a.ndim or not self.dtype.is_integer:
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return self._a.item()

    def __iter__(self):
        if not self._a.ndim:
            raise TypeError("Cannot iterate over a scalar tensor.")
        return (self[i] for i in range(len(self._a)))

    def __hash__(self):
        raise TypeError("Tensor is unhashable. Instead, use tensor.ref() as the key.")

    def ref(self):
        return Reference(self)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __getattr__(self, name):
        from ._missing import tensor_attribute

        raise tensor_attribute(name)


Tensor._label = None
Tensor._cls = Tensor


class Reference:
    """A tensor as a key of a dict."""

    def __init__(self, tensor):
        self._tensor = tensor

    def deref(self):
        return self._tensor

    def __eq__(self, other):
        return isinstance(other, Reference) and other._tensor is self._tensor

    def __hash__(self):
        return id(self._tensor)


def _lines(text):
    return text if "\n" not in text else "\n" + text if not text.startswith("\n") else text


def _shape_text(shape):
    return "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"


def numpy_text(x):
    """What stands after `numpy=`."""
    array, label = x._a, x.dtype
    if array.ndim == 0:
        value = array.item()
        if label.is_floating:
            return repr(float(value))
        return str(value)
    text = repr(array)
    if label.is_integer and label.name != "int64":
        text = f"{text[:-1]}, dtype={label.name})"
    return text if "\n" not in text else "\n" + text


# ── making tensors ─────────────────────────────────────────────────────────────────────────────


def made(array, label=None):
    """A tensor around an array that nothing else writes to."""
    out = constant(array, Tensor)
    out._label = label
    return out


def labelled(x, label):
    """x with the dtype that TensorFlow gives it."""
    if label is not None and OF_CODE[x._a._h & 3] is not label:
        x._label = label
    return x


_LARGEST = {"int32": (1 << 31) - 1, "int8": 127, "int16": (1 << 15) - 1, "uint8": 255}


def as_tensor(value, dtype=None, like=None):
    """The tensor of a value: of numbers, lists, arrays, variables.

    A Python number takes the dtype of `like` where there is one; else whole numbers are int32 and
    the others float32, as in TensorFlow.
    """
    kind = type(value)
    if kind is Tensor:
        if dtype is None or value.dtype == dtype:
            return value
        return cast(value, as_dtype(dtype))
    read = getattr(kind, "_read", None)
    if read is not None:
        value = value._read()
        return value if dtype is None or value.dtype == dtype else cast(value, as_dtype(dtype))
    if isinstance(value, Value) and not isinstance(value, Tensor):
        return as_tensor(value._a, dtype)
    if kind.__name__ == "KerasTensor":
        raise ValueError(_SYMBOLIC)
    if value is None:
        raise ValueError("Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) to a Tensor.")
    if dtype is not None:
        dtype = as_dtype(dtype)
    return _converted(value, kind, dtype, like)


_SYMBOLIC = """A KerasTensor cannot be used as input to a TensorFlow function. A KerasTensor is a symbolic placeholder for a shape and dtype, used when constructing Keras Functional models or Keras Functions. You can only use it as input to a Keras layer or a Keras operation (from the namespaces `keras.layers` and `keras.ops`). You are likely doing something like:

```
x = Input(...)
...
tf_fn(x)  # Invalid.
```

What you should do instead is wrap `tf_fn` in a layer:

```
class MyLayer(Layer):
    def call(self, x):
        return tf_fn(x)

x = MyLayer()(x)
```
"""  # noqa: E501


def _converted(value, kind, dtype, like):
    if isinstance(value, np.generic):
        label = dtype or OF_CODE[np.asarray(value)._h & 3]
        return labelled(made(_array(value, label)), label)
    if isinstance(value, ndarray):
        label = dtype or OF_CODE[value._h & 3]
        array = value.astype(label._storage)
        return labelled(made(array), label)
    if isinstance(value, str):
        raise NotImplementedError("tensors of text are not in this TensorFlow; nearest here: Python's str")
    if isinstance(value, (list, tuple)) and any(_is_tensor(v) for v in value):
        from ._shape_ops import stack

        return stack([as_tensor(v, dtype) for v in value])
    if dtype is None:
        if like is not None and isinstance(value, (int, float)):
            dtype = like.dtype
            if isinstance(value, float) and not dtype.is_floating and not isinstance(value, bool):
                dtype = _dtypes.float32
        else:
            array = _rectangular(value)
            if array.dtype == np.float64:
                # Lists of Python's numbers are float32, whatever they hold of numpy's float64.
                dtype = _dtypes.float64 if _holds(value, np.generic) or _holds(value, ndarray) else _dtypes.float32
            elif array.dtype == np.int64:
                dtype = _dtypes.int32
                if array.size and np.abs(array).max() > _LARGEST["int32"]:
                    dtype = _dtypes.int64
            else:
                dtype = OF_CODE[array._h & 3]
            return labelled(made(array.astype(dtype._storage)), dtype)
    return labelled(made(_array(value, dtype)), dtype)


def _rectangular(value):
    try:
        return np.array(value)
    except ValueError as error:
        if "inhomogeneous" in str(error):
            raise ValueError("Can't convert non-rectangular Python sequence to Tensor.") from None
        raise


def _array(value, label):
    array = _rectangular(value)
    if label.is_integer and array.dtype.kind == "f" and array.size and not isinstance(value, np.generic):
        raise TypeError(f"Cannot convert {value!r} to EagerTensor of dtype {label.name}")
    return array.astype(label._storage) if array.ndim else np.asarray(array.astype(label._storage))


def _is_tensor(value):
    if isinstance(value, (list, tuple)):
        return any(_is_tensor(v) for v in value)
    return isinstance(value, Value) or hasattr(type(value), "_read")


def _holds(value, kind):
    if isinstance(value, (list, tuple)):
        return any(_holds(v, kind) for v in value)
    return isinstance(value, kind)


def to_numpy(value):
    """An array of the values; the caller must not write to it."""
    if isinstance(value, Value):
        return value._a
    if hasattr(type(value), "_read"):
        return value._array()
    if isinstance(value, (list, tuple)) and _is_tensor(value):
        return as_tensor(value)._a
    return np.asarray(value)


def cast(x, label):
    from ._math import cast as cast_op

    return cast_op(x, label)


__all__ = ["Tensor", "as_tensor", "made", "labelled", "to_numpy", "wrap"]
