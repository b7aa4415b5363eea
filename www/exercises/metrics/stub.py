import numpy as np


def confusion_matrix(labels, predicted, classes):
    # labels, predicted: (N,), integers in [0, K)  →  (K, K), integers
    raise NotImplementedError


def precision_recall_f1(matrix):
    # matrix: (K, K), rows are true classes  →  three arrays (K,)
    raise NotImplementedError
    return precision, recall, f1


def roc_auc(labels, scores):
    # labels: (N,), 0 or 1   scores: (N,)  →  one number
    raise NotImplementedError
