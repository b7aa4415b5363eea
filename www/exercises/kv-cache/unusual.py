"""One sample, one head and one new step at a time, on plain growing lists of keys and values."""

import numpy as np


def attend(x, wq, wk, wv, wo, heads, cache=None):
    samples, steps, width = x.shape
    size = width // heads
    empty = np.zeros((samples, heads, 0, size), dtype=x.dtype)
    keys, values = (empty, empty) if cache is None else cache
    past = keys.shape[2]
    new_keys, new_values = (np.zeros((samples, heads, past + steps, size), dtype=x.dtype) for _ in range(2))
    y = np.zeros(x.shape, dtype=x.dtype)
    for n in range(samples):
        for h in range(heads):
            columns = slice(h * size, (h + 1) * size)
            seen_keys, seen_values = list(keys[n, h]), list(values[n, h])
            for step in range(steps):
                q = x[n, step] @ wq[:, columns]
                seen_keys.append(x[n, step] @ wk[:, columns])
                seen_values.append(x[n, step] @ wv[:, columns])
                scores = np.array([(k * q).sum() for k in seen_keys]) / np.sqrt(size)
                p = np.exp(scores - scores.max())
                found = sum(weight * v for weight, v in zip(p / p.sum(), seen_values))
                y[n, step] += (found @ wo[columns]).astype(x.dtype)
            for place in range(past + steps):
                new_keys[n, h, place], new_values[n, h, place] = seen_keys[place], seen_values[place]
    return y, (new_keys, new_values)
