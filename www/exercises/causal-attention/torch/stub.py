import torch


def causal_attention(q, k, v):
    # q: (..., T, D), k: (..., T, D), v: (..., T, V)  →  y: (..., T, V)
    raise NotImplementedError


def causal_attention_backward(dy, q, k, v):
    # dy: (..., T, V)  →  dq: (..., T, D), dk: (..., T, D), dv: (..., T, V)
    raise NotImplementedError
