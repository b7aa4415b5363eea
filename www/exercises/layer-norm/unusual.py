"""Row by row with the whole Jacobian, built as a matrix."""

import numpy as np


def row_norm(row, gamma, eps, centre):
    size = len(row)
    projection = np.eye(size) - (np.ones((size, size)) / size if centre else 0.0)
    middle = projection @ row.astype(np.float64)
    root = float(np.sqrt((middle @ middle) / size + eps))
    # d(middle / root) / d middle, times the projection.
    jacobian = (np.eye(size) / root - np.outer(middle, middle) / (size * root**3)) @ projection
    return middle / root, jacobian


def run(dy, x, gamma, eps, centre):
    y, dx = np.zeros(x.shape), np.zeros(x.shape)
    dgamma = np.zeros(gamma.shape)
    for where in np.ndindex(*x.shape[:-1]):
        x_hat, jacobian = row_norm(x[where], gamma, eps, centre)
        y[where] = x_hat * gamma
        if dy is not None:
            dx[where] = (dy[where] * gamma) @ jacobian
            dgamma += dy[where] * x_hat
    return y.astype(x.dtype), dx.astype(x.dtype), dgamma.astype(x.dtype)


def layer_norm(x, gamma, beta, eps=1e-5):
    return run(None, x, gamma, eps, True)[0] + beta


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    _, dx, dgamma = run(dy, x, gamma, eps, True)
    return dx, dgamma, dy.reshape(int(np.prod(dy.shape[:-1])), dy.shape[-1]).sum(axis=0)


def rms_norm(x, gamma, eps=1e-6):
    return run(None, x, gamma, eps, False)[0]


def rms_norm_backward(dy, x, gamma, eps=1e-6):
    return run(dy, x, gamma, eps, False)[1:]
