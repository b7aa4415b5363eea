import torch


def gqa(x, wq, wk, wv, wo, heads, kv_heads):
    # x: (N, T, C)  →  y: (N, T, C); kv_heads divides heads
    raise NotImplementedError


def gqa_backward(dy, x, wq, wk, wv, wo, heads, kv_heads):
    # returns dx, dwq, dwk, dwv, dwo
    raise NotImplementedError


def pool_heads(w, heads, kv_heads):
    # w: (C, heads · D)  →  (C, kv_heads · D)
    raise NotImplementedError
