import torch


def attend(x, wq, wk, wv, wo, heads, cache=None):
    # x: (N, T, C), the new steps only; wq, wk, wv, wo: (C, C)
    # cache: None, or keys and values, each (N, heads, P, C / heads)
    # → y: (N, T, C), and the cache with the new steps: keys and values, each (N, heads, P + T, C / heads)
    raise NotImplementedError
