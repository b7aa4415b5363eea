"""Gradients by central differences, the check on every gradient that an engine or a learner computes."""

# The step that balances rounding (eps / h) against the neglected third derivative (h²) in float64.
STEP = 6.055454452393343e-06  # eps ** (1 / 3)


def numeric_vjp(function, arguments, dy=None, step=STEP):
    """The gradients of sum(dy · function(*arguments)) with respect to each array among the arguments, in float64.

    Shape: as each argument. Arguments that are no float arrays are passed on as they are and yield None.
    `dy` left out means ones, for a function whose result is a scalar.
    """
    probes = Probes(arguments, step)
    return probes.gradients([function(*point) for point in probes.points()], dy)


class Probes:
    """The points at which a function is evaluated, and the gradients from its values there."""

    def __init__(self, arguments, step=STEP):
        import numpy as np

        self._np = np
        self._arguments = [_as_float64(np, argument) for argument in arguments]
        self._step = step

    def points(self):
        for place, argument in enumerate(self._arguments):
            if not _is_float_array(self._np, argument):
                continue
            flat = argument.ravel().tolist()
            for index, value in enumerate(flat):
                for moved in self._pair(value):
                    probe = self._np.array([*flat[:index], moved, *flat[index + 1 :]]).reshape(argument.shape)
                    yield (*self._arguments[:place], probe, *self._arguments[place + 1 :])

    def _pair(self, value):
        step = self._step * max(1.0, abs(value))
        return value + step, value - step

    def gradients(self, values, dy):
        np = self._np
        weights = None if dy is None else np.asarray(dy).ravel().tolist()
        values = iter(values)
        gradients = []
        for argument in self._arguments:
            if not _is_float_array(np, argument):
                gradients.append(None)
                continue
            slopes = []
            for value in argument.ravel().tolist():
                above, below = self._pair(value)
                high, low = (np.asarray(next(values)).ravel().tolist() for _ in range(2))
                if weights is not None and len(weights) != len(high):
                    raise ValueError(f"dy has {len(weights)} entries, the function's result has {len(high)}")
                # The difference of each entry first: differences of sums would lose its small ones.
                terms = [h - l for h, l in zip(high, low)]
                total = sum(terms) if weights is None else sum(w * d for w, d in zip(weights, terms))
                slopes.append(total / (above - below))
            gradients.append(np.array(slopes, dtype=np.float64).reshape(argument.shape))
        return tuple(gradients)


def _is_float_array(np, value):
    return isinstance(value, np.ndarray) and str(value.dtype) == "float64"


def _as_float64(np, value):
    if isinstance(value, np.ndarray) and str(value.dtype) in ("float32", "float64"):
        return np.array(value, dtype=np.float64)
    return value
