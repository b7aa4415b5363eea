"""Metrics: accuracies, errors, and counts of right and wrong answers."""

import numpy as np
from tensorflow._core import as_tensor, to_numpy

from .. import _names, losses
from .._registry import lookup
from ._base import Mean, MeanMetricWrapper, Metric, Sum, _Counted, number
from ._confusion import (
    AUC, F1Score, FalseNegatives, FalsePositives, MeanIoU, Precision, Recall, TrueNegatives, TruePositives,
)  # fmt: skip

# ── accuracies as functions ────────────────────────────────────────────────────────────────────


def _arrays(y_true, y_pred):
    t, p = np.asarray(to_numpy(y_true)), np.asarray(to_numpy(y_pred))
    if t.ndim == p.ndim - 1 and p.shape[-1] == 1:
        t = t[..., None]
    elif t.ndim == p.ndim + 1 and t.shape[-1] == 1:
        t = t[..., 0]
    return t, p


def accuracy(y_true, y_pred):
    t, p = _arrays(y_true, y_pred)
    return as_tensor((t == p).astype(np.float32))


def binary_accuracy(y_true, y_pred, threshold=0.5):
    t, p = _arrays(y_true, y_pred)
    return as_tensor((t == (p > threshold).astype(t.dtype)).astype(np.float32))


def categorical_accuracy(y_true, y_pred):
    t, p = np.asarray(to_numpy(y_true)), np.asarray(to_numpy(y_pred))
    return as_tensor((np.argmax(t, axis=-1) == np.argmax(p, axis=-1)).astype(np.float32))


def sparse_categorical_accuracy(y_true, y_pred):
    t, p = np.asarray(to_numpy(y_true)), np.asarray(to_numpy(y_pred))
    if t.ndim == p.ndim and t.shape[-1] == 1:
        t = t[..., 0]
    return as_tensor((t == np.argmax(p, axis=-1)).astype(np.float32))


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    return sparse_top_k_categorical_accuracy(np.argmax(to_numpy(y_true), axis=-1), y_pred, k)


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5, from_sorted_ids=False):
    t, p = np.asarray(to_numpy(y_true)), np.asarray(to_numpy(y_pred))
    t = t.reshape(p.shape[:-1]).astype(int)
    right = np.take_along_axis(p, t[..., None], axis=-1)
    return as_tensor(((p > right).sum(axis=-1) < k).astype(np.float32))


# ── classes ────────────────────────────────────────────────────────────────────────────────────


def _wrapped(class_name, function, text=None, **defaults):
    text = text or _names.to_snake_case(class_name)

    def __init__(self, *args, **kwargs):
        order = [*defaults, "name", "dtype"] if defaults and class_name.endswith("CategoricalAccuracy") and "k" in defaults else [
            "name", "dtype", *defaults
        ]
        given = {**dict(zip(order, args)), **kwargs}
        settings = {**defaults, **{key: value for key, value in given.items() if key in defaults}}
        MeanMetricWrapper.__init__(self, function, given.get("name") or text, given.get("dtype"), **settings)

    return type(class_name, (MeanMetricWrapper,), {"__init__": __init__, "__module__": __name__})


Accuracy = _wrapped("Accuracy", accuracy)
BinaryAccuracy = _wrapped("BinaryAccuracy", binary_accuracy, threshold=0.5)
CategoricalAccuracy = _wrapped("CategoricalAccuracy", categorical_accuracy)
SparseCategoricalAccuracy = _wrapped("SparseCategoricalAccuracy", sparse_categorical_accuracy)
TopKCategoricalAccuracy = _wrapped("TopKCategoricalAccuracy", top_k_categorical_accuracy, k=5)
SparseTopKCategoricalAccuracy = _wrapped(
    "SparseTopKCategoricalAccuracy", sparse_top_k_categorical_accuracy, "sparse_top_k_categorical_accuracy", k=5
)
MeanSquaredError = _wrapped("MeanSquaredError", losses.mean_squared_error)
MeanAbsoluteError = _wrapped("MeanAbsoluteError", losses.mean_absolute_error)
MeanAbsolutePercentageError = _wrapped("MeanAbsolutePercentageError", losses.mean_absolute_percentage_error)
MeanSquaredLogarithmicError = _wrapped("MeanSquaredLogarithmicError", losses.mean_squared_logarithmic_error)
CosineSimilarity = _wrapped("CosineSimilarity", losses.cosine_similarity, axis=-1)
LogCoshError = _wrapped("LogCoshError", losses.log_cosh, "logcosh")
Hinge = _wrapped("Hinge", losses.hinge)
SquaredHinge = _wrapped("SquaredHinge", losses.squared_hinge)
CategoricalHinge = _wrapped("CategoricalHinge", losses.categorical_hinge)
KLDivergence = _wrapped("KLDivergence", losses.kl_divergence, "kl_divergence")
Poisson = _wrapped("Poisson", losses.poisson)
BinaryCrossentropy = _wrapped("BinaryCrossentropy", losses.binary_crossentropy, from_logits=False, label_smoothing=0)
CategoricalCrossentropy = _wrapped(
    "CategoricalCrossentropy", losses.categorical_crossentropy, from_logits=False, label_smoothing=0, axis=-1
)
SparseCategoricalCrossentropy = _wrapped(
    "SparseCategoricalCrossentropy", losses.sparse_categorical_crossentropy, from_logits=False, axis=-1
)


class RootMeanSquaredError(_Counted):
    def __init__(self, name="root_mean_squared_error", dtype=None):
        super().__init__(name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        t, p = _arrays(y_true, y_pred)
        self._add((np.asarray(p, np.float64) - t) ** 2, sample_weight)

    def result(self):
        return as_tensor(np.float32((self._total / self._count) ** 0.5 if self._count else 0.0))


class R2Score(Metric):
    """1 − Σ(y − ŷ)² / Σ(y − ȳ)²."""

    def __init__(self, class_aggregation="uniform_average", num_regressors=0, name="r2_score", dtype=None):
        super().__init__(dtype, name)
        self.class_aggregation = class_aggregation
        self.reset_state()

    def reset_state(self):
        self._n, self._sum, self._squares, self._residual = 0, 0.0, 0.0, 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        t, p = (np.asarray(a, np.float64) for a in _arrays(y_true, y_pred))
        t, p = (a[:, None] if a.ndim == 1 else a for a in (t, p))
        self._n += t.shape[0]
        self._sum, self._squares = self._sum + t.sum(axis=0), self._squares + (t * t).sum(axis=0)
        self._residual = self._residual + ((t - p) ** 2).sum(axis=0)

    def result(self):
        total = self._squares - self._sum**2 / max(self._n, 1)
        scores = 1.0 - self._residual / np.where(total == 0, 1.0, total)
        return as_tensor(np.asarray(scores if self.class_aggregation is None else np.mean(scores), np.float32))


class MeanMetric(Mean):
    pass


_TABLE = {
    text: thing
    for name, thing in list(globals().items())
    if isinstance(thing, type) and issubclass(thing, Metric) and thing not in (Metric, MeanMetricWrapper, MeanMetric)
    for text in (name, _names.to_snake_case(name))
}
for _short, _class in (
    ("mse", MeanSquaredError), ("mae", MeanAbsoluteError), ("mape", MeanAbsolutePercentageError),
    ("msle", MeanSquaredLogarithmicError), ("rmse", RootMeanSquaredError), ("auc", AUC), ("bce", BinaryCrossentropy),
    ("top_k_categorical_accuracy", TopKCategoricalAccuracy), ("cosine_similarity", CosineSimilarity),
    ("sparse_top_k_categorical_accuracy", SparseTopKCategoricalAccuracy), ("kld", KLDivergence),
):  # fmt: skip
    _TABLE[_short] = _TABLE[_short.upper()] = _class

mse = MSE = mean_squared_error = losses.mean_squared_error
mae = MAE = mean_absolute_error = losses.mean_absolute_error
mape = MAPE = mean_absolute_percentage_error = losses.mean_absolute_percentage_error
binary_crossentropy, categorical_crossentropy = losses.binary_crossentropy, losses.categorical_crossentropy
sparse_categorical_crossentropy = losses.sparse_categorical_crossentropy


def get(identifier):
    return lookup(identifier, _TABLE, "metric", Metric)


def serialize(metric):
    return {"class_name": type(metric).__name__, "config": metric.get_config()}


def deserialize(config, custom_objects=None):
    return get(config)


__all__ = [name for name in globals() if not name.startswith("_")] + ["number"]
