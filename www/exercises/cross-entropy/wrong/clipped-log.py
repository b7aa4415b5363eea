"""Clips the probability at 1e-12 before the log, so no sample can cost more than 27.6."""

import numpy as np


def cross_entropy(logits, labels, smoothing=0.0, reduction="mean"):
    shifted = logits - logits.max(axis=-1, keepdims=True)
    e = np.exp(shifted)
    log_p = np.log(np.maximum(e / e.sum(axis=-1, keepdims=True), 1e-12))
    picked = np.take_along_axis(log_p, labels[..., None], axis=-1)[..., 0]
    loss = -picked
    if smoothing > 0:
        loss = (1 - smoothing) * loss - smoothing * log_p.mean(axis=-1)
    if reduction == "none":
        return loss
    return loss.sum() if reduction == "sum" else loss.mean()
