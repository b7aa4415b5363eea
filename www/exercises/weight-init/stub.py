import numpy as np


def fans(shape):
    # (I, O) or (KH, KW, C, O)  →  fan_in, fan_out
    raise NotImplementedError
    return fan_in, fan_out


def init(shape, scheme, rng):
    # "zeros", "xavier_normal", "xavier_uniform", "he_normal", "he_uniform"  →  float64
    raise NotImplementedError


def activation_stds(x, weights, activation):
    # x: (N, I)   weights: a list of (I, O)   activation: "linear", "relu", "tanh"
    # → one number for each layer
    raise NotImplementedError
