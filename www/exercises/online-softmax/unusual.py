"""Key by key in plain Python; tiles with the key blocks outside, so that every row keeps a state of its own."""

import math

import numpy as np


def together(a, b):
    """Two (m, s, o) of one row, the o as lists."""
    if b[0] == -math.inf:
        return a
    if a[0] == -math.inf:
        return b
    low, high = (a, b) if a[0] <= b[0] else (b, a)
    factor = math.exp(low[0] - high[0])
    return high[0], high[1] + low[1] * factor, [h + l * factor for h, l in zip(high[2], low[2])]


def rows_of(state):
    return list(zip(*(np.asarray(part).tolist() for part in state)))


def packed(rows, width, dtype):
    m, s = (np.array([row[i] for row in rows], dtype=dtype).reshape(len(rows)) for i in (0, 1))
    return m, s, np.array([row[2] for row in rows], dtype=dtype).reshape(len(rows), width)


def partial(q, k, v, allowed):
    rows = []
    for r in range(len(q)):
        row = (-math.inf, 0.0, [0.0] * v.shape[1])
        for j in range(len(k)):
            if allowed[r, j]:
                row = together(row, (float(np.dot(q[r], k[j])) / math.sqrt(q.shape[1]), 1.0, v[j].tolist()))
        rows.append(row)
    return packed(rows, v.shape[1], v.dtype)


def merge(a, b):
    rows = [together(x, y) for x, y in zip(rows_of(a), rows_of(b))]
    return packed(rows, a[2].shape[1], a[2].dtype)


def finish(state):
    _, s, o = state
    y = np.zeros(o.shape, dtype=o.dtype)
    seen = s > 0
    y[seen] = o[seen] / s[seen][:, None]
    return y


def tiled_attention(q, k, v, block, window=None):
    steps, width = v.shape
    reach = steps if window is None else window
    scale = q.shape[1] ** -0.5
    m = np.full(steps, -np.inf)
    s, o = np.zeros(steps), np.zeros((steps, width))
    for left in range(0, steps, block):
        stop = min(steps, left + block + reach - 1)
        for top in range(left, stop, block):
            rows, columns = np.arange(top, min(top + block, stop)), np.arange(left, min(left + block, steps))
            scores = np.einsum("id,jd->ij", q[rows], k[columns]) * scale
            behind = rows[:, None] - columns[None, :]
            scores[(behind < 0) | (behind >= reach)] = -np.inf
            new = np.maximum(m[rows], scores.max(axis=1))
            seen = new > -np.inf
            rows, scores, new = rows[seen], scores[seen], new[seen]
            old = np.exp(m[rows] - new)
            e = np.exp(scores - new[:, None])
            s[rows] = s[rows] * old + e.sum(axis=1)
            o[rows] = o[rows] * old[:, None] + e @ v[columns]
            m[rows] = new
    return (o / s[:, None]).astype(v.dtype)
