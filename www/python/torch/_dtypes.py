"""dtypes, sizes and devices."""

import numpy as np


class dtype:
    """The type of a tensor's elements."""

    def __init__(self, name, code, itemsize, legacy):
        self._name, self._code, self.itemsize, self._legacy = name, code, itemsize, legacy

    def __repr__(self):
        return f"torch.{self._name}"

    def __reduce__(self):
        return dtype_named, (self._name,)

    @property
    def is_floating_point(self):
        return self._code > 1

    is_complex = False
    is_signed = property(lambda self: self._code > 0)


bool = dtype("bool", 0, 1, "torch.BoolTensor")
int64 = dtype("int64", 1, 8, "torch.LongTensor")
float32 = dtype("float32", 2, 4, "torch.FloatTensor")
float64 = dtype("float64", 3, 8, "torch.DoubleTensor")
DTYPES = (bool, int64, float32, float64)
KINDS = ("Bool", "Long", "Float", "Double")
# Others that a program may name; asking for one says what is here instead.
_LACKING = {
    "float16": "float32", "half": "float32", "bfloat16": "float32", "int32": "int64", "int": "int64", "int16": "int64",
    "short": "int64", "int8": "int64", "uint8": "int64", "complex64": "float32", "complex128": "float64",
    "cfloat": "float32", "cdouble": "float64", "uint16": "int64", "uint32": "int64", "uint64": "int64",
    "float8_e4m3fn": "float32", "float8_e5m2": "float32", "quint8": "int64", "qint8": "int64",
}  # fmt: skip


class Lacking(dtype):
    """The name of a dtype that is not here: it can be mentioned, but no tensor has it."""

    def __init__(self, name, instead):
        super().__init__(name, None, 0, None)
        self._instead = instead

    @property
    def is_floating_point(self):
        return "float" in self._name or self._name == "half"


LACKING = {name: Lacking(name, instead) for name, instead in _LACKING.items()}
# PyTorch's second names are the same objects there.
LACKING["half"], LACKING["int"], LACKING["short"] = LACKING["float16"], LACKING["int32"], LACKING["int16"]


def dtype_named(name):
    return {d._name: d for d in DTYPES}[name]


class _Default:
    code = 2


default = _Default()


def set_default_dtype(d):
    if code_of(d) < 2:
        raise TypeError("only floating-point types are supported as the default type")
    default.code = d._code


def get_default_dtype():
    return DTYPES[default.code]


_OTHERS = {builtins: d for builtins, d in (("bool", bool), ("int", int64), ("float", float64))}


def code_of(d):
    """The code of a dtype, which may also be Python's bool, int or float, or None for the default."""
    if type(d) is dtype:
        return d._code
    if d is None:
        return default.code
    if type(d) is Lacking:
        raise NotImplementedError(
            f"torch.{d._name} is not here: tensors are torch.float32, torch.float64, torch.int64 or torch.bool; "
            f"the nearest is torch.{d._instead}"
        )
    if isinstance(d, type) and d.__name__ in _OTHERS:
        return _OTHERS[d.__name__]._code
    if isinstance(d, np.dtype) or isinstance(d, type) and issubclass(d, np.generic):
        raise TypeError(f"dtype must be a torch.dtype, such as torch.float32, not numpy's {np.dtype(d).name}")
    raise TypeError(f"dtype must be a torch.dtype, not {type(d).__name__}")


class Size(tuple):
    """The sizes of a tensor."""

    __slots__ = ()

    def __repr__(self):
        return f"torch.Size([{', '.join(map(str, self))}])"

    def numel(self):
        n = 1
        for size in self:
            n *= size
        return n

    def __getitem__(self, key):
        got = tuple.__getitem__(self, key)
        return Size(got) if type(key) is slice else got

    def __add__(self, other):
        return Size(tuple.__add__(self, tuple(other)))

    def __mul__(self, n):
        return Size(tuple.__mul__(self, n))

    def __reduce__(self):
        return Size, (tuple(self),)


class device:
    """Where tensors are: this computer's processor, whatever else is asked for is not there."""

    def __init__(self, type="cpu", index=None):
        if isinstance(type, device):
            type, index = type.type, type.index
        if not isinstance(type, str):
            raise TypeError(f"device() takes a text such as 'cpu', not {type.__class__.__name__}")
        name, _, number = type.partition(":")
        if name not in ("cpu", "cuda", "mps", "xpu", "meta"):
            raise RuntimeError(
                f"Expected one of cpu, cuda, mps, xpu, meta device type at start of device string: {type}"
            )
        self.type, self.index = name, int(number) if number else index

    def __repr__(self):
        return f"device(type={self.type!r}" + ("" if self.index is None else f", index={self.index}") + ")"

    def __str__(self):
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other):
        return isinstance(other, device) and (self.type, self.index or 0) == (other.type, other.index or 0)

    def __hash__(self):
        return hash((self.type, self.index or 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


CPU = device("cpu")


def check_device(d):
    """Nothing for the processor; else what PyTorch says on a computer that has none of the kind."""
    if d is None or d is CPU:
        return
    d = d if isinstance(d, device) else device(f"cuda:{d}" if isinstance(d, int) else d)
    if d.type == "cuda":
        raise AssertionError("Torch not compiled with CUDA enabled: here everything runs on the CPU, device='cpu'")
    if d.type != "cpu":
        raise RuntimeError(f"there is no {d.type} device here: everything runs on the CPU, device='cpu'")


class finfo:
    """The limits of a floating-point dtype."""

    def __init__(self, d=None):
        info = np.finfo("float32" if code_of(d) == 2 else "float64")
        self.dtype = DTYPES[code_of(d)]._name
        self.bits, self.eps, self.max, self.min = info.bits, float(info.eps), float(info.max), float(info.min)
        self.tiny = self.smallest_normal = float(info.tiny)
        self.resolution = float(info.resolution)

    def __repr__(self):
        return (f"finfo(resolution={self.resolution:g}, min={self.min:g}, max={self.max:g}, eps={self.eps:g}, "
                f"smallest_normal={self.tiny:g}, tiny={self.tiny:g}, dtype={self.dtype})")  # fmt: skip


class iinfo:
    """The limits of int64."""

    def __init__(self, d):
        if code_of(d) != 1:
            raise TypeError("torch.iinfo() requires an integer input type")
        self.bits, self.max, self.min, self.dtype = 64, 2**63 - 1, -(2**63), "int64"

    def __repr__(self):
        return f"iinfo(min={self.min}, max={self.max}, dtype={self.dtype})"
