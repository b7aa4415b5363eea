"""Catches maps and gradients by a hook that replaces the output, sums gradients instead of averaging, enlarges by matrices."""

import numpy as np
import torch


def enlarging(small, large):
    """The matrix that interpolates a line of `small` values to `large` ones."""
    matrix = np.zeros((large, small))
    for place in range(large):
        at = min(max((place + 0.5) * small / large - 0.5, 0.0), small - 1.0)
        below = int(at)
        above = min(below + 1, small - 1)
        matrix[place, below] += 1.0 - (at - below)
        matrix[place, above] += at - below
    return matrix


def grad_cam(model, layer, image, target=None):
    training = {name: module.training for name, module in model.named_modules()}
    seen = {}

    def replace(module, inputs, output):
        seen["maps"] = output.detach().clone().requires_grad_(True)
        return seen["maps"]

    handle = layer.register_forward_hook(replace)
    for module in model.modules():
        module.training = False
    scores = model(torch.from_numpy(np.array(image))[None])
    handle.remove()
    for name, module in model.named_modules():
        module.training = training[name]
    number = target if target is not None else scores.argmax(dim=1).item()
    slopes = torch.autograd.grad(scores[0, number], seen["maps"])[0].numpy()[0].astype(np.float64)
    maps = seen["maps"].detach().numpy()[0].astype(np.float64)
    heat = np.maximum(np.einsum("a,ahw->hw", slopes.sum(axis=(1, 2)), maps), 0.0)
    heat = enlarging(heat.shape[0], image.shape[1]) @ heat @ enlarging(heat.shape[1], image.shape[2]).T
    return (heat / max(heat.max(), 1e-300)).astype(np.float32)
