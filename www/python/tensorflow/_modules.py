"""The smaller modules of TensorFlow: tf.math, tf.data, tf.image, tf.config, tf.compat and their like."""

import sys
import types

import numpy as np

from . import _data, _debugging, _dtypes, _math, _reductions, _shape_ops, nn
from ._core import as_tensor, made, to_numpy


class _Module(types.ModuleType):
    """A module whose unknown names say what is nearest."""

    def __init__(self, name, **contents):
        super().__init__(f"tensorflow.{name}")
        self.__dict__.update(contents)
        sys.modules[f"tensorflow.{name}"] = self

    def __getattr__(self, name):
        from ._missing import module_attribute

        raise module_attribute(self.__name__.replace("tensorflow", "tf", 1), self.__dict__, name)


_public = lambda module: {k: v for k, v in vars(module).items() if not k.startswith("_")}  # noqa: E731


def confusion_matrix(labels, predictions, num_classes=None, weights=None, dtype=_dtypes.int32, name=None):
    t, p = (np.asarray(to_numpy(x)).astype(int).reshape(-1) for x in (labels, predictions))
    n = num_classes or int(max(t.max(), p.max())) + 1
    counts = np.bincount(t * n + p, minlength=n * n).reshape(n, n)
    return _math.cast(made(counts), dtype)


def erf(x, name=None):
    """erf by gelu, which is x/2 · (1 + erf(x/√2))."""
    x = _math.floating(x)
    z = x * (2.0**0.5)
    safe = _math.where(_math.equal(z, 0.0), 1.0, z)
    return _math.where(_math.equal(z, 0.0), 0.0, 2.0 * nn.gelu(safe) / safe - 1.0)


math = _Module(
    "math",
    **{k: v for k, v in {**_public(_math), **_public(_reductions)}.items() if callable(v) and k not in ("operands", "fit", "floating", "axes_of", "as_tensor", "made", "labelled", "to_numpy", "as_dtype", "constant", "Tensor")},
    confusion_matrix=confusion_matrix, erf=erf, softmax=nn.softmax, log_softmax=nn.log_softmax, softplus=nn.softplus,
    l2_normalize=nn.l2_normalize, top_k=nn.top_k, in_top_k=nn.in_top_k,
)  # fmt: skip
debugging = _Module("debugging", **{k: v for k, v in _public(_debugging).items() if getattr(v, "__module__", "") == _debugging.__name__})
data = _Module("data", Dataset=_data.Dataset, AUTOTUNE=-1, INFINITE_CARDINALITY=-1, UNKNOWN_CARDINALITY=-2,
               experimental=types.SimpleNamespace(AUTOTUNE=-1))  # fmt: skip
data.__path__ = []
dtypes = _Module("dtypes", **_dtypes.ALL, as_dtype=_dtypes.as_dtype, DType=_dtypes.DType)
config = _Module(
    "config",
    list_physical_devices=lambda kind=None: [] if kind == "GPU" else [types.SimpleNamespace(name="/physical_device:CPU:0", device_type="CPU")],
    list_logical_devices=lambda kind=None: [],
    run_functions_eagerly=lambda on: None, set_visible_devices=lambda *a, **k: None,
    experimental=types.SimpleNamespace(set_memory_growth=lambda *a, **k: None, list_physical_devices=lambda kind=None: []),
    threading=types.SimpleNamespace(set_intra_op_parallelism_threads=lambda n: None, set_inter_op_parallelism_threads=lambda n: None),
)  # fmt: skip
test = _Module("test", is_gpu_available=lambda *a, **k: False, is_built_with_cuda=lambda: False, gpu_device_name=lambda: "")
version = _Module("version", VERSION="2.21.0")
autograph = _Module("autograph", experimental=types.SimpleNamespace(do_not_convert=lambda f=None, **k: f or (lambda g: g)),
                    set_verbosity=lambda *a, **k: None)  # fmt: skip


def function(func=None, **settings):
    """Runs the function as it is: everything here computes at once."""
    if func is None:
        return lambda f: function(f, **settings)

    return _Function(func)


class _Function:
    def __init__(self, func):
        self.python_function = func
        self.__name__, self.__doc__ = getattr(func, "__name__", "function"), func.__doc__
        self.__wrapped__ = func

    def __call__(self, *args, **kwargs):
        return self.python_function(*args, **kwargs)

    def __get__(self, owner, kind=None):
        return self if owner is None else types.MethodType(self, owner)

    def get_concrete_function(self, *args, **kwargs):
        return self


# ── images ─────────────────────────────────────────────────────────────────────────────────────


def resize(images, size, method="bilinear", preserve_aspect_ratio=False, antialias=False, name=None):
    """Images in another size, by the nearest pixel or by the four around a place."""
    x = _math.floating(images)
    single = x._a.ndim == 3
    x = _shape_ops.expand_dims(x, 0) if single else x
    (h, w), (oh, ow) = x._a.shape[1:3], _shape_ops.numbers(size)
    method = str(method).lower().rpartition(".")[2]
    if method in ("nearest", "nearest_neighbor", "resizemethod.nearest_neighbor"):
        rows, columns = (np.minimum(((np.arange(o) + 0.5) * n / o).astype(int), n - 1) for n, o in ((h, oh), (w, ow)))
        y = _shape_ops.gather(_shape_ops.gather(x, rows, axis=1), columns, axis=2)
    elif method == "bilinear":
        y = _lines(_lines(x, 1, oh), 2, ow)
    else:
        raise NotImplementedError(f"tf.image.resize method {method!r} is not in this TensorFlow; nearest here: 'bilinear'")
    return _shape_ops.squeeze(y, [0]) if single else y


def _lines(x, axis, size):
    """Along one axis, between the two pixels around each place."""
    n = x._a.shape[axis]
    if n == size:
        return x
    at = np.clip((np.arange(size) + 0.5) * n / size - 0.5, 0, n - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, n - 1)
    part = (at - low).astype(np.float32).reshape([-1 if i == axis else 1 for i in range(x._a.ndim)])
    a, b = _shape_ops.gather(x, low, axis=axis), _shape_ops.gather(x, high, axis=axis)
    return a + (b - a) * as_tensor(part)


def flip_left_right(image):
    x = as_tensor(image)
    return _shape_ops.reverse(x, [x._a.ndim - 2])


def flip_up_down(image):
    x = as_tensor(image)
    return _shape_ops.reverse(x, [x._a.ndim - 3])


def rgb_to_grayscale(images, name=None):
    return _reductions.reduce_sum(_math.floating(images) * as_tensor([0.2989, 0.587, 0.114]), -1, keepdims=True)


def convert_image_dtype(image, dtype, saturate=False, name=None):
    x = as_tensor(image)
    y = _math.cast(x, dtype)
    return y / 255.0 if x.dtype.is_integer and y.dtype.is_floating else y


image = _Module("image", resize=resize, flip_left_right=flip_left_right, flip_up_down=flip_up_down,
                rgb_to_grayscale=rgb_to_grayscale, convert_image_dtype=convert_image_dtype,
                ResizeMethod=types.SimpleNamespace(BILINEAR="bilinear", NEAREST_NEIGHBOR="nearest"))  # fmt: skip


def _read_file(filename, name=None):
    with open(filename, "rb") as file:
        return file.read()


io = _Module("io", read_file=_read_file)


def _initializers():
    import keras

    return keras.initializers


class _Lazy(types.ModuleType):
    def __getattr__(self, name):
        return getattr(_initializers(), name)


initializers = _Lazy("tensorflow.initializers")


class _Version1(types.ModuleType):
    """tf.compat.v1: its optimisers, and what has kept its name."""

    def __getattr__(self, name):
        import tensorflow as tf

        if name in ("disable_eager_execution", "disable_v2_behavior"):
            raise NotImplementedError(
                f"tf.compat.v1.{name} is not in this TensorFlow: everything computes at once. Nearest here: tf.function"
            )
        if name in ("enable_eager_execution", "enable_v2_behavior"):
            return lambda *a, **k: None
        if name == "random_normal":
            return tf.random.normal
        if name == "logging":
            return types.SimpleNamespace(set_verbosity=lambda level: None, ERROR=40, INFO=20, WARN=30)
        return getattr(tf, name)


_v1 = _Version1("tensorflow.compat.v1")
compat = _Module("compat", v1=_v1)
compat.__path__ = []
sys.modules["tensorflow.compat.v1"] = _v1
