"""What training makes small: losses as objects and as functions of single samples."""

import math

from .. import _names, ops
from .._registry import Described, lookup

_EPSILON = 1e-7


def _floats(y_true, y_pred):
    """Both as tensors of one floating dtype and of one rank."""
    y_pred = ops.convert_to_tensor(y_pred)
    if not ops.is_float(y_pred):
        y_pred = ops.cast(y_pred, "float32")
    y_true = ops.cast(ops.convert_to_tensor(y_true), y_pred.dtype)
    return same_rank(y_true, y_pred)


def same_rank(a, b):
    """An axis of size 1 at the end, which one of the two has and the other lacks, goes or comes."""
    if a.ndim == b.ndim + 1 and a.shape[-1] == 1:
        a = ops.squeeze(a, axis=-1) if b.ndim > 1 or True else a
    elif b.ndim == a.ndim + 1 and b.shape[-1] == 1:
        a = ops.expand_dims(a, -1)
    return a, b


# ── functions ──────────────────────────────────────────────────────────────────────────────────


def mean_squared_error(y_true, y_pred):
    """mean (y − ŷ)² over the last axis."""
    y_true, y_pred = _floats(y_true, y_pred)
    _fitting(y_true, y_pred)
    return ops.mean(ops.square(y_true - y_pred), axis=-1)


def mean_absolute_error(y_true, y_pred):
    y_true, y_pred = _floats(y_true, y_pred)
    _fitting(y_true, y_pred)
    return ops.mean(ops.absolute(y_true - y_pred), axis=-1)


def mean_absolute_percentage_error(y_true, y_pred):
    y_true, y_pred = _floats(y_true, y_pred)
    return 100.0 * ops.mean(ops.absolute((y_true - y_pred) / ops.maximum(ops.absolute(y_true), _EPSILON)), axis=-1)


def mean_squared_logarithmic_error(y_true, y_pred):
    y_true, y_pred = _floats(y_true, y_pred)
    a, b = ops.log(ops.maximum(y_pred, _EPSILON) + 1.0), ops.log(ops.maximum(y_true, _EPSILON) + 1.0)
    return ops.mean(ops.square(a - b), axis=-1)


def cosine_similarity(y_true, y_pred, axis=-1):
    y_true, y_pred = _floats(y_true, y_pred)
    return ops.sum(ops.normalize(y_true, axis=axis) * ops.normalize(y_pred, axis=axis), axis=axis)


def huber(y_true, y_pred, delta=1.0):
    y_true, y_pred = _floats(y_true, y_pred)
    _fitting(y_true, y_pred)
    error = ops.absolute(y_pred - y_true)
    return ops.mean(ops.where(error <= delta, 0.5 * ops.square(error), delta * error - 0.5 * delta**2), axis=-1)


def log_cosh(y_true, y_pred):
    y_true, y_pred = _floats(y_true, y_pred)
    x = y_pred - y_true
    return ops.mean(x + ops.softplus(-2.0 * x) - math.log(2.0), axis=-1)


def poisson(y_true, y_pred):
    y_true, y_pred = _floats(y_true, y_pred)
    return ops.mean(y_pred - y_true * ops.log(y_pred + _EPSILON), axis=-1)


def kl_divergence(y_true, y_pred):
    y_true, y_pred = _floats(y_true, y_pred)
    y_true, y_pred = ops.clip(y_true, _EPSILON, 1.0), ops.clip(y_pred, _EPSILON, 1.0)
    return ops.sum(y_true * ops.log(y_true / y_pred), axis=-1)


def _signs(y_true):
    """0 and 1 as −1 and 1."""
    values = y_true.numpy()
    return 2.0 * y_true - 1.0 if ((values == 0) | (values == 1)).all() else y_true


def hinge(y_true, y_pred):
    y_true, y_pred = _floats(y_true, y_pred)
    return ops.mean(ops.maximum(1.0 - _signs(y_true) * y_pred, 0.0), axis=-1)


def squared_hinge(y_true, y_pred):
    y_true, y_pred = _floats(y_true, y_pred)
    return ops.mean(ops.square(ops.maximum(1.0 - _signs(y_true) * y_pred, 0.0)), axis=-1)


def categorical_hinge(y_true, y_pred):
    y_true, y_pred = _floats(y_true, y_pred)
    right, wrong = ops.sum(y_true * y_pred, axis=-1), ops.max((1.0 - y_true) * y_pred, axis=-1)
    return ops.maximum(wrong - right + 1.0, 0.0)


def binary_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    y_true, y_pred = _floats(y_true, y_pred)
    _fitting(y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    return ops.mean(ops.binary_crossentropy(y_true, y_pred, from_logits=from_logits), axis=axis)


def binary_focal_crossentropy(y_true, y_pred, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False,
                              label_smoothing=0.0, axis=-1):  # fmt: skip
    y_true, y_pred = _floats(y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    p = ops.sigmoid(y_pred) if from_logits else y_pred
    cost = ops.binary_crossentropy(y_true, p)
    hit = y_true * p + (1.0 - y_true) * (1.0 - p)
    cost = ops.power(1.0 - hit, gamma) * cost
    if apply_class_balancing:
        cost = (y_true * alpha + (1.0 - y_true) * (1.0 - alpha)) * cost
    return ops.mean(cost, axis=axis)


def categorical_crossentropy(y_true, y_pred, from_logits=False, label_smoothing=0.0, axis=-1):
    y_pred = ops.convert_to_tensor(y_pred)
    y_true = ops.cast(ops.convert_to_tensor(y_true), y_pred.dtype)
    if y_pred.shape[-1] == 1:
        import warnings

        warnings.warn(
            "In loss categorical_crossentropy, expected y_pred.shape to be (batch_size, num_classes) with num_classes > "
            f"1. Received: y_pred.shape={tuple(y_pred.shape)}. Consider using 'binary_crossentropy' if you only have 2 classes.",
            SyntaxWarning, stacklevel=2,
        )  # fmt: skip
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + label_smoothing / y_true.shape[axis]
    return ops.categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)


def sparse_categorical_crossentropy(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    if y_true.ndim == y_pred.ndim and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, axis=-1)
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits=from_logits, axis=axis)
    kept = ops.not_equal(y_true, ignore_class)
    labels = ops.where(kept, ops.cast(y_true, "int32"), ops.zeros_like(ops.cast(y_true, "int32")))
    cost = ops.sparse_categorical_crossentropy(labels, y_pred, from_logits=from_logits, axis=axis)
    return cost * ops.cast(kept, cost.dtype)


def _fitting(y_true, y_pred):
    a, b = tuple(y_true.shape), tuple(y_pred.shape)
    for n, m in zip(reversed(a), reversed(b)):
        if n != m and 1 not in (n, m):
            raise ValueError(
                f"Dimensions must be equal, but are {n} and {m}: the targets have shape {a}, the model's output {b}. "
                f"Give targets of shape {b}, or let the last layer have {a[-1]} units."
            )


# ── objects ────────────────────────────────────────────────────────────────────────────────────


class Loss(Described):
    def __init__(self, name=None, reduction="sum_over_batch_size", dtype=None):
        self.name = name or _names.auto_name(type(self).__name__)
        if reduction == "auto":
            reduction = "sum_over_batch_size"
        if reduction not in ("sum_over_batch_size", "sum", "none", None, "mean", "mean_with_sample_weight"):
            raise ValueError(
                "Invalid value for argument `reduction`. Expected one of {'sum', 'sum_over_batch_size', 'mean', "
                f"'mean_with_sample_weight', 'none', None}}. Received: reduction={reduction}"
            )
        self.reduction = reduction

    def __call__(self, y_true, y_pred, sample_weight=None):
        return reduced(self.call(y_true, y_pred), sample_weight, self.reduction)

    def call(self, y_true, y_pred):
        raise NotImplementedError

    def get_config(self):
        return {"name": self.name, "reduction": self.reduction}


def reduced(values, sample_weight, reduction):
    """The single number of single samples' losses."""
    values = ops.convert_to_tensor(values)
    if sample_weight is not None:
        weight = ops.cast(ops.convert_to_tensor(sample_weight), values.dtype)
        while weight.ndim > values.ndim and weight.shape[-1] == 1:
            weight = ops.squeeze(weight, axis=-1)
        while weight.ndim < values.ndim:
            weight = ops.expand_dims(weight, -1)
        values = values * weight
    if reduction in ("none", None) or not values.ndim:
        return values
    total = ops.sum(values)
    if reduction == "sum":
        return total
    if reduction == "mean_with_sample_weight" and sample_weight is not None:
        return total / ops.sum(weight)
    return total / float(max(1, math.prod(values.shape)))


class LossFunctionWrapper(Loss):
    """A function of (y_true, y_pred) as a loss."""

    def __init__(self, fn, reduction="sum_over_batch_size", name=None, dtype=None, **kwargs):
        super().__init__(name=name or getattr(fn, "__name__", None), reduction=reduction)
        self.fn, self._fn_settings = fn, kwargs

    def call(self, y_true, y_pred):
        return self.fn(y_true, y_pred, **self._fn_settings)

    def get_config(self):
        return {**super().get_config(), **self._fn_settings}

    def __repr__(self):
        return f"<LossFunctionWrapper({self.fn}, kwargs={self._fn_settings})>"


def _loss(name, function, **defaults):
    """A class of a loss with its settings and Keras's order of arguments."""
    text = function.__name__

    def __init__(self, *args, **kwargs):
        settings = dict(defaults)
        order = [*defaults, "reduction", "name", "dtype"]
        if not defaults:
            order = ["reduction", "name", "dtype"]
        given = {**dict(zip(order, args)), **kwargs}
        unknown = set(given) - set(order)
        if unknown:
            raise TypeError(f"{name}.__init__() got an unexpected keyword argument {sorted(unknown)[0]!r}")
        settings.update({key: value for key, value in given.items() if key in defaults})
        LossFunctionWrapper.__init__(
            self, function, given.get("reduction", "sum_over_batch_size"), given.get("name") or text, **settings
        )
        for key, value in settings.items():
            setattr(self, key, value)

    def get_config(self):
        return {"name": self.name, "reduction": self.reduction, **self._fn_settings}

    made = type(name, (LossFunctionWrapper,), {"__init__": __init__, "get_config": get_config, "__module__": __name__})
    return made


def _negative_cosine(y_true, y_pred, axis=-1):
    return -cosine_similarity(y_true, y_pred, axis=axis)


_negative_cosine.__name__ = "cosine_similarity"

MeanSquaredError = _loss("MeanSquaredError", mean_squared_error)
MeanAbsoluteError = _loss("MeanAbsoluteError", mean_absolute_error)
MeanAbsolutePercentageError = _loss("MeanAbsolutePercentageError", mean_absolute_percentage_error)
MeanSquaredLogarithmicError = _loss("MeanSquaredLogarithmicError", mean_squared_logarithmic_error)
CosineSimilarity = _loss("CosineSimilarity", _negative_cosine, axis=-1)
Huber = _loss("Huber", huber, delta=1.0)
LogCosh = _loss("LogCosh", log_cosh)
Poisson = _loss("Poisson", poisson)
KLDivergence = _loss("KLDivergence", kl_divergence)
Hinge = _loss("Hinge", hinge)
SquaredHinge = _loss("SquaredHinge", squared_hinge)
CategoricalHinge = _loss("CategoricalHinge", categorical_hinge)
BinaryCrossentropy = _loss("BinaryCrossentropy", binary_crossentropy, from_logits=False, label_smoothing=0.0, axis=-1)
BinaryFocalCrossentropy = _loss(
    "BinaryFocalCrossentropy", binary_focal_crossentropy, apply_class_balancing=False, alpha=0.25, gamma=2.0,
    from_logits=False, label_smoothing=0.0, axis=-1,
)  # fmt: skip
CategoricalCrossentropy = _loss(
    "CategoricalCrossentropy", categorical_crossentropy, from_logits=False, label_smoothing=0.0, axis=-1
)
SparseCategoricalCrossentropy = _loss(
    "SparseCategoricalCrossentropy", sparse_categorical_crossentropy, from_logits=False, ignore_class=None, axis=-1
)

mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
logcosh = log_cosh
kld = KLD = kullback_leibler_divergence = kl_divergence

_CLASSES = {
    text: thing
    for name, thing in list(globals().items())
    if isinstance(thing, type) and issubclass(thing, LossFunctionWrapper) and thing is not LossFunctionWrapper
    for text in (name, _names.to_snake_case(name))
}
_TABLE = dict(_CLASSES)
for _short, _class in (
    ("mse", MeanSquaredError), ("mae", MeanAbsoluteError), ("mape", MeanAbsolutePercentageError),
    ("msle", MeanSquaredLogarithmicError), ("bce", BinaryCrossentropy), ("kld", KLDivergence), ("logcosh", LogCosh),
    ("kl_divergence", KLDivergence), ("kullback_leibler_divergence", KLDivergence), ("log_cosh", LogCosh),
):  # fmt: skip
    _TABLE[_short] = _TABLE[_short.upper()] = _class


def get(identifier):
    """A function for a name, as in Keras; an object for a description."""
    if identifier is None:
        return None
    if isinstance(identifier, str):
        found = lookup(identifier, _TABLE, "loss", Loss)
        return found.fn if type(found) in _CLASSES.values() else found
    return lookup(identifier, _TABLE, "loss", Loss)


def as_object(identifier):
    """The loss object that `compile` takes an identifier for."""
    found = lookup(identifier, _TABLE, "loss", Loss)
    if isinstance(found, Loss):
        return found
    for made in _CLASSES.values():
        if made is not CosineSimilarity and made().fn is found:
            return made()
    return LossFunctionWrapper(found, name=getattr(found, "__name__", None) or type(found).__name__)


def serialize(loss):
    return {"class_name": type(loss).__name__, "config": loss.get_config()}


def deserialize(config, custom_objects=None):
    return get(config)
