"""Keeps the union from being 0 by a whole pixel, which is more than a box in parts of the width."""

import numpy as np


def area(boxes):
    return np.maximum(boxes[:, 2] - boxes[:, 0], 0) * np.maximum(boxes[:, 3] - boxes[:, 1], 0)


def iou(a, b):
    top_left = np.maximum(a[:, None, :2], b[None, :, :2])
    bottom_right = np.minimum(a[:, None, 2:], b[None, :, 2:])
    sides = np.maximum(bottom_right - top_left, 0)
    inter = sides[..., 0] * sides[..., 1]
    union = area(a)[:, None] + area(b)[None, :] - inter
    return inter / np.maximum(union, 1)


def nms(boxes, scores, threshold=0.5):
    return batched_nms(boxes, scores, np.zeros(len(scores), dtype=np.int64), threshold)


def batched_nms(boxes, scores, classes, threshold=0.5):
    order = np.argsort(-scores, kind="stable")
    kept = []
    while len(order) > 0:
        best, rest = order[0], order[1:]
        kept.append(int(best))
        overlap = iou(boxes[[best]], boxes[rest])[0]
        suppressed = (overlap > threshold) & (classes[rest] == classes[best])
        order = rest[~suppressed]
    return kept
