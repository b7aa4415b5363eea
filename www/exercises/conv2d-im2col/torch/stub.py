import torch


def im2col(x, kernel, stride=1, padding="valid"):
    # x: (N, H, W, C) -> columns: (N * OH * OW, KH * KW * C)
    raise NotImplementedError


def col2im(columns, shape, kernel, stride=1, padding="valid"):
    # columns: (N * OH * OW, KH * KW * C) -> (N, H, W, C) = shape
    raise NotImplementedError


def conv2d(x, w, b=None, stride=1, padding="valid"):
    # w: (KH, KW, C, O) -> (N, OH, OW, O)
    raise NotImplementedError
