"""ndarray: a handle of the engine's array, its operators, its shape and its life."""

from pyodide.ffi import JsException

from . import _bridge, _engine
from ._dtypes import DTYPES, as_dtype, refusal
from ._bridge import BINARY, UNARY, translated, warned
from ._foreign import applied as with_object
from ._foreign import asks_for_all
from ._refusals import NO_AXES, refuse_operand
from ._scalars import TYPES, bool_, float32, float64, int64, scalar

_new = object.__new__
_free = _engine.free
_binary, _binary_number = _engine.binary, _engine.binary_number
_binary_into, _binary_number_into = _engine.binary_into, _engine.binary_number_into
_dim, _get0, _product, _transpose = _engine.dim, _engine.get0, _engine.matmul, _engine.transpose

# How a number beside an array counts: by its dtype, or 4 and 5 for Python's own int and float.
KIND = {bool: 0, bool_: 0, int64: 1, float32: 2, float64: 3, int: 4, float: 5}
# Beyond this an int does not fit a float64, in which numbers cross to the engine.
LARGE = 1 << 53


class ndarray:
    """An n-dimensional array. Several may be views of one memory."""

    __slots__ = ("_h", "_shape", "_owner", "__weakref__")
    __array_priority__ = 0.0

    def __new__(cls, shape, dtype=float, buffer=None, offset=0, strides=None, order=None):
        from ._create import empty

        if buffer is not None:
            from ._files import frombuffer

            count = 1
            for n in shape if isinstance(shape, tuple) else (shape,):
                count *= n
            made = frombuffer(buffer, dtype, count, offset)
            return made.reshape(shape, order=order or "C")
        return empty(shape, dtype, order or "C")

    def __del__(self, _free=_free):
        _free(self._h)

    # ── what it is ─────────────────────────────────────────────────────────────────────────────

    @property
    def shape(self):
        shape = self._shape
        if shape is None:
            h = self._h
            shape = self._shape = tuple([_dim(h, axis) for axis in range(h >> 2 & 31)])
        return shape

    @shape.setter
    def shape(self, shape):
        from ._shape import is_view_reshape

        reshaped = self.reshape(shape)
        if not is_view_reshape(self, reshaped.shape):
            raise AttributeError(
                "Incompatible shape for in-place modification. Use `.reshape()` to make a copy with the desired shape."
            )
        self._h, reshaped._h = reshaped._h, self._h
        self._shape = None

    @property
    def ndim(self):
        return self._h >> 2 & 31

    @property
    def dtype(self):
        return DTYPES[self._h & 3]

    @property
    def size(self):
        return _engine.len(self._h)

    @property
    def itemsize(self):
        return DTYPES[self._h & 3].itemsize

    @property
    def nbytes(self):
        return self.size * self.itemsize

    @property
    def strides(self):
        h, item = self._h, self.itemsize
        return tuple([_engine.stride(h, axis) * item for axis in range(h >> 2 & 31)])

    @property
    def base(self):
        try:
            return self._owner
        except AttributeError:
            return None

    @property
    def T(self):
        return view(self, _transpose(self._h))

    @property
    def mT(self):
        if self.ndim < 2:
            raise ValueError("matrix transpose with ndim < 2 is undefined")
        return self.swapaxes(-1, -2)

    @property
    def flat(self):
        from ._iterate import flatiter

        return flatiter(self)

    @flat.setter
    def flat(self, values):
        from ._shape import resize

        self[...] = resize(values, self.shape)

    @property
    def flags(self):
        from ._iterate import flagsobj

        return flagsobj(self)

    @property
    def real(self):
        return self

    @real.setter
    def real(self, values):
        self[...] = values

    @property
    def imag(self):
        from ._create import zeros_like

        made = zeros_like(self)
        _engine.set_read_only(made._h, True)
        return made

    @imag.setter
    def imag(self, values):
        raise TypeError("array does not have imaginary part to set")

    def __len__(self):
        h = self._h
        if not h >> 2 & 31:
            raise TypeError("len() of unsized object")
        return _dim(h, 0)

    def __iter__(self):
        h = self._h
        ndim = h >> 2 & 31
        if ndim == 0:
            raise TypeError("iteration over a 0-d array")
        if ndim == 1:
            make = TYPES[h & 3]
            return iter([make(v) for v in self.tolist()])
        return (view(self, _engine.row(self._h, i)) for i in range(_dim(h, 0)))

    # ── one value ──────────────────────────────────────────────────────────────────────────────

    def item(self, *index):
        if index:
            if len(index) == 1 and isinstance(index[0], tuple):
                index = index[0]
            if len(index) == 1 and self.ndim != 1:
                return self.ravel()[index[0]].item()
            return self[index].item()
        if self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self.reshape(()).tolist() if self.ndim else plain(self._h)

    def __bool__(self):
        if self.size != 1:
            if self.size == 0:
                raise ValueError(
                    "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty."
                )
            raise ValueError(
                "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
            )
        return bool(self.item())

    def _only(self, to):
        if self.ndim:
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        return to(self.item())

    def __int__(self):
        return self._only(int)

    def __float__(self):
        return self._only(float)

    def __complex__(self):
        return self._only(complex)

    def __index__(self):
        if self.ndim or self.dtype.kind != "i":
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return self.item()

    def __contains__(self, value):
        return bool((self == value).any())

    __hash__ = None

    def __repr__(self):
        from ._print import array_repr

        return array_repr(self)

    def __str__(self):
        from ._print import array_str

        return array_str(self)

    def __format__(self, spec):
        if self.ndim == 0:
            return self[()].__format__(spec)
        if spec:
            raise TypeError("unsupported format string passed to numpy.ndarray.__format__")
        return str(self)

    def __array__(self, dtype=None, copy=None):
        return self if dtype is None else self.astype(dtype)

    def __copy__(self):
        return self.copy()

    def __deepcopy__(self, memo):
        return self.copy()

    def __reduce__(self):
        return _unpickled, (self.shape, self.dtype.name, _bridge.to_bytes(self._h))


def _unpickled(shape, dtype, data):
    return wrap(_bridge.from_bytes(as_dtype(dtype).code, shape, data))


# ── making arrays of handles ───────────────────────────────────────────────────────────────────


def wrap(handle):
    """A new array of a handle that nothing else owns."""
    made = _new(ndarray)
    made._h, made._shape = handle, None
    return made


def view(of, handle):
    """A view of `of`."""
    made = _new(ndarray)
    made._h, made._shape = handle, None
    try:
        made._owner = of._owner
    except AttributeError:
        made._owner = of
    return made


def plain(handle):
    """The value of an array without axes, as Python's own number."""
    code = handle & 3
    if code == 1:
        value = _get0(handle)
        return value if type(value) is int and -LARGE < value < LARGE else _engine.item_int(handle)
    value = _get0(handle)
    if value != value:
        value = not_a_number()
    return value != 0 if code == 0 else float(value)


def not_a_number():
    """What the engine's NaN stands for: itself, or -0, whose sign would not cross."""
    return -0.0 if _engine.negative_zero() else _NAN


_NAN = float("nan")


def result(handle, name):
    """What a computation gives: a single value when it has no axes, after its warnings."""
    if handle < 0:
        handle = warned(handle, name)
    if handle & 124:
        made = _new(ndarray)
        made._h, made._shape = handle, None
        return made
    value = scalar(handle & 3, plain(handle))
    _free(handle)
    return value


def new_scalar(value, code=None):
    """A handle of an array without axes."""
    if code is None:
        kind = KIND[type(value)]
        code = kind if kind < 4 else 1 if kind == 4 else 3
    if code == 1 and isinstance(value, int) and not -LARGE < value < LARGE:
        if not -(1 << 63) <= value < 1 << 63:
            raise OverflowError("Python int too large to convert to C long")
        return _engine.int(value >> 32, value & 0xFFFFFFFF)
    return _engine.scalar(value._value if type(value) is bool_ else value, code)


# ── operators ──────────────────────────────────────────────────────────────────────────────────


def with_large(code, a, value, swapped):
    """The handle of `a op value` for an int that does not fit a float64."""
    h = new_scalar(value, 1)
    try:
        flag = 1 if type(value) is int else 0
        if swapped:
            return _engine.binary_weak(code, h, a._h, flag)
        return _engine.binary_weak(code, a._h, h, flag << 2)
    finally:
        _free(h)


def binary(code, name, a, other, swapped):
    """`a op other`, whatever the other is; NotImplemented when it is no number and no array."""
    kind = KIND.get(type(other))
    try:
        if type(other) is ndarray:
            return result(_binary(code, other._h, a._h) if swapped else _binary(code, a._h, other._h), name)
        if kind is not None:
            if type(other) is bool_:
                other = other._value
            if isinstance(other, int) and not -LARGE < other < LARGE:
                return result(with_large(code, a, other, swapped), name)
            return result(_binary_number(code, a._h, other, kind | (8 if swapped else 0)), name)
        if asks_for_all(other):
            return NotImplemented
        if not isinstance(other, (ndarray, list, tuple, range)) and not hasattr(other, "__array__"):
            if isinstance(other, complex):
                raise refusal("complex")
            if other is None or isinstance(other, str) and name not in ("equal", "not_equal"):
                refuse_operand(name, a, other, swapped)
            if other is None or isinstance(other, str) or swapped:
                return NotImplemented
            return with_object(name, a, other)
        from ._convert import asarray

        other = asarray(other)
        left, right = (other, a) if swapped else (a, other)
        return result(_binary(code, left._h, right._h), name)
    except JsException as error:
        raise translated(error) from None


def _operator(name, method, reflected=True):
    code = BINARY[name]

    def forward(self, other):
        kind = type(other)
        try:
            if kind is ndarray:
                h = _binary(code, self._h, other._h)
            elif kind is float:
                h = _binary_number(code, self._h, other, 5)
            elif kind is int and -LARGE < other < LARGE:
                h = _binary_number(code, self._h, other, 4)
            elif kind is float64:
                h = _binary_number(code, self._h, other, 3)
            else:
                return binary(code, name, self, other, False)
        except JsException as error:
            raise translated(error) from None
        if h > 127 and h & 124:
            made = _new(ndarray)
            made._h, made._shape = h, None
            return made
        return result(h, name)

    def backward(self, other):
        if type(other) is not float:
            return binary(code, name, self, other, True)
        try:
            return result(_binary_number(code, self._h, other, 13), name)
        except JsException as error:
            raise translated(error) from None

    def in_place(self, other):
        kind = KIND.get(type(other))
        try:
            if type(other) is ndarray:
                warn = _binary_into(code, self._h, other._h, self._h)
            elif kind is not None and kind and not (isinstance(other, int) and not -LARGE < other < LARGE):
                warn = _binary_number_into(code, self._h, other, kind, self._h)
            else:
                from ._convert import asarray

                if asks_for_all(other):
                    return NotImplemented
                other = asarray(other)
                warn = _binary_into(code, self._h, other._h, self._h)
        except JsException as error:
            raise translated(error) from None
        if warn:
            _bridge.complain(_engine.warnings(), name)
        return self

    setattr(ndarray, f"__{method}__", forward)
    if reflected:
        setattr(ndarray, f"__r{method}__", backward)
        setattr(ndarray, f"__i{method}__", in_place)


for _name, _method in (
    ("add", "add"), ("subtract", "sub"), ("multiply", "mul"), ("divide", "truediv"),
    ("floor_divide", "floordiv"), ("remainder", "mod"), ("power", "pow"),
    ("bitwise_and", "and"), ("bitwise_or", "or"), ("bitwise_xor", "xor"),
    ("left_shift", "lshift"), ("right_shift", "rshift"),
):  # fmt: skip
    _operator(_name, _method)


def _compared(name, method, otherwise=None):
    code = BINARY[name]
    _operator(name, method, reflected=False)
    known = getattr(ndarray, f"__{method}__")
    if otherwise is None:
        return

    def equality(self, other):
        answer = known(self, other)
        if answer is NotImplemented and (other is None or isinstance(other, str)):
            from ._create import full

            return full(self.shape, otherwise, bool)
        return answer

    setattr(ndarray, f"__{method}__", equality)


for _name, _method in (("less", "lt"), ("less_equal", "le"), ("greater", "gt"), ("greater_equal", "ge")):
    _compared(_name, _method)
_compared("equal", "eq", False)
_compared("not_equal", "ne", True)
ndarray.__hash__ = None


def _unary_operator(name, method):
    code = UNARY[name]

    def applied(self):
        try:
            return result(_engine.unary(code, self._h), name)
        except JsException as error:
            raise translated(error) from None

    setattr(ndarray, f"__{method}__", applied)


for _name, _method in (("negative", "neg"), ("positive", "pos"), ("absolute", "abs"), ("invert", "invert")):
    _unary_operator(_name, _method)


def _matmul(self, other):
    if type(other) is not ndarray:
        if type(other) in KIND:
            raise ValueError(NO_AXES)
        if not isinstance(other, (list, tuple)):
            if asks_for_all(other) or hasattr(other, "__array__"):
                return NotImplemented
            raise ValueError(NO_AXES)
        from ._convert import asarray

        other = asarray(other)
    try:
        return result(_product(self._h, other._h), "matmul")
    except JsException as error:
        raise translated(error) from None


def _rmatmul(self, other):
    from ._convert import asarray

    return _matmul(asarray(other), self)


def _imatmul(self, other):
    self[...] = _matmul(self, other)
    return self


ndarray.__matmul__, ndarray.__rmatmul__, ndarray.__imatmul__ = _matmul, _rmatmul, _imatmul
ndarray.__divmod__ = lambda self, other: (self // other, self % other)
ndarray.__rdivmod__ = lambda self, other: (other // self, other % self)
