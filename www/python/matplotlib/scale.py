"""How numbers lie along an axis: evenly, by their logarithm, or evenly near zero and by logarithm beyond."""

import math

from .ticker import (
    AutoLocator, LogFormatter, LogLocator, NullFormatter, NullLocator, ScalarFormatter, SymmetricalLogLocator,
)

__all__ = ["LinearScale", "LogScale", "SymLogScale"]


class LinearScale:
    name = "linear"

    def forward(self, x):
        return x

    def inverse(self, x):
        return x

    def dress(self, axis):
        axis.put_locators(AutoLocator(), ScalarFormatter(), NullLocator(), NullFormatter())


class LogScale:
    name = "log"

    def __init__(self, base=10, subs=None, nonpositive="clip"):
        if base <= 0 or base == 1:
            raise ValueError("The log base cannot be <= 0 or == 1")
        self.base, self.subs = float(base), subs

    def forward(self, x):
        return math.log(x, self.base) if x > 0 else -math.inf if x <= 0 else math.nan

    def inverse(self, x):
        return self.base**x

    def dress(self, axis):
        axis.put_locators(
            LogLocator(self.base), LogFormatter(self.base),
            LogLocator(self.base, "auto" if self.subs is None else self.subs),
            LogFormatter(self.base, labelOnlyBase=self.subs is not None),
        )  # fmt: skip


class SymLogScale:
    name = "symlog"

    def __init__(self, base=10, linthresh=2, linscale=1, subs=None):
        self.base, self.linthresh, self.linscale = float(base), float(linthresh), float(linscale)
        self._flat = linscale / (1 - 1 / self.base)

    def forward(self, x):
        edge = self.linthresh
        if abs(x) <= edge:
            return x * self._flat
        return math.copysign(edge * (self._flat + math.log(abs(x) / edge, self.base)), x)

    def inverse(self, x):
        edge = self.linthresh
        if abs(x) <= edge * self._flat:
            return x / self._flat
        return math.copysign(edge * self.base ** (abs(x) / edge - self._flat), x)

    def dress(self, axis):
        axis.put_locators(
            SymmetricalLogLocator(self.linthresh, self.base), LogFormatter(self.base), NullLocator(), NullFormatter()
        )


def make(name, **kwargs):
    kinds = {"linear": LinearScale, "log": LogScale, "symlog": SymLogScale}
    if name in ("logit", "asinh", "function", "functionlog"):
        raise NotImplementedError(f"the scale {name!r} is not here; nearest: 'linear', 'log', 'symlog'")
    if name not in kinds:
        raise ValueError(f"{name!r} is not a valid value for scale; supported values are 'linear', 'log', 'symlog'")
    given = {key: value for key, value in kwargs.items() if value is not None}
    if "nonposx" in given or "nonposy" in given:
        raise TypeError("nonposx and nonposy are gone from matplotlib: nonpositive is their name")
    return kinds[name](**given)
