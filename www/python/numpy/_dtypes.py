"""The four dtypes, and which of them a name or a type means."""

from ._scalars import (
    bool_, float32, float64, floating, generic, inexact, int64, integer, number, signedinteger, unsignedinteger,
)

_HERE = "bool, int64, float32, float64"


class dtype:
    """What an array's elements are; there is one object of each."""

    __slots__ = ("code", "name", "kind", "char", "itemsize", "type", "num", "_alignment")

    def __new__(cls, of=float, align=False, copy=False):
        try:
            return as_dtype(of)
        except NotImplementedError:
            name, big = _format_name(of)
            if name is None:
                raise
            return Format(name, big)

    @property
    def str(self):
        return "|b1" if self.code == 0 else f"<{self.kind}{self.itemsize}"

    descr = property(lambda self: [("", self.str)])
    byteorder = property(lambda self: "|" if self.code == 0 else "=")
    alignment = property(lambda self: self.itemsize)
    names = fields = subdtype = None
    shape = ()
    ndim = 0
    hasobject = False
    isnative = True
    isbuiltin = 1

    @property
    def base(self):
        return self

    def newbyteorder(self, order="S"):
        big = order in (">", "B", "big", "S", "swap")
        return Format(self.name, True) if big and self.itemsize > 1 else self

    def __repr__(self):
        return f"dtype('{self.name}')"

    def __str__(self):
        return self.name

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        if self is other:
            return True
        if type(other) is dtype or other is None:
            return False
        try:
            return as_dtype(other) is self
        except (TypeError, NotImplementedError):
            return False

    def __ne__(self, other):
        return not self == other

    def __reduce__(self):
        return as_dtype, (self.name,)


def _foreign(name, base):
    """NumPy's type of a dtype that is not here: it names bytes to read, and refuses to hold a value."""

    def refuse(cls, *values):
        raise refusal(cls.__name__)

    return type(name, (base,), {"__slots__": (), "__new__": refuse, "__module__": "numpy"})


FOREIGN = {name: _foreign(name, signedinteger) for name in ("int8", "int16", "int32")}
FOREIGN |= {name: _foreign(name, unsignedinteger) for name in ("uint8", "uint16", "uint32", "uint64")}
FOREIGN["float16"] = _foreign("float16", floating)


def _make(code, name, kind, char, itemsize, cls, num):
    made = object.__new__(dtype)
    made.code, made.name, made.kind, made.char = code, name, kind, char
    made.itemsize, made.type, made.num = itemsize, cls, num
    return made


DTYPES = (
    _make(0, "bool", "b", "?", 1, bool_, 0),
    _make(1, "int64", "i", "l", 8, int64, 7),
    _make(2, "float32", "f", "f", 4, float32, 11),
    _make(3, "float64", "f", "d", 8, float64, 12),
)
BOOL, INT64, FLOAT32, FLOAT64 = DTYPES

_KNOWN = {
    bool: BOOL, bool_: BOOL, "bool": BOOL, "bool_": BOOL, "?": BOOL, "b1": BOOL, "|b1": BOOL,
    int: INT64, int64: INT64, "int": INT64, "int64": INT64, "i8": INT64, "<i8": INT64, "q": INT64,
    "l": INT64, "int_": INT64, "intp": INT64, "i": None, integer: INT64, signedinteger: INT64,
    float: FLOAT64, float64: FLOAT64, "float": FLOAT64, "float64": FLOAT64, "f8": FLOAT64,
    "<f8": FLOAT64, "d": FLOAT64, "double": FLOAT64, None: FLOAT64, floating: FLOAT64,
    inexact: FLOAT64, number: FLOAT64,
    float32: FLOAT32, "float32": FLOAT32, "f4": FLOAT32, "<f4": FLOAT32, "f": FLOAT32, "single": FLOAT32,
}  # fmt: skip

ELSEWHERE = {
    "int8": "int64", "int16": "int64", "int32": "int64", "uint8": "int64", "uint16": "int64",
    "uint32": "int64", "uint64": "int64", "i1": "int64", "i2": "int64", "i4": "int64", "u1": "int64",
    "u2": "int64", "u4": "int64", "u8": "int64", "i": "int64", "b": "int64", "B": "int64",
    "uint": "int64", "intc": "int64", "uintp": "int64", "short": "int64", "byte": "int64",
    "ubyte": "int64", "longlong": "int64", "ulonglong": "int64", "ushort": "int64",
    "float16": "float32", "f2": "float32", "half": "float32", "e": "float32",
    "longdouble": "float64", "float128": "float64", "g": "float64",
    "complex64": "float32 pairs", "complex128": "float64 pairs", "complex": "float64 pairs",
    "cdouble": "float64 pairs", "csingle": "float64 pairs", "c8": "float32 pairs", "c16": "float64 pairs",
    "object": "a Python list", "object_": "a Python list", "O": "a Python list",
    "str": "a Python list", "str_": "a Python list", "U": "a Python list", "S": "bytes",
    "bytes": "bytes", "bytes_": "bytes", "datetime64": "int64", "timedelta64": "int64", "M8": "int64", "m8": "int64",
    "void": "a Python list",
}  # fmt: skip


def refusal(name):
    """The exception for a dtype of NumPy's that is not here."""
    return NotImplementedError(
        f"numpy here has the dtypes {_HERE}; {name!r} is not among them, the nearest is {ELSEWHERE[name]}"
    )


# The byte formats that files hold and arrays here do not, by their other names.
_FORMATS = {
    "i1": "int8", "i2": "int16", "i4": "int32", "u1": "uint8", "u2": "uint16", "u4": "uint32", "u8": "uint64",
    "f2": "float16", "b": "int8", "B": "uint8", "h": "int16", "H": "uint16", "i": "int32", "I": "uint32",
    "L": "uint64", "Q": "uint64", "e": "float16", "byte": "int8", "ubyte": "uint8", "short": "int16",
    "ushort": "uint16", "intc": "int32", "half": "float16", "i8": "int64", "f4": "float32", "f8": "float64",
    "q": "int64", "d": "float64", "f": "float32", "int64": "int64", "float32": "float32", "float64": "float64",
}  # fmt: skip
_SIZES = {"int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "uint64": 8, "float16": 2,
          "int64": 8, "float32": 4, "float64": 8}  # fmt: skip


def _format_name(of):
    """The name of the byte format that a name or a type means and whether it is big-endian, or None."""
    if isinstance(of, Format):
        return of.name, of.big
    name = of if isinstance(of, str) else getattr(of, "__name__", "") if isinstance(of, type) else ""
    bare = name.lstrip("<>=|")
    bare = _FORMATS.get(bare, bare)
    return (bare if bare in _SIZES else None), name[:1] == ">" and _SIZES.get(bare) != 1


class Format:
    """How a number stands in bytes, for reading: np.frombuffer, np.fromfile and np.load take it, arrays do not."""

    def __init__(self, name, big=False):
        self.name, self.big, self.itemsize = name, big, _SIZES[name]
        self.kind = {"i": "i", "u": "u", "f": "f"}[name[0]]
        self.type = FOREIGN.get(name) or as_dtype(name).type

    str = property(lambda self: f"{'>' if self.big else '|' if self.itemsize == 1 else '<'}{self.kind}{self.itemsize}")
    byteorder = property(lambda self: ">" if self.big else "|" if self.itemsize == 1 else "=")

    def newbyteorder(self, order="S"):
        big = not self.big if order in ("S", "swap") else order in (">", "B", "big")
        return dtype(f"{'>' if big else '<'}{self.kind}{self.itemsize}")

    def __repr__(self):
        return f"dtype({self.str!r})" if self.big else f"dtype({self.name!r})"

    def __str__(self):
        return self.str if self.big else self.name

    def __hash__(self):
        return hash(self.str)

    def __eq__(self, other):
        return _format_name(other) == (self.name, self.big)


def as_dtype(of):
    """The dtype that a name, a type or an array's dtype means."""
    if type(of) is dtype:
        return of
    try:
        found = _KNOWN.get(of)
    except TypeError:
        found = None
    if found is not None:
        return found
    name = of if isinstance(of, str) else getattr(of, "__name__", None) if isinstance(of, type) else None
    if name is not None:
        bare = name.lstrip("<>=|")
        if bare in _KNOWN and _KNOWN[bare] is not None and isinstance(of, str):
            if name[0] == ">":
                raise NotImplementedError("numpy here holds little-endian numbers only")
            return _KNOWN[bare]
        if bare in ELSEWHERE:
            raise refusal(bare)
        if bare[:1] in "US" and bare[1:].isdigit():
            raise refusal(bare[0])
        if bare.partition("[")[0] in ("datetime64", "timedelta64", "M8", "m8"):
            raise refusal(bare.partition("[")[0])
    if isinstance(of, Format):
        if of.big:
            raise NotImplementedError("numpy here holds little-endian numbers only")
        raise refusal(of.name)
    if isinstance(of, (list, dict, tuple)) or isinstance(of, str) and "," in of:
        raise NotImplementedError("numpy here has no structured dtypes; use one array a field")
    if isinstance(of, str):
        raise TypeError(f"data type {of!r} not understood")
    raise TypeError(f"Cannot interpret {of!r} as a data type")


def promote(a, b):
    """The code of the dtype that two arrays take together."""
    return 3 if {a, b} == {1, 2} else max(a, b)


def promote_types(type1, type2):
    return DTYPES[promote(as_dtype(type1).code, as_dtype(type2).code)]


def result_type(*operands):
    """The dtype of a mixture of arrays, numbers and dtypes."""
    from ._array import ndarray

    code, weak = None, None
    for operand in operands:
        if type(operand) in (int, float):
            weak = max(weak or 1, 1 if type(operand) is int else 3)
            continue
        if isinstance(operand, (ndarray, generic)):
            own = operand.dtype.code
        elif isinstance(operand, (bool,)):
            own = 0
        else:
            own = as_dtype(operand).code
        code = own if code is None else promote(code, own)
    if code is None:
        if weak is None:
            raise ValueError("at least one array or dtype is required")
        return DTYPES[weak]
    if weak == 1:
        code = max(code, 1)
    elif weak == 3:
        code = max(code, 2) if code >= 2 else 3
    return DTYPES[code]


def can_cast(from_, to, casting="safe"):
    source, target = as_dtype(from_).code, as_dtype(to).code
    if casting in ("unsafe",) or source == target:
        return True
    if casting in ("no", "equiv"):
        return False
    if casting == "same_kind":
        return min(source, 2) <= min(target, 2)
    return promote(source, target) == target


def _is_a(arg):
    if isinstance(arg, type) and issubclass(arg, generic):
        return arg
    return as_dtype(arg).type


def issubdtype(arg1, arg2):
    """Whether the first is the second or one of its kind."""
    if arg2 in (generic, number, integer, signedinteger, unsignedinteger, inexact, floating):
        return issubclass(_is_a(arg1), arg2)
    return issubclass(_is_a(arg1), _is_a(arg2))


class finfo:
    """The limits of a float dtype."""

    def __init__(self, of):
        of = as_dtype(type(of) if isinstance(of, (float, generic)) else of)
        if of.kind != "f":
            raise ValueError(f"data type {of.type!r} not inexact")
        self.dtype = of
        digits, low, high = (23, -126, 128) if of is FLOAT32 else (52, -1022, 1024)
        self.bits = of.itemsize * 8
        self.nmant, self.minexp, self.maxexp = digits, low, high
        self.precision, self.resolution = (6, of.type(1e-6)) if of is FLOAT32 else (15, of.type(1e-15))
        self.eps, self.epsneg = of.type(2.0**-digits), of.type(2.0 ** -(digits + 1))
        self.max = of.type((2.0 - 2.0**-digits) * 2.0 ** (high - 1))
        self.min = -self.max
        self.tiny = self.smallest_normal = of.type(2.0**low)
        self.smallest_subnormal = of.type(2.0 ** (low - digits))

    def __repr__(self):
        return (
            f"finfo(resolution={self.resolution}, min={self.min}, max={self.max}, dtype={self.dtype})"
        )


class iinfo:
    """The limits of an int dtype."""

    def __init__(self, of):
        of = as_dtype(type(of) if isinstance(of, (int, generic)) else of)
        if of is not INT64:
            raise ValueError(f"Invalid integer data type {of.kind!r}.")
        self.dtype, self.kind, self.bits = of, "i", 64
        self.min, self.max = -(2**63), 2**63 - 1

    def __repr__(self):
        return f"iinfo(min={self.min}, max={self.max}, dtype=int64)"
