"""TensorFlow's dtypes. The engine keeps four kinds of numbers; smaller integers live in its int64."""

import numpy as np


class DType:
    """A kind of numbers, with the name that TensorFlow prints."""

    def __init__(self, name, storage, is_integer=False, is_floating=False):
        self.name, self._storage = name, storage
        self.is_integer, self.is_floating = is_integer, is_floating

    @property
    def is_bool(self):
        return self.name == "bool"

    @property
    def is_complex(self):
        return False

    @property
    def as_numpy_dtype(self):
        return self._storage

    @property
    def base_dtype(self):
        return self

    @property
    def size(self):
        return int("".join(c for c in self.name if c.isdigit()) or 8) // 8

    @property
    def min(self):
        return -(2 ** (self.size * 8 - 1)) if self.is_integer and self.name != "uint8" else _limit(self, "min")

    @property
    def max(self):
        if self.is_integer:
            return 255 if self.name == "uint8" else 2 ** (self.size * 8 - 1) - 1
        return _limit(self, "max")

    def __repr__(self):
        return f"tf.{self.name}"

    def __str__(self):
        return f"<dtype: '{self.name}'>"

    def __eq__(self, other):
        try:
            return as_dtype(other).name == self.name
        except (TypeError, ValueError, NotImplementedError):
            return False

    def __hash__(self):
        return hash(self.name)


def _limit(dtype, side):
    return 0 if dtype.name == "uint8" else getattr(np.finfo(dtype._storage), side)


bool = DType("bool", np.bool_)
uint8 = DType("uint8", np.int64, is_integer=True)
int8 = DType("int8", np.int64, is_integer=True)
int16 = DType("int16", np.int64, is_integer=True)
int32 = DType("int32", np.int64, is_integer=True)
int64 = DType("int64", np.int64, is_integer=True)
float32 = DType("float32", np.float32, is_floating=True)
float64 = DType("float64", np.float64, is_floating=True)
double = float64

ALL = {d.name: d for d in (bool, uint8, int8, int16, int32, int64, float32, float64)}
ALL["double"], ALL["float"], ALL["int"] = float64, float32, int32
_ABSENT = {"float16": "float32", "half": "float32", "bfloat16": "float32", "complex64": "float32", "complex128": "float64",
           "uint16": "int32", "uint32": "int64", "uint64": "int64", "string": "a list of Python's str"}  # fmt: skip
# What an array of the engine's kinds 0 to 3 is where nothing else was said.
OF_CODE = (bool, int64, float32, float64)


def as_dtype(wanted):
    if isinstance(wanted, DType):
        return wanted
    if wanted is None:
        raise TypeError("None is no dtype")
    if wanted is float:
        return float32
    if wanted is int:
        return int32
    if wanted is _python_bool:
        return bool
    name = wanted if isinstance(wanted, str) else getattr(wanted, "name", None) or getattr(wanted, "__name__", str(wanted))
    name = name.rstrip("_")
    if name in ALL:
        return ALL[name]
    if name in _ABSENT:
        raise NotImplementedError(f"dtype {name} is not in this TensorFlow; nearest here: {_ABSENT[name]}")
    raise TypeError(f"Cannot convert value {wanted!r} to a TensorFlow DType.")


_python_bool = type(True)
