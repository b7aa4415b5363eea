"""Leaves the gradients that frozen parameters already carry."""

import hashlib

import torch
from torch import nn


def is_under(name, names):
    return any(name == each or name.startswith(each + ".") for each in names)


def freeze(model, names):
    for name, parameter in model.named_parameters():
        if is_under(name, names):
            parameter.requires_grad_(False)


def count_parameters(model):
    parameters = list(model.parameters())
    trainable = sum(p.numel() for p in parameters if p.requires_grad)
    return trainable, sum(p.numel() for p in parameters) - trainable


def fingerprint(model, names):
    digest = hashlib.sha256()
    for name, value in sorted(model.state_dict().items()):
        if is_under(name, names):
            array = value.detach().numpy()
            digest.update(f"{name} {array.dtype} {array.shape}".encode())
            digest.update(array.tobytes())
    return digest.hexdigest()


def fine_tune(model, names, batches, rate):
    freeze(model, names)
    model.train()
    for name, module in model.named_modules():
        if is_under(name, names):
            module.eval()
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(parameters, lr=rate, momentum=0.9, weight_decay=0.01)
    losses = []
    for x, labels in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(torch.as_tensor(x)), torch.as_tensor(labels))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
