"""Each way by other means: columns by zip, sums of outer products, and einsum over explicit letters."""

import numpy as np


def check(left, right):
    if left != right:
        raise ValueError(f"inner lengths {left} and {right}")


def matmul_loops(a, b):
    for row in a:
        check(len(row), len(b))
    columns = list(zip(*b))
    return [tuple(sum(p * q for p, q in zip(row, column)) for column in columns) for row in a]


def matmul_dot(a, b):
    check(a.shape[-1], b.shape[-2])
    y = np.zeros((*a.shape[:-1], b.shape[-1]), dtype=np.result_type(a, b))
    for where in np.ndindex(*a.shape[:-2]):
        for i in range(a.shape[-2]):
            for k in range(b.shape[-1]):
                y[where + (i, k)] = np.dot(a[where][i], b[where][:, k])
    return y


def matmul_einsum(a, b):
    check(a.shape[-1], b.shape[-2])
    letters = "abcdefgh"
    left = letters[8 - (a.ndim - 2):] if a.ndim > 2 else ""
    right = letters[8 - (b.ndim - 2):] if b.ndim > 2 else ""
    longer = max(left, right, key=len)
    return np.einsum(f"{left}ij,{right}jk->{longer}ik", a, b)
