"""Layers that change shapes and compute nothing."""

import math

from .. import ops
from ._base import Layer
from ._conv import channels_last, sizes
from ._spec import InputSpec


class Flatten(Layer):
    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = channels_last(data_format)
        self.input_spec = InputSpec(min_ndim=1)
        self.__dict__["built"] = True

    def call(self, inputs):
        return ops.reshape(inputs, self.compute_output_shape(tuple(inputs.shape)))

    def compute_output_shape(self, input_shape):
        if len(input_shape) == 1:
            return (input_shape[0], 1)
        rest = input_shape[1:]
        return (input_shape[0], None if None in rest else math.prod(rest))

    def _plan(self):
        return {"type": "flatten"}

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format}


class Reshape(Layer):
    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)
        self.__dict__["built"] = True

    def _resolved(self, input_shape):
        target, rest = self.target_shape, tuple(input_shape[1:])
        if target.count(-1) > 1:
            raise ValueError(f"Only one dimension of `target_shape` may be -1. Received: target_shape={target}")
        if None in rest:
            return tuple(None if n == -1 else n for n in target)
        size, known = math.prod(rest), math.prod(n for n in target if n != -1)
        if -1 in target and known and size % known == 0:
            return tuple(size // known if n == -1 else n for n in target)
        if -1 in target or size != known:
            raise ValueError(
                f"The total size of the tensor must be unchanged. Received: input_shape={rest}, target_shape={target}"
            )
        return target

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self._resolved(input_shape))

    def call(self, inputs):
        return ops.reshape(inputs, (inputs.shape[0], *self._resolved(tuple(inputs.shape))))

    def _plan(self):
        return {"type": "reshape", "shape": list(self.target_shape)}

    def get_config(self):
        return {**super().get_config(), "target_shape": self.target_shape}


class Permute(Layer):
    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(dims) != list(range(1, len(dims) + 1)):
            raise ValueError(
                f"Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be "
                f"consecutive and start from 1. Received dims={dims}"
            )
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *(input_shape[d] for d in self.dims))

    def call(self, inputs):
        return ops.transpose(inputs, (0, *self.dims))

    def get_config(self):
        return {**super().get_config(), "dims": self.dims}


class RepeatVector(Layer):
    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        self.n = n
        self.input_spec = InputSpec(ndim=2)
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.n, input_shape[1])

    def call(self, inputs):
        return ops.repeat(ops.expand_dims(inputs, 1), self.n, axis=1)

    def get_config(self):
        return {**super().get_config(), "n": self.n}


def _around(value, rank):
    """((before, after), …) of a size, one size per axis, or two."""
    if isinstance(value, int):
        return ((value, value),) * rank
    value = tuple(value)
    if rank == 1 and len(value) == 2:
        return (tuple(value),)
    if len(value) != rank:
        raise ValueError(f"`padding` should have {rank} elements. Received: {value}")
    return tuple((n, n) if isinstance(n, int) else tuple(n) for n in value)


class ZeroPadding2D(Layer):
    rank = 2

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.padding, self.data_format = _around(padding, self.rank), channels_last(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        middle = (None if n is None else n + a + b for n, (a, b) in zip(input_shape[1:-1], self.padding))
        return (input_shape[0], *middle, input_shape[-1])

    def call(self, inputs):
        return ops.pad(inputs, ((0, 0), *self.padding, (0, 0)))

    def _plan(self):
        if self.rank != 2:
            return None
        return {"type": "zero_padding2d", "padding": [n for pair in self.padding for n in pair]}

    def get_config(self):
        return {**super().get_config(), "padding": self.padding, "data_format": self.data_format}


class ZeroPadding1D(ZeroPadding2D):
    rank = 1

    def __init__(self, padding=1, data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)


class Cropping2D(Layer):
    rank = 2

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.cropping, self.data_format = _around(cropping, self.rank), channels_last(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        middle = tuple(None if n is None else n - a - b for n, (a, b) in zip(input_shape[1:-1], self.cropping))
        if any(n is not None and n <= 0 for n in middle):
            raise ValueError(f"`cropping` parameter of `Cropping` layer is too large: input_shape={input_shape}, cropping={self.cropping}")
        return (input_shape[0], *middle, input_shape[-1])

    def call(self, inputs):
        shape = self.compute_output_shape(tuple(inputs.shape))
        key = (slice(None), *(slice(a, a + n) for n, (a, _) in zip(shape[1:-1], self.cropping)))
        return inputs[key]

    def get_config(self):
        return {**super().get_config(), "cropping": self.cropping, "data_format": self.data_format}


class Cropping1D(Cropping2D):
    rank = 1

    def __init__(self, cropping=(1, 1), **kwargs):
        super().__init__(cropping, **kwargs)


class UpSampling2D(Layer):
    rank = 2

    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(**kwargs)
        self.size, self.data_format, self.interpolation = sizes(size, self.rank, "size"), channels_last(data_format), interpolation
        if interpolation not in ("nearest", "bilinear"):
            raise NotImplementedError(f"interpolation={interpolation!r} is not in this Keras; nearest here: 'bilinear'")
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        middle = (None if n is None else n * k for n, k in zip(input_shape[1:-1], self.size))
        return (input_shape[0], *middle, input_shape[-1])

    def call(self, inputs):
        if self.interpolation == "bilinear":
            return ops.image.resize(inputs, self.compute_output_shape(tuple(inputs.shape))[1:-1], "bilinear")
        for axis, times in enumerate(self.size, 1):
            inputs = ops.repeat(inputs, times, axis=axis)
        return inputs

    def get_config(self):
        return {**super().get_config(), "size": self.size, "data_format": self.data_format, "interpolation": self.interpolation}


class UpSampling1D(UpSampling2D):
    rank = 1

    def __init__(self, size=2, **kwargs):
        super().__init__(size, **kwargs)
