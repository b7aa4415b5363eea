"""Operators of arrays and single values with objects that are no numbers: classes that a program wrote itself.

NumPy leaves the whole operation to a class that asks for it, by `__array_ufunc__ = None` or an `__array_priority__`.
With any other it makes an array of objects, element by element, which there is none of here.
"""

import operator

_OPERATIONS = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "floor_divide": operator.floordiv, "remainder": operator.mod, "power": operator.pow,
    "bitwise_and": operator.and_, "bitwise_or": operator.or_, "bitwise_xor": operator.xor,
    "left_shift": operator.lshift, "right_shift": operator.rshift, "less": operator.lt,
    "less_equal": operator.le, "greater": operator.gt, "greater_equal": operator.ge, "equal": operator.eq,
    "not_equal": operator.ne,
}  # fmt: skip
_COMPARISONS = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}


def asks_for_all(other):
    """Whether an object is to get whole arrays in its reflected methods."""
    kind = type(other)
    if hasattr(kind, "__array_ufunc__"):
        return kind.__array_ufunc__ is None
    return getattr(kind, "__array_priority__", 0) > 0


def applied(name, a, other):
    """`a op other` for an object that is neither number nor array."""
    if asks_for_all(other):
        return NotImplemented
    operate = _OPERATIONS[name]
    if not a.ndim:
        return operate(a.item(), other)
    if name in _COMPARISONS:
        from ._convert import array

        return array([bool(operate(value, other)) for value in a.ravel().tolist()], dtype=bool).reshape(a.shape)
    if a.size:
        # What the elements can't do either is refused in Python's own words.
        operate(a.ravel()[0].item(), other)
    kind = type(other).__name__
    raise NotImplementedError(
        f"NumPy makes an array of objects of this, each element with the {kind} by itself, and numpy here has no arrays "
        f"of objects: write the {kind} on the left, or give its class __array_ufunc__ = None to get the whole array"
    )
