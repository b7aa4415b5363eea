"""Pushes wrong labels to the nearest class instead of reporting them."""

import numpy as np


def checked(indices, size):
    return np.clip(indices, 0, size - 1)


def one_hot(labels, classes):
    return (checked(labels, classes)[..., None] == np.arange(classes)).astype(np.float64)


def pick(x, labels):
    return np.take_along_axis(x, checked(labels, x.shape[-1])[..., None], axis=-1)[..., 0]


def embedding_grad(dy, tokens, rows):
    grad = np.zeros((rows, dy.shape[-1]), dtype=dy.dtype)
    np.add.at(grad, checked(tokens, rows), dy)
    return grad
