"""How weights begin. The numbers are drawn from this page's own generator, not TensorFlow's."""

import math

import numpy as np

from .. import _random
from .._registry import Described, lookup

__all__ = [
    "Initializer", "Zeros", "Ones", "Constant", "RandomUniform", "RandomNormal", "TruncatedNormal", "VarianceScaling",
    "GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal", "Orthogonal", "Identity",
    "get", "serialize", "deserialize",
]  # fmt: skip


class Initializer(Described):
    def __call__(self, shape, dtype=None):
        raise NotImplementedError("Initializer subclasses must implement the `__call__()` method.")

    def _made(self, values, dtype):
        from tensorflow._core import as_tensor, made

        values = np.asarray(values)
        if str(getattr(dtype, "name", dtype) or "float32") == values.dtype.name == "float32":
            # Nobody else has them, and VGG16's largest kernel finds no room for a copy.
            return made(values)
        return as_tensor(values, dtype=dtype or "float32")

    @classmethod
    def from_config(cls, config):
        return cls(**{k: v for k, v in config.items() if k not in ("input_axes", "output_axes")})

    def __repr__(self):
        return f"<{type(self).__name__} initializer: {self.get_config()}>"

    def clone(self):
        return type(self).from_config(self.get_config())


class Zeros(Initializer):
    def __call__(self, shape, dtype=None):
        return self._made(np.zeros(shape, np.float32), dtype)


class Ones(Initializer):
    def __call__(self, shape, dtype=None):
        return self._made(np.ones(shape, np.float32), dtype)


class Constant(Initializer):
    def __init__(self, value=0.0):
        self.value = value

    def __call__(self, shape, dtype=None):
        return self._made(np.broadcast_to(np.asarray(self.value, np.float32), shape).copy(), dtype)

    def get_config(self):
        return {"value": self.value}


# Numbers that are drawn at once.
_PIECE = 1 << 22


class _Random(Initializer):
    def __init__(self, seed=None):
        self._seeded = seed is not None
        self.seed = _random.next_seed() if seed is None else seed

    def _drawn(self, shape, draw, dtype):
        """Float32 of what `draw(shape)` gives in float64, piece by piece: a kernel of VGG16 alone has 103 million numbers."""
        count = math.prod(shape)
        if count <= _PIECE:
            return self._made(draw(shape).astype(np.float32), dtype)
        flat = np.empty(count, np.float32)
        for first in range(0, count, _PIECE):
            flat[first : first + _PIECE] = draw((min(_PIECE, count - first),))
        return self._made(flat.reshape(shape), dtype)

    def _generator(self):
        """The same numbers for the same seed at every call, as in Keras."""
        return np.random.default_rng(getattr(self.seed, "_initial", self.seed))


class RandomUniform(_Random):
    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def __call__(self, shape, dtype=None):
        source = self._generator()
        return self._drawn(shape, lambda part: source.uniform(self.minval, self.maxval, part), dtype)

    def get_config(self):
        return {"seed": self.seed, "minval": self.minval, "maxval": self.maxval}


class RandomNormal(_Random):
    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape, dtype=None):
        source = self._generator()
        return self._drawn(shape, lambda part: source.normal(self.mean, self.stddev, part), dtype)

    def get_config(self):
        return {"seed": self.seed, "mean": self.mean, "stddev": self.stddev}


class TruncatedNormal(RandomNormal):
    """A normal distribution whose values beyond two deviations are drawn again."""

    def __call__(self, shape, dtype=None):
        source = self._generator()
        return self._drawn(shape, lambda part: _random.truncated_normal(source, part) * self.stddev + self.mean, dtype)


def fans(shape):
    """(fan in, fan out) of a kernel."""
    shape = tuple(shape)
    if len(shape) < 1:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    if len(shape) == 2:
        return shape
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


class VarianceScaling(_Random):
    """Deviations by the number of inputs or outputs (Glorot and Bengio 2010; He et al. 2015)."""

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None):
        super().__init__(seed)
        if scale <= 0.0:
            raise ValueError(f"Argument `scale` must be positive float. Received: scale={scale}")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"Invalid `mode` argument: {mode}. Please use one of ('fan_in', 'fan_out', 'fan_avg')")
        distribution = "truncated_normal" if distribution.lower() == "normal" else distribution.lower()
        if distribution not in ("uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError(
                f"Invalid `distribution` argument: {distribution}. "
                "Please use one of ('uniform', 'truncated_normal', 'untruncated_normal')"
            )
        self.scale, self.mode, self.distribution = scale, mode, distribution

    def __call__(self, shape, dtype=None):
        fan_in, fan_out = fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[self.mode]
        variance = self.scale / max(1.0, fan)
        generator = self._generator()
        if self.distribution == "uniform":
            bound = math.sqrt(3.0 * variance)
            return self._drawn(shape, lambda part: generator.uniform(-bound, bound, part), dtype)
        if self.distribution == "truncated_normal":
            # The deviation of a standard normal distribution cut at 2.
            deviation = math.sqrt(variance) / 0.87962566103423978
            return self._drawn(shape, lambda part: _random.truncated_normal(generator, part) * deviation, dtype)
        return self._drawn(shape, lambda part: generator.normal(0.0, math.sqrt(variance), part), dtype)

    def get_config(self):
        rest = {"seed": self.seed if self._seeded else None, "input_axes": None, "output_axes": None}
        if type(self) is not VarianceScaling:
            return rest
        return {**rest, "scale": self.scale, "mode": self.mode, "distribution": self.distribution}


def _scaling(name, scale, mode, distribution):
    def __init__(self, seed=None):
        VarianceScaling.__init__(self, scale, mode, distribution, seed)

    return type(name, (VarianceScaling,), {"__init__": __init__, "__module__": __name__})


GlorotUniform = _scaling("GlorotUniform", 1.0, "fan_avg", "uniform")
GlorotNormal = _scaling("GlorotNormal", 1.0, "fan_avg", "truncated_normal")
HeUniform = _scaling("HeUniform", 2.0, "fan_in", "uniform")
HeNormal = _scaling("HeNormal", 2.0, "fan_in", "truncated_normal")
LecunUniform = _scaling("LecunUniform", 1.0, "fan_in", "uniform")
LecunNormal = _scaling("LecunNormal", 1.0, "fan_in", "truncated_normal")


class Orthogonal(_Random):
    def __init__(self, gain=1.0, seed=None):
        super().__init__(seed)
        self.gain = gain

    def __call__(self, shape, dtype=None):
        if len(shape) < 2:
            raise ValueError(
                f"The tensor to initialize must be at least two-dimensional. Received: shape={shape} of rank {len(shape)}."
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        drawn = self._generator().normal(0.0, 1.0, (max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(drawn)
        q = q * np.sign(np.diag(r))
        q = q.T if rows < columns else q
        return self._made((self.gain * q.reshape(shape)).astype(np.float32), dtype)

    def get_config(self):
        return {"seed": self.seed, "gain": self.gain}


class Identity(Initializer):
    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, shape, dtype=None):
        if len(shape) != 2:
            raise ValueError(
                f"Identity matrix initializer can only be used for 2D matrices. Received: shape={shape} of rank {len(shape)}."
            )
        return self._made(self.gain * np.eye(*shape).astype(np.float32), dtype)

    def get_config(self):
        return {"gain": self.gain}


IdentityInitializer = Identity

# Lower-case names are those that programs give as text, and that TensorFlow has as functions.
zeros, ones, constant, identity, orthogonal = Zeros, Ones, Constant, Identity, Orthogonal
random_uniform, random_normal, truncated_normal = RandomUniform, RandomNormal, TruncatedNormal
glorot_uniform, glorot_normal, he_uniform, he_normal = GlorotUniform, GlorotNormal, HeUniform, HeNormal
lecun_uniform, lecun_normal, variance_scaling = LecunUniform, LecunNormal, VarianceScaling
uniform, normal = RandomUniform, RandomNormal

_TABLE = {name: thing for name, thing in list(globals().items()) if isinstance(thing, type) and thing is not Described}


def get(identifier):
    return lookup(identifier, _TABLE, "initializer", Initializer)


def serialize(initializer):
    return {"class_name": type(initializer).__name__, "config": initializer.get_config()}


def deserialize(config, custom_objects=None):
    return get(config)
