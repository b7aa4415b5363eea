import torch


def clip_by_global_norm(grads, max_norm):
    if not all(torch.isfinite(g).all() for g in grads):
        raise ValueError("a gradient is infinite or NaN")
    largest = max((g.abs().max().item() for g in grads if g.numel() > 0), default=0.0)
    if largest == 0:
        return [g.clone() for g in grads], 0.0
    total = sum(((g.double() / largest) ** 2).sum().item() for g in grads)
    norm = largest * total**0.5
    scale = min(1.0, max_norm / norm)
    return [g * scale for g in grads], norm


class Accumulator:
    def __init__(self):
        self.sums, self.count = None, 0

    def add(self, grads, count):
        weighted = [g * count for g in grads]
        if self.sums is None:
            self.sums = weighted
        else:
            self.sums = [s + w for s, w in zip(self.sums, weighted)]
        self.count += count

    def take(self):
        if self.count == 0:
            raise ValueError("nothing was accumulated")
        means = [s / self.count for s in self.sums]
        self.sums, self.count = None, 0
        return means
