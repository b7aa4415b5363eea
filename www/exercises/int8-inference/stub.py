import numpy as np


def fixed_point(multiplier):
    # a positive float  →  (m0, s) with 2³⁰ ≤ m0 < 2³¹ and multiplier ≈ m0 / 2ˢ
    raise NotImplementedError


def requantise(acc, m0, s, zero):
    # acc: (N, O) ints, m0 and s: (O,) ints, zero: an int  →  codes (N, O), -128 … 127
    raise NotImplementedError


def quantise_dense(w, b, x_scale, x_zero, y_scale):
    # w: (I, O), b: (O,)  →  {"weights": (I, O), "bias": (O,), "m0": (O,), "s": (O,)}, all ints
    raise NotImplementedError


def int8_dense(x, layer, y_zero):
    # x: codes (N, I)  →  codes (N, O)
    raise NotImplementedError


def quantise_network(layers, calibration):
    # [(w, b), …], inputs (N, I)  →  whatever int8_network needs
    raise NotImplementedError


def int8_network(x, network):
    # float inputs (N, I)  →  float logits
    raise NotImplementedError
