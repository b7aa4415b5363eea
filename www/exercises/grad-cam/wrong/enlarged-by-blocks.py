"""Enlarges by repeating pixels."""

import torch
from torch import nn


def grad_cam(model, layer, image, target=None):
    kept = []
    hook = layer.register_forward_hook(lambda module, inputs, output: kept.append(output))
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        with torch.enable_grad():
            x = torch.tensor(image)[None].requires_grad_()
            logits = model(x)[0]
            index = int(logits.argmax()) if target is None else target
            (slopes,) = torch.autograd.grad(logits[index], kept[-1])
    finally:
        hook.remove()
        for module, training in modes:
            module.training = training
    maps = kept[-1].detach()
    weights = slopes.mean(dim=(2, 3), keepdim=True)
    heat = torch.relu((weights * maps).sum(dim=1, keepdim=True))
    heat = nn.functional.interpolate(heat, size=image.shape[1:], mode="nearest")[0, 0]
    top = heat.max()
    return (heat / top if top > 0 else heat).numpy()
