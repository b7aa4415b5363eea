"""Pooling: windows, or whole images and sequences."""

from .. import ops
from ._base import Layer
from ._conv import along, channels_last, padding_name, sizes
from ._spec import InputSpec


class _Pooling(Layer):
    rank, mode = 2, "max"

    def __init__(self, pool_size=2, strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = sizes(pool_size, self.rank, "pool_size")
        self.strides = self.pool_size if strides is None else sizes(strides, self.rank, "strides")
        self.padding = padding_name(padding)
        self.data_format = channels_last(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        places = zip(input_shape[1:-1], self.pool_size, self.strides)
        shape = (input_shape[0], *(along(n, k, s, self.padding) for n, k, s in places), input_shape[-1])
        if any(n is not None and n <= 0 for n in shape[1:]):
            raise ValueError(
                "Computed output size would be zero or negative. Received "
                f"`inputs shape={tuple(input_shape)}`, `pool_size={self.pool_size}`, `strides={self.strides}`, "
                f"`padding={self.padding}` in layer '{self.name}'."
            )
        return shape

    def call(self, inputs):
        self.compute_output_shape(tuple(inputs.shape))
        pool = ops.max_pool if self.mode == "max" else ops.average_pool
        return pool(inputs, self.pool_size, strides=self.strides, padding=self.padding)

    def _plan(self):
        if self.rank != 2:
            return None
        return {"type": "max_pool2d" if self.mode == "max" else "avg_pool2d", "size": list(self.pool_size),
                "stride": list(self.strides), "padding": self.padding}  # fmt: skip

    def get_config(self):
        return {**super().get_config(), "pool_size": self.pool_size, "padding": self.padding, "strides": self.strides,
                "data_format": self.data_format}  # fmt: skip


class MaxPooling1D(_Pooling):
    rank = 1


class AveragePooling1D(_Pooling):
    rank, mode = 1, "average"


class MaxPooling2D(_Pooling):
    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", data_format=None, name=None, **kwargs):
        super().__init__(pool_size, strides, padding, data_format, name=name, **kwargs)


class AveragePooling2D(_Pooling):
    mode = "average"

    def __init__(self, pool_size=(2, 2), strides=None, padding="valid", data_format=None, name=None, **kwargs):
        super().__init__(pool_size, strides, padding, data_format, name=name, **kwargs)


class _Global(Layer):
    rank, mode = 2, "max"

    def __init__(self, data_format=None, keepdims=False, **kwargs):
        super().__init__(**kwargs)
        self.data_format, self.keepdims = channels_last(data_format), keepdims
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self.__dict__["built"] = True

    def compute_output_shape(self, input_shape):
        if self.keepdims:
            return (input_shape[0], *(1,) * self.rank, input_shape[-1])
        return (input_shape[0], input_shape[-1])

    def call(self, inputs):
        reduce = ops.max if self.mode == "max" else ops.mean
        return reduce(inputs, axis=tuple(range(1, self.rank + 1)), keepdims=self.keepdims)

    def _plan(self):
        if self.keepdims:
            return None
        return {"type": f"global_{'max' if self.mode == 'max' else 'avg'}_pool{self.rank}d"}

    def get_config(self):
        return {**super().get_config(), "data_format": self.data_format, "keepdims": self.keepdims}


class GlobalMaxPooling1D(_Global):
    rank = 1


class GlobalAveragePooling1D(_Global):
    rank, mode = 1, "average"

    def call(self, inputs, mask=None):
        if mask is None:
            return super().call(inputs)
        kept = ops.cast(ops.expand_dims(mask, -1), inputs.dtype)
        return ops.sum(inputs * kept, axis=1, keepdims=self.keepdims) / ops.sum(kept, axis=1, keepdims=self.keepdims)


class GlobalMaxPooling2D(_Global):
    pass


class GlobalAveragePooling2D(_Global):
    mode = "average"


MaxPool1D, MaxPool2D, AvgPool1D, AvgPool2D = MaxPooling1D, MaxPooling2D, AveragePooling1D, AveragePooling2D
GlobalMaxPool1D, GlobalMaxPool2D = GlobalMaxPooling1D, GlobalMaxPooling2D
GlobalAvgPool1D, GlobalAvgPool2D = GlobalAveragePooling1D, GlobalAveragePooling2D
