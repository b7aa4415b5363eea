import torch


def partial(q, k, v, allowed):
    # q: (R, D), k: (B, D), v: (B, V), allowed: (R, B) bool  →  m: (R,), s: (R,), o: (R, V)
    raise NotImplementedError


def merge(a, b):
    # two states (m, s, o) of the same rows  →  the state of both
    raise NotImplementedError


def finish(state):
    # (m, s, o)  →  y: (R, V)
    raise NotImplementedError


def tiled_attention(q, k, v, block, window=None):
    # q, k: (T, D), v: (T, V)  →  y: (T, V)
    raise NotImplementedError
