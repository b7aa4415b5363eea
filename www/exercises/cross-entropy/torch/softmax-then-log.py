"""The logarithm of probabilities that have become 0."""

import torch


def cross_entropy(logits, labels, smoothing=0.0, reduction="mean"):
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    log_p = (shifted.exp() / shifted.exp().sum(dim=-1, keepdim=True)).log()
    loss = -log_p.gather(-1, labels[..., None])[..., 0]
    if smoothing > 0:
        loss = (1 - smoothing) * loss - smoothing * log_p.mean(dim=-1)
    if reduction == "none":
        return loss
    return loss.sum() if reduction == "sum" else loss.mean()
