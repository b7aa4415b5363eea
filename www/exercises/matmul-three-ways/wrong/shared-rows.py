"""[[0] * columns] * rows is one row, listed several times."""

import numpy as np


def fits(inner_a, inner_b):
    if inner_a != inner_b:
        raise ValueError(f"a has {inner_a} columns, b has {inner_b} rows")


def matmul_loops(a, b):
    inner, columns = len(b), len(b[0]) if b else 0
    y = [[0] * columns] * len(a)
    for out, row in zip(y, a):
        fits(len(row), inner)
        for j in range(inner):
            for k in range(columns):
                out[k] += row[j] * b[j][k]

    return y


def matmul_dot(a, b):
    fits(a.shape[-1], b.shape[-2])
    y = np.zeros(a.shape[:-1] + b.shape[-1:], dtype=np.result_type(a, b))
    for where in np.ndindex(*a.shape[:-2]):
        y[where] = np.dot(a[where], b[where])
    return y


def matmul_einsum(a, b):
    fits(a.shape[-1], b.shape[-2])
    return np.einsum("...ij,...jk->...ik", a, b)
