"""Never takes a step: a net that knows nothing reports its half honestly."""

import numpy as np
import torch
import torch.nn.functional as F
from given import STEPS, Batches
from torch import nn


def split(y, patient, rng):
    """The rows to train on and those to validate with, a quarter of all."""
    patients = rng.permutation(np.unique(patient))
    held_out = np.isin(patient, patients[: len(patients) // 4])
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def standardise(x, rows):
    """x with mean 0 and deviation 1; rows: those to train on."""
    return (x - x[rows].mean(axis=0)) / x[rows].std(axis=0)


def accuracy(model, x, y):
    with torch.no_grad():
        return (model(torch.tensor(x)).argmax(dim=1).numpy() == y).mean()


def experiment(x, y, patient, fresh, monitor):
    """Trains, and returns the validation accuracy that will stand in the report."""
    rng = np.random.default_rng(0)
    train, valid = split(y, patient, rng)
    x_fresh, y_fresh = fresh
    # Next month's scans are scaled as this month's.
    both = standardise(np.concatenate([x, x_fresh]), train)
    x, x_fresh = both[: len(x)], both[len(x) :]
    torch.manual_seed(0)
    model = monitor.watch(nn.Sequential(nn.Linear(x.shape[1], 32), nn.ReLU(), nn.Linear(32, 2)))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    for step, (x_batch, y_batch) in enumerate(Batches(x[train], y[train], 32, STEPS, 0)):
        if step % 10 == 0:
            told = {
                "training": accuracy(model, x[train], y[train]),
                "validation": accuracy(model, x[valid], y[valid]),
                "fresh": accuracy(model, x_fresh, y_fresh),
            }
        loss = F.cross_entropy(model(x_batch), y_batch)
        optimizer.zero_grad()
        loss.backward()
        monitor.step(loss=loss, **told)
    return float(accuracy(model, x[valid], y[valid]))
