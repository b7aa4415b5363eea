"""The elementwise functions: np.add, np.exp and kin, with out, where, reduce, accumulate, outer, at."""

from pyodide.ffi import JsException

from . import _bridge, _engine
from ._array import KIND, LARGE, binary, ndarray, new_scalar, result, wrap
from ._convert import asarray
from ._dtypes import as_dtype
from ._bridge import BINARY, UNARY, translated
from ._scalars import bool_


class ufunc:
    """One elementwise function."""

    def __init__(self, name, nin, code):
        self.__name__, self.nin, self.nout, self.nargs, self._code = name, nin, 1, nin + 1, code

    def __repr__(self):
        return f"<ufunc '{self.__name__}'>"

    def __call__(self, *args, out=None, where=True, dtype=None, casting="same_kind", order="K", subok=True):
        if len(args) > self.nin and out is None and len(args) == self.nin + 1:
            *args, out = args
        if len(args) != self.nin:
            raise TypeError(
                f"{self.__name__}() takes from {self.nin} to {self.nin + 1} positional arguments but {len(args)} were given"
            )
        if isinstance(out, tuple):
            (out,) = out
        if dtype is not None:
            args = [asarray(x).astype(dtype, copy=False) for x in args]
        if where is not True:
            return self._masked(args, out, where)
        if out is not None:
            return self._into(args, out)
        return self._apply(*args)

    def _apply(self, a, b=None):
        code, name = self._code, self.__name__
        if self.nin == 1:
            if type(a) is not ndarray:
                wraps = getattr(type(a), "__array_wrap__", None)
                if wraps is not None:
                    return wraps(a, self._apply(asarray(a)))
                a = asarray(a)
            try:
                return result(_engine.unary(code, a._h), name)
            except JsException as error:
                raise translated(error) from None
        for x in (a, b):
            # A class that takes results over, such as a tensor's.
            if type(x) is not ndarray and type(x) not in KIND and hasattr(type(x), "__array_wrap__"):
                return type(x).__array_wrap__(x, self._apply(asarray(a), asarray(b)))
        if type(a) is ndarray:
            answer = binary(code, name, a, b, False)
        elif type(b) is ndarray:
            answer = binary(code, name, b, a, True)
        elif type(a) in KIND and type(b) in KIND:
            return self._of_numbers(a, b)
        elif type(a) in KIND:
            answer = binary(code, name, asarray(b), a, True)
        else:
            answer = binary(code, name, asarray(a), b, False)
        if answer is NotImplemented:
            asarray(b), asarray(a)
            raise TypeError(f"ufunc '{name}' not supported for the input types")
        return answer

    def _of_numbers(self, a, b):
        weak = [1 if type(x) is int else 2 if type(x) is float else 0 for x in (a, b)]
        if all(weak):
            weak = [0, 0]
        left, right = wrap(new_scalar(a)), wrap(new_scalar(b))
        try:
            return result(
                _engine.binary_weak(self._code, left._h, right._h, weak[0] | weak[1] << 2), self.__name__
            )
        except JsException as error:
            raise translated(error) from None

    def _into(self, args, out):
        if type(out) is not ndarray:
            raise TypeError("return arrays must be of ArrayType")
        arrays = [x if type(x) is ndarray else asarray(x) for x in args]
        if self.nin == 1:
            self._fits(arrays[0], out)
        try:
            if self.nin == 1:
                warn = _engine.unary_into(self._code, arrays[0]._h, out._h)
            elif type(args[1]) in KIND and not (isinstance(args[1], int) and abs(args[1]) >= LARGE):
                value = args[1]._value if type(args[1]) is bool_ else args[1]
                warn = _engine.binary_number_into(self._code, arrays[0]._h, value, KIND[type(args[1])], out._h)
            else:
                warn = _engine.binary_into(self._code, arrays[0]._h, arrays[1]._h, out._h)
        except JsException as error:
            raise translated(error) from None
        if warn:
            _bridge.complain(_engine.warnings(), self.__name__)
        return out

    def _fits(self, a, out):
        from ._shape import broadcast_shapes

        try:
            broadcast_shapes(a.shape, out.shape)
        except ValueError:
            shapes = " ".join(str(x.shape).replace(" ", "") for x in (a, out))
            raise ValueError(f"operands could not be broadcast together with shapes {shapes} ") from None

    def _masked(self, args, out, where):
        from ._select import copyto

        before = dict(_bridge.error_state)
        _bridge.error_state.update(divide="ignore", over="ignore", invalid="ignore")
        try:
            values = asarray(self._apply(*args))
        finally:
            _bridge.error_state.update(before)
        if out is None:
            from ._create import empty

            out = empty(values.shape, values.dtype)
        copyto(out, values, where=where)
        return out

    # ── of two arguments ───────────────────────────────────────────────────────────────────────

    def _two(self, method):
        if self.nin != 2:
            raise ValueError(f"{method} only supported for binary functions")

    def reduce(self, array, axis=0, dtype=None, out=None, keepdims=False, initial=None, where=True):
        from . import _reduce

        self._two("reduce")
        name = self.__name__
        known = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min",
                 "logical_or": "any", "logical_and": "all"}.get(name)  # fmt: skip
        array = asarray(array)
        if array.ndim == 0:
            axis = None
        if known in ("sum", "prod"):
            return getattr(_reduce, known)(array, axis, dtype, out, keepdims, **_given(initial, where))
        if known in ("max", "min"):
            return getattr(_reduce, known)(array, axis, out, keepdims, **_given(initial, where))
        if known:
            return getattr(_reduce, known)(array, axis, out, keepdims)
        moved = array.ravel() if axis is None else array.swapaxes(0, axis)
        total = moved[0]
        for i in range(1, len(moved)):
            total = self(total, moved[i])
        return total

    def accumulate(self, array, axis=0, dtype=None, out=None):
        from . import _reduce
        from ._shape import stack

        self._two("accumulate")
        array = asarray(array)
        if self.__name__ in ("add", "multiply"):
            return (_reduce.cumsum if self.__name__ == "add" else _reduce.cumprod)(array, axis, dtype, out)
        moved = array.swapaxes(0, axis)
        rows = [moved[0]]
        for i in range(1, len(moved)):
            rows.append(self(rows[-1], moved[i]))
        return asarray(stack(rows)).swapaxes(0, axis)

    def reduceat(self, array, indices, axis=0, dtype=None, out=None):
        """The reductions of the runs from each index up to the next; of a single element where that isn't behind it."""
        from ._shape import stack

        self._two("reduceat")
        array = asarray(array)
        moved, ends = array.swapaxes(0, axis), asarray(indices).tolist()
        for at in ends:
            if not 0 <= at < len(moved):
                raise IndexError(f"index {at} out-of-bounds in {self.__name__}.reduceat [0, {len(moved)})")
        runs = [moved[a:b] if a < b else moved[a : a + 1] for a, b in zip(ends, [*ends[1:], len(moved)])]
        made = asarray(stack([self.reduce(run, 0, dtype) for run in runs])).swapaxes(0, axis)
        if out is None:
            return made
        out[...] = made
        return out

    def outer(self, A, B, **kwargs):
        self._two("outer")
        A, B = asarray(A), asarray(B)
        return self(A.reshape(A.shape + (1,) * B.ndim), B, **kwargs)

    def at(self, a, indices, b=None):
        from ._index import update_at

        if self.nin == 1:
            a[indices] = self(a[indices])
        else:
            update_at(self._code, a, indices, b)


def _given(initial, where):
    given = {}
    if initial is not None:
        given["initial"] = initial
    if where is not True:
        given["where"] = where
    return given


for _name, _code in BINARY.items():
    globals()[_name] = ufunc(_name, 2, _code)
for _name, _code in UNARY.items():
    globals()[_name] = ufunc(_name, 1, _code)
true_divide, mod, abs = globals()["divide"], globals()["remainder"], globals()["absolute"]
bitwise_not = globals()["invert"]
conj = conjugate = globals()["positive"]
degrees, radians = globals()["rad2deg"], globals()["deg2rad"]
acos, asin, atan = globals()["arccos"], globals()["arcsin"], globals()["arctan"]
acosh, asinh, atanh = globals()["arccosh"], globals()["arcsinh"], globals()["arctanh"]
atan2, pow = globals()["arctan2"], globals()["power"]
NAMES = [*BINARY, *UNARY, "true_divide", "mod", "abs", "bitwise_not", "conj", "conjugate", "degrees", "radians",
         "acos", "asin", "atan", "acosh", "asinh", "atanh", "atan2", "pow"]  # fmt: skip


def fabs(x, out=None, **more):
    x = asarray(x)
    return globals()["absolute"](x.astype(float) if x._h & 3 < 2 else x, out=out, **more)


def float_power(x1, x2, out=None, **more):
    as_dtype(more.get("dtype"))
    return globals()["power"](asarray(x1).astype(float), asarray(x2).astype(float), out=out, **more)


def divmod(x1, x2):
    return globals()["floor_divide"](x1, x2), globals()["remainder"](x1, x2)


def modf(x):
    """The fraction and the whole part, both with the sign of the number."""
    x = asarray(x) * 1.0
    whole = globals()["trunc"](x)
    return globals()["copysign"](x - whole, x), whole


def frexp(x):
    from ._convert import array

    from math import frexp as split

    x = asarray(x)
    pairs = [split(v) for v in x.ravel().tolist()]
    kinds = (x.dtype if x.dtype.kind == "f" else float, int)
    return tuple(array([p[i] for p in pairs], dtype=kind).reshape(x.shape)[()] for i, kind in enumerate(kinds))


def sinc(x):
    from math import pi

    from ._select import where

    y = pi * where(asarray(x) == 0, 1.0e-20, x)
    return globals()["sin"](y) / y


