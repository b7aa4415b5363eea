import numpy as np


def check_gradient(f, gradient, x, step=1e-5, tolerance=1e-6):
    # f(x) → a number   gradient(x) → an array of x's shape
    # → whether it is right, its error, the index where it is most wrong
    raise NotImplementedError
    return ok, error, worst
