import numpy as np


def probe(layers, x, dy):
    # layers: a list of (w, b), w (I, O), b (O,)   x: (N, I)   dy: the gradient at the last output
    # → for each layer {"gradient": …, "gain": …, "dead": …}
    raise NotImplementedError


def diagnose(report):
    # → a list of (layer number, "dead" | "exploding" | "vanishing")
    raise NotImplementedError
