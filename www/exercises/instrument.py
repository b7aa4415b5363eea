"""The clinic's instrument: pictures to learn from, a budget of batches, and a monitor that records a training."""

import math

import numpy as np

try:
    from danlu import progress
except ImportError:
    # On the real libraries: everything is still in the monitor's own lists.
    progress = None

BINS = 24
# So many times in a training the histograms are taken.
SNAPSHOTS = 10

# The ten digits on 5 by 7 points, a row in each number.
FONT = [
    (14, 17, 19, 21, 25, 17, 14), (4, 12, 4, 4, 4, 4, 14), (14, 17, 1, 2, 4, 8, 31), (31, 2, 4, 2, 1, 17, 14),
    (2, 6, 10, 18, 31, 2, 2), (31, 16, 30, 1, 1, 17, 14), (6, 8, 16, 30, 17, 17, 14), (31, 1, 2, 4, 8, 8, 8),
    (14, 17, 17, 14, 17, 17, 14), (14, 17, 17, 15, 1, 2, 12),
]


def glyphs(rng, count, noise=0.25):
    """(x, y): pictures [count, 64] of float32, a digit on 8 by 8 points, shifted and noisy; labels [count] of int64."""
    shapes = np.array([[[(row >> (4 - column)) & 1 for column in range(5)] for row in rows] for rows in FONT], dtype=np.float32)
    x = np.zeros((count, 8, 8), dtype=np.float32)
    y = rng.integers(0, 10, size=count)
    down, right = rng.integers(0, 2, size=count), rng.integers(0, 4, size=count)
    for k in range(count):
        x[k, down[k] : down[k] + 7, right[k] : right[k] + 5] = shapes[y[k]]
    x = x + noise * rng.normal(size=x.shape)
    return x.reshape(count, 64).astype(np.float32), y


def tensors(*arrays):
    import torch

    return tuple(torch.tensor(array) for array in arrays)


class Batches:
    """The budget: `steps` batches of `size` rows of x and y, as tensors. They can be gone through once."""

    def __init__(self, x, y, size, steps, seed):
        self.x, self.y, self.size, self.steps = x, y, size, steps
        self._rng = np.random.default_rng(seed)
        self._begun = False

    def __len__(self):
        return self.steps

    def __iter__(self):
        if self._begun:
            raise RuntimeError(f"the budget is {self.steps} batches, and they have been used")
        self._begun = True
        order = []
        for _ in range(self.steps):
            while len(order) < self.size:
                order += self._rng.permutation(len(self.x)).tolist()
            rows, order = order[: self.size], order[self.size :]
            yield tensors(self.x[rows], self.y[rows])


class Monitor:
    """
    Records a training of at most `steps` steps: what `step` is told, and of every layer of the model its gradient's
    norm at each step and, now and then, histograms of its weights and of what it puts out.
    """

    def __init__(self, steps):
        self.steps, self.count = steps, 0
        self.measures, self.gradients = {}, {}
        self._layers, self._outputs = [], {}

    def watch(self, model):
        """Before the first step. Layers are the modules without modules inside."""
        for name, module in model.named_modules():
            if not list(module.children()):
                label = f"{name} {type(module).__name__}".strip()
                self._layers.append((label, module))
                module.register_forward_hook(self._keeper(label))
        return model

    def _keeper(self, label):
        def keep(module, inputs, output):
            # A recurrent layer gives its states as well.
            self._outputs[label] = output[0] if isinstance(output, tuple) else output

        return keep

    def step(self, **measures):
        """After backward: `loss=` and whatever else is worth a curve."""
        if self.count == self.steps:
            raise RuntimeError(f"the budget is {self.steps} steps, and they are used up")
        told = {name: _number(value) for name, value in measures.items()}
        for name, value in told.items():
            self.measures.setdefault(name, []).append(value)
        snapshot = self.count % max(1, self.steps // SNAPSHOTS) == 0 or self.count == self.steps - 1
        layers = [self._look(label, module, snapshot) for label, module in self._layers]
        for layer in layers:
            if "gradient" in layer:
                self.gradients.setdefault(layer["name"], []).append(layer["gradient"])
        if progress is not None:
            progress.watch({"step": self.count, "of": self.steps, "measures": told, "layers": layers})
        self.count += 1

    def _look(self, label, module, snapshot):
        layer = {"name": label}
        own = [p for p in module.parameters()]
        if own:
            layer["gradient"] = math.sqrt(sum(_square(p.grad) for p in own if p.grad is not None))
        if snapshot:
            if own:
                layer["weights"] = _histogram(own[0])
            if label in self._outputs:
                layer["outputs"] = _histogram(self._outputs[label])
        return layer


def _number(value):
    return float(value.item()) if hasattr(value, "item") else float(value)


def _square(gradient):
    flat = gradient.numpy().ravel()
    return float(flat @ flat)


def _histogram(tensor):
    """{low, high, counts, broken}: `broken` counts what is no finite number."""
    values = tensor.detach().numpy().ravel()
    finite = values[np.isfinite(values)]
    broken = int(values.size - finite.size)
    if finite.size == 0:
        return {"low": 0.0, "high": 0.0, "counts": [], "broken": broken}
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        return {"low": low, "high": high, "counts": [int(finite.size)], "broken": broken}
    place = np.minimum(((finite - low) / (high - low) * BINS).astype(np.int64), BINS - 1)
    return {"low": low, "high": high, "counts": np.bincount(place, minlength=BINS).tolist(), "broken": broken}
