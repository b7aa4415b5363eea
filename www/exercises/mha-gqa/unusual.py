"""One query head at a time, cut out of the weights' columns; the shared heads' gradients pile up by +=."""

import numpy as np


def columns(head, size):
    return slice(head * size, (head + 1) * size)


def group_of(heads, kv_heads):
    group, rest = divmod(heads, kv_heads)
    if rest:
        raise ValueError("uneven groups")
    return group


def one_head(x, wq, wk, wv):
    q, k, v = x @ wq, x @ wk, x @ wv
    p = np.zeros((len(x), len(x)), dtype=x.dtype)
    for step in range(len(x)):
        scores = k[: step + 1] @ q[step] / q.shape[1] ** 0.5
        e = np.exp(scores - scores.max())
        p[step, : step + 1] = e / e.sum()
    return q, k, v, p


def gqa(x, wq, wk, wv, wo, heads, kv_heads):
    group, size = group_of(heads, kv_heads), wq.shape[1] // heads
    y = np.zeros((*x.shape[:2], wo.shape[1]), dtype=x.dtype)
    for n in range(len(x)):
        for h in range(heads):
            own, shared = columns(h, size), columns(h // group, size)
            _, _, v, p = one_head(x[n], wq[:, own], wk[:, shared], wv[:, shared])
            y[n] += p @ v @ wo[own]
    return y


def gqa_backward(dy, x, wq, wk, wv, wo, heads, kv_heads):
    group, size = group_of(heads, kv_heads), wq.shape[1] // heads
    dx, dwq, dwk, dwv, dwo = (np.zeros(a.shape, dtype=a.dtype) for a in (x, wq, wk, wv, wo))
    for n in range(len(x)):
        for h in range(heads):
            own, shared = columns(h, size), columns(h // group, size)
            q, k, v, p = one_head(x[n], wq[:, own], wk[:, shared], wv[:, shared])
            dwo[own] += (p @ v).T @ dy[n]
            dout = dy[n] @ wo[own].T
            dv, dp = p.T @ dout, dout @ v.T
            ds = p * (dp - np.einsum("ij,ij->i", p, dp)[:, None]) / size**0.5
            for d, w, dw, where in ((ds @ k, wq, dwq, own), (ds.T @ q, wk, dwk, shared), (dv, wv, dwv, shared)):
                dw[:, where] += x[n].T @ d
                dx[n] += d @ w[:, where].T
    return dx, dwq, dwk, dwv, dwo


def pool_heads(w, heads, kv_heads):
    group, size = group_of(heads, kv_heads), w.shape[1] // heads
    pooled = [sum(w[:, columns(g * group + i, size)] for i in range(group)) / group for g in range(kv_heads)]
    return np.concatenate(pooled, axis=1)
