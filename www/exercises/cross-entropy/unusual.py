"""Row by row in plain floats: log-sum-exp over the differences from the label's own logit, and explicit targets."""

import math

import numpy as np


def cross_entropy(logits, labels, smoothing=0.0, reduction="mean"):
    classes = logits.shape[-1]
    losses = np.zeros(labels.shape, dtype=logits.dtype)
    for where in np.ndindex(*labels.shape):
        row, label = logits[where].tolist(), int(labels[where])
        target = [smoothing / classes + (1 - smoothing) * (k == label) for k in range(classes)]
        top = max(row)
        log_sum = top + math.log(math.fsum(math.exp(z - top) for z in row))
        losses[where] = math.fsum(t * (log_sum - z) for t, z in zip(target, row) if t > 0)
    if reduction == "none":
        return losses
    total = losses.sum()
    return total if reduction == "sum" else total / losses.dtype.type(losses.size)
