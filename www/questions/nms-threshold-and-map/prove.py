import numpy as np

rng = np.random.default_rng(0)


def iou(p, q):
    w = min(p[2], q[2]) - max(p[0], q[0])
    h = min(p[3], q[3]) - max(p[1], q[1])
    both = max(w, 0.0) * max(h, 0.0)
    return both / ((p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1]) - both)


def nms(found, threshold):
    left, kept = sorted(found, key=lambda one: -one[0]), []
    while left:
        best = left.pop(0)
        kept.append(best)
        left = [one for one in left if iou(best[1], one[1]) <= threshold]
    return kept


def average_precision(images, least=0.5):
    judged, count = [], 0
    for truths, found in images:
        count += len(truths)
        taken = set()
        for score, box in sorted(found, key=lambda one: -one[0]):
            fits = [(iou(box, truth), t) for t, truth in enumerate(truths) if t not in taken]
            overlap, t = max(fits, default=(0.0, -1))
            right = overlap >= least
            if right:
                taken.add(t)
            judged.append((score, right))
    right = np.array([hit for _, hit in sorted(judged, key=lambda one: -one[0])], dtype=float)
    hits = np.cumsum(right)
    recall, precision = hits / count, hits / np.arange(1, len(right) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return float(np.sum(np.diff(np.concatenate([[0.0], recall])) * best)), int(hits[-1])


# By hand: right, wrong, right of two objects is 1 up to recall 1/2, then 2/3.
truths = [[0, 0, 10, 10], [20, 0, 30, 10]]
by_hand = [(0.9, [0, 0, 10, 10]), (0.8, [1, 0, 11, 10]), (0.7, [20, 0, 30, 10])]
assert abs(average_precision([(truths, by_hand)])[0] - (0.5 + 0.5 * 2 / 3)) < 1e-12

# {{crowd}}
images = []
for _ in range(40):
    x = rng.uniform(0, 60)
    # Two that stand close, at IoU 0.45, and one that stands alone.
    truths = [[x, 0, x + 29, 60], [x + 11, 0, x + 40, 60], [x + 120, 0, x + 149, 60]]
    found = []
    for truth in truths:
        for _ in range(4):
            box = np.array(truth) + rng.normal(0, 1.5, 4)
            found.append((float(rng.uniform(0.5, 1.0)), box.tolist()))
    for _ in range(2):
        a = rng.uniform(0, 150)
        found.append((float(rng.uniform(0.1, 0.6)), [a, 80, a + 29, 140]))
    images.append((truths, found))

aps = {}
for threshold in (0.1, 0.3, 0.5, 0.6, 0.7, 0.9):
    kept = [(truths, nms(found, threshold)) for truths, found in images]
    ap, hit = average_precision(kept)
    aps[threshold] = ap
    print(f"{threshold:.1f}  {sum(len(one) for _, one in kept):4d}  {hit:4d}  {ap:.3f}")
bare, hit = average_precision(images)
print(f"{{none}}  {sum(len(one) for _, one in images):4d}  {hit:4d}  {bare:.3f}")
best = max(aps, key=aps.get)
assert best in (0.5, 0.6, 0.7)
assert aps[0.1] < aps[best] - 0.2
assert bare < aps[best] - 0.2

# {{slope}}
def giou(p, q):
    around = (max(p[2], q[2]) - min(p[0], q[0])) * (max(p[3], q[3]) - min(p[1], q[1]))
    either = (p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1])
    union = either / (1 + iou(p, q))
    return iou(p, q) - (around - union) / around


truth, guess, moved = [30, 0, 40, 10], [0, 0, 10, 10], [1, 0, 11, 10]
print(f"{iou(moved, truth) - iou(guess, truth):.4f} {giou(moved, truth) - giou(guess, truth):.4f}")
assert iou(moved, truth) == iou(guess, truth) == 0
assert giou(moved, truth) > giou(guess, truth)
