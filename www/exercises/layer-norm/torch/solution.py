import torch


def normalised(x, eps):
    inverse = 1 / ((x**2).mean(dim=-1, keepdim=True) + eps).sqrt()
    return x * inverse, inverse


def centred(x):
    return x - x.mean(dim=-1, keepdim=True)


def over_rows(a):
    return a.reshape(-1, a.shape[-1]).sum(dim=0)


def rms_norm(x, gamma, eps=1e-6):
    return normalised(x, eps)[0] * gamma


def rms_norm_backward(dy, x, gamma, eps=1e-6):
    x_hat, inverse = normalised(x, eps)
    g = dy * gamma
    dx = inverse * (g - x_hat * (g * x_hat).mean(dim=-1, keepdim=True))
    return dx, over_rows(dy * x_hat)


def layer_norm(x, gamma, beta, eps=1e-5):
    return rms_norm(centred(x), gamma, eps) + beta


def layer_norm_backward(dy, x, gamma, eps=1e-5):
    dc, dgamma = rms_norm_backward(dy, centred(x), gamma, eps)
    return centred(dc), dgamma, over_rows(dy)
