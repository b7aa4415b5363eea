"""What a program asks of the machine: threads, devices, compilers. Here there is one processor."""

import sys as _sys
import types as _types

from . import amp
from ._dtypes import CPU
from ._tensor import Tensor
from .amp import autocast

strided, contiguous_format, preserve_format = "torch.strided", "torch.contiguous_format", "torch.preserve_format"
channels_last = "torch.channels_last"


def is_tensor(obj):
    return isinstance(obj, Tensor)


def is_floating_point(input):
    return input.is_floating_point()


def is_complex(input):
    return False


def numel(input):
    return input._a.size


def is_nonzero(input):
    return bool(input)


def set_num_threads(n):
    pass


def get_num_threads():
    return 1


set_num_interop_threads, get_num_interop_threads = set_num_threads, get_num_threads


def use_deterministic_algorithms(mode, *, warn_only=False):
    """Everything is deterministic here."""


def are_deterministic_algorithms_enabled():
    return True


def set_float32_matmul_precision(precision):
    pass


def get_float32_matmul_precision():
    return "highest"


def set_default_device(device):
    from ._dtypes import check_device

    check_device(device)


def get_default_device():
    return CPU


def set_default_tensor_type(t):
    from ._dtypes import DTYPES, set_default_dtype

    set_default_dtype({"DoubleTensor": DTYPES[3]}.get(getattr(t, "__name__", str(t).split(".")[-1]), DTYPES[2]))


def compile(model=None, **_):
    """Nothing is compiled: the model itself."""
    return (lambda function: function) if model is None else model


def result_type(a, b):
    from ._base import aligned
    from ._dtypes import DTYPES, default

    x, y = aligned(a, b)
    first = x if isinstance(x, Tensor) else y
    return first.dtype if isinstance(first, Tensor) else DTYPES[default.code]


def promote_types(a, b):
    return a if a._code >= b._code else b


def _module(name, doc, **names):
    made = _types.ModuleType(name, doc)
    made.__dict__.update(names)
    return made


def _nothing(*_, **__):
    return None


def _no(*_, **__):
    return False


def _zero(*_, **__):
    return 0


cuda = _module(
    "torch.cuda", "There is no CUDA in a browser.", is_available=_no, device_count=_zero, manual_seed=_nothing,
    manual_seed_all=_nothing, empty_cache=_nothing, synchronize=_nothing, is_initialized=_no, memory_allocated=_zero,
    max_memory_allocated=_zero, reset_peak_memory_stats=_nothing, is_bf16_supported=_no,
    amp=_module("torch.cuda.amp", amp.__doc__, autocast=amp._of_cuda(amp.autocast), GradScaler=amp._of_cuda(amp.GradScaler)),
)  # fmt: skip
mps = _module("torch.mps", "There is no Metal in a browser.", is_available=_no, manual_seed=_nothing, empty_cache=_nothing)
xpu = _module("torch.xpu", "There is no XPU in a browser.", is_available=_no, device_count=_zero, manual_seed=_nothing)
cpu = _module("torch.cpu", "The processor.", is_available=lambda: True, device_count=lambda: 1, synchronize=_nothing)
accelerator = _module(
    "torch.accelerator", "There is none: programs fall back to the processor.", is_available=_no, device_count=_zero,
    current_accelerator=_nothing, current_device_index=_zero, synchronize=_nothing,
)  # fmt: skip
backends = _module(
    "torch.backends", "Settings of backends, none of which is here.",
    cudnn=_module("torch.backends.cudnn", "", deterministic=False, benchmark=False, enabled=False, is_available=_no,
                  version=_nothing),
    mps=_module("torch.backends.mps", "", is_available=_no, is_built=_no),
    cuda=_module("torch.backends.cuda", "", is_built=_no, matmul=_module("torch.backends.cuda.matmul", "", allow_tf32=False)),
    mkldnn=_module("torch.backends.mkldnn", "", is_available=_no, enabled=False),
    openmp=_module("torch.backends.openmp", "", is_available=_no),
)  # fmt: skip
version = _module("torch.version", "", cuda=None, hip=None, __version__="2.15.0+danlu")

# `import torch.backends.cudnn as cudnn` looks for it among modules.
for _place in (cuda, cuda.amp, mps, xpu, cpu, accelerator, backends, backends.cudnn, backends.mps, backends.cuda, version):
    _sys.modules[_place.__name__] = _place

__all__ = [name for name in dir() if not name.startswith("_") and name not in ("CPU", "Tensor")]
