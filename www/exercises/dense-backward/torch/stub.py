import torch


def dense_backward(dy, x, w):
    # dy: (..., O)   x: (..., I)   w: (I, O)
    # dx: (..., I)   dw: (I, O)    db: (O,)
    raise NotImplementedError
    return dx, dw, db
