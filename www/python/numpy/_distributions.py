"""Distributions that are drawn number by number, by NumPy's own methods, so that a seed gives NumPy's numbers.

Marsaglia and Tsang's gammas, Hörmann's PTRS for Poisson, Kachitvichyanukul and Schmeiser's BTPE for binomials.
"""

from math import exp, floor, inf, isnan, log, log1p, sqrt

from ._array import ndarray
from ._convert import array, asarray
from ._create import as_shape

UNIFORM, NORMAL, EXPONENTIAL = 0, 1, 2

# Stirling's series for ln Γ.
_LOGGAMMA = (
    8.333333333333333e-02, -2.777777777777778e-03, 7.936507936507937e-04, -5.952380952380952e-04,
    8.417508417508418e-04, -1.917526917526918e-03, 6.410256410256410e-03, -2.955065359477124e-02,
    1.796443723688307e-01, -1.39243221690590e00,
)  # fmt: skip


def _loggamma(x):
    if x == 1.0 or x == 2.0:
        return 0.0
    n = int(7 - x) if x < 7.0 else 0
    x0 = x + n
    x2 = (1.0 / x0) * (1.0 / x0)
    total = _LOGGAMMA[9]
    for a in reversed(_LOGGAMMA[:9]):
        total = total * x2 + a
    total = total / x0 + 0.5 * 1.8378770664093453 + (x0 - 0.5) * log(x0) - x0
    for _ in range(n):
        total -= log(x0 - 1.0)
        x0 -= 1.0
    return total


def _ln(x):
    return log(x) if x else -inf


class Distributions:
    """What Generator and RandomState share; `_modern` tells the few places where their methods differ."""

    _modern = False

    def _u(self):
        return self._fill(UNIFORM, None)

    def _drawn(self, draw, size, checks, *parameters, integer=False):
        """Draws for each element of the parameters, broadcast, once `checks` have found them right."""
        parameters = [p.tolist() if isinstance(p, ndarray) and not p.ndim else p for p in parameters]
        several = any(isinstance(p, (ndarray, list, tuple)) for p in parameters)
        if not several:
            for check, value in zip(checks, parameters):
                check(value)
            if size is None:
                return draw(*parameters)
            count = 1
            for n in as_shape(size):
                count *= n
            made = [draw(*parameters) for _ in range(count)]
            return array(made, dtype=int if integer else float).reshape(as_shape(size))
        from ._shape import broadcast_arrays, broadcast_to

        wide = broadcast_arrays(*[asarray(p) for p in parameters])
        if size is not None:
            wide = [broadcast_to(w, as_shape(size)) for w in wide]
        columns = [w.ravel().tolist() for w in wide]
        for check, values in zip(checks, columns):
            for value in values:
                check(value)
        made = [draw(*row) for row in zip(*columns)]
        return array(made, dtype=int if integer else float).reshape(wide[0].shape)

    # ── gamma and its kin ──────────────────────────────────────────────────────────────────────

    def _one_gamma(self, shape):
        if shape == 1.0:
            return self._fill(EXPONENTIAL, None)
        if shape == 0.0:
            return 0.0
        if shape < 1.0:
            while True:
                u, v = self._u(), self._fill(EXPONENTIAL, None)
                if u <= 1.0 - shape:
                    x = u ** (1.0 / shape)
                    if x <= v:
                        return x
                else:
                    y = -log((1 - u) / shape)
                    x = (1.0 - shape + shape * y) ** (1.0 / shape)
                    if x <= v + y:
                        return x
        b = shape - 1.0 / 3.0
        c = 1.0 / sqrt(9 * b)
        while True:
            v = 0.0
            while v <= 0.0:
                x = self._fill(NORMAL, None)
                v = 1.0 + c * x
            v = v * v * v
            u = self._u()
            if u < 1.0 - 0.0331 * (x * x) * (x * x) or _ln(u) < 0.5 * x * x + b * (1.0 - v + log(v)):
                return b * v

    def standard_gamma(self, shape, size=None):
        return self._drawn(self._one_gamma, size, [_not_negative("shape")], shape)

    def gamma(self, shape, scale=1.0, size=None):
        checks = [_not_negative("shape"), _not_negative("scale")]
        return self._drawn(lambda k, theta: theta * self._one_gamma(k), size, checks, shape, scale)

    def chisquare(self, df, size=None):
        return self._drawn(lambda k: 2.0 * self._one_gamma(k / 2.0), size, [_positive("df")], df)

    def _one_beta(self, a, b):
        if a <= 1.0 and b <= 1.0:
            while True:
                u, v = self._u(), self._u()
                x, y = u ** (1.0 / a), v ** (1.0 / b)
                if x + y <= 1.0 and u + v > 0.0:
                    if x + y > 0:
                        return x / (x + y)
                    p, q = _ln(u) / a, _ln(v) / b
                    most = max(p, q)
                    p, q = p - most, q - most
                    return exp(p - log(exp(p) + exp(q)))
        p, q = self._one_gamma(a), self._one_gamma(b)
        return p / (p + q)

    def beta(self, a, b, size=None):
        return self._drawn(self._one_beta, size, [_positive("a"), _positive("b")], a, b)

    def dirichlet(self, alpha, size=None):
        alpha = asarray(alpha, dtype=float)
        if alpha.ndim != 1:
            raise ValueError("alpha must be a one-dimensional array")
        weights = alpha.tolist()
        if any(isnan(a) or a < 0 if self._modern else not a > 0 for a in weights):
            raise ValueError("alpha < 0" if self._modern else "alpha <= 0")
        shape = () if size is None else as_shape(size)
        count = 1
        for n in shape:
            count *= n
        draw = self._stick if self._modern and weights and max(weights) < 0.1 else self._normalised
        return array([draw(weights) for _ in range(count)]).reshape((*shape, len(weights)))

    def _normalised(self, weights):
        drawn = [self._one_gamma(a) for a in weights]
        total = 0.0
        for g in drawn:
            total += g
        inverse = 1.0 / total
        return [g * inverse for g in drawn]

    def _stick(self, weights):
        """Breaks a stick by betas: with small weights all gammas could be 0."""
        after, total = [], 0.0
        for a in reversed(weights):
            after.append(total)
            total += a
        after.reverse()
        left, row = 1.0, []
        for a, b in zip(weights[:-1], after):
            v = self._one_beta(a, b)
            row.append(left * v)
            left *= 1.0 - v
        return [*row, left]

    # ── counts ─────────────────────────────────────────────────────────────────────────────────

    def _one_poisson(self, lam):
        if lam < 10:
            if lam == 0:
                return 0
            least, count, product = exp(-lam), 0, 1.0
            while True:
                product *= self._u()
                if product <= least:
                    return count
                count += 1
        root, ln = sqrt(lam), log(lam)
        b = 0.931 + 2.53 * root
        a = -0.059 + 0.02483 * b
        inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
        vr = 0.9277 - 3.6224 / (b - 2)
        while True:
            u, v = self._u() - 0.5, self._u()
            us = 0.5 - abs(u)
            k = floor((2 * a / us + b) * u + lam + 0.43)
            if us >= 0.07 and v <= vr:
                return k
            if k < 0 or us < 0.013 and v > us:
                continue
            if _ln(v) + log(inverse_alpha) - log(a / (us * us) + b) <= -lam + k * ln - _loggamma(k + 1):
                return k

    def poisson(self, lam=1.0, size=None):
        return self._drawn(self._one_poisson, size, [_lam], lam, integer=True)

    def _one_binomial(self, n, p):
        n = int(n)
        if n == 0 or p == 0.0:
            return 0
        if p <= 0.5:
            return self._inversion(n, p) if p * n <= 30.0 else self._btpe(n, p)
        q = 1.0 - p
        return n - (self._inversion(n, q) if q * n <= 30.0 else self._btpe(n, q))

    def _inversion(self, n, p):
        q = 1.0 - p
        none = exp(n * log1p(-p)) if self._modern else exp(n * log(q))
        mean = n * p
        bound = int(min(n, mean + 10.0 * sqrt(mean * q + 1)))
        x, px, u = 0, none, self._u()
        while u > px:
            x += 1
            if x > bound:
                x, px, u = 0, none, self._u()
            else:
                u -= px
                px = ((n - x + 1) * p * px) / (x * q)
        return x

    def _btpe(self, n, p):
        r = min(p, 1.0 - p)
        q = 1.0 - r
        fm = n * r + r
        m = floor(fm)
        p1 = floor(2.195 * sqrt(n * r * q) - 4.6 * q) + 0.5
        xm = m + 0.5
        xl, xr = xm - p1, xm + p1
        c = 0.134 + 20.5 / (15.3 + m)
        a = (fm - xl) / (fm - xl * r)
        laml = a * (1.0 + a / 2.0)
        a = (xr - fm) / (xr * q)
        lamr = a * (1.0 + a / 2.0)
        p2 = p1 * (1.0 + 2.0 * c)
        p3 = p2 + c / laml
        p4 = p3 + c / lamr
        nrq = n * r * q
        while True:
            u, v = self._u() * p4, self._u()
            if u <= p1:  # a triangle in the middle
                y = floor(xm - p1 * v + u)
                break
            if u <= p2:  # parallelograms beside it
                x = xl + (u - p1) / c
                v = v * c + 1.0 - abs(m - x + 0.5) / p1
                if v > 1.0:
                    continue
                y = floor(x)
            elif u <= p3:  # exponential tails
                if v == 0.0:
                    continue
                y = floor(xl + log(v) / laml)
                if y < 0:
                    continue
                v = v * (u - p2) * laml
            else:
                if v == 0.0:
                    continue
                y = floor(xr - log(v) / lamr)
                if y > n:
                    continue
                v = v * (u - p3) * lamr
            if self._accepts(v, y, n, m, r, q, xm, nrq):
                break
        return n - y if p > 0.5 else y

    def _accepts(self, v, y, n, m, r, q, xm, nrq):
        k = abs(y - m)
        if not (k > 20 and k < nrq / 2.0 - 1):
            s = r / q
            a = s * (n + 1)
            f = 1.0
            for i in range(m + 1, y + 1):
                f *= a / i - s
            for i in range(y + 1, m + 1):
                f /= a / i - s
            return v <= f
        rho = (k / nrq) * ((k * (k / 3.0 + 0.625) + 0.16666666666666666) / nrq + 0.5)
        t = -k * k / (2 * nrq)
        a = _ln(v)
        if a < t - rho:
            return True
        if a > t + rho:
            return False
        x1, f1, z, w = y + 1, m + 1, n + 1 - m, n - y + 1
        ends = 0.0
        for of in (f1, z, x1, w):
            square = float(of) * of
            ends += (13680.0 - (462.0 - (132.0 - (99.0 - 140.0 / square) / square) / square) / square) / of / 166320.0
        most = xm * log(f1 / x1) + (n - m + 0.5) * log(z / w) + (y - m) * log(w * r / (x1 * q)) + ends
        return a <= most

    def binomial(self, n, p, size=None):
        return self._drawn(self._one_binomial, size, [_not_negative("n"), _probability], n, p, integer=True)

    def multinomial(self, n, pvals, size=None):
        pvals = asarray(pvals, dtype=float)
        if pvals.ndim < 1 or pvals.ndim > 1 and not self._modern:
            raise ValueError("pvals must have at least 1 dimension and the last dimension of pvals must be greater than 0.")
        rows = pvals.reshape(-1, pvals.shape[-1]).tolist()
        if any(not 0 <= p <= 1 for row in rows for p in row):
            raise ValueError("pvals < 0, pvals > 1 or pvals contains NaNs")
        if any(sum(row[:-1]) > 1.0 + 1e-12 for row in rows):
            raise ValueError("sum(pvals[:-1]) > 1.0" if pvals.ndim == 1 else "sum(pvals[..., :-1], axis=-1) > 1.0")
        trials = asarray(n)
        if not self._modern and trials.ndim:
            raise TypeError("only 0-dimensional arrays can be converted to Python scalars")
        if (trials < 0).any():
            raise ValueError("n < 0")
        from ._shape import broadcast_shapes, broadcast_to

        lead = broadcast_shapes(trials.shape, pvals.shape[:-1])
        shape = lead if size is None else as_shape(size)
        if broadcast_shapes(shape, lead) != shape:
            raise ValueError(f"Output size {shape} is not compatible with broadcast dimensions of inputs {lead}.")
        counts = broadcast_to(trials, shape).ravel().tolist()
        rows = broadcast_to(pvals, (*shape, pvals.shape[-1])).reshape(-1, pvals.shape[-1]).tolist()
        made = [self._one_multinomial(count, row) for count, row in zip(counts, rows)]
        return array(made, dtype=int).reshape((*shape, pvals.shape[-1]))

    def _one_multinomial(self, n, weights):
        counts = [0] * len(weights)
        remaining, left = 1.0, int(n)
        for j, p in enumerate(weights[:-1]):
            counts[j] = self._one_binomial(left, p / remaining)
            left -= counts[j]
            if left <= 0:
                return counts
            remaining -= p
        if counts:
            counts[-1] = left
        return counts

    def geometric(self, p, size=None):
        return self._drawn(self._one_geometric, size, [_open_probability], p, integer=True)

    def _one_geometric(self, p):
        if p >= 0.333333333333333333333333:
            x, total, product, q, u = 1, p, p, 1.0 - p, self._u()
            while u > total:
                product *= q
                total += product
                x += 1
            return x
        if self._modern:
            from math import ceil

            return ceil(-self._fill(EXPONENTIAL, None) / log1p(-p))
        from math import ceil

        return ceil(log(1.0 - self._u()) / log(1.0 - p))

    # ── of several dimensions ──────────────────────────────────────────────────────────────────

    def multivariate_normal(self, mean, cov, size=None, check_valid="warn", tol=1e-8, *, method="svd"):
        from . import linalg
        from ._compare import allclose
        from ._ufunc import sqrt as root

        if check_valid not in ("warn", "raise", "ignore"):
            raise ValueError("check_valid must equal 'warn', 'raise', or 'ignore'")
        if method not in ("eigh", "svd", "cholesky"):
            raise ValueError("method must be one of {'eigh', 'svd', 'cholesky'}")
        mean, cov = asarray(mean, dtype=float), asarray(cov, dtype=float)
        if mean.ndim != 1:
            raise ValueError("mean must be 1 dimensional")
        if cov.ndim != 2 or cov.shape[0] != cov.shape[1]:
            raise ValueError("cov must be 2 dimensional and square")
        n = mean.shape[0]
        if n != cov.shape[0]:
            raise ValueError("mean and cov must have same length")
        shape = (*(() if size is None else as_shape(size)), n)
        x = self._fill(NORMAL, shape).reshape(-1, n)
        if method == "cholesky":
            factor = linalg.cholesky(cov)
        else:
            if method == "eigh":
                s, u = linalg.eigh(cov)
                sound = not (s < -tol).any()
                s = abs(s)
            else:
                u, s, v = linalg.svd(cov)
                sound = allclose((v.T * s) @ v, cov, tol, tol)
            if not sound and check_valid == "raise":
                raise ValueError("covariance is not symmetric positive-semidefinite.")
            if not sound and check_valid == "warn":
                import warnings

                warnings.warn("covariance is not symmetric positive-semidefinite.", RuntimeWarning, 2)
            factor = u * root(s) if self._modern else (root(s)[:, None] * v).T
        return (mean + x @ factor.T).reshape(shape)


def _not_negative(name):
    def check(value):
        if not value >= 0:
            raise ValueError(f"{name} < 0" if not isnan(value) else f"{name} < 0 or {name} contains NaNs")

    return check


def _positive(name):
    def check(value):
        if not value > 0:
            raise ValueError(f"{name} <= 0")

    return check


def _lam(value):
    if not value >= 0:
        raise ValueError("lam < 0 or lam is NaN")


def _probability(value):
    if not 0 <= value <= 1:
        raise ValueError("p < 0, p > 1 or p is NaN")


def _open_probability(value):
    if not 0 < value <= 1:
        raise ValueError("p <= 0, p > 1 or p contains NaNs")
