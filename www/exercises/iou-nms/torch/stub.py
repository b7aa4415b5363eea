import torch


def iou(a, b):
    # a: (N, 4)   b: (M, 4), boxes (x1, y1, x2, y2) -> (N, M)
    raise NotImplementedError


def nms(boxes, scores, threshold=0.5):
    # boxes: (N, 4)   scores: (N,) -> indices of the kept boxes, best first: a list of int
    raise NotImplementedError


def batched_nms(boxes, scores, classes, threshold=0.5):
    # classes: (N,) integers -> as nms, but boxes of different classes don't suppress each other
    raise NotImplementedError
