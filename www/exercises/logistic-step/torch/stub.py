import torch


def logistic_step(x, y, w, b, lr, pos_weight=1.0):
    # x: (N, I)   y: (N,), between 0 and 1   w: (I,)   b: a number
    # loss: a number, before the step
    raise NotImplementedError
    return loss, w, b
