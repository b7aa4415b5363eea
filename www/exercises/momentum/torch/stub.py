import torch


class SGD:
    def __init__(self, lr, momentum=0.0, nesterov=False):
        raise NotImplementedError

    def step(self, params, grads):
        # Two lists of tensors, shapes matching pairwise  →  a list of new tensors
        raise NotImplementedError
