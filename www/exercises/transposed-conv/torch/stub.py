import torch


def conv2d_transpose(x, w, b=None, stride=1, padding=0, output_padding=0):
    # x: (N, H, W, C)   w: (KH, KW, O, C)   b: (O,) | None
    # y: (N, OH, OW, O)
    raise NotImplementedError
