"""Goes through log-softmax: its Jacobian is I - 1 pᵀ for each row, multiplied out with einsum."""

import numpy as np


def softmax_ce_backward(logits, targets, dloss=1.0):
    n, classes = logits.shape
    weights = np.eye(classes, dtype=logits.dtype)[targets] if targets.ndim == 1 else targets
    top = logits.max(axis=1, keepdims=True)
    log_p = logits - (top + np.log(np.exp(logits - top).sum(axis=1, keepdims=True)))
    # jacobian[n, i, j] = d log_p[n, i] / d logits[n, j]
    jacobian = np.eye(classes, dtype=logits.dtype)[None] - np.exp(log_p)[:, None, :]
    d_log_p = -weights * (dloss / n)
    return np.einsum("ni,nij->nj", d_log_p, jacobian).astype(logits.dtype)
