import torch


def conv2d_backward(dy, x, w, stride=1, padding="valid"):
    # dy: (N, OH, OW, O)   x: (N, H, W, C)   w: (KH, KW, C, O)
    # -> dx: (N, H, W, C), dw: (KH, KW, C, O), db: (O,)
    raise NotImplementedError
