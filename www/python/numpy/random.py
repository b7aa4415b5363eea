"""numpy.random: the same seed gives the same numbers as NumPy."""

import operator

from pyodide.ffi import JsException

from . import _engine
from ._array import ndarray, wrap
from ._bridge import give, translated
from ._convert import asarray
from ._create import as_shape
from ._distributions import EXPONENTIAL, NORMAL, UNIFORM, Distributions
from ._dtypes import as_dtype
from ._scalars import float32, float64, int64

__all__ = [
    "Generator", "MT19937", "PCG64", "RandomState", "SeedSequence", "beta", "binomial", "chisquare", "choice",
    "default_rng", "dirichlet", "exponential", "gamma", "geometric", "gumbel", "laplace", "lognormal", "multinomial",
    "multivariate_normal", "normal", "permutation", "poisson", "rand", "randint", "randn", "random", "random_sample",
    "ranf", "sample", "seed", "shuffle", "standard_exponential", "standard_gamma", "standard_normal", "uniform",
]  # fmt: skip

_MANY = 1 << 53


def _words(value):
    """An int as 32-bit words, least significant first."""
    value = operator.index(value)
    if value < 0:
        raise ValueError("expected non-negative integer")
    words = []
    while True:
        words.append(value & 0xFFFFFFFF)
        value >>= 32
        if not value:
            return words


class SeedSequence:
    """Seeds from seeds: any entropy hashed into what a generator needs."""

    def __init__(self, entropy=None, *, spawn_key=(), pool_size=4, n_children_spawned=0):
        if entropy is None:
            import os

            entropy = int.from_bytes(os.urandom(16), "little")
        self.entropy, self.spawn_key, self.n_children_spawned = entropy, tuple(spawn_key), n_children_spawned

    def _assembled(self):
        entropy = self.entropy if isinstance(self.entropy, (list, tuple, ndarray)) else [self.entropy]
        words = [word for value in entropy for word in _words(value)]
        if self.spawn_key:
            words += [0] * (4 - len(words))
            words += [word for value in self.spawn_key for word in _words(value)]
        return words

    def spawn(self, n_children):
        first = self.n_children_spawned
        self.n_children_spawned += n_children
        return [SeedSequence(self.entropy, spawn_key=(*self.spawn_key, first + i)) for i in range(n_children)]

    def generate_state(self, n_words, dtype=None):
        raise NotImplementedError("SeedSequence here seeds PCG64; its words would be uint32, which arrays here lack")

    def __repr__(self):
        key = f",\n    spawn_key={self.spawn_key}" if self.spawn_key else ""
        return f"SeedSequence(\n    entropy={self.entropy}{key},\n)"


class _Bits:
    """A source of random bits in the engine."""

    def __init__(self, handle, seed_seq=None):
        self._handle, self.seed_seq = handle, seed_seq

    def __del__(self, _free=_engine.random_free):
        if hasattr(self, "_handle"):
            _free(self._handle)


class PCG64(_Bits):
    def __init__(self, seed=None):
        sequence = seed if isinstance(seed, SeedSequence) else SeedSequence(seed)
        give(sequence._assembled())
        super().__init__(_engine.random_modern(), sequence)


class MT19937(_Bits):
    def __init__(self, seed=None):
        if seed is None:
            import os

            seed = int.from_bytes(os.urandom(4), "little")
        if isinstance(seed, SeedSequence):
            raise NotImplementedError("MT19937 here is seeded by numbers; PCG64 takes a SeedSequence")
        listed = isinstance(seed, (list, tuple, ndarray))
        if not listed:
            seed = operator.index(seed)
            if not 0 <= seed < 1 << 32:
                raise ValueError("Seed must be between 0 and 2**32 - 1")
        give([int(word) for word in seed] if listed else [seed])
        super().__init__(_engine.random_legacy(listed))


class _Draws(Distributions):
    """What both generators share; `size=None` draws one number."""

    def _fill(self, distribution, size, code=3):
        if size is None:
            return _engine.random_number(self._bits._handle, distribution)
        give(as_shape(size))
        try:
            return wrap(_engine.random_fill(self._bits._handle, distribution, code))
        except JsException as error:
            raise translated(error) from None

    def _scaled(self, distribution, scale, shift, size):
        """`shift + scale · draw`, with parameters that may be arrays."""
        if isinstance(scale, (int, float)) and isinstance(shift, (int, float)):
            drawn = self._fill(distribution, size)
            return float(shift) + float(scale) * drawn
        scale, shift = asarray(scale), asarray(shift)
        shape = (scale + shift).shape if size is None else as_shape(size)
        return shift + scale * self._fill(distribution, shape)

    def normal(self, loc=0.0, scale=1.0, size=None):
        if isinstance(scale, (int, float)) and scale < 0:
            raise ValueError("scale < 0")
        return self._scaled(NORMAL, scale, loc, size)

    def uniform(self, low=0.0, high=1.0, size=None):
        return self._scaled(UNIFORM, high - low, low, size)

    def exponential(self, scale=1.0, size=None):
        return self._scaled(EXPONENTIAL, scale, 0.0, size)

    def lognormal(self, mean=0.0, sigma=1.0, size=None):
        from ._ufunc import exp

        drawn = exp(self.normal(mean, sigma, size))
        return float(drawn) if size is None else drawn

    def laplace(self, loc=0.0, scale=1.0, size=None):
        return self._each(self._one_laplace, size, loc, scale)

    def _one_laplace(self, loc, scale):
        from math import log

        while True:
            u = self._fill(UNIFORM, None)
            if u >= 0.5:
                return loc - scale * log(2.0 - u - u)
            if u > 0.0:
                return loc + scale * log(u + u)

    def gumbel(self, loc=0.0, scale=1.0, size=None):
        return self._each(self._one_gumbel, size, loc, scale)

    def _one_gumbel(self, loc, scale):
        from math import log

        while True:
            u = 1.0 - self._fill(UNIFORM, None)
            if u < 1.0:
                return loc - scale * log(-log(u))

    def _each(self, draw, size, *parameters):
        """A distribution without a loop of its own in the engine, number by number."""
        from ._convert import array

        if size is None:
            return draw(*parameters)
        shape = as_shape(size)
        n = 1
        for m in shape:
            n *= m
        return array([draw(*parameters) for _ in range(n)]).reshape(shape)

    def _integers(self, low, high, size):
        """Integers from `low` up to and with `high`."""
        if high < low:
            raise ValueError("low >= high")
        if high - low >= _MANY or abs(low) >= _MANY:
            raise NotImplementedError("integers here spans at most 2**53 values")
        if size is None:
            return _engine.random_integer(self._bits._handle, low, high - low)
        give(as_shape(size))
        try:
            return wrap(_engine.random_integers(self._bits._handle, low, high - low))
        except JsException as error:
            raise translated(error) from None

    def _bounds(self, low, high, size, dtype, endpoint):
        code = as_dtype(dtype).code
        if code > 1:
            raise TypeError(f"Unsupported dtype {as_dtype(dtype)!r} for integers")
        if high is None:
            low, high = 0, low
        if isinstance(low, (list, tuple, ndarray)) or isinstance(high, (list, tuple, ndarray)):
            from ._shape import broadcast_arrays

            lows, highs = broadcast_arrays(low, high)
            shape = lows.shape if size is None else as_shape(size)
            lows, highs = (asarray(x) + asarray(0).reshape((1,) * len(shape)) for x in (lows, highs))
            from ._shape import broadcast_to

            pairs = zip(broadcast_to(lows, shape).ravel().tolist(), broadcast_to(highs, shape).ravel().tolist())
            drawn = [self._integers(int(a), int(b) - (0 if endpoint else 1), None) for a, b in pairs]
            return asarray(drawn, dtype=int).reshape(shape)
        drawn = self._integers(int(low), int(high) - (0 if endpoint else 1), size)
        if code == 0:
            return bool(drawn) if size is None else drawn.astype(bool)
        return drawn

    def _order(self, n):
        return wrap(_engine.random_permutation(self._bits._handle, n))

    def shuffle(self, x, axis=0):
        if isinstance(x, list):
            x[:] = [x[i] for i in self._order(len(x)).tolist()]
            return
        if not isinstance(x, ndarray):
            raise TypeError(f"cannot shuffle {type(x).__name__}")
        lead = (slice(None),) * (axis % x.ndim)
        x[...] = x[(*lead, self._order(x.shape[axis]))]

    def permutation(self, x, axis=0):
        if isinstance(x, (int, int64)):
            return self._order(int(x))
        x = asarray(x)
        lead = (slice(None),) * (axis % x.ndim)
        return x[(*lead, self._order(x.shape[axis]))]

    def _population(self, a):
        if isinstance(a, (int, int64)):
            if a <= 0:
                raise ValueError("a must be a positive integer unless no samples are taken")
            return None, int(a)
        if isinstance(a, (list, tuple)) and any(isinstance(item, (str, type(None))) for item in a):
            return a, len(a)
        a = asarray(a)
        if not a.shape[0]:
            raise ValueError("a cannot be empty unless no samples are taken")
        return a, a.shape[0]

    def _picked(self, a, index, axis=0):
        if a is None:
            return index if isinstance(index, ndarray) else int(index)
        if not isinstance(a, ndarray):
            if isinstance(index, ndarray):
                return [a[i] for i in index.ravel().tolist()]
            return a[int(index)]
        lead = (slice(None),) * axis
        return a[(*lead, index)] if isinstance(index, ndarray) else a[(*lead, int(index))]

    def _weighted(self, n, p, size, replace):
        """Places drawn by their weights."""
        from ._reduce import cumsum

        p, modern = asarray(p, dtype=float), isinstance(self, Generator)
        if p.shape != (n,):
            raise ValueError("a and p must have same size" if modern else "'a' and 'p' must have same size")
        if (p < 0).any():
            raise ValueError("probabilities are not non-negative")
        if not abs(float(p.sum()) - 1.0) <= 1.5e-8:
            raise ValueError("probabilities do not sum to 1")
        if replace:
            totals = cumsum(p)
            totals /= totals[-1]
            return totals.searchsorted(self._fill(UNIFORM, size), side="right")
        count = 1 if size is None else _count(size)
        if count > n:
            raise ValueError("Cannot take a larger sample than population when replace is False")
        if int((p > 0).sum()) < count:
            raise ValueError("Fewer non-zero entries in p than size")
        p, found = p.copy(), []
        while len(found) < count:
            drawn = self._fill(UNIFORM, (count - len(found),))
            if found:
                p[found] = 0.0
            totals = cumsum(p)
            totals /= totals[-1]
            new = totals.searchsorted(drawn, side="right").tolist()
            found += list(dict.fromkeys(new))
        made = asarray(found, dtype=int)
        return made[0] if size is None else made.reshape(as_shape(size))


def _count(size):
    n = 1
    for m in as_shape(size):
        n *= m
    return n


class Generator(_Draws):
    """NumPy's generator of today, over PCG64."""

    _modern = True

    def __init__(self, bit_generator):
        self._bits = self.bit_generator = bit_generator

    def __repr__(self):
        return f"Generator(PCG64) at {id(self):#X}"

    __str__ = lambda self: "Generator(PCG64)"  # noqa: E731

    def random(self, size=None, dtype=float64, out=None):
        drawn = self._fill(UNIFORM, size, as_dtype(dtype).code)
        if out is not None:
            out[...] = self._fill(UNIFORM, out.shape, out.dtype.code)
            return out
        return float32(drawn) if size is None and as_dtype(dtype).code == 2 else drawn

    def standard_normal(self, size=None, dtype=float64, out=None):
        return self._fill(NORMAL, size, as_dtype(dtype).code)

    def standard_exponential(self, size=None, dtype=float64, method="zig", out=None):
        return self._fill(EXPONENTIAL, size, as_dtype(dtype).code)

    def integers(self, low, high=None, size=None, dtype=int64, endpoint=False):
        drawn = self._bounds(low, high, size, dtype, endpoint)
        return int64(drawn) if size is None and isinstance(drawn, int) and not isinstance(drawn, bool) else drawn

    def choice(self, a, size=None, replace=True, p=None, axis=0, shuffle=True):
        a, n = self._population(a)
        if p is not None:
            return self._picked(a, self._weighted(n, p, size, replace), axis)
        if replace:
            return self._picked(a, self._integers(0, n - 1, size), axis)
        count = 1 if size is None else _count(size)
        if count > n:
            raise ValueError("Cannot take a larger sample than population when replace is False")
        index = wrap(_engine.random_sample(self._bits._handle, n, count, bool(shuffle)))
        return self._picked(a, index[0] if size is None else index.reshape(as_shape(size)), axis)

    def permuted(self, x, axis=None, out=None):
        if out is not None:
            out[...] = self.permuted(x, axis)
            return out
        x = asarray(x).copy()
        if axis is None:
            return x.ravel()[self._order(x.size)].reshape(x.shape)
        lanes = x.swapaxes(axis, -1)
        from ._iterate import ndindex

        for key in ndindex(lanes.shape[:-1]):
            lanes[key] = lanes[key][self._order(lanes.shape[-1])]
        return x

    def spawn(self, n_children):
        return [Generator(PCG64(child)) for child in self._bits.seed_seq.spawn(n_children)]

    def __getattr__(self, name):
        raise _lacking("Generator", name)


class RandomState(_Draws):
    """NumPy's legacy generator, over MT19937."""

    def __init__(self, seed=None):
        self._bits = MT19937(seed)

    def seed(self, seed=None):
        self._bits = MT19937(seed)

    def random_sample(self, size=None):
        return self._fill(UNIFORM, size)

    random = ranf = sample = random_sample

    def rand(self, *shape):
        return self._fill(UNIFORM, shape or None)

    def randn(self, *shape):
        return self._fill(NORMAL, shape or None)

    def standard_normal(self, size=None):
        return self._fill(NORMAL, size)

    def standard_exponential(self, size=None):
        return self._fill(EXPONENTIAL, size)

    def randint(self, low, high=None, size=None, dtype=int):
        return self._bounds(low, high, size, dtype, False)

    def choice(self, a, size=None, replace=True, p=None):
        a, n = self._population(a)
        if p is not None:
            return self._picked(a, self._weighted(n, p, size, replace))
        if replace:
            return self._picked(a, self._integers(0, n - 1, size))
        count = 1 if size is None else _count(size)
        if count > n:
            raise ValueError("Cannot take a larger sample than population when 'replace=False'")
        index = self._order(n)[:count]
        return self._picked(a, index[0] if size is None else index.reshape(as_shape(size)))

    def __getattr__(self, name):
        raise _lacking("RandomState", name)


def _lacking(owner, name):
    if name.startswith("__"):
        return AttributeError(name)
    return NotImplementedError(
        f"{owner}.{name} is not in this numpy; here are random, normal, uniform, exponential, gamma, beta, chisquare, "
        "poisson, binomial, geometric, multinomial, dirichlet, multivariate_normal, laplace, gumbel, lognormal, "
        "integers, choice, shuffle and permutation"
    )


def default_rng(seed=None):
    if isinstance(seed, Generator):
        return seed
    return Generator(seed if isinstance(seed, _Bits) else PCG64(seed))


_legacy = RandomState()
seed, rand, randn, randint = _legacy.seed, _legacy.rand, _legacy.randn, _legacy.randint
random, random_sample, ranf, sample = (_legacy.random_sample,) * 4
normal, uniform, standard_normal = _legacy.normal, _legacy.uniform, _legacy.standard_normal
exponential, standard_exponential, laplace = _legacy.exponential, _legacy.standard_exponential, _legacy.laplace
gumbel, lognormal = _legacy.gumbel, _legacy.lognormal
beta, gamma, standard_gamma, chisquare = _legacy.beta, _legacy.gamma, _legacy.standard_gamma, _legacy.chisquare
binomial, poisson, geometric = _legacy.binomial, _legacy.poisson, _legacy.geometric
multinomial, dirichlet, multivariate_normal = _legacy.multinomial, _legacy.dirichlet, _legacy.multivariate_normal
choice, shuffle, permutation = _legacy.choice, _legacy.shuffle, _legacy.permutation


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'numpy.random' has no attribute {name!r}")
    raise _lacking("numpy.random", name)
