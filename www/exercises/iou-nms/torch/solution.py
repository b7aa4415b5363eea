import torch


def area(boxes):
    return (boxes[:, 2] - boxes[:, 0]).clamp(min=0) * (boxes[:, 3] - boxes[:, 1]).clamp(min=0)


def iou(a, b):
    top_left = torch.maximum(a[:, None, :2], b[None, :, :2])
    bottom_right = torch.minimum(a[:, None, 2:], b[None, :, 2:])
    sides = (bottom_right - top_left).clamp(min=0)
    inter = sides[..., 0] * sides[..., 1]
    union = area(a)[:, None] + area(b)[None, :] - inter
    return torch.where(union > 0, inter / torch.where(union > 0, union, 1), 0.0)


def nms(boxes, scores, threshold=0.5):
    return batched_nms(boxes, scores, torch.zeros(len(scores), dtype=torch.int64), threshold)


def batched_nms(boxes, scores, classes, threshold=0.5):
    order = torch.argsort(-scores, stable=True)
    kept = []
    while len(order) > 0:
        best, rest = order[0], order[1:]
        kept.append(int(best))
        overlap = iou(boxes[best][None], boxes[rest])[0]
        suppressed = (overlap > threshold) & (classes[rest] == classes[best])
        order = rest[~suppressed]
    return kept
