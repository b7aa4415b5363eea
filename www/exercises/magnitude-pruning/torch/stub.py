import torch


def magnitude_mask(w, sparsity):
    # → bool, the shape of w: True where a weight stays
    raise NotImplementedError


def global_masks(weights, sparsity):
    # weights: a list of tensors  →  a list of masks
    raise NotImplementedError


def masked_step(w, mask, dw, velocity, lr, momentum=0.9):
    # → the new w, the new velocity
    raise NotImplementedError


def sparsity_at(step, begin, end, final):
    # → a float
    raise NotImplementedError
