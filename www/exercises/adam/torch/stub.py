import torch


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        raise NotImplementedError

    def step(self, params, grads):
        # Two lists, matching pairwise; a gradient may be None  →  a list of new tensors
        raise NotImplementedError
