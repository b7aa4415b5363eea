// What the room computes, in the few lines that an interviewer asks for: IoU, NMS, average precision.
export const code = `def iou(a, b):
    top_left = np.maximum(a[:, None, :2], b[None, :, :2])
    bottom_right = np.minimum(a[:, None, 2:], b[None, :, 2:])
    w, h = np.moveaxis(np.maximum(bottom_right - top_left, 0), -1, 0)
    area = lambda x: (x[:, 2] - x[:, 0]) * (x[:, 3] - x[:, 1])
    return w * h / (area(a)[:, None] + area(b)[None] - w * h)

def nms(boxes, scores, threshold):
    order, kept = np.argsort(-scores, kind="stable"), []
    while len(order):
        best, rest = order[0], order[1:]
        kept.append(best)
        order = rest[iou(boxes[[best]], boxes[rest])[0] <= threshold]
    return kept

def average_precision(right, truths):
    hits = np.cumsum(right)
    recall, precision = hits / truths, hits / np.arange(1, len(right) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return np.sum(np.diff(recall, prepend=0) * best)
`;
