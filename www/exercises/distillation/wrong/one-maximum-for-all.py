"""Subtracts the largest logit of the whole batch, so that a row far below it underflows."""

import numpy as np


def log_softmax(z):
    z = z - z.max()
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def distillation_loss(student, teacher, labels, temperature, alpha):
    log_p = log_softmax(teacher / temperature)
    log_q = log_softmax(student / temperature)
    possible = log_p > -np.inf
    gap = np.where(possible, log_p, 0) - np.where(possible, log_q, 0)
    soft = (np.exp(log_p) * gap).sum(axis=1).mean()
    labelled = np.flatnonzero(labels >= 0)
    hard = 0.0
    if len(labelled) > 0:
        hard = -log_softmax(student)[labelled, labels[labelled]].mean()
    return float(alpha * temperature**2 * soft + (1 - alpha) * hard)


def distillation_backward(student, teacher, labels, temperature, alpha):
    p = np.exp(log_softmax(teacher / temperature))
    q = np.exp(log_softmax(student / temperature))
    gradient = alpha * temperature * (q - p) / len(student)
    labelled = np.flatnonzero(labels >= 0)
    if len(labelled) > 0:
        error = np.exp(log_softmax(student[labelled]))
        error[np.arange(len(labelled)), labels[labelled]] -= 1
        gradient[labelled] += (1 - alpha) * error / len(labelled)
    return gradient
