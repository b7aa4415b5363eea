import torch


class AdamW:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, decoupled=True):
        raise NotImplementedError

    def step(self, params, grads):
        # Two dictionaries from name to tensor; grads may lack names  →  a new dictionary
        raise NotImplementedError
