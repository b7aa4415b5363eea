"""Sums what every sample contributes and divides once at the end, as a parameter server would."""

import numpy as np


def shards(count, workers):
    return [(int(count - len(part)) if not len(part) else int(part[0]), int(part[-1]) + 1 if len(part) else count)
            for part in np.array_split(np.arange(count), workers)]


def all_reduce_mean(gradients, counts):
    server = None
    for gradient, count in zip(gradients, counts):
        if count == 0:
            continue
        pushed = [count * g for g in gradient]
        server = pushed if server is None else [s + p for s, p in zip(server, pushed)]
    return [s / sum(counts) for s in server]


def sync_step(replicas, x, y, gradient, lr):
    cuts = [slice(*cut) for cut in shards(len(x), len(replicas))]
    counts = [len(x[cut]) for cut in cuts]
    found = [None] * len(cuts)
    for worker in range(len(cuts)):
        if counts[worker]:
            found[worker] = gradient(replicas[worker], x[cuts[worker]], y[cuts[worker]])
    mean = all_reduce_mean(found, counts)
    moved = []
    for params in replicas:
        params = [p.copy() for p in params]
        for p, g in zip(params, mean):
            p -= lr * g
        moved.append(params)
    return moved
