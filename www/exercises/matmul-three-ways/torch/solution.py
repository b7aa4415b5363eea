import itertools

import torch


def fits(inner_a, inner_b):
    if inner_a != inner_b:
        raise ValueError(f"a has {inner_a} columns, b has {inner_b} rows")


def matmul_loops(a, b):
    inner, columns = len(b), len(b[0]) if b else 0
    y = []
    for row in a:
        fits(len(row), inner)
        out = [0] * columns
        for j in range(inner):
            for k in range(columns):
                out[k] += row[j] * b[j][k]
        y.append(out)
    return y


def matmul_dot(a, b):
    fits(a.shape[-1], b.shape[-2])
    dtype = torch.result_type(a, b)
    y = torch.zeros(*a.shape[:-1], b.shape[-1], dtype=dtype)
    for where in itertools.product(*map(range, y.shape)):
        *stack, i, k = where
        y[where] = torch.dot(a[(*stack, i)].to(dtype), b[(*stack, slice(None), k)].to(dtype))
    return y


def matmul_einsum(a, b):
    fits(a.shape[-1], b.shape[-2])
    dtype = torch.result_type(a, b)
    return torch.einsum("...ij,...jk->...ik", a.to(dtype), b.to(dtype))
