import torch
from torch import nn


def grad_cam(model, layer, image, target=None):
    # model: (N, C, H, W) → (N, K) logits; layer: one of its modules; image: (C, H, W) array
    # → heat map: (H, W) array from 0 to 1
    raise NotImplementedError
