"""Random tensors, from the generator that PyTorch uses on a processor (MT19937) and by its rules.

With the same seed rand, randn, randint, randperm, uniform_, normal_ and what is initialised by them
give PyTorch's numbers; dropout, bernoulli, multinomial and exponential_ give numbers of our own.
"""

import math

import numpy as np

from danlu import tape
from numpy import _engine
from numpy._bridge import give

from ._base import number_of, sizes_of, wrap
from ._create import _NAMES, finish
from ._dtypes import code_of
from ._methods import METHODS
from ._tensor import Tensor

_WORD = 4294967295.0


class Generator:
    """A stream of random numbers of its own."""

    def __init__(self, device="cpu"):
        self.device = device
        self.manual_seed(5489 if device is None else 67280421310721)

    def manual_seed(self, seed):
        seed = int(seed)
        if not -(1 << 63) <= seed < 1 << 64:
            raise RuntimeError("Overflow when unpacking long")
        self._seed = seed % (1 << 64)
        give((self._seed & 0xFFFFFFFF,))
        self._stream = _Stream(_engine.random_legacy(False))
        self._spare, self._drawn = None, 0
        return self

    def initial_seed(self):
        return self._seed

    def seed(self):
        import random

        self.manual_seed(random.SystemRandom().getrandbits(53))
        return self._seed

    def words(self, n):
        """The next n 32-bit words, as int64."""
        self._drawn += n
        give((n,))
        return tape.plain(_engine.random_integers(self._stream.number, 0.0, _WORD))

    def get_state(self):
        """Where the stream stands: the seed and how much of it was drawn."""
        spare = self._spare
        return wrap(np.array([self._seed % (1 << 63), self._drawn, 0 if spare is None else 1], np.int64)), spare

    def set_state(self, state):
        (where, spare) = state
        seed, drawn, _ = where.tolist()
        self.manual_seed(seed)
        if drawn:
            self.words(drawn)
        self._spare = spare

    # ── distributions ──────────────────────────────────────────────────────────────────────────

    def uniform(self, n, code):
        """n numbers from 0 up to 1: 24 bits of one word for float32, 53 of two for float64."""
        if code == 2:
            return ((self.words(n) & 0xFFFFFF).astype(np.float32) * np.float32(2.0**-24)).astype(np.float32)
        words = self.words(2 * n).reshape(n, 2)
        return ((words[:, 0] & 0x1FFFFF) * 4294967296.0 + words[:, 1] * 1.0) * 2.0**-53

    def normal(self, n, code):
        """n standard normal numbers: in blocks of 16 from n = 16 on, else one by one."""
        if n >= 16:
            return self._blocks(n, code)
        found = []
        for _ in range(n):
            if self._spare is not None:
                found.append(self._spare)
                self._spare = None
                continue
            first, second = self.uniform(2, 3).tolist()
            radius = math.sqrt(-2.0 * math.log1p(-second))
            found.append(radius * math.cos(2.0 * math.pi * first))
            self._spare = radius * math.sin(2.0 * math.pi * first)
        return np.array(found, _NAMES[code]) if found else np.zeros(0, _NAMES[code])

    def _blocks(self, n, code):
        drawn = self.uniform(n, code)
        made = drawn.copy()
        whole = n // 16 * 16
        made[:whole] = _box_muller(drawn[:whole])
        if whole != n:
            # The last 16 are drawn anew, those that were made already among them.
            made[n - 16 :] = _box_muller(self.uniform(16, code))
        return made

    def integers(self, n, low, high):
        span = high - low
        if span < 1 << 32:
            return self.words(n) % span + low
        words = self.words(2 * n).reshape(n, 2)
        return np.array([((a << 32) | b) % span + low for a, b in words.tolist()], np.int64)


class _Stream:
    def __init__(self, number):
        self.number = number

    def __del__(self, _free=_engine.random_free):
        _free(self.number)


def _box_muller(u):
    """Pairs of uniform numbers, 8 apart in blocks of 16, as pairs of normal ones."""
    pairs = u.reshape(-1, 2, 8)
    one, two = np.asarray(1.0, u.dtype), np.asarray(-2.0, u.dtype)
    radius = np.sqrt(two * np.log(one - pairs[:, 0]))
    angle = pairs[:, 1] * np.asarray(2.0 * math.pi, u.dtype)
    made = np.empty(pairs.shape, u.dtype)
    made[:, 0], made[:, 1] = radius * np.cos(angle), radius * np.sin(angle)
    return made.reshape(-1)


default_generator = Generator()
default_generator.seed()


def manual_seed(seed):
    return default_generator.manual_seed(seed)


def seed():
    return default_generator.seed()


def initial_seed():
    return default_generator.initial_seed()


def get_rng_state():
    return default_generator.get_state()


def set_rng_state(state):
    default_generator.set_state(state)


def _of(generator):
    return default_generator if generator is None else generator


def _count(sizes):
    n = 1
    for size in sizes:
        n *= size
    return n


def _drawn(kind):
    def draw(*size, generator=None, dtype=None, out=None, **kwargs):
        if "size" in kwargs:
            size = (kwargs.pop("size"),)
        sizes, code = sizes_of(size), code_of(dtype)
        _need_floats(code, kind)
        values = getattr(_of(generator), kind)(_count(sizes), code)
        return finish(wrap(values.reshape(sizes)), **kwargs)

    return draw


def _need_floats(code, kind):
    if code < 2:
        name = {"uniform": "check_uniform_bounds", "normal": "normal_kernel_cpu"}[kind]
        raise NotImplementedError(f"\"{name}\" not implemented for '{('Bool', 'Long')[code]}'")


rand, randn = _drawn("uniform"), _drawn("normal")
rand.__name__, randn.__name__ = "rand", "randn"


def rand_like(input, *, dtype=None, **kwargs):
    return rand(*input._a.shape, dtype=dtype or input.dtype, **kwargs)


def randn_like(input, *, dtype=None, **kwargs):
    return randn(*input._a.shape, dtype=dtype or input.dtype, **kwargs)


def randint(*bounds, size=None, generator=None, dtype=None, low=None, high=None, **kwargs):
    bounds = list(bounds)
    if size is None:
        size = bounds.pop()
    if low is not None:
        bounds.insert(0, low)
    if high is not None:
        bounds.append(high)
    low, high = (0, bounds[0]) if len(bounds) == 1 else bounds
    if low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}")
    sizes = sizes_of((size,))
    values = _of(generator).integers(_count(sizes), int(low), int(high)).reshape(sizes)
    return finish(wrap(values if dtype is None else values.astype(_NAMES[code_of(dtype)])), **kwargs)


def randint_like(input, *bounds, dtype=None, **kwargs):
    return randint(*bounds, size=input._a.shape, dtype=dtype or input.dtype, **kwargs)


def randperm(n, *, generator=None, dtype=None, **kwargs):
    order = list(range(n))
    words = _of(generator).words(n - 1).tolist() if n > 1 else []
    for i, word in enumerate(words):
        j = i + word % (n - i)
        order[i], order[j] = order[j], order[i]
    made = np.array(order, np.int64) if n else np.zeros(0, np.int64)
    return finish(wrap(made if dtype is None else made.astype(_NAMES[code_of(dtype)])), **kwargs)


def normal(mean, std=1.0, size=None, *, generator=None, dtype=None, **kwargs):
    if size is None:
        like = mean if isinstance(mean, Tensor) else std
        return randn(*like._a.shape, generator=generator, dtype=like.dtype) * std + mean
    return finish(randn(*sizes_of((size,)), generator=generator, dtype=dtype) * std + mean, **kwargs)


def bernoulli(input, p=None, *, generator=None):
    chance = input if p is None else p
    drawn = rand(*input._a.shape, generator=generator, dtype=input.dtype)
    return wrap((drawn._a < (chance._a if isinstance(chance, Tensor) else chance)).astype(input._a.dtype))


def multinomial(input, num_samples, replacement=False, *, generator=None):
    rows = input._a.reshape(-1, input._a.shape[-1]).astype(np.float64)
    if float(rows.min()) < 0:
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if not replacement and num_samples > rows.shape[-1]:
        raise RuntimeError("cannot sample n_sample > prob_dist.size(-1) samples without replacement")
    of, found = _of(generator), []
    for row in rows:
        if float(row.sum()) <= 0:
            raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
        if replacement:
            edges = np.cumsum(row / row.sum())
            found.append(np.searchsorted(edges, of.uniform(num_samples, 3), side="right").clip(0, len(row) - 1).tolist())
        else:
            # The places of the smallest of exponential waits are a sample without replacement.
            waits = -np.log(1.0 - of.uniform(len(row), 3)) / np.maximum(row, 1e-300)
            found.append(np.argsort(waits)[:num_samples].tolist())
    return wrap(np.array(found, np.int64).reshape((*input._a.shape[:-1], num_samples)))


def poisson(input, generator=None):
    of, found = _of(generator), []
    for rate in input._a.reshape(-1).tolist():
        limit, n, product = math.exp(-rate), 0, float(of.uniform(1, 3)[0])
        while product > limit:
            n, product = n + 1, product * float(of.uniform(1, 3)[0])
        found.append(float(n))
    return wrap(np.array(found, input._a.dtype).reshape(input._a.shape))


# ── in place ───────────────────────────────────────────────────────────────────────────────────


def _filled(self, values):
    from ._base import check_writable

    check_writable(self)
    tape.write(self, values.reshape(self._a.shape))
    return self


def uniform_(self, a=0.0, b=1.0, *, generator=None, **named):
    a, b = named.get("from", a), named.get("to", b)
    if a > b:
        raise RuntimeError(f"uniform_ expects to return a [from, to) range, but found from={a} > to={b}")
    code = self._a._h & 3
    drawn = _of(generator).uniform(self._a.size, code)
    if code == 2:
        low, span = np.float32(a), np.float32(np.float32(b) - np.float32(a))
        return _filled(self, (drawn * span + low).astype(np.float32))
    return _filled(self, drawn * (b - a) + a)


def normal_(self, mean=0.0, std=1.0, *, generator=None):
    if std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std}")
    code = self._a._h & 3
    drawn = _of(generator).normal(self._a.size, code)
    return _filled(self, drawn * number_of(std) + number_of(mean))


def random_(self, *bounds, generator=None):
    low, high = (0, 1 << 24) if not bounds else (0, bounds[0]) if len(bounds) == 1 else bounds
    return _filled(self, _of(generator).integers(self._a.size, low, high))


def bernoulli_(self, p=0.5, *, generator=None):
    chance = p._a if isinstance(p, Tensor) else p
    drawn = _of(generator).uniform(self._a.size, 3).reshape(self._a.shape)
    return _filled(self, (drawn < chance).astype(self._a.dtype))


def exponential_(self, lambd=1.0, *, generator=None):
    return _filled(self, -np.log(1.0 - _of(generator).uniform(self._a.size, 3)) / lambd)


METHODS.update(
    uniform_=uniform_, normal_=normal_, random_=random_, bernoulli_=bernoulli_, exponential_=exponential_,
    bernoulli=bernoulli, multinomial=multinomial,
)  # fmt: skip


class fork_rng:
    """Inside, random numbers are drawn; outside, the stream goes on as if they had not been."""

    def __init__(self, *_, **__):
        pass

    def __enter__(self):
        self.state = get_rng_state()

    def __exit__(self, *_):
        set_rng_state(self.state)
