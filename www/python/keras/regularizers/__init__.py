"""Penalties on weights, added to the loss."""

from .._registry import Described, lookup

__all__ = ["Regularizer", "L1", "L2", "L1L2", "OrthogonalRegularizer", "l1", "l2", "l1_l2", "get", "serialize", "deserialize"]


class Regularizer(Described):
    def __call__(self, x):
        return 0.0


class L1L2(Regularizer):
    """l1 · Σ|x| + l2 · Σx²."""

    def __init__(self, l1=0.0, l2=0.0):
        self.l1, self.l2 = float(l1 or 0.0), float(l2 or 0.0)
        for name in ("l1", "l2"):
            if getattr(self, name) < 0:
                raise ValueError(
                    f"Argument `{name}` must be a non-negative float. Received: {name}={getattr(self, name)}"
                )

    def __call__(self, x):
        from .. import ops

        cost = 0.0
        if self.l1:
            cost = cost + self.l1 * ops.sum(ops.absolute(x))
        if self.l2:
            cost = cost + self.l2 * ops.sum(ops.square(x))
        return cost

    def get_config(self):
        return {"l1": self.l1, "l2": self.l2}


class L1(L1L2):
    def __init__(self, l1=0.01):
        super().__init__(l1=0.01 if l1 is None else l1)

    def get_config(self):
        return {"l1": self.l1}


class L2(L1L2):
    def __init__(self, l2=0.01):
        super().__init__(l2=0.01 if l2 is None else l2)

    def get_config(self):
        return {"l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """Keeps the rows, or the columns, of a matrix apart from one another."""

    def __init__(self, factor=0.01, mode="rows"):
        self.factor, self.mode = factor, mode

    def __call__(self, x):
        from .. import ops

        axis = 1 if self.mode == "rows" else 0
        x = x / ops.sqrt(ops.maximum(ops.sum(ops.square(x), axis=axis, keepdims=True), 1e-12))
        product = ops.matmul(x, ops.transpose(x)) if self.mode == "rows" else ops.matmul(ops.transpose(x), x)
        size = product.shape[0]
        off = product * (1.0 - ops.eye(size))
        return self.factor * 0.5 * ops.sum(ops.absolute(off)) / max(size * (size - 1) / 2.0, 1.0)

    def get_config(self):
        return {"factor": self.factor, "mode": self.mode}


l1, l2, l1_l2, orthogonal_regularizer = L1, L2, L1L2, OrthogonalRegularizer
_TABLE = {
    "l1": L1, "l2": L2, "l1_l2": L1L2, "L1": L1, "L2": L2, "L1L2": L1L2, "OrthogonalRegularizer": OrthogonalRegularizer,
    "orthogonal_regularizer": OrthogonalRegularizer,
}  # fmt: skip


def get(identifier):
    return lookup(identifier, _TABLE, "regularizer", Regularizer)


def serialize(regularizer):
    return {"class_name": type(regularizer).__name__, "config": regularizer.get_config()}


def deserialize(config, custom_objects=None):
    return get(config)
