"""Arithmetic of two Values, or of one and a Python number, whose dtypes agree.

A number never changes a dtype here: promotion is the library's to do beforehand, with `cast`.
"""

from pyodide.ffi import JsException

from numpy import _engine
from numpy._bridge import BINARY, UNARY

from ._value import Value, called, constant, plain, record, state, translated

_binary, _number, _unary = _engine.binary, _engine.binary_number, _engine.unary
_ADD, _SUB, _MUL, _DIV, _POW = (BINARY[name] for name in ("add", "subtract", "multiply", "divide", "power"))
_NEG = UNARY["negative"]


def pair(code, a, b):
    """The raw result of a binary function of two Values."""
    x, y = a._a, b._a
    try:
        made = plain(_binary(code, x._h, y._h))
    except JsException as error:
        raise translated(error) from None
    # A shape that is known need not be asked for again.
    if x._shape is not None and (x._shape == y._shape or not y._h & 124):
        made._shape = x._shape
    return made


def with_number(code, a, value, swapped=False):
    """The raw result of a binary function of a Value and a number, on the left when swapped."""
    x = a._a
    kind = 5 if type(value) is float else 4 if x._h & 3 else 1
    try:
        made = plain(_number(code, x._h, value, kind | (8 if swapped else 0)))
    except JsException as error:
        raise translated(error) from None
    made._shape = x._shape
    return made


def _tracked(a, b):
    return state.on and (
        a._requires
        or b._requires
        or (a._base is not None and a._base._requires)
        or (b._base is not None and b._base._requires)
    )


def _needs(x):
    """x where the other side's gradient asks for it, so that nothing else is kept."""
    return x._requires or (x._base is not None and x._base._requires)


def unbroadcast(dy, shape):
    """The gradient of a value of `shape` that was stretched to dy's: summed over what was stretched."""
    from .reduce import sum
    from .shape import reshape

    got = dy._a.shape
    if got == shape:
        return dy
    lead = len(got) - len(shape)
    axes = tuple([i for i, n in enumerate(got) if i < lead or (shape[i - lead] == 1 and n != 1)])
    if axes:
        dy = sum(dy, axes, True)
    return dy if dy._a.shape == shape else reshape(dy, shape)


def _sent(node, da, db, shapes):
    """Both gradients, each summed back to its own shape; None where it is not wanted."""
    if shapes is None:
        return da, db
    return (
        None if da is None else unbroadcast(da, shapes[0]),
        None if db is None else unbroadcast(db, shapes[1]),
    )


def _shapes(a, b):
    x, y = a._a.shape, b._a.shape
    return None if x == y else (x, y)


def _add_rule(node, dy, shapes):
    first, second = node.edges
    return _sent(node, first and dy, second and dy, shapes)


def add(a, b):
    """y = a + b."""
    if not isinstance(b, Value):
        return record("AddBackward0", with_number(_ADD, a, b), (a,), _same_rule)
    made = pair(_ADD, a, b)
    if _tracked(a, b):
        return record("AddBackward0", made, (a, b), _add_rule, (_shapes(a, b),))
    return constant(made, a._cls)


def _same_rule(node, dy):
    return dy


def _neg_rule(node, dy):
    return neg(dy)


def _sub_rule(node, dy, shapes):
    first, second = node.edges
    return _sent(node, first and dy, second and neg(dy), shapes)


def sub(a, b):
    """y = a - b."""
    if not isinstance(b, Value):
        return record("SubBackward0", with_number(_SUB, a, b), (a,), _same_rule)
    made = pair(_SUB, a, b)
    if _tracked(a, b):
        return record("SubBackward0", made, (a, b), _sub_rule, (_shapes(a, b),))
    return constant(made, a._cls)


def rsub(a, number):
    """y = number - a."""
    return record("RsubBackward1", with_number(_SUB, a, number, True), (a,), _neg_rule)


def _mul_rule(node, dy, a, b, shapes):
    return _sent(node, None if b is None else mul(dy, b), None if a is None else mul(dy, a), shapes)


def _used(y):
    """y, whose node counts as one that saved something: PyTorch saves numbers as tensors too."""
    if y._edge is not None and y._edge[0].extra is None:
        y._edge[0].extra = ()
    return y


def _scale_rule(node, dy, number):
    return mul(dy, number)


def mul(a, b):
    """y = a * b."""
    if not isinstance(b, Value):
        return _used(record("MulBackward0", with_number(_MUL, a, b), (a,), _scale_rule, (b,)))
    made = pair(_MUL, a, b)
    if _tracked(a, b):
        saved = (a if _needs(b) else None, b if _needs(a) else None, _shapes(a, b))
        return record("MulBackward0", made, (a, b), _mul_rule, saved)
    return constant(made, a._cls)


def _div_rule(node, dy, a, b, shapes):
    first, second = node.edges
    da = div(dy, b)
    return _sent(node, first and da, second and neg(div(mul(da, a), b)), shapes)


def _shrink_rule(node, dy, number):
    return div(dy, number)


def div(a, b):
    """y = a / b."""
    if not isinstance(b, Value):
        return _used(record("DivBackward0", with_number(_DIV, a, b), (a,), _shrink_rule, (b,)))
    made = pair(_DIV, a, b)
    if _tracked(a, b):
        return record("DivBackward0", made, (a, b), _div_rule, (a if _needs(b) else None, b, _shapes(a, b)))
    return constant(made, a._cls)


def rdiv(a, number):
    """y = number / a."""
    return mul(reciprocal(a), number)


def _reciprocal_rule(node, dy, y):
    return neg(mul(dy, mul(y, y)))


def reciprocal(a):
    """y = 1 / a."""
    return record(
        "ReciprocalBackward0", with_number(_DIV, a, 1.0, True), (a,), _reciprocal_rule, (), True
    )


def neg(a):
    """y = -a."""
    made = called(_unary, _NEG, a._a._h)
    made._shape = a._a._shape
    return record("NegBackward0", made, (a,), _neg_rule)


def _power_rule(node, dy, a, exponent):
    if exponent == 0:
        return mul(a, 0.0)
    if exponent == 2:
        return mul(dy, mul(a, 2.0))
    return mul(dy, mul(pow(a, exponent - 1), float(exponent)))


def _pow_rule(node, dy, y, a, b, shapes):
    from .elementwise import log
    from .index import where_constant

    da = db = None
    if node.edges[0]:
        # Where the exponent is 0 the slope is 0, whatever the base.
        da = where_constant(b, 0.0, mul(dy, mul(b, pow(a, sub(b, 1.0)))))
    if node.edges[1]:
        # 0 ** b is flat for b >= 0; the logarithm is not to be multiplied by that 0.
        db = mul(dy, where_constant(a, 0.0, mul(y, log(a))))
    return _sent(node, da, db, shapes)


def pow(a, b):
    """y = a ** b, of a Value and a number or of two Values."""
    if not isinstance(b, Value):
        if b == 2 and a._a._h & 3 > 1:
            return record("PowBackward0", pair(_MUL, a, a), (a,), _power_rule, (a, 2))
        return record("PowBackward0", with_number(_POW, a, b), (a,), _power_rule, (a, b))
    return record("PowBackward1", pair(_POW, a, b), (a, b), _pow_rule, (a, b, _shapes(a, b)), True)


def _rpow_rule(node, dy, y, factor):
    return mul(dy, mul(y, factor))


def rpow(a, number):
    """y = number ** a."""
    from math import log

    factor = log(number) if number > 0 else float("-inf") if number == 0 else float("nan")
    return record("PowBackward1", with_number(_POW, a, number, True), (a,), _rpow_rule, (factor,), True)


def _remainder_rule(node, dy, quotient, shapes):
    return _sent(node, dy, node.edges[1] and neg(mul(dy, quotient)), shapes)


def remainder(a, b):
    """y = a % b, of the sign of b."""
    code, whole = BINARY["remainder"], BINARY["floor_divide"]
    if not isinstance(b, Value):
        return record("RemainderBackward0", with_number(code, a, b), (a,), _same_rule)
    quotient = constant(pair(whole, a, b), a._cls)
    return record("RemainderBackward0", pair(code, a, b), (a, b), _remainder_rule, (quotient, _shapes(a, b)))


def _extreme_rule(node, dy, first, second, shapes):
    return _sent(node, mul(dy, first), mul(dy, second), shapes)


def _extreme(name, code, less):
    def extreme(a, b):
        from .index import cast

        made = pair(code, a, b)
        if not _tracked(a, b):
            return constant(made, a._cls)
        # Equal values share the gradient evenly, as in PyTorch and TensorFlow.
        dtype = a._a._h & 3
        ties = with_number(_MUL, cast(constant(pair(BINARY["equal"], a, b), a._cls), dtype), 0.5)
        ties = constant(ties, a._cls)
        first = add(cast(constant(pair(BINARY["less" if less else "greater"], a, b), a._cls), dtype), ties)
        second = add(cast(constant(pair(BINARY["greater" if less else "less"], a, b), a._cls), dtype), ties)
        return record(name, made, (a, b), _extreme_rule, (first, second, _shapes(a, b)))

    return extreme


maximum = _extreme("MaximumBackward0", BINARY["maximum"], False)
minimum = _extreme("MinimumBackward0", BINARY["minimum"], True)
