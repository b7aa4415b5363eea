"""Layers that make one value of several."""

from .. import ops
from ._base import Layer, is_shape


class _Merge(Layer):
    engine = None

    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    def build(self, input_shape):
        if not isinstance(input_shape, (list, tuple)) or is_shape(input_shape):
            raise ValueError(
                f"A merge layer should be called on a list of inputs. Received: input_shape={input_shape} (not a list of shapes)"
            )
        if len(input_shape) < 1:
            raise ValueError(f"A merge layer should be called on a list of at least 1 input. Received {len(input_shape)} inputs.")
        self.compute_output_shape(input_shape)

    def call(self, inputs):
        return self._merge(inputs)

    def _merge(self, inputs):
        y = inputs[0]
        for x in inputs[1:]:
            y = self.two(y, x)
        return y

    def compute_output_shape(self, input_shape):
        shape = tuple(input_shape[0])[1:]
        for other in input_shape[1:]:
            shape = _together(shape, tuple(other)[1:])
        batches = {s[0] for s in input_shape}
        return (batches.pop() if len(batches) == 1 else None, *shape)

    def _plan(self):
        return {"type": self.engine} if self.engine else None


def _together(a, b):
    """The shape of two after broadcasting, whose batches were left out."""
    if len(a) < len(b):
        a, b = b, a
    lead, rest = a[: len(a) - len(b)], a[len(a) - len(b) :]
    out = []
    for n, m in zip(rest, b):
        if n is None or m is None:
            out.append(None if (n or 1) == (m or 1) == 1 else n if m in (None, 1) and n is not None else m)
        elif n == 1 or m == 1 or n == m:
            out.append(max(n, m))
        else:
            raise ValueError(f"Inputs have incompatible shapes. Received shapes {a} and {b}")
    return (*lead, *out)


class Add(_Merge):
    engine, two = "add", staticmethod(lambda a, b: ops.add(a, b))


class Multiply(_Merge):
    engine, two = "multiply", staticmethod(lambda a, b: ops.multiply(a, b))


class Maximum(_Merge):
    two = staticmethod(lambda a, b: ops.maximum(a, b))


class Minimum(_Merge):
    two = staticmethod(lambda a, b: ops.minimum(a, b))


class Subtract(_Merge):
    two = staticmethod(lambda a, b: ops.subtract(a, b))

    def build(self, input_shape):
        super().build(input_shape)
        if len(input_shape) != 2:
            raise ValueError(f"A `Subtract` layer should be called on exactly 2 inputs. Received: input_shape={input_shape}")


class Average(_Merge):
    two = staticmethod(lambda a, b: ops.add(a, b))

    def _merge(self, inputs):
        return super()._merge(inputs) / float(len(inputs))


class Concatenate(_Merge):
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis

    def compute_output_shape(self, input_shape):
        shapes = [tuple(s) for s in input_shape]
        axis = self.axis % len(shapes[0])
        rest = [s[:axis] + s[axis + 1 :] for s in shapes]
        fits = all(
            len(r) == len(rest[0]) and all(a is None or b is None or a == b for a, b in zip(r, rest[0])) for r in rest
        )
        if not fits:
            raise ValueError(
                "A `Concatenate` layer requires inputs with matching shapes except for the concatenation axis. "
                f"Received: input_shape={[tuple(s) for s in input_shape]}"
            )
        along = [s[axis] for s in shapes]
        first = shapes[0]
        return (*first[:axis], None if None in along else sum(along), *first[axis + 1 :])

    def _merge(self, inputs):
        return ops.concatenate(inputs, axis=self.axis)

    def _plan(self):
        rank = len(self._inbound_nodes[0].inputs[0].shape) if self._inbound_nodes else None
        return {"type": "concatenate"} if self.axis == -1 or rank is not None and self.axis == rank - 1 else None

    def get_config(self):
        return {**super().get_config(), "axis": self.axis}


class Dot(_Merge):
    """The products of two inputs, summed along an axis of each."""

    def __init__(self, axes, normalize=False, **kwargs):
        super().__init__(**kwargs)
        self.axes, self.normalize = axes, normalize

    def _pair(self):
        return (self.axes, self.axes) if isinstance(self.axes, int) else tuple(self.axes)

    def compute_output_shape(self, input_shape):
        (a, b), (i, j) = input_shape, self._pair()
        if a[i] != b[j]:
            raise ValueError(f"Dimension incompatibility: {a[i]} != {b[j]}. Layer shapes: {a}, {b}. Chosen axes: {i}, {j}")
        i, j = i % len(a), j % len(b)
        shape = (*a[:i], *a[i + 1 :], *b[1:j], *b[j + 1 :])
        return shape if len(shape) > 1 else (*shape, 1)

    def _merge(self, inputs):
        a, b = inputs
        i, j = (axis % x.ndim for axis, x in zip(self._pair(), inputs))
        if self.normalize:
            a, b = ops.normalize(a, axis=i), ops.normalize(b, axis=j)
        letters = "bcdefgh"
        left = "a" + letters[: a.ndim - 1]
        right = "a" + letters[a.ndim - 1 : a.ndim + b.ndim - 2]
        left, right = left[:i] + "z" + left[i + 1 :], right[:j] + "z" + right[j + 1 :]
        out = "a" + (left + right[1:]).replace("z", "").replace("a", "")
        y = ops.einsum(f"{left},{right}->{out}", a, b)
        return y if y.ndim > 1 else ops.expand_dims(y, -1)

    def get_config(self):
        return {**super().get_config(), "axes": self.axes, "normalize": self.normalize}


def _function(layer):
    def merge(inputs, **kwargs):
        return layer(**kwargs)(inputs)

    return merge


add, subtract, multiply, maximum, minimum, average, concatenate = map(
    _function, (Add, Subtract, Multiply, Maximum, Minimum, Average, Concatenate)
)


def dot(inputs, axes=-1, **kwargs):
    return Dot(axes, **kwargs)(inputs)
