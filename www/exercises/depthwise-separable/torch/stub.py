import torch


def depthwise_conv2d(x, w, stride=1, padding="same"):
    # x: (N, H, W, C)   w: (KH, KW, C, M) -> (N, OH, OW, C * M)
    raise NotImplementedError


def separable_conv2d(x, depthwise, pointwise, b=None, stride=1, padding="same"):
    # depthwise: (KH, KW, C, M)   pointwise: (C * M, O)   b: (O,) | None -> (N, OH, OW, O)
    raise NotImplementedError


def merge_kernels(depthwise, pointwise):
    # -> (KH, KW, C, O): the ordinary kernel that does the same
    raise NotImplementedError


def cost_ratio(kernel, c_in, c_out, multiplier=1):
    # -> multiply-adds of the separable convolution over those of the ordinary one
    raise NotImplementedError
