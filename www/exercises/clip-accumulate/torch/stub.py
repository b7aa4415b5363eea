import torch


def clip_by_global_norm(grads, max_norm):
    # a list of tensors  →  the clipped list, and the norm before clipping
    raise NotImplementedError
    return clipped, norm


class Accumulator:
    def __init__(self):
        raise NotImplementedError

    def add(self, grads, count):
        # grads: gradients of the *mean* loss over `count` samples
        raise NotImplementedError

    def take(self):
        # → gradients of the mean loss over all samples added; starts afresh
        raise NotImplementedError
