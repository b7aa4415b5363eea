"""Sends nothing back through the mean."""

import numpy as np


def normalised(x, eps):
    inverse = 1 / np.sqrt((x**2).mean(axis=-1, keepdims=True) + eps)
    return x * inverse, inverse


def centred(x):
    return x - x.mean(axis=-1, keepdims=True)


def over_rows(a):
    return a.sum(axis=tuple(range(a.ndim - 1)))


def rms_norm(x, gamma, eps=1e-6):
    return normalised(x, eps)[0] * gamma


def rms_norm_backward(dy, x, gamma, eps=1e-6):
    x_hat, inverse = normalised(x, eps)
    g = dy * gamma
    dx = inverse * (g - x_hat * (g * x_hat).mean(axis=-1, keepdims=True))
    return dx, over_rows(dy * x_hat)


def layer_norm(x, gamma, beta, eps=1e-5):
    return rms_norm(centred(x), gamma, eps) + beta


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    dc, dgamma = rms_norm_backward(dy, centred(x), gamma, eps)
    return dc, dgamma, over_rows(dy)
