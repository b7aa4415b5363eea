import numpy as np


class SGD:
    def __init__(self, lr, momentum=0.0, nesterov=False):
        raise NotImplementedError

    def step(self, params, grads):
        # Two lists of arrays, shapes matching pairwise  →  a list of new arrays
        raise NotImplementedError
