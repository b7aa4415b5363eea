"""The operators of single values, in the dtypes that NumPy gives their results."""

import math
import operator

from ._bridge import complain
from ._foreign import asks_for_all
from ._scalars import TYPES, _flag, bool_, fits, float32, float64, int64, narrow

# The rank of each operand: Python's own numbers are weak, so they rank below numpy's.
_PLAIN_BOOL, _PLAIN_INT, _PLAIN_FLOAT = -3, -2, -1
_RANK = {bool: 0, int: _PLAIN_INT, float: _PLAIN_FLOAT, bool_: 0, int64: 1, float32: 2, float64: 3}


def _common(a, b):
    """The dtype code of `a op b`, where at least one is numpy's."""
    if a < 0:
        a, b = b, a
    if b >= 0:
        return 3 if {a, b} == {1, 2} else max(a, b)
    if b == _PLAIN_INT:
        return max(a, 1)
    return a if a >= 2 else 3


def _power(a, b):
    try:
        result = a**b
    except OverflowError:
        return math.inf if a > 0 or b % 2 == 0 else -math.inf
    except ZeroDivisionError:
        return math.inf
    return math.nan if isinstance(result, complex) else result


def _divide(a, b):
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0 or a != a:
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _floor_divide(a, b):
    if b == 0:
        return _divide(a, b)
    if math.isinf(a):
        return math.nan
    return a // b


def _remainder(a, b):
    if b == 0 or math.isinf(a):
        return math.nan
    return a % b


_FLOAT = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": _divide,
    "floor_divide": _floor_divide,
    "remainder": _remainder,
    "power": _power,
}
_INT = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "floor_divide": lambda a, b: a // b if b else 0,
    "remainder": lambda a, b: a % b if b else 0,
    "power": lambda a, b: a**b,
}


def _wrapped(value):
    return (value + 0x8000000000000000) % 0x10000000000000000 - 0x8000000000000000


def _plain_int(x):
    return int.__index__(x) if isinstance(x, int) else int(x)


def arithmetic(name, a, b, rank_a, rank_b):
    """`a op b` of single values, in the dtype that NumPy gives it."""
    code = _common(rank_a, rank_b)
    if code <= 1 and name != "divide":
        if code == 0:
            if name == "add":
                return _flag[bool(a) or bool(b)]
            if name == "multiply":
                return _flag[bool(a) and bool(b)]
            if name == "subtract":
                raise TypeError(
                    "numpy boolean subtract, the `-` operator, is not supported, "
                    "use the bitwise_xor, the `^` operator, or the logical_xor function instead."
                )
        a, b = _plain_int(a), _plain_int(b)
        if name == "power" and b < 0:
            raise ValueError("Integers to negative integer powers are not allowed.")
        if b == 0 and name in ("floor_divide", "remainder"):
            complain(1, "scalar " + name)
        value = _INT[name](a, b)
        if not fits(value):
            complain(2, "scalar " + name)
            value = _wrapped(value)
        return int.__new__(int64, value)
    a, b = float(a), float(b)
    value = _FLOAT[name](a, b)
    make = float32 if code == 2 else float64
    if make is float32:
        value = narrow(value)
    if value - value != 0.0:
        if value != value:
            if a == a and b == b:
                complain(4, "scalar " + name)
        elif math.isfinite(a) and math.isfinite(b):
            pole = name in ("divide", "floor_divide") and b == 0 or name == "power" and a == 0
            complain(1 if pole else 2, "scalar " + name)
    return float.__new__(make, value)


def _operators(name, method):
    def forward(self, other):
        rank = _RANK.get(type(other))
        if rank is None:
            return _other(self, other, method, False)
        return arithmetic(name, self, other, self._rank, rank)

    def backward(self, other):
        rank = _RANK.get(type(other))
        if rank is None:
            return _other(self, other, method, True)
        return arithmetic(name, other, self, rank, self._rank)

    for cls in TYPES:
        setattr(cls, f"__{method}__", forward)
        setattr(cls, f"__r{method}__", backward)


def _other(self, value, method, swapped):
    """An operand that is no number: arrays know what to do; sequences become arrays."""
    from ._array import ndarray

    if isinstance(value, (list, tuple)):
        if method == "mul" and isinstance(self, int):
            return NotImplemented
        from ._convert import asarray

        own = asarray(self)
        return getattr(own, f"__r{method}__" if swapped else f"__{method}__")(asarray(value))
    if swapped or value is None or isinstance(value, (ndarray, str, bytes, complex)) or asks_for_all(value):
        return NotImplemented
    if hasattr(value, "__array__"):
        return NotImplemented
    # As NumPy's scalars do, it meets the object as Python's own number.
    operate = getattr(operator, method, None) or getattr(operator, f"{method}_")
    return operate(self.item(), value)


for _name, _method in (
    ("add", "add"), ("subtract", "sub"), ("multiply", "mul"), ("divide", "truediv"),
    ("floor_divide", "floordiv"), ("remainder", "mod"), ("power", "pow"),
):  # fmt: skip
    _operators(_name, _method)

for _rank, _cls in enumerate(TYPES):
    _cls._rank = _rank


def _fast_float64(method, of_float, name):
    """float64 beside float64 or float is Python's own arithmetic, when the result is finite."""
    slow = getattr(float64, method)

    def fast(self, other):
        if type(other) is float64 or type(other) is float:
            value = of_float(self, other)
            if value - value == 0.0:
                return float.__new__(float64, value)
        return slow(self, other)

    setattr(float64, method, fast)


for _method, _of, _name in (
    ("__add__", float.__add__, "add"), ("__sub__", float.__sub__, "subtract"),
    ("__mul__", float.__mul__, "multiply"), ("__radd__", float.__radd__, "add"),
    ("__rsub__", float.__rsub__, "subtract"), ("__rmul__", float.__rmul__, "multiply"),
):  # fmt: skip
    _fast_float64(_method, _of, _name)


def _comparisons(method, compare):
    def compared(self, other):
        if type(other) not in _RANK:
            return _other(self, other, method, False)
        left = self._value if type(self) is bool_ else self
        right = other._value if type(other) is bool_ else other
        return _flag[compare(_own(left), _own(right))]

    for cls in TYPES:
        setattr(cls, f"__{method}__", compared)


def _own(x):
    return int.__index__(x) if isinstance(x, int) else float.__float__(x)


for _method, _compare in (
    ("lt", lambda a, b: a < b), ("le", lambda a, b: a <= b), ("gt", lambda a, b: a > b),
    ("ge", lambda a, b: a >= b), ("eq", lambda a, b: a == b), ("ne", lambda a, b: a != b),
):  # fmt: skip
    _comparisons(_method, _compare)
for _cls in TYPES:
    _cls.__hash__ = {bool_: lambda self: hash(self._value), int64: int.__hash__}.get(_cls, float.__hash__)


def _bits(method, operate):
    def combined(self, other):
        if isinstance(other, (bool, bool_)) and type(self) is bool_:
            return _flag[operate(bool(self), bool(other))]
        if isinstance(other, (bool, bool_, int)) and not isinstance(self, float):
            return int64(_wrapped(operate(_plain_int(self), _plain_int(other))))
        return _other(self, other, method, False)

    for cls in (bool_, int64):
        setattr(cls, f"__{method}__", combined)
        setattr(cls, f"__r{method}__", lambda self, other: combined_swapped(self, other))

    def combined_swapped(self, other):
        if isinstance(other, (bool, bool_)) and type(self) is bool_:
            return _flag[operate(bool(other), bool(self))]
        if isinstance(other, (bool, bool_, int)):
            return int64(_wrapped(operate(_plain_int(other), _plain_int(self))))
        return NotImplemented


for _method, _operate in (
    ("and", lambda a, b: a & b), ("or", lambda a, b: a | b), ("xor", lambda a, b: a ^ b),
    ("lshift", lambda a, b: a << b), ("rshift", lambda a, b: a >> b),
):  # fmt: skip
    _bits(_method, _operate)

int64.__neg__ = lambda self: int64(_wrapped(-int.__index__(self)))
int64.__pos__ = lambda self: self
int64.__abs__ = lambda self: int64(_wrapped(abs(int.__index__(self))))
int64.__invert__ = lambda self: int64(~int.__index__(self))
bool_.__invert__ = lambda self: _flag[not self._value]
bool_.__abs__ = lambda self: self
for _cls in (float32, float64):
    _cls.__neg__ = lambda self: float.__new__(type(self), -float.__float__(self))
    _cls.__pos__ = lambda self: self
    _cls.__abs__ = lambda self: float.__new__(type(self), abs(float.__float__(self)))
for _cls in (int64, float32, float64):
    _cls.__divmod__ = lambda self, other: (self // other, self % other)
    _cls.__rdivmod__ = lambda self, other: (other // self, other % self)


def _round(self, ndigits=None):
    if ndigits is None:
        return round(self.item())
    return type(self)(round(self.item(), ndigits))


for _cls in (int64, float32, float64):
    _cls.__round__ = _round
