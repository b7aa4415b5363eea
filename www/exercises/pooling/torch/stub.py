import torch


def max_pool(x, size=2, stride=None, padding="valid"):
    # x: (N, H, W, C) -> (N, OH, OW, C)
    raise NotImplementedError


def max_pool_backward(dy, x, size=2, stride=None, padding="valid"):
    # dy: (N, OH, OW, C)   x: (N, H, W, C) -> dx: (N, H, W, C)
    raise NotImplementedError


def avg_pool(x, size=2, stride=None, padding="valid"):
    raise NotImplementedError


def avg_pool_backward(dy, x, size=2, stride=None, padding="valid"):
    raise NotImplementedError
