import torch


def rope(x, positions, base=10000.0, halves=False):
    # x: (..., T, D), positions: (T,)  →  y: (..., T, D)
    raise NotImplementedError
