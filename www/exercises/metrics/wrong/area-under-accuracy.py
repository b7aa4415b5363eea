"""Thresholds the scores at 0.5 first: one point of the curve, not its area."""

import numpy as np


def confusion_matrix(labels, predicted, classes):
    cells = labels * classes + predicted
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def ratio(top, bottom):
    return top / np.where(bottom == 0, 1, bottom)


def precision_recall_f1(matrix):
    right = np.diagonal(matrix).astype(np.float64)
    predicted, actual = matrix.sum(axis=0), matrix.sum(axis=1)
    return ratio(right, predicted), ratio(right, actual), ratio(2 * right, predicted + actual)


def roc_auc(labels, scores):
    positive = np.asarray(labels) == 1
    n_positive, n_negative = positive.sum(), (~positive).sum()
    if n_positive == 0 or n_negative == 0:
        raise ValueError("AUC needs samples of both classes")
    scores = (np.asarray(scores) > 0.5) * 1.0
    _, group, counts = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    rank = (last - (counts - 1) / 2)[group]
    won = rank[positive].sum() - n_positive * (n_positive + 1) / 2
    return won / (n_positive * n_negative)
