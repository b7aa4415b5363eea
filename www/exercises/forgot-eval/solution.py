import torch
import torch.nn.functional as F
from torch import nn


def build():
    return nn.Sequential(
        nn.Linear(64, 64),
        nn.BatchNorm1d(64),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(64, 10),
    )


def predict(model, x):
    was_training = model.training
    model.eval()
    with torch.no_grad():
        digits = model(x).argmax(dim=1)
    model.train(was_training)
    return digits


def train(batches, held_out, monitor):
    torch.manual_seed(0)
    model = build()
    monitor.watch(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    x_held, y_held = held_out
    for step, (x, y) in enumerate(batches):
        if step % 10 == 0:
            validation = (predict(model, x_held) == y_held).float().mean()
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        monitor.step(loss=loss, validation=validation)
        optimizer.step()
    return model
