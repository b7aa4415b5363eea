"""Polynomials as vectors of coefficients, the highest power first, and poly1d."""

from ._array import ndarray
from ._convert import array, asarray
from ._create import ones, zeros
from ._products import convolve
from ._select import flatnonzero
from ._shape import atleast_1d, concatenate

__all__ = [
    "poly", "poly1d", "polyadd", "polyder", "polydiv", "polyfit", "polyint", "polymul", "polysub", "polyval", "roots",
]  # fmt: skip


def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """The coefficients, highest power first, of the polynomial nearest to the points."""
    from ._create import vander
    from ._dtypes import finfo
    from .linalg import lstsq

    if full or cov:
        raise NotImplementedError("polyfit here gives the coefficients alone: leave full= and cov= out")
    x, y = asarray(x) * 1.0, asarray(y) * 1.0
    if x.ndim != 1:
        raise TypeError("expected 1D vector for x")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    left, right = vander(x, deg + 1), y
    if w is not None:
        w = asarray(w) * 1.0
        left, right = left * w[:, None], right * (w if y.ndim == 1 else w[:, None])
    # Columns of one length, as the powers differ by magnitudes.
    scale = (left * left).sum(axis=0) ** 0.5
    made, _, rank, _ = lstsq(left / scale, right, len(x) * finfo(float).eps if rcond is None else rcond)
    if rank != deg + 1:
        import warnings

        from .exceptions import RankWarning

        warnings.warn("Polyfit may be poorly conditioned", RankWarning, stacklevel=2)
    return made / (scale if y.ndim == 1 else scale[:, None])


def _known(p):
    """The coefficients, and whether they came as a poly1d."""
    return (p.coeffs, True) if isinstance(p, poly1d) else (atleast_1d(asarray(p)), False)


def poly(seq_of_zeros):
    """The coefficients of the polynomial with these roots, or of a matrix's characteristic polynomial."""
    zeros_of = atleast_1d(asarray(seq_of_zeros))
    if zeros_of.ndim == 2 and zeros_of.shape[0] == zeros_of.shape[1] and zeros_of.shape[0]:
        from .linalg import eigvals

        zeros_of = eigvals(zeros_of)
    elif zeros_of.ndim != 1:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    if not len(zeros_of):
        return 1.0
    made = ones(1)
    for zero in zeros_of:
        made = convolve(made, array([1.0, -zero]), mode="full")
    return made


def roots(p):
    """Where a polynomial is zero: the eigenvalues of its companion matrix, all of which must be real here."""
    from ._create import diag
    from .linalg import eigvals

    p = atleast_1d(asarray(p))
    if p.ndim != 1:
        raise ValueError("Input must be a rank-1 array.")
    filled = flatnonzero(p)
    if not len(filled):
        return array([])
    trailing = len(p) - int(filled[-1]) - 1
    p = p[int(filled[0]) : int(filled[-1]) + 1] * 1.0
    found = array([])
    if len(p) > 1:
        companion = diag(ones(len(p) - 2), -1)
        companion[0, :] = -p[1:] / p[0]
        found = eigvals(companion)
    return concatenate((found, zeros(trailing, found.dtype)))


def polyval(p, x):
    """A polynomial's value at x, which may be a polynomial itself."""
    p, _ = _known(p)
    if isinstance(x, poly1d):
        made = poly1d([0])
    else:
        x = asarray(x)
        made = x * 0
    for c in p:
        made = made * x + c
    return made


def _added(one, other, sign):
    (p, wrapped), (q, also) = _known(one), _known(other)
    longer = max(len(p), len(q))
    p, q = (concatenate((zeros(longer - len(c), c.dtype), c)) for c in (p, q))
    made = p + q if sign > 0 else p - q
    return poly1d(made) if wrapped or also else made


def polyadd(a1, a2):
    """The sum of two polynomials."""
    return _added(a1, a2, 1)


def polysub(a1, a2):
    """The difference of two polynomials."""
    return _added(a1, a2, -1)


def polymul(a1, a2):
    """The product of two polynomials."""
    (p, wrapped), (q, also) = _known(a1), _known(a2)
    made = convolve(p, q)
    return poly1d(made) if wrapped or also else made


def polydiv(u, v):
    """Quotient and remainder."""
    (p, wrapped), (q, also) = _known(u), _known(v)
    rest, q = p * 1.0, q * 1.0
    steps = len(p) - len(q) + 1
    quotient = zeros(max(steps, 1))
    for k in range(steps):
        d = rest[k] / q[0]
        quotient[k] = d
        rest[k : k + len(q)] -= d * q
    while rest.shape[-1] > 1 and abs(rest[0]) <= 1e-14 + 1e-14:
        rest = rest[1:]
    return (poly1d(quotient), poly1d(rest)) if wrapped or also else (quotient, rest)


def polyder(p, m=1):
    """The coefficients of a polynomial's derivative."""
    from ._create import arange

    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    p, wrapped = _known(p)
    for _ in range(int(m)):
        p = p[:-1] * arange(len(p) - 1, 0, -1)
    return poly1d(p) if wrapped else p


def polyint(p, m=1, k=None):
    """The coefficients of a polynomial's antiderivative, with the constants `k`."""
    from ._create import arange

    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    constants = atleast_1d(asarray(0.0 if k is None else k)) * 1.0
    if len(constants) == 1 and m > 1:
        constants = constants[0] * ones(m)
    if len(constants) < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    p, wrapped = _known(p)
    for at in range(int(m)):
        p = concatenate((p / arange(len(p), 0, -1), constants[at : at + 1]))
    return poly1d(p) if wrapped else p


class poly1d:
    """A polynomial that is called, added, multiplied and printed as one."""

    __hash__ = None

    def __init__(self, c_or_r, r=False, variable=None):
        if isinstance(c_or_r, poly1d):
            self._variable, self._coeffs = variable or c_or_r._variable, c_or_r._coeffs
            return
        c = atleast_1d(poly(c_or_r) if r else asarray(c_or_r))
        if c.ndim > 1:
            raise ValueError("Polynomial must be 1d only.")
        filled = flatnonzero(c)
        self._coeffs = c[int(filled[0]) :] if len(filled) else zeros(1, c.dtype)
        self._variable = variable or "x"

    coeffs = c = coef = coefficients = property(lambda self: self._coeffs)
    variable = property(lambda self: self._variable)
    order = o = property(lambda self: len(self._coeffs) - 1)
    roots = r = property(lambda self: roots(self._coeffs))

    def __array__(self, t=None, copy=None):
        return self._coeffs if t is None else self._coeffs.astype(t)

    def __repr__(self):
        return f"poly1d({repr(self._coeffs)[6:-1]})"

    def __len__(self):
        return self.order

    def __str__(self):
        text = ""
        for power, coefficient in zip(range(self.order, -1, -1), self._coeffs.tolist()):
            digits = f"{coefficient:.4g}"
            if digits == "0" and self.order:
                continue
            term = digits + ("" if power == 0 else f" {self._variable}" if power == 1 else f" {self._variable}**{power}")
            if text:
                text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
            else:
                text = term
        return _raised(text)

    def __call__(self, val):
        return polyval(self._coeffs, val)

    def __neg__(self):
        return poly1d(-self._coeffs)

    def __pos__(self):
        return self

    def __mul__(self, other):
        return poly1d(self._coeffs * other) if _is_number(other) else poly1d(polymul(self, other))

    __rmul__ = __mul__

    def __add__(self, other):
        return poly1d(polyadd(self, other))

    __radd__ = __add__

    def __sub__(self, other):
        return poly1d(polysub(self, other))

    def __rsub__(self, other):
        return poly1d(polysub(other, self))

    def __pow__(self, val):
        if not _is_number(val) or int(val) != val or val < 0:
            raise ValueError("Power to non-negative integers only.")
        made = poly1d([1])
        for _ in range(val):
            made = made * self
        return made

    def __truediv__(self, other):
        return poly1d(self._coeffs / other) if _is_number(other) else polydiv(self, other)

    def __rtruediv__(self, other):
        return poly1d(other / self._coeffs) if _is_number(other) else polydiv(other, self)

    def __eq__(self, other):
        if not isinstance(other, poly1d):
            return NotImplemented
        return self._coeffs.shape == other._coeffs.shape and (self._coeffs == other._coeffs).all()

    def __ne__(self, other):
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else array(equal).__invert__()[()]

    def __getitem__(self, val):
        at = self.order - val
        return self._coeffs.dtype.type(0) if val > self.order or val < 0 else self._coeffs[at]

    def __setitem__(self, key, val):
        at = self.order - key
        if key < 0:
            raise ValueError("Does not support negative powers.")
        if key > self.order:
            self._coeffs = concatenate((zeros(key - self.order, self._coeffs.dtype), self._coeffs))
            at = 0
        self._coeffs[at] = val

    def __iter__(self):
        return iter(self._coeffs)

    def integ(self, m=1, k=0):
        return poly1d(polyint(self._coeffs, m=m, k=k))

    def deriv(self, m=1):
        return poly1d(polyder(self._coeffs, m=m))


def _is_number(value):
    return isinstance(value, (int, float)) or isinstance(value, ndarray) and not value.ndim


def _raised(text, width=70):
    """`x**2` with its power on a line of its own above, in lines of at most `width` characters."""
    import re

    *parts, tail = re.split(r"\*\*(\d+)", text)
    lines, above, below = [], "", ""
    for term, power in zip(parts[::2], parts[1::2]):
        upper, lower = power.rjust(len(term) - 1 + len(power)), term.ljust(len(term) - 1 + len(power))
        if max(len(above) + len(upper), len(below) + len(lower)) > width:
            lines.append(f"{above}\n{below}\n")
            above = below = ""
        above, below = above + upper, below + lower
    return " " + " ".join([*lines, f"{above}\n{below}{tail}"])
