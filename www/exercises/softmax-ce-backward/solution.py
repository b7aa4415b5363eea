import numpy as np


def softmax_ce_backward(logits, targets, dloss=1.0):
    n = len(logits)
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    if targets.ndim == 1:
        p[np.arange(n), targets] -= 1
        dlogits = p
    else:
        dlogits = p * targets.sum(axis=1, keepdims=True) - targets
    return dlogits * (dloss / n)
