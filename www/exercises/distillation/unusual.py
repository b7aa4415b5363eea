"""Row by row in plain Python; the gradient goes through softmax's Jacobian, written out as a matrix."""

import math

import numpy as np


def distribution(row, temperature):
    top = max(row)
    e = [math.exp((value - top) / temperature) for value in row]
    return [value / sum(e) for value in e]


def log_probability(row, k, temperature=1.0):
    top = max(row)
    return (row[k] - top) / temperature - math.log(sum(math.exp((v - top) / temperature) for v in row))


def distillation_loss(student, teacher, labels, temperature, alpha):
    soft, hard = 0.0, []
    for z, target, label in zip(student.tolist(), teacher.tolist(), labels.tolist()):
        for k, p in enumerate(distribution(target, temperature)):
            if p > 0.0:
                soft += p * (log_probability(target, k, temperature) - log_probability(z, k, temperature))
        if label != -1:
            hard.append(-log_probability(z, label))
    loss = alpha * temperature * temperature * soft / len(student)
    return loss + ((1.0 - alpha) * sum(hard) / len(hard) if hard else 0.0)


def distillation_backward(student, teacher, labels, temperature, alpha):
    count, classes = student.shape
    known = sum(1 for label in labels.tolist() if label != -1)
    rows = []
    for z, target, label in zip(student.tolist(), teacher.tolist(), labels.tolist()):
        q, p = np.array(distribution(z, temperature)), np.array(distribution(target, temperature))
        # d log q_k / d z_j = (δ_kj − q_j) / T, and the loss is −Σ p_k log q_k but for a constant.
        slope = (np.eye(classes) - q[None, :]) / temperature
        row = -(alpha * temperature**2 / count) * (p @ slope)
        if label != -1:
            slope = np.eye(classes) - np.array(distribution(z, 1.0))[None, :]
            row = row - (1.0 - alpha) / known * slope[label]
        rows.append(row)
    return np.array(rows).astype(student.dtype)
