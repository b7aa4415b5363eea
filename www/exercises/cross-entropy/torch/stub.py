import torch


def cross_entropy(logits, labels, smoothing=0.0, reduction="mean"):
    # logits: (..., K)   labels: (...), integers in [0, K)
    # "none" → (...)     "mean", "sum" → one number
    raise NotImplementedError
