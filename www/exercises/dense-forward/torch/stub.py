import torch


def dense(x, w, b=None):
    # x: (..., I)   w: (I, O)   b: (O,) or None
    # y: (..., O)
    raise NotImplementedError
