"""Single values: np.float64(1.5) and kin, which stay numpy's through arithmetic."""

from array import array as _buffer

_narrow_cell = _buffer("f", [0.0])


def narrow(x):
    """A number rounded to float32."""
    _narrow_cell[0] = x
    return _narrow_cell[0]


class generic:
    """The base of all single values."""

    __slots__ = ()
    ndim = 0
    shape = ()
    size = 1

    @property
    def dtype(self):
        from ._dtypes import DTYPES

        return DTYPES[self._code]

    @property
    def T(self):
        return self

    @property
    def itemsize(self):
        return self.dtype.itemsize

    nbytes = itemsize

    def __array__(self, dtype=None, copy=None):
        from ._convert import array

        return array(self, dtype=dtype)

    def __getattr__(self, name):
        # Every method of an array works on a single value, as if it were an array without axes.
        if name.startswith("__"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        from ._convert import array

        return getattr(array(self), name)

    def __getitem__(self, key):
        from ._convert import array

        if key == () or key is Ellipsis or key is None or isinstance(key, tuple):
            return array(self)[key]
        raise IndexError("invalid index to scalar variable.")

    def tolist(self):
        return self.item()

    def astype(self, dtype, copy=True):
        from ._dtypes import dtype as make

        return make(dtype).type(self)

    def copy(self):
        return self

    def __format__(self, spec):
        return format(self.item(), spec) if spec else str(self)


class number(generic):
    __slots__ = ()


class integer(number):
    __slots__ = ()


class signedinteger(integer):
    __slots__ = ()


class unsignedinteger(integer):
    __slots__ = ()


class inexact(number):
    __slots__ = ()


class floating(inexact):
    __slots__ = ()


class bool_(generic):
    """True or False; there is one object of each."""

    __slots__ = ("_value",)
    _code = 0
    _made = {}

    def __new__(cls, value=False):
        if type(value) is not bool:
            from ._array import ndarray

            if type(value) is ndarray or isinstance(value, (list, tuple)):
                from ._convert import asarray

                return asarray(value, dtype=cls)[()]
            value = bool(value)
        made = cls._made.get(value)
        if made is None:
            made = object.__new__(cls)
            made._value = value
            cls._made[value] = made
        return made

    def item(self):
        return self._value

    def __bool__(self):
        return self._value

    def __int__(self):
        return int(self._value)

    def __float__(self):
        return float(self._value)

    def __hash__(self):
        return hash(self._value)

    def __repr__(self):
        return f"np.{self._value}_"

    def __str__(self):
        return str(self._value)

    def __reduce__(self):
        return bool_, (self._value,)


def fits(value):
    return -0x8000000000000000 <= value <= 0x7FFFFFFFFFFFFFFF


class int64(int, signedinteger):
    __slots__ = ()
    _code = 1

    def __new__(cls, value=0):
        if type(value) is not int:
            value = _single(cls, value)
            if not isinstance(value, (int, float, str)):
                return value
            value = int(value)
        if not fits(value):
            raise OverflowError("Python int too large to convert to C long")
        return int.__new__(cls, value)

    def item(self):
        return int(self)

    def __repr__(self):
        return f"np.int64({int.__repr__(self)})"

    def __str__(self):
        return int.__repr__(self)

    __hash__ = int.__hash__
    __format__ = int.__format__

    def __reduce__(self):
        return int64, (int(self),)


class float64(float, floating):
    __slots__ = ()
    _code = 3

    def __new__(cls, value=0.0):
        if type(value) is float:
            return float.__new__(cls, value)
        value = _single(cls, value)
        if not isinstance(value, (int, float, str)):
            return value
        return float.__new__(cls, value)

    def item(self):
        return float(self)

    def __repr__(self):
        return f"np.float64({float.__repr__(self)})"

    def __str__(self):
        return float.__repr__(self)

    __hash__ = float.__hash__
    __format__ = float.__format__

    def __reduce__(self):
        return float64, (float(self),)


class float32(float, floating):
    __slots__ = ()
    _code = 2

    def __new__(cls, value=0.0):
        if type(value) is not float:
            value = _single(cls, value)
            if not isinstance(value, (int, float, str)):
                return value
            value = float(value)
        return float.__new__(cls, narrow(value))

    def item(self):
        return float(self)

    def __repr__(self):
        return f"np.float32({self})"

    def __str__(self):
        from ._digits import scalar_text

        return scalar_text(self)

    __hash__ = float.__hash__
    __format__ = float.__format__

    def __reduce__(self):
        return float32, (float(self),)


def _single(cls, value):
    """What np.float64(value) is of: a plain number, or an array for anything with axes."""
    if isinstance(value, (int, float, str)):
        return value
    if isinstance(value, bool_):
        return int(value)
    from ._array import ndarray

    if isinstance(value, (ndarray, list, tuple)):
        from ._convert import asarray

        return asarray(value, dtype=cls)[()]
    return float(value) if cls is not int64 else int(value)


TYPES = (bool_, int64, float32, float64)
bool_.__name__ = bool_.__qualname__ = "bool"
False_, True_ = bool_(False), bool_(True)
_flag = (False_, True_)

def scalar(code, value):
    """The single value of a dtype; `value` is a plain number."""
    return _MAKE[code](value)


_MAKE = (
    lambda v: _flag[v != 0],
    lambda v: int.__new__(int64, v),
    lambda v: float.__new__(float32, v),
    lambda v: float.__new__(float64, v),
)
