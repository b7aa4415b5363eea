"""Where random numbers come from: one generator behind `keras.utils.set_random_seed` and `tf.random.set_seed`."""

import random as _python

import numpy as np

_generator = np.random.default_rng()


def set_seed(seed):
    global _generator
    _generator = np.random.default_rng(seed)


def generator():
    return _generator


def next_seed():
    return int(_generator.integers(0, 1 << 31))


def set_random_seed(seed):
    """Python's, numpy's and this package's generators begin anew."""
    if not isinstance(seed, int):
        raise ValueError(
            f"Expected `seed` argument to be an integer. Received: seed={seed} (of type {type(seed)})"
        )
    _python.seed(seed)
    np.random.seed(seed)
    set_seed(seed)


def truncated_normal(source, shape):
    """Standard normal numbers, drawn again beyond two deviations."""
    shape = tuple(int(n) for n in np.atleast_1d(np.asarray(shape, dtype=int))) if len(shape) else ()
    drawn = np.asarray(source.normal(0.0, 1.0, shape))
    flat = drawn.reshape(-1)
    while True:
        beyond = np.flatnonzero(np.abs(flat) > 2.0)
        if not len(beyond):
            return flat.reshape(shape)
        flat[beyond] = source.normal(0.0, 1.0, len(beyond))


class SeedGenerator:
    """A stream of seeds, as layers that draw numbers keep one."""

    def __init__(self, seed=None, name=None, **kwargs):
        self._initial = next_seed() if seed is None else int(seed)
        self._source = np.random.default_rng(self._initial)
        self.name = name or "seed_generator"

    def next(self, ordered=True):
        return int(self._source.integers(0, 1 << 31))

    def get_config(self):
        return {"seed": self._initial}


def draw_seed(seed):
    """A whole number for one draw, of None, a number or a generator."""
    if seed is None:
        return next_seed()
    if isinstance(seed, SeedGenerator):
        return seed.next()
    return int(seed)
