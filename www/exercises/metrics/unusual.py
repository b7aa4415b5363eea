"""Counts the pairs one by one, and the AUC by two binary searches for each positive."""

import numpy as np


def confusion_matrix(labels, predicted, classes):
    matrix = [[0] * classes for _ in range(classes)]
    for truth, guess in zip(labels.tolist(), predicted.tolist()):
        matrix[truth][guess] += 1
    return np.array(matrix)


def precision_recall_f1(matrix):
    precision, recall, f1 = (np.zeros(len(matrix)) for _ in range(3))
    for k in range(len(matrix)):
        hits, column, row = int(matrix[k, k]), int(matrix[:, k].sum()), int(matrix[k].sum())
        if hits:
            precision[k], recall[k] = hits / column, hits / row
            f1[k] = 2 * precision[k] * recall[k] / (precision[k] + recall[k])
    return precision, recall, f1


def roc_auc(labels, scores):
    positives = scores[labels.astype(bool)]
    negatives = np.sort(scores[~labels.astype(bool)])
    if not len(positives) or not len(negatives):
        raise ValueError("one class only")
    below = np.searchsorted(negatives, positives, side="left")
    up_to = np.searchsorted(negatives, positives, side="right")
    return float((below + up_to).mean() / (2 * len(negatives)))
