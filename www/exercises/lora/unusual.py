"""Works with the merged weight throughout: its full gradient dW, pulled back through the product a b."""

import numpy as np


def lora_init(rng, inputs, outputs, rank):
    return rng.normal(0.0, inputs**-0.5, size=(inputs, rank)), np.zeros((rank, outputs))


def merge(w, a, b, alpha):
    return w + np.einsum("ir,ro->io", a, b) * (alpha / len(b))


def lora_forward(x, w, a, b, alpha):
    return x @ merge(w, a, b, alpha)


def lora_backward(dy, x, w, a, b, alpha):
    dw = np.zeros(w.shape, dtype=w.dtype)
    for where in np.ndindex(*x.shape[:-1]):
        dw += x[where][:, None] * dy[where][None, :]
    dw = dw * (alpha / len(b))
    return dy @ merge(w, a, b, alpha).T, dw @ b.T, a.T @ dw
