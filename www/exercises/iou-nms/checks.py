import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def overlap(p, q):
    """IoU of two boxes by its definition, in plain numbers."""
    width = max(min(p[2], q[2]) - max(p[0], q[0]), 0.0)
    height = max(min(p[3], q[3]) - max(p[1], q[1]), 0.0)
    both = width * height
    either = (p[2] - p[0]) * (p[3] - p[1]) + (q[2] - q[0]) * (q[3] - q[1]) - both
    return both / either if either > 0 else 0.0


def ious(a, b):
    return np.array([[overlap(p, q) for q in b.tolist()] for p in a.tolist()], dtype=np.float64).reshape(len(a), len(b))


def kept(boxes, scores, threshold, classes=None):
    boxes, scores = boxes.tolist(), scores.tolist()
    classes = [0] * len(boxes) if classes is None else classes.tolist()
    stay = []
    for i in sorted(range(len(boxes)), key=lambda i: (-scores[i], i)):
        if not any(classes[i] == classes[j] and overlap(boxes[i], boxes[j]) > threshold for j in stay):
            stay.append(i)
    return stay


def some_boxes(t, count, spread=10.0):
    corner = t.rng.uniform(0.0, spread, size=(count, 2))
    return np.concatenate([corner, corner + t.rng.uniform(1.0, 6.0, size=(count, 2))], axis=1)


async def indices_are(t, expected, name, *args, **options):
    got = await t.call(name, *args, **options)
    # A list, a tuple or an array of integers says the same.
    if isinstance(got, np.ndarray):
        t.true(got.ndim == 1 and got.dtype.kind in "iu", got=got, expected=expected)
        got = got.tolist()
    t.equal(got, expected, name="kept")


@check("iou-example", visible=True)
async def iou_example(t):
    a = np.array([[0.0, 0.0, 4.0, 4.0]])
    b = np.array([[2.0, 2.0, 6.0, 6.0], [0.0, 0.0, 4.0, 4.0], [1.0, 1.0, 3.0, 3.0], [5.0, 0.0, 7.0, 4.0]])
    t.equal(await t.call("iou", a, b), np.array([[1 / 7, 1.0, 0.25, 0.0]]), name="iou", **CLOSE)


@check("iou-pairs", visible=True)
async def iou_pairs(t):
    a, b = some_boxes(t, 5), some_boxes(t, 7)
    t.equal(await t.call("iou", a, b), ious(a, b), name="iou", **CLOSE)
    # As parts of the image's width, which makes every area smaller than 1.
    a, b = a / 40.0, b / 40.0
    t.equal(await t.call("iou", a, b), ious(a, b), name="iou", **CLOSE)


@check("apart", visible=True)
async def apart(t):
    # Apart on both axes: two negative sides make a positive product.
    a = np.array([[0.0, 0.0, 1.0, 1.0], [-9.0, -9.0, -5.0, -7.0]])
    b = np.array([[3.0, 3.0, 5.0, 6.0], [1.0, 0.0, 2.0, 1.0], [-2.0, 4.0, 0.0, 5.0]])
    t.equal(await t.call("iou", a, b), np.zeros((2, 3)), name="iou", **CLOSE)


@check("suppresses", visible=True)
async def suppresses(t):
    boxes = np.array([[0.0, 0.0, 10.0, 10.0], [1.0, 1.0, 11.0, 11.0], [20.0, 20.0, 30.0, 30.0]])
    await indices_are(t, [1, 2], "nms", boxes, np.array([0.8, 0.9, 0.7]))
    await indices_are(t, [1, 0, 2], "nms", boxes, np.array([0.8, 0.9, 0.7]), threshold=0.8)


@check("chain", visible=True)
async def chain(t):
    # 0 removes 1, and 1, being gone, doesn't remove 2.
    boxes = np.array([[0.0, 0.0, 10.0, 4.0], [3.0, 0.0, 13.0, 4.0], [6.0, 0.0, 16.0, 4.0]])
    await indices_are(t, [0, 2], "nms", boxes, np.array([0.9, 0.8, 0.7]))
    await indices_are(t, [1], "nms", boxes, np.array([0.8, 0.9, 0.7]))


@check("score-ties", visible=True)
async def score_ties(t):
    boxes = np.array([[0.0, 0.0, 4.0, 4.0], [0.0, 0.0, 4.0, 5.0], [9.0, 9.0, 12.0, 12.0], [9.0, 9.0, 12.0, 12.0]])
    await indices_are(t, [0, 2], "nms", boxes, np.array([0.5, 0.5, 0.5, 0.5]))
    await indices_are(t, [2, 0], "nms", boxes, np.array([0.5, 0.5, 0.6, 0.6]))


@check("at-threshold", visible=True)
async def at_threshold(t):
    # An IoU of exactly one half stays: suppressed is what is above.
    boxes = np.array([[0.0, 0.0, 2.0, 2.0], [0.0, 0.0, 2.0, 1.0], [0.0, 0.0, 2.0, 1.25]])
    await indices_are(t, [0, 1], "nms", boxes, np.array([0.9, 0.8, 0.7]))


@check("classes", visible=True)
async def classes(t):
    boxes = np.array([[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, 9.0]])
    scores, labels = np.array([0.7, 0.9, 0.8]), np.array([3, 1, 3])
    await indices_are(t, [1, 2], "batched_nms", boxes, scores, labels)
    # 0.48 is below the threshold that nobody has named, 0.52 above it.
    for height, expected in ((4.8, [0, 1]), (5.2, [0])):
        boxes = np.array([[0.0, 0.0, 10.0, 10.0], [0.0, 0.0, 10.0, height]])
        await indices_are(t, expected, "batched_nms", boxes, np.array([0.9, 0.8]), np.array([2, 2]))
        await indices_are(t, expected, "nms", boxes, np.array([0.9, 0.8]))


@check("degenerate", visible=False)
async def degenerate(t):
    # Boxes without area overlap nothing, not even themselves.
    boxes = np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 5.0], [0.0, 0.0, 4.0, 4.0]])
    expected = np.zeros((3, 3))
    expected[2, 2] = 1.0
    t.equal(await t.call("iou", boxes, boxes), expected, name="iou", **CLOSE)
    await indices_are(t, [1, 0, 2], "nms", boxes, np.array([0.5, 0.6, 0.4]), threshold=0.0)


@check("empty", visible=False)
async def empty(t):
    none = np.zeros((0, 4))
    t.equal(await t.call("iou", none, some_boxes(t, 3)), np.zeros((0, 3)), name="iou", **CLOSE)
    t.equal(await t.call("iou", some_boxes(t, 2), none), np.zeros((2, 0)), name="iou", **CLOSE)
    for name, rest in (("nms", ()), ("batched_nms", (np.zeros(0, dtype=np.int64),))):
        got = await t.call(name, none, np.zeros(0), *rest)
        t.true(len(got) == 0, got=got, expected=[])
    await indices_are(t, [0], "nms", some_boxes(t, 1), np.array([0.1]))


@check("scores-of-any-sign", visible=False)
async def scores_of_any_sign(t):
    # Logits: negative scores order just the same, and class numbers may be large or negative.
    boxes, scores = some_boxes(t, 12, 6.0), t.rng.normal(size=12) * 50.0
    await indices_are(t, kept(boxes, scores, 0.3), "nms", boxes, scores, threshold=0.3)
    labels = t.rng.integers(-1, 2, size=12) * 10**9
    await indices_are(t, kept(boxes, scores, 0.3, labels), "batched_nms", boxes, scores, labels, threshold=0.3)


@check("negative-coordinates", visible=False)
async def negative_coordinates(t):
    # Boxes reaching outside the image; shifting classes apart must allow for it.
    boxes, scores = some_boxes(t, 20, 5.0) - 100.0, t.rng.permutation(20) / 20.0
    labels = t.rng.integers(0, 4, size=20)
    await indices_are(t, kept(boxes, scores, 0.4, labels), "batched_nms", boxes, scores, labels, threshold=0.4)


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    boxes, scores, labels = some_boxes(t, 6, 4.0), t.rng.uniform(size=6), t.rng.integers(0, 2, size=6)
    await t.call("iou", boxes, boxes[:3])
    t.unchanged("a", "b")
    await t.call("nms", boxes, scores)
    t.unchanged("boxes", "scores")
    await t.call("batched_nms", boxes, scores, labels)
    t.unchanged("boxes", "scores", "classes")


@check("random", visible=False)
async def random(t):
    for _ in range(6):
        count = int(t.rng.integers(1, 30))
        boxes = some_boxes(t, count, float(t.rng.uniform(2.0, 15.0)))
        # Few different scores, so that many tie.
        scores = t.rng.integers(0, 6, size=count) / 5.0
        labels, threshold = t.rng.integers(0, 3, size=count), float(t.rng.uniform(0.1, 0.8))
        await indices_are(t, kept(boxes, scores, threshold), "nms", boxes, scores, threshold=threshold)
        await indices_are(t, kept(boxes, scores, threshold, labels), "batched_nms", boxes, scores, labels, threshold=threshold)
