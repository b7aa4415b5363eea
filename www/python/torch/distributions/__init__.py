"""torch.distributions: those that reinforcement learning and variational models use."""

import math

from .. import _losses
from .._activations import log_softmax
from .._base import is_number
from .._create import as_tensor, ones_like, zeros_like
from .._dtypes import Size
from .._pointwise import log, sigmoid
from .._random import bernoulli, multinomial, normal, rand
from .._shapes import broadcast_shapes, broadcast_tensors


def _alike(*values):
    """Parameters as tensors of one shape."""
    return broadcast_tensors(*[as_tensor(float(v)) if is_number(v) else v for v in values])


class Distribution:
    """What gives samples and their log-probabilities."""

    has_rsample = False

    def __init__(self, batch_shape=(), event_shape=()):
        self.batch_shape, self.event_shape = Size(batch_shape), Size(event_shape)

    def sample(self, sample_shape=()):
        from ..autograd.grad_mode import no_grad

        with no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape=()):
        raise NotImplementedError(f"{type(self).__name__} has no rsample: its samples have no gradient")

    def _sizes(self, sample_shape):
        return (*sample_shape, *self.batch_shape, *self.event_shape)

    @property
    def stddev(self):
        return self.variance.sqrt()

    def prob(self, value):
        return self.log_prob(value).exp()

    def __repr__(self):
        parts = [f"{name}: {value if value.numel() == 1 else value.size()}" for name, value in self._shown().items()]
        return f"{type(self).__name__}({', '.join(parts)})"

    def _shown(self):
        return {}


class Normal(Distribution):
    """Numbers around `loc` with the standard deviation `scale`."""

    has_rsample = True

    def __init__(self, loc, scale, validate_args=None):
        self.loc, self.scale = _alike(loc, scale)
        super().__init__(self.loc.shape)
        if not bool((self.scale > 0).all()):
            raise ValueError(
                f"Expected parameter scale (Tensor of shape {tuple(self.scale.shape)}) of distribution {self!r} to satisfy "
                f"the constraint GreaterThan(lower_bound=0.0), but found invalid values:\n{self.scale}"
            )

    mean = property(lambda self: self.loc)
    mode = property(lambda self: self.loc)
    stddev = property(lambda self: self.scale)
    variance = property(lambda self: self.scale.pow(2))

    def sample(self, sample_shape=()):
        sizes = self._sizes(sample_shape)
        return normal(self.loc.detach().expand(*sizes), self.scale.detach().expand(*sizes)) if sizes else normal(
            self.loc.detach(), self.scale.detach()
        )  # fmt: skip

    def rsample(self, sample_shape=()):
        sizes = self._sizes(sample_shape)
        zero = zeros_like(self.loc).expand(*sizes) if sizes else zeros_like(self.loc)
        return self.loc + normal(zero, ones_like(zero)) * self.scale

    def log_prob(self, value):
        return -((value - self.loc) ** 2) / (2 * self.variance) - self.scale.log() - math.log(math.sqrt(2 * math.pi))

    def entropy(self):
        return 0.5 + 0.5 * math.log(2 * math.pi) + log(self.scale)

    def cdf(self, value):
        from .._activations import erf

        return 0.5 * (1 + erf((value - self.loc) * self.scale.reciprocal() / math.sqrt(2)))

    def _shown(self):
        return {"loc": self.loc, "scale": self.scale}


class Uniform(Distribution):
    """Numbers from `low` up to `high`."""

    has_rsample = True

    def __init__(self, low, high, validate_args=None):
        self.low, self.high = _alike(low, high)
        super().__init__(self.low.shape)

    mean = property(lambda self: (self.high + self.low) / 2)
    variance = property(lambda self: (self.high - self.low).pow(2) / 12)

    def rsample(self, sample_shape=()):
        drawn = rand(*self._sizes(sample_shape), dtype=self.low.dtype)
        return self.low + drawn * (self.high - self.low)

    def log_prob(self, value):
        inside = (self.low <= value) & (self.high > value)
        return log(inside.type_as(self.low)) - log(self.high - self.low)

    def entropy(self):
        return log(self.high - self.low)

    def _shown(self):
        return {"low": self.low, "high": self.high}


class _OfLogits(Distribution):
    def _given(self, probs, logits):
        if (probs is None) == (logits is None):
            raise ValueError("Either `probs` or `logits` must be specified, but not both.")


class Categorical(_OfLogits):
    """Numbers of classes with these probabilities, or the softmax of these logits."""

    def __init__(self, probs=None, logits=None, validate_args=None):
        self._given(probs, logits)
        if probs is not None:
            if probs.ndim < 1:
                raise ValueError("`probs` parameter must be at least one-dimensional.")
            self.probs = probs / probs.sum(-1, keepdim=True)
            self.logits = self.probs.clamp(1.1920928955078125e-07, 1 - 1.1920928955078125e-07).log()
            self._by = "probs"
        else:
            self.logits = logits - logits.logsumexp(-1, keepdim=True)
            self.probs = log_softmax(self.logits, -1).exp()
            self._by = "logits"
        super().__init__(self.logits.shape[:-1])

    def sample(self, sample_shape=()):
        n = Size(sample_shape).numel()
        rows = self.probs.detach().reshape(-1, self.probs.shape[-1])
        return multinomial(rows, n, True).T.reshape(self._sizes(sample_shape))

    def log_prob(self, value):
        value = value.long().unsqueeze(-1)
        sizes = broadcast_shapes(tuple(value.shape[:-1]), tuple(self.logits.shape[:-1]))
        value, logits = value.expand(*sizes, 1), self.logits.expand(*sizes, self.logits.shape[-1])
        return logits.gather(-1, value).squeeze(-1)

    def entropy(self):
        return -(self.logits.clamp(min=-3.4028234663852886e38) * self.probs).sum(-1)

    def _shown(self):
        return {self._by: getattr(self, self._by)}


class Bernoulli(_OfLogits):
    """1 with a probability, else 0."""

    def __init__(self, probs=None, logits=None, validate_args=None):
        self._given(probs, logits)
        if probs is not None:
            (self.probs,) = _alike(probs)
            kept = self.probs.clamp(1.1920928955078125e-07, 1 - 1.1920928955078125e-07)
            self.logits = kept.log() - (-kept).log1p()
            self._by = "probs"
        else:
            (self.logits,) = _alike(logits)
            self.probs = sigmoid(self.logits)
            self._by = "logits"
        super().__init__(self.probs.shape)

    mean = property(lambda self: self.probs)
    variance = property(lambda self: self.probs * (1 - self.probs))

    def sample(self, sample_shape=()):
        sizes = self._sizes(sample_shape)
        probs = self.probs.detach()
        return bernoulli(probs.expand(*sizes) if sizes else probs)

    def log_prob(self, value):
        value = value.expand(*self.logits.shape) if value.ndim < self.logits.ndim else value
        logits = self.logits.expand(*value.shape) if value.ndim else self.logits
        return -_losses.binary_cross_entropy_with_logits(logits, value, reduction="none")

    def entropy(self):
        return _losses.binary_cross_entropy_with_logits(self.logits, self.probs, reduction="none")

    def _shown(self):
        return {self._by: getattr(self, self._by)}


def kl_divergence(p, q):
    """∫ p ln(p / q), of two distributions of one kind."""
    if isinstance(p, Normal) and isinstance(q, Normal):
        ratio = (p.scale / q.scale).pow(2)
        return 0.5 * (ratio + ((p.loc - q.loc) / q.scale).pow(2) - 1 - ratio.log())
    if isinstance(p, Categorical) and isinstance(q, Categorical):
        return (p.probs * (p.logits - q.logits)).sum(-1)
    if isinstance(p, Bernoulli) and isinstance(q, Bernoulli):
        return p.probs * (p.probs / q.probs).log() + (1 - p.probs) * ((1 - p.probs) / (1 - q.probs)).log()
    raise NotImplementedError(
        f"No KL(p || q) is implemented for p type {type(p).__name__} and q type {type(q).__name__}"
    )


__all__ = ["Bernoulli", "Categorical", "Distribution", "Normal", "Uniform", "kl_divergence"]


def __getattr__(name):
    from .._missing import of_module

    raise of_module("torch.distributions", name, __all__, "torch.distributions")
