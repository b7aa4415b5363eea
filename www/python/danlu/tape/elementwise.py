"""Functions of each element of a Value of floats."""

from numpy import _engine
from numpy._bridge import BINARY, UNARY

from ._value import called, constant, record
from .arithmetic import add, div, mul, neg, pow, rsub, sub, with_number

_unary = _engine.unary


def _raw(code, a):
    made = called(_unary, code, a._a._h)
    made._shape = a._a._shape
    return made


def _of_input(name, numpy_name, rule, doc):
    """A function whose rule reads the input: `rule(dy, x)`."""
    code = UNARY[numpy_name]

    def back(node, dy, x):
        return rule(dy, x)

    def function(x):
        return record(name, _raw(code, x), (x,), back, (x,))

    function.__doc__ = doc
    return function


def _of_result(name, numpy_name, rule, doc):
    """A function whose rule reads the result: `rule(dy, y)`."""
    code = UNARY[numpy_name]

    def back(node, dy, y):
        return rule(dy, y)

    def function(x):
        return record(name, _raw(code, x), (x,), back, (), True)

    function.__doc__ = doc
    return function


def _flat(name, numpy_name, doc):
    """A function that is flat almost everywhere."""
    code = UNARY[numpy_name]

    def back(node, dy):
        return mul(dy, 0.0)

    def function(x):
        return record(name, _raw(code, x), (x,), back)

    function.__doc__ = doc
    return function


exp = _of_result("ExpBackward0", "exp", lambda dy, y: mul(dy, y), "y = e ** x.")
exp2 = _of_result("Exp2Backward0", "exp2", lambda dy, y: mul(dy, mul(y, 0.6931471805599453)), "y = 2 ** x.")
expm1 = _of_result("Expm1Backward0", "expm1", lambda dy, y: mul(dy, add(y, 1.0)), "y = e ** x - 1.")
log = _of_input("LogBackward0", "log", lambda dy, x: div(dy, x), "y = ln x.")
log2 = _of_input("Log2Backward0", "log2", lambda dy, x: div(dy, mul(x, 0.6931471805599453)), "y = log2 x.")
log10 = _of_input("Log10Backward0", "log10", lambda dy, x: div(dy, mul(x, 2.302585092994046)), "y = log10 x.")
log1p = _of_input("Log1PBackward0", "log1p", lambda dy, x: div(dy, add(x, 1.0)), "y = ln(1 + x).")
sqrt = _of_result("SqrtBackward0", "sqrt", lambda dy, y: div(dy, mul(y, 2.0)), "y = the square root of x.")
sin = _of_input("SinBackward0", "sin", lambda dy, x: mul(dy, cos(x)), "y = sin x.")
cos = _of_input("CosBackward0", "cos", lambda dy, x: neg(mul(dy, sin(x))), "y = cos x.")
tan = _of_result("TanBackward0", "tan", lambda dy, y: mul(dy, add(mul(y, y), 1.0)), "y = tan x.")
tanh = _of_result("TanhBackward0", "tanh", lambda dy, y: mul(dy, rsub(mul(y, y), 1.0)), "y = tanh x.")
sinh = _of_input("SinhBackward0", "sinh", lambda dy, x: mul(dy, cosh(x)), "y = sinh x.")
cosh = _of_input("CoshBackward0", "cosh", lambda dy, x: mul(dy, sinh(x)), "y = cosh x.")
asin = _of_input("AsinBackward0", "arcsin", lambda dy, x: div(dy, sqrt(rsub(mul(x, x), 1.0))), "y = arcsin x.")
acos = _of_input("AcosBackward0", "arccos", lambda dy, x: neg(div(dy, sqrt(rsub(mul(x, x), 1.0)))), "y = arccos x.")
atan = _of_input("AtanBackward0", "arctan", lambda dy, x: div(dy, add(mul(x, x), 1.0)), "y = arctan x.")
asinh = _of_input("AsinhBackward0", "arcsinh", lambda dy, x: div(dy, sqrt(add(mul(x, x), 1.0))), "y = arsinh x.")
acosh = _of_input("AcoshBackward0", "arccosh", lambda dy, x: div(dy, sqrt(sub(mul(x, x), 1.0))), "y = arcosh x.")
atanh = _of_input("AtanhBackward0", "arctanh", lambda dy, x: div(dy, rsub(mul(x, x), 1.0)), "y = artanh x.")
abs = _of_input("AbsBackward0", "absolute", lambda dy, x: mul(dy, sign(x)), "y = |x|; its slope at 0 is 0.")
sign = _flat("SignBackward0", "sign", "y = -1, 0 or 1.")
floor = _flat("FloorBackward0", "floor", "y = the integer at or below x.")
ceil = _flat("CeilBackward0", "ceil", "y = the integer at or above x.")
trunc = _flat("TruncBackward0", "trunc", "y = x without its fraction.")
round = _flat("RoundBackward0", "rint", "y = the nearest integer, halves to the even one.")


def _rsqrt_rule(node, dy, y):
    return mul(dy, mul(pow(y, 3), -0.5))


def rsqrt(x):
    """y = 1 / the square root of x."""
    root = constant(_raw(UNARY["sqrt"], x), x._cls)
    made = with_number(BINARY["divide"], root, 1.0, True)
    return record("RsqrtBackward0", made, (x,), _rsqrt_rule, (), True)


def square(x):
    """y = x ** 2."""
    return pow(x, 2)


def _sigmoid_rule(node, dy, y):
    return mul(dy, mul(y, rsub(y, 1.0)))


def sigmoid(x):
    """y = 1 / (1 + e ** -x); where the power is infinite y is 0, as it should be."""
    turned = with_number(BINARY["multiply"], x, -1.0)
    power = constant(called(_unary, UNARY["exp"], turned._h))
    made = with_number(BINARY["divide"], constant(with_number(BINARY["add"], power, 1.0)), 1.0, True)
    made._shape = x._a._shape
    return record("SigmoidBackward0", made, (x,), _sigmoid_rule, (), True)


def _relu_rule(node, dy, y):
    # 1 where y > 0 by a product and a minimum, which have vectors, where a comparison has none. It is
    # exact from y = 1e-30 on, and does not overflow, which would be looked into, up to 1e8.
    steep = constant(with_number(BINARY["multiply"], y, 1e30), y._cls)
    return mul(dy, constant(with_number(BINARY["minimum"], steep, 1.0), y._cls))


def relu(x):
    """y = max(x, 0); its slope at 0 is 0."""
    return record("ReluBackward0", with_number(BINARY["maximum"], x, 0), (x,), _relu_rule, (), True)


def _clip_rule(node, dy, inside):
    return mul(dy, inside)


def clip(x, low=None, high=None, closed=True):
    """y = x held within bounds that are numbers or None.

    The gradient passes at the bounds themselves, as in TensorFlow, unless `closed` is False, as in
    PyTorch.
    """
    from .index import cast

    made, inside = x._a, None
    end = "_equal" if closed else ""
    for bound, code, holds in ((low, "maximum", "greater" + end), (high, "minimum", "less" + end)):
        if bound is None:
            continue
        mask = constant(with_number(BINARY[holds], x, bound), x._cls)
        inside = mask if inside is None else constant(
            called(_engine.binary, BINARY["logical_and"], inside._a._h, mask._a._h), x._cls
        )
        made = with_number(BINARY[code], constant(made), bound)
    return record("ClampBackward1", made, (x,), _clip_rule, (cast(inside, x._a._h & 3),))


