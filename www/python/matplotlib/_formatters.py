"""What is written at ticks."""

import itertools
import math

from ._rc import rcParams

MINUS = "\N{MINUS SIGN}"


class Formatter:
    axis = None
    locs = ()

    def set_axis(self, axis):
        self.axis = axis

    def set_locs(self, locs):
        self.locs = locs

    def format_ticks(self, values):
        self.set_locs(values)
        return [self(value, i) for i, value in enumerate(values)]

    def get_offset(self):
        return ""

    def __call__(self, x, pos=None):
        raise NotImplementedError("Formatter is a base; nearest: FuncFormatter")


def fix_minus(text):
    return text.replace("-", MINUS) if rcParams["axes.unicode_minus"] else text


class NullFormatter(Formatter):
    def __call__(self, x, pos=None):
        return ""


class FixedFormatter(Formatter):
    def __init__(self, seq):
        self.seq = [str(s) for s in seq]

    def __call__(self, x, pos=None):
        return self.seq[pos] if pos is not None and pos < len(self.seq) else ""


class FuncFormatter(Formatter):
    def __init__(self, func):
        self.func = func

    def __call__(self, x, pos=None):
        return str(self.func(x, pos))


class FormatStrFormatter(Formatter):
    def __init__(self, fmt):
        self.fmt = fmt

    def __call__(self, x, pos=None):
        return self.fmt % x


class StrMethodFormatter(Formatter):
    def __init__(self, fmt):
        self.fmt = fmt

    def __call__(self, x, pos=None):
        return fix_minus(self.fmt.format(x=x, pos=pos))


class PercentFormatter(Formatter):
    def __init__(self, xmax=100, decimals=None, symbol="%", is_latex=False):
        self.xmax, self.decimals, self.symbol = xmax, decimals, symbol

    def __call__(self, x, pos=None):
        scaled = 100.0 * x / self.xmax
        decimals = self.decimals
        if decimals is None:
            low, high = self.axis.get_view_interval()
            shown = 100.0 * abs(high - low) / self.xmax
            decimals = 0 if shown <= 0 else min(max(math.ceil(2.0 - math.log10(2.0 * shown)), 0), 5)
        return f"{scaled:0.{int(decimals)}f}{self.symbol or ''}"


class ScalarFormatter(Formatter):
    """Plain decimals, all of one length; a common power of ten or summand is told at the axis' end."""

    def __init__(self, useOffset=None, useMathText=None):
        self._use_offset = rcParams["axes.formatter.useoffset"] if useOffset is None else useOffset
        self._limits = list(rcParams["axes.formatter.limits"])
        self._scientific = True
        self.offset, self.power, self._format = 0, 0, "%1.0f"
        if not isinstance(self._use_offset, bool):
            self.offset, self._use_offset = self._use_offset, None

    def set_scientific(self, b):
        self._scientific = bool(b)

    def set_useOffset(self, val):
        self._use_offset = bool(val)
        self.offset = 0

    def set_powerlimits(self, lims):
        self._limits = list(lims)

    def set_locs(self, locs):
        self.locs = list(locs)
        if not self.locs:
            return
        view = sorted(self.axis.get_view_interval()) if self.axis is not None else [min(locs), max(locs)]
        if self._use_offset:
            self._find_offset(view)
        elif self._use_offset is not None:
            self.offset = 0
        self._find_power(view)
        self._find_format(view)

    def _find_offset(self, view):
        self.offset = 0
        shown = [t for t in self.locs if view[0] <= t <= view[1]]
        if not shown:
            return
        low, high = min(shown), max(shown)
        if low == high or low <= 0 <= high:
            return
        least, most = sorted([abs(low), abs(high)])
        start = math.ceil(math.log10(most))
        power = 1 + next(p for p in itertools.count(start, -1) if least // 10.0**p != most // 10.0**p)
        if (most - least) / 10.0**power <= 1e-2:
            power = 1 + next(p for p in itertools.count(start, -1) if most // 10.0**p - least // 10.0**p > 1)
        if most // 10.0**power >= 1000:
            self.offset = math.copysign(1, low) * (most // 10.0**power) * 10.0**power

    def _find_power(self, view):
        self.power = 0
        if not self._scientific:
            return
        if self._limits[0] == self._limits[1] != 0:
            self.power = self._limits[0]
            return
        if self.offset:
            power = math.floor(math.log10(view[1] - view[0]))
        else:
            most = max(abs(t) for t in self.locs)
            power = 0 if most == 0 else math.floor(math.log10(most))
        if power <= self._limits[0] or power >= self._limits[1]:
            self.power = power

    def _find_format(self, view):
        given = self.locs if len(self.locs) > 1 else [*self.locs, *view]
        scaled = [(t - self.offset) / 10.0**self.power for t in given]
        span = max(scaled) - min(scaled) or max(map(abs, scaled)) or 1
        scaled = scaled[: len(self.locs)]
        power = math.floor(math.log10(span))
        digits = max(0, 3 - power)
        while digits >= 0 and max(abs(t - round(t, digits)) for t in scaled) < 1e-3 * 10.0**power:
            digits -= 1
        self._format = f"%1.{digits + 1}f"

    def __call__(self, x, pos=None):
        if not len(self.locs):
            return ""
        scaled = (x - self.offset) / 10.0**self.power
        return fix_minus(self._format % (0 if abs(scaled) < 1e-8 else scaled))

    def get_offset(self):
        if not len(self.locs) or not (self.power or self.offset):
            return ""
        text = f"1e{self.power}" if self.power else ""
        if self.offset:
            text += ("+" if self.offset > 0 else "") + _short(self.offset)
        return fix_minus(text)


def _short(value):
    power = math.floor(math.log10(abs(value)))
    head = round(value / 10**power, 10)
    digits = f"{head:.0f}" if head % 1 == 0 else f"{head:1.10g}"
    return digits if power == 0 else f"{digits}e{power}"


class LogFormatter(Formatter):
    """Powers of the base, written as 10³; between them where less than a decade is shown."""

    def __init__(self, base=10.0, labelOnlyBase=False):
        self._base, self._only = float(base), labelOnlyBase
        self._heads = None

    def set_locs(self, locs=None):
        self.locs = locs
        low, high = sorted(self.axis.get_view_interval()) if self.axis is not None else (1, 1e9)
        if low <= 0:
            low = self.axis.least_positive()
        ends = [math.log(v) / math.log(self._base) for v in (low, high)] if high > 0 else [0, 9]
        decades = ends[1] - ends[0]
        if math.floor(ends[1] + 1e-10) - math.ceil(ends[0] - 1e-10) + 1 > 1:
            self._heads = {1}
        elif decades > 0.4:
            n = int(self._base) // 2 + 1
            self._heads = {round(self._base ** (i / (n - 1))) for i in range(n)}
        else:
            self._heads = set(range(1, int(self._base) + 1))

    def __call__(self, x, pos=None):
        if x == 0:
            return "0"
        b, sign = self._base, "-" if x < 0 else ""
        x = abs(x)
        power = math.log(x) / math.log(b)
        exact = abs(power - round(power)) < 1e-10
        whole = round(power) if exact else math.floor(power)
        head = round(x / b**whole)
        if self._only and not exact or self._heads is not None and head not in self._heads:
            return ""
        base = f"{b:g}" if b % 1 == 0 else "e" if abs(b - math.e) < 1e-9 else f"{b}"
        times = "" if exact else f"{head}\\times"
        return f"$\\mathdefault{{{sign}{times}{base}^{{{whole}}}}}$"


LogFormatterSciNotation = LogFormatterMathtext = LogFormatter


class EngFormatter(Formatter):
    def __init__(self, unit="", places=None, sep=" "):
        self.unit, self.places, self.sep = unit, places, sep

    def __call__(self, x, pos=None):
        power = 0 if x == 0 else max(-24, min(24, 3 * math.floor(math.log10(abs(x)) / 3)))
        prefix = "yzafpnµm kMGTPEZY"[power // 3 + 8].strip() if power else ""
        number = f"{x / 10.0**power:g}" if self.places is None else f"{x / 10.0**power:.{self.places}f}"
        tail = self.sep + prefix + self.unit if prefix or self.unit else ""
        return fix_minus(number) + tail
