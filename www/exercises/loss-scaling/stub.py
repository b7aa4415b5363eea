import numpy as np


def half(x):
    # float array of any shape  →  the nearest float16 values, in the dtype of x
    raise NotImplementedError


class LossScaler:
    def __init__(self, scale=65536.0, growth=2.0, backoff=0.5, interval=2000):
        raise NotImplementedError

    def step(self, master, gradients, lr):
        # lists of arrays  →  (new master, whether the step was taken)
        raise NotImplementedError
