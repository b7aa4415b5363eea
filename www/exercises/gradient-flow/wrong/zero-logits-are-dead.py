"""Counts dead units in the last layer too, which has no ReLU."""

import numpy as np


def rms(a):
    return float(np.sqrt((a**2).mean()))


def probe(layers, x, dy):
    inputs, outputs = [], []
    for number, (w, b) in enumerate(layers):
        inputs.append(x)
        z = x @ w + b
        x = np.maximum(z, 0) if number < len(layers) - 1 else z
        outputs.append(x)

    report = [None] * len(layers)
    for number in reversed(range(len(layers))):
        w, _ = layers[number]
        hidden = number < len(layers) - 1
        dz = dy * (outputs[number] > 0) if hidden else dy
        dx = dz @ w.T
        arrived = rms(dy)
        report[number] = {
            "gradient": rms(inputs[number].T @ dz),
            "gain": rms(dx) / arrived if arrived > 0 else 1.0,
            "dead": float((outputs[number] == 0).all(axis=0).mean()),
        }
        dy = dx
    return report


def diagnose(report):
    found = []
    for number, layer in enumerate(report):
        if layer["dead"] >= 0.5:
            found.append((number, "dead"))
        elif layer["gain"] >= 10:
            found.append((number, "exploding"))
        elif layer["gain"] <= 0.1:
            found.append((number, "vanishing"))
    return found
