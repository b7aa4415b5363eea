"""Convolutions and pools as modules."""

import math

from .. import _spatial
from .._create import empty
from .._spatial import tuple_of
from . import functional as F
from . import init
from ._layers import Lazy, fill, lazy, note
from ._module import Module
from .parameter import Parameter, UninitializedParameter


class _Conv(Module):
    _n, _transposed = 2, False

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True,
                 padding_mode="zeros", device=None, dtype=None, output_padding=0):  # fmt: skip
        super().__init__()
        n = self._n
        if groups <= 0:
            raise ValueError("groups must be a positive integer")
        if in_channels % groups:
            raise ValueError("in_channels must be divisible by groups")
        if out_channels % groups:
            raise ValueError("out_channels must be divisible by groups")
        if padding_mode not in ("zeros", "reflect", "replicate", "circular"):
            raise ValueError(
                f"padding_mode must be one of {{'zeros', 'reflect', 'replicate', 'circular'}}, but got padding_mode={padding_mode!r}"
            )
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride = tuple_of(kernel_size, n), tuple_of(stride, n)
        self.padding = padding if isinstance(padding, str) else tuple_of(padding, n)
        if isinstance(padding, str) and padding == "same" and any(s != 1 for s in self.stride):
            raise ValueError("padding='same' is not supported for strided convolutions")
        self.dilation, self.groups, self.padding_mode = tuple_of(dilation, n), groups, padding_mode
        self.transposed, self.output_padding = self._transposed, tuple_of(output_padding, n)
        self._dtype = dtype
        if in_channels:
            self.weight = Parameter(empty(*self._sizes(), device=device, dtype=dtype))
            if bias:
                self.bias = Parameter(empty(out_channels, device=device, dtype=dtype))
            else:
                self.register_parameter("bias", None)
            self.reset_parameters()

    def _sizes(self):
        if self.transposed:
            return (self.in_channels, self.out_channels // self.groups, *self.kernel_size)
        return (self.out_channels, self.in_channels // self.groups, *self.kernel_size)

    def reset_parameters(self):
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        if self.bias is not None:
            fan_in, _ = init._calculate_fan_in_and_fan_out(self.weight)
            if fan_in:
                init.uniform_(self.bias, -1 / math.sqrt(fan_in), 1 / math.sqrt(fan_in))

    def forward(self, input):
        padding = self.padding
        function = _spatial.conv2d if self._n == 2 else _spatial.conv1d
        try:
            if self.padding_mode != "zeros":
                around = _spatial._around(padding, self._n, self.kernel_size, self.dilation, self.stride)
                input = F.pad(input, [p for pair in around[::-1] for p in pair], self.padding_mode)
                padding = 0
            return function(input, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)
        except RuntimeError as error:
            sizes = ", ".join("HW" if self._n == 2 else "L")
            raise note(error, self, input, f"[N, {self.in_channels}, {sizes}]")

    def extra_repr(self):
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        if self.padding != (0,) * self._n:
            text += f", padding={self.padding}"
        if self.dilation != (1,) * self._n:
            text += f", dilation={self.dilation}"
        if self.output_padding != (0,) * self._n:
            text += f", output_padding={self.output_padding}"
        if self.groups != 1:
            text += f", groups={self.groups}"
        if self.bias is None:
            text += ", bias=False"
        return text if self.padding_mode == "zeros" else text + f", padding_mode={self.padding_mode}"


class Conv1d(_Conv):
    """[N, C, L] -> [N, O, OL]."""

    _n = 1


class Conv2d(_Conv):
    """[N, C, H, W] -> [N, O, OH, OW]."""


class _Transposed(_Conv):
    _transposed = True

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True,
                 dilation=1, padding_mode="zeros", device=None, dtype=None):  # fmt: skip
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}')
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode,
                         device, dtype, output_padding)  # fmt: skip

    def forward(self, input, output_size=None):
        function = _spatial.conv_transpose2d if self._n == 2 else _spatial.conv_transpose1d
        extra = self.output_padding
        if output_size is not None:
            plain = [(n - 1) * s - 2 * p + d * (k - 1) + 1 for n, s, p, d, k in zip(
                input.shape[-self._n :], self.stride, self.padding, self.dilation, self.kernel_size)]  # fmt: skip
            extra = tuple([want - got for want, got in zip(output_size[-self._n :], plain)])
        try:
            return function(input, self.weight, self.bias, self.stride, self.padding, extra, self.groups, self.dilation)
        except RuntimeError as error:
            raise note(error, self, input, f"[N, {self.in_channels}, {'H, W' if self._n == 2 else 'L'}]")


class ConvTranspose2d(_Transposed):
    """[N, C, H, W] -> [N, O, OH, OW], the way back of a convolution."""


class ConvTranspose1d(_Transposed):
    _n = 1


class _LazyConv(Lazy):
    def __init__(self, out_channels, kernel_size, *args, bias=True, **settings):
        self._plain.__init__(self, 0, out_channels, kernel_size, *args, bias=bias, **settings)
        self.weight = UninitializedParameter()
        if bias:
            self.bias = UninitializedParameter()
        else:
            self.register_parameter("bias", None)

    def _begin(self, input):
        self.in_channels = input.shape[-1 - self._n]
        fill(self, weight=self._sizes(), bias=(self.out_channels,), dtype=self._dtype)
        self.reset_parameters()


@lazy(Conv1d)
class LazyConv1d(_LazyConv, Conv1d):
    _plain = Conv1d


@lazy(Conv2d)
class LazyConv2d(_LazyConv, Conv2d):
    _plain = Conv2d


@lazy(ConvTranspose2d)
class LazyConvTranspose2d(_LazyConv, ConvTranspose2d):
    _plain = ConvTranspose2d


class _MaxPool(Module):
    def __init__(self, kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False):
        super().__init__()
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.dilation = padding, dilation
        self.return_indices, self.ceil_mode = return_indices, ceil_mode

    def forward(self, input):
        function = _spatial.max_pool1d if type(self).__name__ == "MaxPool1d" else _spatial.max_pool2d
        return function(input, self.kernel_size, self.stride, self.padding, dilation=self.dilation,
                        ceil_mode=self.ceil_mode, return_indices=self.return_indices)  # fmt: skip

    def extra_repr(self):
        return (f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, dilation={self.dilation}, "
                f"ceil_mode={self.ceil_mode}")  # fmt: skip


class MaxPool1d(_MaxPool):
    pass


class MaxPool2d(_MaxPool):
    pass


class MaxUnpool2d(Module):
    def __init__(self, kernel_size, stride=None, padding=0):
        super().__init__()
        self.kernel_size, self.padding = tuple_of(kernel_size, 2), tuple_of(padding, 2)
        self.stride = self.kernel_size if stride is None else tuple_of(stride, 2)

    def forward(self, input, indices, output_size=None):
        return F.max_unpool2d(input, indices, self.kernel_size, self.stride, self.padding, output_size)

    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool2d(Module):
    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None):
        super().__init__()
        self.kernel_size, self.stride, self.padding = kernel_size, kernel_size if stride is None else stride, padding
        self.ceil_mode, self.count_include_pad, self.divisor_override = ceil_mode, count_include_pad, divisor_override

    def forward(self, input):
        return F.avg_pool2d(input, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad,
                            self.divisor_override)  # fmt: skip

    def extra_repr(self):
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool1d(Module):
    def __init__(self, kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True):
        super().__init__()
        self.kernel_size, self.padding = tuple_of(kernel_size, 1), tuple_of(padding, 1)
        self.stride = self.kernel_size if stride is None else tuple_of(stride, 1)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, input):
        return F.avg_pool1d(input, self.kernel_size, self.stride, self.padding, ceil_mode=self.ceil_mode,
                            count_include_pad=self.count_include_pad)  # fmt: skip

    extra_repr = AvgPool2d.extra_repr


def _adaptive(name, function):
    class Adaptive(Module):
        def __init__(self, output_size, return_indices=False):
            super().__init__()
            self.output_size = output_size

        def forward(self, input):
            return function(input, self.output_size)

        def extra_repr(self):
            return f"output_size={self.output_size}"

    Adaptive.__name__ = Adaptive.__qualname__ = name
    return Adaptive


AdaptiveAvgPool1d = _adaptive("AdaptiveAvgPool1d", F.adaptive_avg_pool1d)
AdaptiveAvgPool2d = _adaptive("AdaptiveAvgPool2d", F.adaptive_avg_pool2d)
AdaptiveMaxPool1d = _adaptive("AdaptiveMaxPool1d", F.adaptive_max_pool1d)
AdaptiveMaxPool2d = _adaptive("AdaptiveMaxPool2d", F.adaptive_max_pool2d)
