"""Draws a from a uniform distribution of the right spread."""

import numpy as np


def lora_init(rng, inputs, outputs, rank):
    a = rng.uniform(-1, 1, size=(inputs, rank)) * np.sqrt(3 / inputs)
    return a, np.zeros((rank, outputs))


def lora_forward(x, w, a, b, alpha):
    scale = alpha / b.shape[0]
    return x @ w + (x @ a) @ b * scale


def lora_backward(dy, x, w, a, b, alpha):
    g = dy * (alpha / b.shape[0])
    dh = g @ b.T
    dx = dy @ w.T + dh @ a.T
    rows_x = x.reshape(-1, w.shape[0])
    rows_g = g.reshape(-1, w.shape[1])
    da = rows_x.T @ dh.reshape(-1, b.shape[0])
    db = (rows_x @ a).T @ rows_g
    return dx, da, db


def merge(w, a, b, alpha):
    return w + a @ b * (alpha / b.shape[0])
