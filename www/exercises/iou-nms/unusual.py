"""Plain Python, one pair at a time: a box stays if no box that stayed before it covers it."""

import numpy as np


def overlap(p, q):
    width = min(p[2], q[2]) - max(p[0], q[0])
    height = min(p[3], q[3]) - max(p[1], q[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    return both / ((p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1]) - both)


def iou(a, b):
    rows = [[overlap(p, q) for q in b.tolist()] for p in a.tolist()]
    return np.array(rows, dtype=np.float64).reshape(len(a), len(b))


def batched_nms(boxes, scores, classes, threshold=0.5):
    plain, labels = boxes.tolist(), classes.tolist()
    kept = []
    for i in sorted(range(len(plain)), key=lambda i: (-float(scores[i]), i)):
        if all(labels[j] != labels[i] or overlap(plain[i], plain[j]) <= threshold for j in kept):
            kept.append(i)
    return kept


def nms(boxes, scores, threshold=0.5):
    return batched_nms(boxes, scores, np.full(len(boxes), 7), threshold)
