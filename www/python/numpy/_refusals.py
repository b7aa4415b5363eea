"""What NumPy says of operands that have no place beside an array."""

from ._bridge import UFuncTypeError

_SIGNS = {
    "add": "+", "subtract": "-", "multiply": "*", "divide": "/", "floor_divide": "//", "remainder": "%",
    "power": "** or pow()", "bitwise_and": "&", "bitwise_or": "|", "bitwise_xor": "^", "left_shift": "<<",
    "right_shift": ">>",
}  # fmt: skip
_COMPARED = {"less": "<", "less_equal": "<=", "greater": ">", "greater_equal": ">="}

NO_AXES = (
    "matmul: Input operand 1 does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) "
    "requires 1)"
)


def refuse_operand(name, a, other, swapped):
    """What NumPy says of an array beside None or text."""
    if other is None:
        own = ("bool", "int", "float", "float")[a._h & 3]
        left, right = ("NoneType", own) if swapped else (own, "NoneType")
        if name in _SIGNS:
            raise TypeError(f"unsupported operand type(s) for {_SIGNS[name]}: {left!r} and {right!r}")
        if name in _COMPARED:
            raise TypeError(f"{_COMPARED[name]!r} not supported between instances of {left!r} and {right!r}")
        return
    pair = [f"{a.dtype!r}", f"dtype('<U{len(other) or 1}')"]
    left, right = reversed(pair) if swapped else pair
    raise UFuncTypeError(
        f"ufunc {name!r} did not contain a loop with signature matching types ({left}, {right}) -> None"
    )
