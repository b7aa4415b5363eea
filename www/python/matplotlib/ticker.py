"""Where ticks stand and (with `_formatters`) what is written at them."""

import math

from ._formatters import (  # noqa: F401
    EngFormatter, FixedFormatter, Formatter, FormatStrFormatter, FuncFormatter, LogFormatter, LogFormatterMathtext,
    LogFormatterSciNotation, NullFormatter, PercentFormatter, ScalarFormatter, StrMethodFormatter, fix_minus,
)
from ._values import floats

__all__ = [
    "AutoLocator", "AutoMinorLocator", "EngFormatter", "FixedFormatter", "FixedLocator", "FormatStrFormatter",
    "Formatter", "FuncFormatter", "IndexLocator", "LinearLocator", "Locator", "LogFormatter", "LogFormatterMathtext",
    "LogFormatterSciNotation", "LogLocator", "MaxNLocator", "MultipleLocator", "NullFormatter", "NullLocator",
    "PercentFormatter", "ScalarFormatter", "StrMethodFormatter", "SymmetricalLogLocator",
]  # fmt: skip


def nonsingular(vmin, vmax, expander=0.001, tiny=1e-15):
    """Limits that differ: an empty interval is widened."""
    if not (math.isfinite(vmin) and math.isfinite(vmax)):
        return -expander, expander
    most = max(abs(vmin), abs(vmax))
    if most < 1e6 / tiny * 2.2250738585072014e-308:
        return -expander, expander
    if abs(vmax - vmin) <= most * tiny:
        if vmin == 0 == vmax:
            return -expander, expander
        return vmin - expander * abs(vmin), vmax + expander * abs(vmax)
    return vmin, vmax


class Locator:
    axis = None

    def set_axis(self, axis):
        self.axis = axis

    def __call__(self):
        return self.tick_values(*sorted(self.axis.get_view_interval()))

    def tick_values(self, vmin, vmax):
        raise NotImplementedError("Locator is a base; nearest: MaxNLocator, MultipleLocator, FixedLocator")

    def nonsingular(self, v0, v1):
        return nonsingular(v0, v1, expander=0.05)


class NullLocator(Locator):
    def tick_values(self, vmin=None, vmax=None):
        return []


class FixedLocator(Locator):
    def __init__(self, locs, nbins=None):
        self.locs = floats(locs)
        self.nbins = None if nbins is None else max(nbins, 2)

    def tick_values(self, vmin=None, vmax=None):
        if self.nbins is None:
            return list(self.locs)
        step = max(int(math.ceil(len(self.locs) / self.nbins)), 1)
        ticks = self.locs[::step]
        for start in range(1, step):
            other = self.locs[start::step]
            if other and min(map(abs, other)) < min(map(abs, ticks)):
                ticks = other
        return ticks


class IndexLocator(Locator):
    def __init__(self, base, offset):
        self.base, self.offset = base, offset

    def tick_values(self, vmin, vmax):
        n = int((vmax - vmin - self.offset) / self.base) + 1
        return [vmin + self.offset + i * self.base for i in range(n)]


class LinearLocator(Locator):
    def __init__(self, numticks=None):
        self.numticks = 11 if numticks is None else numticks

    def tick_values(self, vmin, vmax):
        n = self.numticks
        return [vmin + (vmax - vmin) * i / (n - 1) for i in range(n)] if n > 1 else [vmin][:n]


class _Steps:
    """Multiples of a step, of which a number that misses one by rounding alone counts as that one."""

    def __init__(self, step, offset=0.0):
        self.step = step
        self._tolerance = 1e-10
        if abs(offset) > 0:
            self._tolerance = min(0.4999, max(1e-10, 10 ** (math.log10(abs(offset) / step) - 12)))

    def below(self, x):
        count, rest = divmod(x, self.step)
        return count + 1 if abs(rest / self.step - 1) < self._tolerance else count

    def above(self, x):
        count, rest = divmod(x, self.step)
        return count if abs(rest / self.step) < self._tolerance else count + 1


class MultipleLocator(Locator):
    def __init__(self, base=1.0, offset=0.0):
        if base <= 0:
            raise ValueError("'base' must be positive")
        self.base, self.offset = float(base), offset

    def tick_values(self, vmin, vmax):
        if vmax < vmin:
            vmin, vmax = vmax, vmin
        step = self.base
        start = _Steps(step).above(vmin - self.offset) * step
        n = int((vmax - self.offset - start + 0.001 * step) // step)
        return [start - step + i * step + self.offset for i in range(n + 3)]


def _extended(steps):
    """Steps from a tenth to ten times those given."""
    steps = ([1] if steps[0] != 1 else []) + steps + ([10] if steps[-1] != 10 else [])
    return [0.1 * s for s in steps[:-1]] + steps + [10 * steps[1]]


class MaxNLocator(Locator):
    """At most nbins intervals, of 1, 2, 2.5, 5 or 10 times a power of ten."""

    def __init__(self, nbins=10, *, steps=None, integer=False, symmetric=False, prune=None, min_n_ticks=2):
        self._nbins, self._integer, self._symmetric = nbins, integer, symmetric
        self._prune, self._least = prune, max(1, min_n_ticks)
        self._steps = _extended([1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] if steps is None else floats(steps))

    def set_params(self, nbins=None, integer=None, steps=None, min_n_ticks=None, prune=None, symmetric=None):
        if nbins is not None:
            self._nbins = nbins
        if integer is not None:
            self._integer = integer
        if symmetric is not None:
            self._symmetric = symmetric
        if prune is not None:
            self._prune = prune
        if min_n_ticks is not None:
            self._least = max(1, min_n_ticks)
        if steps is not None:
            self._steps = _extended(floats(steps))

    def _raw(self, vmin, vmax):
        if self._nbins == "auto":
            space = self.axis.get_tick_space() if self.axis is not None else 9
            nbins = min(max(space, max(1, self._least - 1)), 9)
        else:
            nbins = self._nbins
        span, mean = abs(vmax - vmin), (vmax + vmin) / 2
        offset = 0.0 if abs(mean) / span < 100 else math.copysign(10 ** (math.log10(abs(mean)) // 1), mean)
        scale = 10 ** (math.log10(span / nbins) // 1)
        low_end, high_end = vmin - offset, vmax - offset
        steps = [s * scale for s in self._steps]
        if self._integer:
            steps = [s for s in steps if s < 1 or abs(s - round(s)) < 0.001]
        raw = (high_end - low_end) / nbins
        enough = next((i for i, step in enumerate(steps) if step >= raw), len(steps) - 1)
        for step in reversed(steps[: enough + 1]):
            if self._integer and math.floor(high_end) - math.ceil(low_end) >= self._least - 1:
                step = max(1, step)
            first = (low_end // step) * step
            edges = _Steps(step, offset)
            low, high = edges.below(low_end - first), edges.above(high_end - first)
            ticks = [(low + i) * step + first for i in range(int(high - low) + 1)]
            if sum(low_end <= t <= high_end for t in ticks) >= self._least:
                break
        return [t + offset for t in ticks]

    def tick_values(self, vmin, vmax):
        if self._symmetric:
            vmax = max(abs(vmin), abs(vmax))
            vmin = -vmax
        vmin, vmax = nonsingular(vmin, vmax, expander=1e-13, tiny=1e-14)
        ticks = self._raw(vmin, vmax)
        if self._prune in ("lower", "both"):
            ticks = ticks[1:]
        if self._prune in ("upper", "both"):
            ticks = ticks[:-1]
        return ticks


class AutoLocator(MaxNLocator):
    def __init__(self):
        super().__init__(nbins="auto", steps=[1, 2, 2.5, 5, 10])


class AutoMinorLocator(Locator):
    def __init__(self, n=None):
        self.ndivs = n

    def __call__(self):
        vmin, vmax = sorted(self.axis.get_view_interval())
        major = sorted(self.axis.get_majorticklocs())
        if len(major) < 2:
            return []
        step = major[1] - major[0]
        parts = self.ndivs
        if parts in (None, "auto"):
            mantissa = 10 ** (math.log10(step) % 1)
            parts = 5 if any(abs(mantissa - m) < 1e-6 for m in (1, 2.5, 5, 10)) else 4
        small = step / parts
        start = major[0] - step
        count = int((vmax - start) / small) + 2
        places = [start + i * small for i in range(count)]
        return [p for i, p in enumerate(places) if i % parts and vmin <= p <= vmax]

    def tick_values(self, vmin, vmax):
        raise NotImplementedError("Cannot get tick locations for an AutoMinorLocator without its axis")


class LogLocator(Locator):
    def __init__(self, base=10.0, subs=(1.0,), *, numticks=None):
        self._base, self._subs = float(base), subs
        self.numticks = "auto" if numticks is None else numticks

    def nonsingular(self, v0, v1):
        if v0 > v1:
            v0, v1 = v1, v0
        if not (math.isfinite(v0) and math.isfinite(v1)) or v1 <= 0:
            return 1, 10
        if v0 <= 0:
            v0 = self.axis.least_positive() if self.axis else v1 / 10
        if v0 == v1:
            b = self._base
            power = math.log(v0, b)
            return b ** (math.ceil(power - 1e-10) - 1), b ** (math.floor(power + 1e-10) + 1)
        return v0, v1

    def tick_values(self, vmin, vmax):
        b = self._base
        numticks = self.numticks
        if numticks == "auto":
            numticks = min(max(self.axis.get_tick_space(), 2), 9) if self.axis is not None else 9
        if vmin <= 0:
            vmin = self.axis.least_positive() if self.axis is not None else 0
            if vmin <= 0:
                raise ValueError("Data has no positive values, and therefore cannot be log-scaled.")
        if vmax < vmin:
            vmin, vmax = vmax, vmin
        low, high = (self._power(v) for v in (vmin, vmax))
        first, last = math.ceil(low), math.floor(high)
        available = last - first + 1
        if isinstance(self._subs, str):
            if available >= 10 or b < 3:
                if self._subs == "auto":
                    return []
                subs = [1.0]
            else:
                subs = [float(s) for s in range(2 if self._subs == "auto" else 1, int(b))]
        else:
            subs = [float(s) for s in self._subs]
        powers, stride = _decades(low, high, first, last, numticks)
        if len(subs) > 1 or subs[0] != 1.0:
            # Those below the first whole decade are seen too.
            between = stride == 1 or available <= 1
            ticks = [s * b**p for p in range(first - 1, last + 1) for s in subs] if between else []
        else:
            ticks = [b**p for p in powers]
        if len(subs) > 1 and stride == 1 and len(powers) - 2 + sum(vmin <= t <= vmax for t in ticks) <= 1:
            plain = AutoLocator()
            plain.axis = self.axis
            return plain.tick_values(vmin, vmax)
        return ticks

    def _power(self, v):
        if self._base == 10:
            return math.log10(v)
        return math.log2(v) if self._base == 2 else math.log(v) / math.log(self._base)


def _decades(low, high, first, last, wished):
    """(powers to mark, one beyond each end included; their distance): as many as fit and no more than wished."""
    available = last - first + 1
    stride = available // (wished + 1) + 1
    count = min(math.ceil(available / stride), wished)
    if count == 0:
        return [first - 1, last + 1], last - first + 2
    if count == 1:
        middle = round((low + high) / 2)
        stride = max(middle - first + 1, last + 1 - middle)
        return [middle - stride, middle, middle + stride], stride
    # The widest distance that still gives that many ticks leaves the least room without any at the ends.
    stride = (available - 1) // (count - 1)
    if stride < available / count:
        stride = available // count
    least, beyond = max(available - stride * count, 0), min(available - stride * (count - 1), stride)
    offset = -first % stride
    if not least <= offset < beyond:
        offset = least
    return list(range(first + offset - stride, last + stride + 1, stride)), stride


class SymmetricalLogLocator(Locator):
    def __init__(self, linthresh, base=10.0, subs=(1.0,)):
        self._linthresh, self._base, self._subs = linthresh, base, subs

    def tick_values(self, vmin, vmax):
        b, edge = self._base, self._linthresh
        if -edge < vmin < vmax < edge:
            return sorted({vmin, 0.0, vmax})

        def side(most):
            """Powers of the base from the linear part's edge to `most`."""
            if most <= edge:
                return []
            return list(range(math.ceil(math.log(edge, b)), math.ceil(math.log(most, b)) + 1))

        above, below = side(vmax), side(-vmin)
        stride = max(1, (len(above) + len(below) + 1) // 14)
        ticks = [-(b**p) * s for p in below[::stride] for s in self._subs] + [0.0]
        return sorted(ticks + [b**p * s for p in above[::stride] for s in self._subs])


def __getattr__(name):
    from ._missing import nearest

    raise nearest("matplotlib.ticker", globals(), name)
