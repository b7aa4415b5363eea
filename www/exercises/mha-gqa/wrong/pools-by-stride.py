"""Pools heads h, h + kv_heads, …, which do not form a group."""

import numpy as np


def swapped(a):
    return np.swapaxes(a, -1, -2)


def split_heads(a, kv_heads, group):
    samples, steps, width = a.shape
    a = a.reshape(samples, steps, kv_heads, group, width // (kv_heads * group))
    return a.transpose(0, 2, 3, 1, 4)


def merge_heads(a):
    samples, kv_heads, group, steps, size = a.shape
    return a.transpose(0, 3, 1, 2, 4).reshape(samples, steps, kv_heads * group * size)


def project(x, wq, wk, wv, heads, kv_heads):
    if heads % kv_heads != 0:
        raise ValueError(f"{heads} query heads can't share {kv_heads} key heads evenly")
    q = split_heads(x @ wq, kv_heads, heads // kv_heads)
    k = split_heads(x @ wk, kv_heads, 1)
    v = split_heads(x @ wv, kv_heads, 1)
    return q, k, v


def attention_weights(q, k):
    scores = q @ swapped(k) * q.shape[-1] ** -0.5
    future = np.triu(np.ones(scores.shape[-2:], dtype=bool), 1)
    scores = np.where(future, -np.inf, scores)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def gqa(x, wq, wk, wv, wo, heads, kv_heads):
    q, k, v = project(x, wq, wk, wv, heads, kv_heads)
    return merge_heads(attention_weights(q, k) @ v) @ wo


def gqa_backward(dy, x, wq, wk, wv, wo, heads, kv_heads):
    q, k, v = project(x, wq, wk, wv, heads, kv_heads)
    p = attention_weights(q, k)
    merged = merge_heads(p @ v)
    dwo = (swapped(merged) @ dy).sum(axis=0)
    dout = split_heads(dy @ wo.T, kv_heads, heads // kv_heads)
    dv = (swapped(p) @ dout).sum(axis=2, keepdims=True)
    dp = dout @ swapped(v)
    ds = p * (dp - (p * dp).sum(axis=-1, keepdims=True)) * q.shape[-1] ** -0.5
    dq = ds @ k
    dk = (swapped(ds) @ q).sum(axis=2, keepdims=True)
    dq, dk, dv = merge_heads(dq), merge_heads(dk), merge_heads(dv)
    dx = dq @ wq.T + dk @ wk.T + dv @ wv.T
    dwq, dwk, dwv = ((swapped(x) @ d).sum(axis=0) for d in (dq, dk, dv))
    return dx, dwq, dwk, dwv, dwo


def pool_heads(w, heads, kv_heads):
    if heads % kv_heads != 0:
        raise ValueError(f"{heads} heads can't be pooled to {kv_heads} evenly")
    width, columns = w.shape
    grouped = w.reshape(width, heads // kv_heads, kv_heads, columns // heads)
    return grouped.mean(axis=1).reshape(width, kv_heads * (columns // heads))
