"""What `compile` is given: losses and metrics, matched with a model's outputs."""

import numpy as np
from tensorflow._core import as_tensor, to_numpy

from . import losses as loss_module
from . import metrics as metric_module
from .metrics._base import Mean, Metric


def _per_output(given, names, what):
    """One entry for each output, of one, a list, or a dict by names."""
    if isinstance(given, dict):
        unknown = set(given) - set(names)
        if unknown:
            raise ValueError(
                f"In the dict argument `{what}`, key '{sorted(unknown)[0]}' does not correspond to any model output. "
                f"Received: {what}={given}; the outputs are {names}"
            )
        return [given.get(name) for name in names]
    if isinstance(given, (list, tuple)) and (len(names) > 1 or len(given) == 1 and what == "loss"):
        if len(given) != len(names):
            raise ValueError(
                f"The model has {len(names)} outputs {names}; `{what}` has {len(given)} entries: {given}"
            )
        return list(given)
    return [given] * len(names)


def _masked(weight, y_pred, loss=None):
    """Weights by which only the steps count that a mask has left; of a loss that is a mean, a mean over them."""
    mask = getattr(y_pred, "_keras_mask", None)
    if mask is None:
        return weight
    kept = np.asarray(to_numpy(mask)).astype(np.float32)
    if loss is not None and getattr(loss, "reduction", None) in ("sum_over_batch_size", "mean"):
        kept = kept * np.float32(kept.size / max(float(kept.sum()), 1.0))
    if weight is None:
        return as_tensor(kept)
    weight = np.asarray(to_numpy(as_tensor(weight)), dtype=np.float32)
    return as_tensor(kept * weight.reshape(weight.shape + (1,) * (kept.ndim - weight.ndim)))


class CompiledLosses:
    """The losses of a model's outputs, their sum and their means over an epoch."""

    def __init__(self, loss, loss_weights, names):
        self.names = names
        self.losses = [None if x is None else loss_module.as_object(x) for x in _per_output(loss, names, "loss")]
        weights = _per_output(loss_weights, names, "loss_weights") if loss_weights is not None else [None] * len(names)
        self.weights = [1.0 if w is None else float(w) for w in weights]
        several = len([x for x in self.losses if x is not None]) > 1
        self.trackers = [Mean(name=f"{name}_loss") if several and x is not None else None for name, x in zip(names, self.losses)]

    def __call__(self, y_true, y_pred, sample_weight):
        """The weighted sum for lists of targets, answers and weights."""
        total = None
        self.parts = []
        for y, p, w, loss, weight in zip(y_true, y_pred, sample_weight, self.losses, self.weights):
            if loss is None:
                continue
            w = _masked(w, p, loss)
            value = loss(y, p, w) if w is not None else loss(y, p)
            self.parts.append(value)
            value = value * weight if weight != 1.0 else value
            total = value if total is None else total + value
        return total

    def track(self, batch):
        trackers = [t for t, loss in zip(self.trackers, self.losses) if loss is not None]
        for tracker, value in zip(trackers, self.parts):
            if tracker is not None:
                tracker.update_state(to_numpy(value), sample_weight=np.asarray(float(batch)))


_ACCURACY = ("accuracy", "acc", "crossentropy", "ce")


def _sparse(y_true, y_pred):
    t, p = tuple(y_true.shape), tuple(y_pred.shape)
    return len(t) < len(p) or len(t) == len(p) and t[-1] == 1 and p[-1] > 1


def metric_of(given, y_true, y_pred):
    """The metric of an identifier; `accuracy` is what fits the targets."""
    if isinstance(given, Metric):
        return given
    if isinstance(given, str) and given.lower() in _ACCURACY:
        binary = y_pred.shape[-1] == 1 if len(y_pred.shape) > 1 else True
        kinds = {
            "accuracy": (metric_module.BinaryAccuracy, metric_module.SparseCategoricalAccuracy, metric_module.CategoricalAccuracy),
            "crossentropy": (metric_module.BinaryCrossentropy, metric_module.SparseCategoricalCrossentropy, metric_module.CategoricalCrossentropy),
        }  # fmt: skip
        kind = kinds["accuracy" if given.lower() in ("accuracy", "acc") else "crossentropy"]
        made = kind[0] if binary else kind[1] if _sparse(y_true, y_pred) else kind[2]
        return made(name=given)
    if isinstance(given, str):
        found = metric_module.get(given)
        if isinstance(found, Metric):
            found.name = given
            return found
        return metric_module.MeanMetricWrapper(found, name=given)
    found = metric_module.get(given)
    if isinstance(found, Metric):
        return found
    if isinstance(found, loss_module.Loss):
        return metric_module.MeanMetricWrapper(found, name=found.name)
    return metric_module.MeanMetricWrapper(found, name=getattr(found, "__name__", "metric"))


class CompiledMetrics:
    """The metrics of each output, made when the first targets are seen."""

    def __init__(self, metrics, weighted_metrics, names):
        self.names, self._given = names, (metrics, weighted_metrics)
        self.metrics, self.labels = None, []

    def build(self, y_true, y_pred):
        """Lists of targets and answers, one for each output."""
        if self.metrics is not None:
            return
        self.metrics = []
        for weighted, given in enumerate(self._given):
            if given is None:
                continue
            for place, (name, entry) in enumerate(zip(self.names, _per_output(given, self.names, "metrics"))):
                for one in entry if isinstance(entry, (list, tuple)) else [entry]:
                    if one is None:
                        continue
                    metric = metric_of(one, y_true[place], y_pred[place])
                    if weighted and any(at == place and other.name == metric.name for at, _, other in self.metrics):
                        metric.name = f"weighted_{metric.name}"
                    self.metrics.append((place, bool(weighted), metric))
                    self.labels.append(f"{name}_{metric.name}" if len(self.names) > 1 else metric.name)

    def update(self, y_true, y_pred, sample_weight):
        self.build(y_true, y_pred)
        for place, weighted, metric in self.metrics:
            weight = sample_weight[place] if weighted else None
            if isinstance(metric, metric_module.MeanMetricWrapper):
                weight = _masked(weight, y_pred[place])
            if weight is not None:
                metric.update_state(y_true[place], y_pred[place], sample_weight=weight)
            else:
                metric.update_state(y_true[place], y_pred[place])

    def results(self):
        return {label: metric.result() for label, (_, _, metric) in zip(self.labels, self.metrics or [])}

    def reset(self):
        for _, _, metric in self.metrics or []:
            metric.reset_state()

    def only_accuracy(self):
        """The label of the only metric where that is an accuracy the plan counts; '' without metrics; else None."""
        metrics, weighted = self._given
        if weighted:
            return None
        flat = metrics
        while isinstance(flat, dict) and len(flat) == 1:
            flat = next(iter(flat.values()))
        flat = [] if flat is None else flat if isinstance(flat, (list, tuple)) else [flat]
        while len(flat) == 1 and isinstance(flat[0], (list, tuple)):
            flat = flat[0]
        if not flat:
            return ""
        if len(flat) != 1:
            return None
        one = flat[0]
        if isinstance(one, str):
            known = ("accuracy", "acc", "sparse_categorical_accuracy", "categorical_accuracy", "binary_accuracy",
                     "SparseCategoricalAccuracy", "CategoricalAccuracy", "BinaryAccuracy")  # fmt: skip
            return one if one in known else None
        if type(one) in (metric_module.SparseCategoricalAccuracy, metric_module.CategoricalAccuracy):
            return one.name
        if type(one) is metric_module.BinaryAccuracy and one._fn_settings.get("threshold", 0.5) == 0.5:
            return one.name
        return None
