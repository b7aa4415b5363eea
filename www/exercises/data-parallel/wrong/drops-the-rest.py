"""Drops the samples that don't divide evenly."""

def shards(count, workers):
    small, extra = divmod(count, workers)
    cuts, start = [], 0
    for worker in range(workers):
        stop = start + small
        cuts.append((start, stop))
        start = stop
    return cuts


def all_reduce_mean(gradients, counts):
    total = sum(counts)
    present = [(g, count / total) for g, count in zip(gradients, counts) if count > 0]
    return [sum(g[i] * share for g, share in present) for i in range(len(present[0][0]))]


def sync_step(replicas, x, y, gradient, lr):
    cuts = shards(len(x), len(replicas))
    gradients = [
        gradient(params, x[start:stop], y[start:stop]) if stop > start else None
        for params, (start, stop) in zip(replicas, cuts)
    ]
    mean = all_reduce_mean(gradients, [stop - start for start, stop in cuts])
    return [[p - lr * g for p, g in zip(params, mean)] for params in replicas]
