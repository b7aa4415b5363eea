"""Every step sees the steps after it."""

import torch


def swapped(a):
    return torch.swapaxes(a, -1, -2)


def split_heads(a, kv_heads, group):
    samples, steps, width = a.shape
    a = a.reshape(samples, steps, kv_heads, group, width // (kv_heads * group))
    return a.permute(0, 2, 3, 1, 4)


def merge_heads(a):
    samples, kv_heads, group, steps, size = a.shape
    return a.permute(0, 3, 1, 2, 4).reshape(samples, steps, kv_heads * group * size)


def project(x, wq, wk, wv, heads, kv_heads):
    if heads % kv_heads != 0:
        raise ValueError(f"{heads} query heads can't share {kv_heads} key heads evenly")
    q = split_heads(x @ wq, kv_heads, heads // kv_heads)
    k = split_heads(x @ wk, kv_heads, 1)
    v = split_heads(x @ wv, kv_heads, 1)
    return q, k, v


def attention_weights(q, k):
    scores = q @ swapped(k) * q.shape[-1] ** -0.5
    future = torch.triu(torch.ones(scores.shape[-2:], dtype=torch.bool), 1)
    scores = scores
    e = torch.exp(scores - scores.amax(dim=-1, keepdim=True))
    return e / e.sum(dim=-1, keepdim=True)


def gqa(x, wq, wk, wv, wo, heads, kv_heads):
    q, k, v = project(x, wq, wk, wv, heads, kv_heads)
    return merge_heads(attention_weights(q, k) @ v) @ wo


def gqa_backward(dy, x, wq, wk, wv, wo, heads, kv_heads):
    q, k, v = project(x, wq, wk, wv, heads, kv_heads)
    p = attention_weights(q, k)
    merged = merge_heads(p @ v)
    dwo = (swapped(merged) @ dy).sum(dim=0)
    dout = split_heads(dy @ wo.T, kv_heads, heads // kv_heads)
    dv = (swapped(p) @ dout).sum(dim=2, keepdim=True)
    dp = dout @ swapped(v)
    ds = p * (dp - (p * dp).sum(dim=-1, keepdim=True)) * q.shape[-1] ** -0.5
    dq = ds @ k
    dk = (swapped(ds) @ q).sum(dim=2, keepdim=True)
    dq, dk, dv = merge_heads(dq), merge_heads(dk), merge_heads(dv)
    dx = dq @ wq.T + dk @ wk.T + dv @ wv.T
    dwq, dwk, dwv = ((swapped(x) @ d).sum(dim=0) for d in (dq, dk, dv))
    return dx, dwq, dwk, dwv, dwo


def pool_heads(w, heads, kv_heads):
    if heads % kv_heads != 0:
        raise ValueError(f"{heads} heads can't be pooled to {kv_heads} evenly")
    width, columns = w.shape
    grouped = w.reshape(width, kv_heads, heads // kv_heads, columns // heads)
    return grouped.mean(dim=2).reshape(width, kv_heads * (columns // heads))
