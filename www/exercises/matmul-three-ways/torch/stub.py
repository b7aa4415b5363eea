import torch


def matmul_loops(a, b):
    # a: I rows of J numbers, b: J rows of K numbers, as lists  →  I rows of K
    raise NotImplementedError


def matmul_dot(a, b):
    # a: (..., I, J)   b: (..., J, K), the same leading axes  →  (..., I, K)
    raise NotImplementedError


def matmul_einsum(a, b):
    # a: (..., I, J)   b: (..., J, K), leading axes that broadcast  →  (..., I, K)
    raise NotImplementedError
