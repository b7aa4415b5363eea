import time

import numpy as np

CHANNELS, CLASSES, SIDE = 8, 10, 14
POOLED = (SIDE - 2) // 2


class Net:
    """Conv 3 × 3, relu, max pooling, dense, on images (N, 14, 14, 1). Each part is a function of `parts`."""

    def __init__(self, parts, seed):
        rng = np.random.default_rng(seed)
        features = POOLED * POOLED * CHANNELS
        self.parts = parts
        self.params = [
            rng.normal(size=(3, 3, 1, CHANNELS)) * np.sqrt(2.0 / 9.0),
            np.zeros(CHANNELS),
            rng.normal(size=(features, CLASSES)) * np.sqrt(1.0 / features),
            np.zeros(CLASSES),
        ]

    def logits(self, x):
        kernel, kernel_bias, weight, bias = self.params
        self.x = x
        self.convolved = self.parts["conv2d"](x, kernel, kernel_bias)
        self.activated = self.parts["activate"]("relu", self.convolved)
        pooled = self.parts["max_pool"](self.activated)
        self.flat = pooled.reshape(len(x), -1)
        return self.parts["dense"](self.flat, weight, bias)

    def gradients(self, x, labels):
        """(loss, one gradient for each of params)."""
        if "gradients" in self.parts:
            return self.parts["gradients"](self.params, x, labels)
        kernel, _, weight, _ = self.params
        logits = self.logits(x)
        loss = float(self.parts["cross_entropy"](logits, labels))
        dlogits = self.parts["softmax_ce_backward"](logits, labels)
        dflat, dweight, dbias = self.parts["dense_backward"](dlogits, self.flat, weight)
        dpooled = dflat.reshape(len(x), POOLED, POOLED, CHANNELS)
        dactivated = self.parts["max_pool_backward"](dpooled, self.activated)
        dconvolved = self.parts["activate_backward"]("relu", self.convolved, dactivated)
        _, dkernel, dkernel_bias = self.parts["conv2d_backward"](dconvolved, self.x, kernel)
        return loss, [dkernel, dkernel_bias, dweight, dbias]


class Run:
    """A training run: batches in an order drawn from the seed, one optimiser over all parameters."""

    def __init__(self, parts, images, labels, seed=1, batch_size=50, lr=0.01):
        self.net = Net(parts, seed)
        self.optimizer = parts["Adam"](lr=lr)
        self.images, self.labels, self.batch_size = images, labels, batch_size
        self.rng = np.random.default_rng(seed)
        self.order, self.step = [], 0

    def steps(self, count):
        started = time.perf_counter()
        for _ in range(count):
            if len(self.order) < self.batch_size:
                self.order = self.rng.permutation(len(self.images)).tolist()
            batch = np.array(self.order[: self.batch_size])
            self.order = self.order[self.batch_size :]
            loss, gradients = self.net.gradients(self.images[batch], self.labels[batch])
            self.net.params = list(self.optimizer.step(self.net.params, gradients))
            self.step += 1
        ms = (time.perf_counter() - started) * 1000 / count
        print("step", self.step, "loss", round(loss, 4), "ms", round(ms, 2), flush=True)

    def logits(self, images):
        return self.net.logits(images)
