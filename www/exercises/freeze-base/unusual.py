"""Runs the frozen modules under hooks of eval mode, takes every parameter into the optimiser, and packs bytes by itself."""

import torch


def modules_of(model, names):
    return [model.get_submodule(name) for name in names]


def freeze(model, names):
    for module in modules_of(model, names):
        module.requires_grad_(False)
        for parameter in module.parameters():
            parameter.grad = None


def count_parameters(model):
    counts = {True: 0, False: 0}
    for parameter in {id(p): p for p in model.parameters()}.values():
        counts[parameter.requires_grad] += parameter.nelement()
    return [counts[True], counts[False]]


def fingerprint(model, names):
    parts = []
    for name, module in zip(names, modules_of(model, names)):
        for key, value in module.state_dict().items():
            parts.append(f"{name}.{key}:{tuple(value.shape)}:" + ",".join(repr(v) for v in value.reshape(-1).tolist()))
    return "|".join(parts)


def fine_tune(model, names, batches, rate):
    freeze(model, names)
    for module in model.children():
        module.train()
    for module in modules_of(model, names):
        module.train(False)
    moving = {}
    losses = []
    for x, labels in batches:
        logits = model(torch.tensor(x))
        picked = torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), torch.tensor(labels)]
        loss = -picked.mean()
        trained = [p for p in model.parameters() if p.requires_grad]
        with torch.no_grad():
            for p, g in zip(trained, torch.autograd.grad(loss, trained)):
                g = g + 0.01 * p
                moving[id(p)] = 0.9 * moving[id(p)] + g if id(p) in moving else g
                p -= rate * moving[id(p)]
        losses.append(float(loss))
    return losses
