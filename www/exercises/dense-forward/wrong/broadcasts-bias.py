"""Lets numpy decide whether the bias fits, and numpy finds a way."""

import numpy as np


def dense(x, w, b=None):
    inputs, outputs = w.shape
    if x.shape[-1] != inputs:
        raise ValueError(f"x has {x.shape[-1]} features, w expects {inputs}")

    y = x @ w
    return y if b is None else y + b
