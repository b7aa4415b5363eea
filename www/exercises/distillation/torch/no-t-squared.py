"""The soft term shrinks with the square of the temperature."""

import torch


def log_softmax(z):
    z = z - z.amax(dim=1, keepdim=True)
    return z - torch.log(torch.exp(z).sum(dim=1, keepdim=True))


def distillation_loss(student, teacher, labels, temperature, alpha):
    log_p = log_softmax(teacher / temperature)
    log_q = log_softmax(student / temperature)
    possible = log_p > -torch.inf
    gap = torch.where(possible, log_p, 0) - torch.where(possible, log_q, 0)
    soft = (torch.exp(log_p) * gap).sum(dim=1).mean()
    labelled = torch.nonzero(labels >= 0)[:, 0]
    hard = 0.0
    if len(labelled) > 0:
        hard = -log_softmax(student)[labelled, labels[labelled]].mean()
    return float(alpha * soft + (1 - alpha) * hard)


def distillation_backward(student, teacher, labels, temperature, alpha):
    p = torch.exp(log_softmax(teacher / temperature))
    q = torch.exp(log_softmax(student / temperature))
    gradient = alpha * temperature * (q - p) / len(student)
    labelled = torch.nonzero(labels >= 0)[:, 0]
    if len(labelled) > 0:
        error = torch.exp(log_softmax(student[labelled]))
        error[torch.arange(len(labelled)), labels[labelled]] -= 1
        gradient[labelled] += (1 - alpha) * error / len(labelled)
    return gradient
