"""Metrics of right and wrong answers at thresholds."""

import numpy as np
from tensorflow._core import as_tensor, to_numpy

from ._base import Metric


def _pair(y_true, y_pred, sample_weight):
    t, p = np.asarray(to_numpy(y_true), np.float64), np.asarray(to_numpy(y_pred), np.float64)
    if p.size and (p.min() < 0 or p.max() > 1):
        raise ValueError(f"predictions must be in 0 to 1. Received values from {p.min()} to {p.max()}: end the model in a sigmoid or softmax")
    if t.ndim != p.ndim:
        t = t.reshape(p.shape) if t.size == p.size else t
    w = np.ones(p.shape) if sample_weight is None else np.asarray(to_numpy(sample_weight), np.float64)
    while w.ndim < p.ndim:
        w = w[..., None]
    return t, p, np.broadcast_to(w, p.shape)


class _AtThresholds(Metric):
    def __init__(self, thresholds=None, name=None, dtype=None, top_k=None, class_id=None):
        super().__init__(dtype, name)
        self._many = isinstance(thresholds, (list, tuple))
        self.thresholds = [0.5] if thresholds is None else list(thresholds) if self._many else [thresholds]
        if top_k is not None:
            raise NotImplementedError("top_k is not in this Keras's Precision and Recall; nearest here: TopKCategoricalAccuracy")
        self.class_id = class_id
        self.reset_state()

    def reset_state(self):
        n = len(self.thresholds)
        self.true_positives, self.false_positives = np.zeros(n), np.zeros(n)
        self.true_negatives, self.false_negatives = np.zeros(n), np.zeros(n)

    reset_states = reset_state

    def update_state(self, y_true, y_pred, sample_weight=None):
        t, p, w = _pair(y_true, y_pred, sample_weight)
        if self.class_id is not None:
            t, p, w = t[..., self.class_id], p[..., self.class_id], w[..., self.class_id]
        positive = t > 0.5
        for i, threshold in enumerate(self.thresholds):
            said = p > threshold
            self.true_positives[i] += float((w * (said & positive)).sum())
            self.false_positives[i] += float((w * (said & ~positive)).sum())
            self.true_negatives[i] += float((w * (~said & ~positive)).sum())
            self.false_negatives[i] += float((w * (~said & positive)).sum())

    def _values(self):
        raise NotImplementedError

    def result(self):
        values = np.asarray(self._values(), np.float32)
        return as_tensor(values if self._many else values[0])


def _ratio(a, b):
    return np.where(b > 0, a / np.where(b > 0, b, 1.0), 0.0)


class Precision(_AtThresholds):
    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        super().__init__(thresholds, name, dtype, top_k, class_id)

    def _values(self):
        return _ratio(self.true_positives, self.true_positives + self.false_positives)


class Recall(_AtThresholds):
    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        super().__init__(thresholds, name, dtype, top_k, class_id)

    def _values(self):
        return _ratio(self.true_positives, self.true_positives + self.false_negatives)


def _counter(class_name, attribute):
    return type(class_name, (_AtThresholds,), {"_values": lambda self: getattr(self, attribute), "__module__": "keras.metrics"})


TruePositives = _counter("TruePositives", "true_positives")
FalsePositives = _counter("FalsePositives", "false_positives")
TrueNegatives = _counter("TrueNegatives", "true_negatives")
FalseNegatives = _counter("FalseNegatives", "false_negatives")


class AUC(_AtThresholds):
    """The area under the ROC or the precision-recall curve at `num_thresholds` places."""

    def __init__(self, num_thresholds=200, curve="ROC", summation_method="interpolation", name=None, dtype=None,
                 thresholds=None, multi_label=False, num_labels=None, label_weights=None, from_logits=False):  # fmt: skip
        if multi_label:
            raise NotImplementedError("multi_label is not in this Keras's AUC; nearest here: one AUC for each label")
        if curve not in ("ROC", "PR"):
            raise ValueError(f'Invalid `curve` argument value "{curve}". Expected one of: [\'ROC\', \'PR\']')
        inner = sorted(thresholds) if thresholds is not None else [i / (num_thresholds - 1) for i in range(1, num_thresholds - 1)]
        self.curve, self.from_logits, self.num_thresholds = curve, from_logits, num_thresholds
        super().__init__([-1e-7, *inner, 1.0 + 1e-7], name, dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        if self.from_logits:
            y_pred = 1.0 / (1.0 + np.exp(-to_numpy(y_pred)))
        super().update_state(y_true, y_pred, sample_weight)

    def result(self):
        tp, fp, tn, fn = self.true_positives, self.false_positives, self.true_negatives, self.false_negatives
        recall = _ratio(tp, tp + fn)
        if self.curve == "ROC":
            x, y = _ratio(fp, fp + tn), recall
            return as_tensor(np.float32(((x[:-1] - x[1:]) * (y[:-1] + y[1:]) / 2.0).sum()))
        # Davis and Goadrich 2006: precision between two thresholds follows the counts, not a line.
        p = tp + fp
        dtp, dp = tp[:-1] - tp[1:], p[:-1] - p[1:]
        slope = _ratio(dtp, np.maximum(dp, 0))
        intercept = tp[1:] - slope * p[1:]
        ratio = np.where((p[:-1] > 0) & (p[1:] > 0), _ratio(p[:-1], np.maximum(p[1:], 0)), 1.0)
        steps = _ratio(slope * (dtp + intercept * np.log(np.where(ratio > 0, ratio, 1.0))), np.maximum(tp[1:] + fn[1:], 0))
        return as_tensor(np.float32(steps.sum()))


class F1Score(Metric):
    """2 · precision · recall / (precision + recall), of each class or averaged."""

    def __init__(self, average=None, threshold=None, name="f1_score", dtype=None):
        super().__init__(dtype, name)
        self.average, self.threshold, self.beta = average, threshold, 1.0
        self.reset_state()

    def reset_state(self):
        self._tp = self._fp = self._fn = self._support = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        t, p = np.asarray(to_numpy(y_true), np.float64), np.asarray(to_numpy(y_pred), np.float64)
        if p.ndim != 2 or t.shape != p.shape:
            raise ValueError(f"FBetaScore expects 2D inputs with shape (batch_size, output_dim). Received input shapes: y_true.shape={t.shape}, y_pred.shape={p.shape}.")
        if self.threshold is None:
            top = p.max(axis=-1, keepdims=True)
            p = ((p >= top) & (np.abs(p) > 1e-9)).astype(np.float64)
        else:
            p = (p > self.threshold).astype(np.float64)
        axis = None if self.average == "micro" else 0
        w = 1.0 if sample_weight is None else np.asarray(to_numpy(sample_weight), np.float64).reshape(-1, 1)
        self._tp = self._tp + (p * t * w).sum(axis=axis)
        self._fp = self._fp + (p * (1 - t) * w).sum(axis=axis)
        self._fn = self._fn + ((1 - p) * t * w).sum(axis=axis)
        self._support = self._support + (t * w).sum(axis=axis)

    def result(self):
        tp, fp, fn = (np.asarray(v, np.float64) for v in (self._tp, self._fp, self._fn))
        score = 2 * tp / np.maximum(2 * tp + fp + fn, 1e-7)
        if self.average == "weighted":
            support = np.asarray(self._support)
            score = (score * support).sum() / max(float(support.sum()), 1e-7)
        elif self.average is not None:
            score = np.mean(score)
        return as_tensor(np.asarray(score, np.float32))


class MeanIoU(Metric):
    """The mean over classes of intersection over union, from class numbers."""

    def __init__(self, num_classes, name=None, dtype=None, ignore_class=None, sparse_y_true=True, sparse_y_pred=True, axis=-1):
        super().__init__(dtype, name)
        self.num_classes, self.sparse_y_true, self.sparse_y_pred, self.axis = num_classes, sparse_y_true, sparse_y_pred, axis
        self.reset_state()

    def reset_state(self):
        self.total_cm = np.zeros((self.num_classes, self.num_classes))

    def update_state(self, y_true, y_pred, sample_weight=None):
        t, p = to_numpy(y_true), to_numpy(y_pred)
        t = t if self.sparse_y_true else np.argmax(t, axis=self.axis)
        p = p if self.sparse_y_pred else np.argmax(p, axis=self.axis)
        at = t.reshape(-1).astype(int) * self.num_classes + p.reshape(-1).astype(int)
        n = self.num_classes
        self.total_cm = self.total_cm + np.bincount(at, minlength=n * n).reshape(n, n)

    def result(self):
        m = self.total_cm
        union = m.sum(axis=0) + m.sum(axis=1) - np.diag(m)
        valid = union > 0
        return as_tensor(np.float32((np.diag(m)[valid] / union[valid]).mean() if valid.any() else 0.0))
