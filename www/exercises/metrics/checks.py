import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-10, "atol": 1e-12}


def pairs_won(labels, scores):
    """The definition: over all pairs of a positive and a negative."""
    positives = [s for y, s in zip(labels.tolist(), scores.tolist()) if y]
    negatives = [s for y, s in zip(labels.tolist(), scores.tolist()) if not y]
    won = sum((p > n) + 0.5 * (p == n) for p in positives for n in negatives)
    return won / (len(positives) * len(negatives))


def counted(labels, predicted, classes):
    matrix = np.zeros((classes, classes), dtype=np.int64)
    for cell in zip(labels.tolist(), predicted.tolist()):
        matrix[cell] += 1
    return matrix


def by_class(matrix):
    columns = []
    for k in range(len(matrix)):
        hits, guessed, actual = int(matrix[k, k]), int(matrix[:, k].sum()), int(matrix[k].sum())
        precision, recall = hits / max(guessed, 1), hits / max(actual, 1)
        columns.append((precision, recall, 2 * precision * recall / (precision + recall) if hits else 0.0))
    return tuple(np.array(column) for column in zip(*columns))


async def scores_are(t, matrix):
    answer = await t.call("precision_recall_f1", matrix)
    t.true(isinstance(answer, (tuple, list)) and len(answer) == 3, got=answer)
    for name, got, expected in zip(("precision", "recall", "f1"), answer, by_class(matrix)):
        t.equal(got, expected, name=name, **CLOSE)


@check("confusion", visible=True)
async def confusion(t):
    labels, predicted = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 1, 0])
    expected = np.array([[1, 2, 0], [0, 2, 0], [1, 0, 0]])
    t.equal(await t.call("confusion_matrix", labels, predicted, 3), expected)


@check("by-class", visible=True)
async def every_class(t):
    await scores_are(t, np.array([[5, 1, 2], [3, 4, 0], [1, 1, 9]]))
    await scores_are(t, t.rng.integers(1, 30, size=(4, 4)))


@check("auc", visible=True)
async def auc(t):
    labels, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    t.equal(await t.call("roc_auc", labels, scores), 0.75, **CLOSE)
    labels = np.concatenate([np.array([0, 1]), t.rng.integers(0, 2, size=20)])
    scores = t.rng.normal(size=22) + labels
    t.equal(await t.call("roc_auc", labels, scores), pairs_won(labels, scores), **CLOSE)


@check("ties", visible=True)
async def ties(t):
    t.equal(await t.call("roc_auc", np.array([0, 1, 0, 1]), np.array([0.5, 0.5, 0.5, 0.5])), 0.5, **CLOSE)
    for order in ([0, 1, 1, 0, 1, 0], [1, 0, 0, 1, 0, 1]):
        labels, scores = np.array(order), np.array([1.0, 1.0, 1.0, 2.0, 2.0, 3.0])
        t.equal(await t.call("roc_auc", labels, scores), pairs_won(labels, scores), **CLOSE)


@check("empty-class", visible=True)
async def empty_class(t):
    await scores_are(t, np.array([[3, 1, 0], [0, 0, 0], [2, 2, 0]]))
    await scores_are(t, np.zeros((2, 2), dtype=np.int64))


@check("one-class", visible=True)
async def one_class(t):
    await t.raises(ValueError, "roc_auc", np.ones(4, dtype=np.int64), t.rng.normal(size=4))
    await t.raises(ValueError, "roc_auc", np.zeros(4, dtype=np.int64), t.rng.normal(size=4))


@check("absent-classes", visible=False)
async def absent_classes(t):
    labels, predicted = np.array([1, 3, 3]), np.array([3, 3, 1])
    t.equal(await t.call("confusion_matrix", labels, predicted, 6), counted(labels, predicted, 6))
    t.equal(await t.call("confusion_matrix", labels[:0], predicted[:0], 2), np.zeros((2, 2), dtype=np.int64))


@check("repeats", visible=False)
async def repeats(t):
    labels, predicted = t.rng.integers(0, 3, size=400), t.rng.integers(0, 3, size=400)
    t.equal(await t.call("confusion_matrix", labels, predicted, 3), counted(labels, predicted, 3))


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    labels, predicted = t.rng.integers(0, 3, size=9), t.rng.integers(0, 3, size=9)
    matrix = await t.call("confusion_matrix", labels, predicted, 3)
    t.unchanged("labels", "predicted")
    await t.call("precision_recall_f1", matrix)
    t.unchanged("matrix")
    await t.call("roc_auc", np.array([1, 0, 1, 0, 0]), t.rng.normal(size=5))
    t.unchanged("labels", "scores")


@check("extremes", visible=False)
async def extremes(t):
    labels = np.array([0, 0, 1, 1])
    t.equal(await t.call("roc_auc", labels, np.array([1, 2, 3, 4])), 1.0, **CLOSE)
    t.equal(await t.call("roc_auc", labels, np.array([4, 3, 2, 1])), 0.0, **CLOSE)
    t.equal(await t.call("roc_auc", labels == 1, np.array([1.0, -np.inf, np.inf, 1.0])), 0.875, **CLOSE)


@check("monotonic", visible=False)
async def monotonic(t):
    labels = np.concatenate([np.array([0, 1]), t.rng.integers(0, 2, size=30)])
    scores = np.round(t.rng.normal(size=32), 1)
    expected = pairs_won(labels, scores)
    t.equal(await t.call("roc_auc", labels, scores), expected, **CLOSE)
    t.equal(await t.call("roc_auc", labels, np.exp(3.0 * scores) * 1e-6), expected, **CLOSE)


@check("large", visible=False)
async def large(t):
    half = 100_000
    # Negatives 0 … half-1, positives shifted by `shift`: the pairs can be counted by hand.
    shift = int(t.rng.integers(0, half))
    scores = np.concatenate([np.arange(half), np.arange(half) + shift + 0.5])
    labels = np.concatenate([np.zeros(half, dtype=np.int64), np.ones(half, dtype=np.int64)])
    lost = (half - shift) * (half - shift - 1) // 2
    t.equal(await t.call("roc_auc", labels, scores), 1.0 - lost / half**2, **CLOSE)


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        count, classes = int(t.rng.integers(1, 60)), int(t.rng.integers(1, 7))
        labels, predicted = (t.rng.integers(0, classes, size=count) for _ in range(2))
        matrix = counted(labels, predicted, classes)
        t.equal(await t.call("confusion_matrix", labels, predicted, classes), matrix)
        await scores_are(t, matrix)
        binary = np.concatenate([np.array([1, 0]), t.rng.integers(0, 2, size=count)])
        scores = t.rng.integers(0, 8, size=count + 2) / 8.0
        t.equal(await t.call("roc_auc", binary, scores), pairs_won(binary, scores), **CLOSE)
