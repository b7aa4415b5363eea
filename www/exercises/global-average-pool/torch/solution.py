import torch


def global_average_pool(x, keepdims=False):
    return x.mean(dim=(1, 2), keepdim=keepdims)


def global_average_pool_backward(dy, x):
    n, h, w, c = x.shape
    share = dy.reshape(n, 1, 1, c) / (h * w)
    return share * torch.ones_like(x)


def class_maps(x, w, b):
    return x @ w + b
