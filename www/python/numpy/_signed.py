"""Singular and eigenvectors with the signs that NumPy's have, for matrices of at most 25 rows or columns.

A pair of singular vectors may change its sign, an eigenvector as well, and which sign comes out is told by the order
of LAPACK's steps alone: Householder's reflections to a bidiagonal or tridiagonal form, then implicit QR steps. So
these steps are taken here in that order. Larger matrices LAPACK divides and conquers; theirs come from the engine.
"""

from math import copysign, hypot, sqrt

from ._eig import EPS, _from_left, _from_right, _reflector

MOST = 25
_ULP = EPS / 2
_TINY = 2.0**-1022


def _identity(n):
    return [[float(i == j) for j in range(n)] for i in range(n)]


def _rotation(f, g):
    """(c, s, r) that turn (f, g) into (r, 0)."""
    if g == 0:
        return 1.0, 0.0, f
    if f == 0:
        return 0.0, copysign(1.0, g), abs(g)
    d = hypot(f, g)
    r = copysign(d, f)
    return abs(f) / d, g / r, r


def _turn_rows(a, first, turns, backward=False):
    """The rotations (c, s) one after another on neighbouring rows of `a`."""
    for at in reversed(range(len(turns))) if backward else range(len(turns)):
        c, s = turns[at]
        x, y = a[first + at], a[first + at + 1]
        a[first + at + 1] = [c * q - s * p for p, q in zip(x, y)]
        a[first + at] = [s * q + c * p for p, q in zip(x, y)]


# ── symmetric matrices ─────────────────────────────────────────────────────────────────────────


def eigh(a, upper=False):
    """(eigenvalues ascending, rows of the matrix of eigenvectors) of the lower or upper half of a list of rows."""
    n = len(a)
    if upper:
        # LAPACK takes an upper half from its end, as if both orders were turned around.
        a = [row[::-1] for row in a[::-1]]
    a = [[a[max(i, j)][min(i, j)] for j in range(n)] for i in range(n)]
    reflections, e = [], []
    for i in range(n - 1):
        beta, tau, v = _reflector([a[k][i] for k in range(i + 1, n)])
        e.append(beta)
        if tau:
            for j in range(i + 1, n):
                _from_left(a, i + 1, j, tau, v)
            for row in a[i + 1 :]:
                _from_right(row, i + 1, tau, v)
        reflections.append((i + 1, tau, v))
    d = [a[i][i] for i in range(n)]
    columns = _identity(n)  # the eigenvectors, each a row of this list
    turned = (lambda rows: [row[::-1] for row in rows]) if upper else lambda rows: rows
    if upper:
        d.reverse()
        e.reverse()
    _tridiagonal(d, e, columns)
    columns = turned(columns)
    for first, tau, v in reversed(reflections):
        for column in columns:
            _from_right(column, first, tau, v)
    columns = turned(columns)
    return d, [list(row) for row in zip(*columns)]


def _tridiagonal(d, e, z):
    n, first = len(d), 0
    e.append(0.0)
    while first < n:
        if first:
            e[first - 1] = 0.0
        m = first
        while m < n - 1:
            if e[m] == 0 or abs(e[m]) <= sqrt(abs(d[m])) * sqrt(abs(d[m + 1])) * _ULP:
                e[m] = 0.0
                break
            m += 1
        start, end, first = first, m, m + 1
        if start == end:
            continue
        if abs(d[end]) < abs(d[start]):
            _upwards(d, e, z, end, start)
        else:
            _downwards(d, e, z, start, end)
    for i in range(n - 1):
        k = min(range(i, n), key=lambda j: (d[j], j))
        if k != i:
            d[i], d[k] = d[k], d[i]
            z[i], z[k] = z[k], z[i]


def _downwards(d, e, z, l, end):
    while l <= end:
        m = l
        while m < end and abs(e[m]) ** 2 > (_ULP**2 * abs(d[m])) * abs(d[m + 1]) + _TINY:
            m += 1
        if m < end:
            e[m] = 0.0
        p = d[l]
        if m == l:
            l += 1
        elif m == l + 1:
            d[l], d[l + 1], c, s = _two_symmetric(d[l], e[l], d[l + 1])
            _turn_rows(z, l, [(c, s)], True)
            e[l] = 0.0
            l += 2
        else:
            g = (d[l + 1] - p) / (2 * e[l])
            g = d[m] - p + e[l] / (g + copysign(hypot(g, 1.0), g))
            s = c = 1.0
            p, turns = 0.0, []
            for i in range(m - 1, l - 1, -1):
                f, b = s * e[i], c * e[i]
                c, s, r = _rotation(g, f)
                if i != m - 1:
                    e[i + 1] = r
                g = d[i + 1] - p
                r = (d[i] - g) * s + 2 * c * b
                p = s * r
                d[i + 1] = g + p
                g = c * r - b
                turns.append((c, -s))
            _turn_rows(z, l, turns[::-1], True)
            d[l] -= p
            e[l] = g


def _upwards(d, e, z, l, end):
    while l >= end:
        m = l
        while m > end and abs(e[m - 1]) ** 2 > (_ULP**2 * abs(d[m])) * abs(d[m - 1]) + _TINY:
            m -= 1
        if m > end:
            e[m - 1] = 0.0
        p = d[l]
        if m == l:
            l -= 1
        elif m == l - 1:
            d[l - 1], d[l], c, s = _two_symmetric(d[l - 1], e[l - 1], d[l])
            _turn_rows(z, l - 1, [(c, s)])
            e[l - 1] = 0.0
            l -= 2
        else:
            g = (d[l - 1] - p) / (2 * e[l - 1])
            g = d[m] - p + e[l - 1] / (g + copysign(hypot(g, 1.0), g))
            s = c = 1.0
            p, turns = 0.0, []
            for i in range(m, l):
                f, b = s * e[i], c * e[i]
                c, s, r = _rotation(g, f)
                if i != m:
                    e[i - 1] = r
                g = d[i] - p
                r = (d[i + 1] - g) * s + 2 * c * b
                p = s * r
                d[i] = g + p
                g = c * r - b
                turns.append((c, s))
            _turn_rows(z, m, turns)
            d[l] -= p
            e[l - 1] = g


def _two_symmetric(a, b, c):
    """(larger eigenvalue, smaller, cosine, sine) of [[a, b], [b, c]]."""
    total, gap, twice = a + c, a - c, b + b
    most, least = (a, c) if abs(a) > abs(c) else (c, a)
    root = hypot(gap, twice)
    if total:
        sign = copysign(1, total)
        one = 0.5 * (total + sign * root)
        two = most / one * least - b / one * b
    else:
        sign, one, two = 1, 0.5 * root, -0.5 * root
    sign2 = 1 if gap >= 0 else -1
    cs = gap + sign2 * root
    if abs(cs) > abs(twice):
        ct = -twice / cs
        sn1 = 1 / sqrt(1 + ct * ct)
        cs1 = ct * sn1
    elif twice == 0:
        cs1, sn1 = 1.0, 0.0
    else:
        tn = -cs / twice
        cs1 = 1 / sqrt(1 + tn * tn)
        sn1 = tn * cs1
    if sign == sign2:
        cs1, sn1 = -sn1, cs1
    return one, two, cs1, sn1


# ── singular values ────────────────────────────────────────────────────────────────────────────


def svd(a, full):
    """(u, s, vt) of a list of rows, u and vt as lists of rows, `full` with both square; no side is twice the other."""
    wide = len(a) < len(a[0])
    if wide:
        a = [list(row) for row in zip(*a)]
    rows, n = len(a), len(a[0])
    a = [list(row) for row in a]
    lefts, rights, d, e = [], [], [], []
    for i in range(n):
        beta, tau, v = _reflector([a[k][i] for k in range(i, rows)])
        d.append(beta)
        lefts.append((i, tau, v))
        for j in range(i + 1, n):
            _from_left(a, i, j, tau, v)
        if i < n - 1:
            beta, tau, v = _reflector(a[i][i + 1 :])
            e.append(beta)
            rights.append((i + 1, tau, v))
            for row in a[i + 1 :]:
                _from_right(row, i + 1, tau, v)
    # The bidiagonal's vectors: those on the left as columns of u, each a row of this list, and so on the right.
    u, vt = _identity(n), _identity(n)
    if n == 1:
        if d[0] < 0:
            d, (vt if wide else u)[0][0] = [-d[0]], -1.0
    elif wide:
        # The bidiagonal is lower: rotations make it upper, and turn the left vectors afterwards.
        turns = []
        for i in range(n - 1):
            c, s, r = _rotation(d[i], e[i])
            d[i], e[i], d[i + 1] = r, s * d[i + 1], c * d[i + 1]
            turns.append((c, -s))
        _bidiagonal(d, e, vt, u)
        columns = [list(row) for row in zip(*vt)]
        _turn_rows(columns, 0, turns, True)
        vt = [list(row) for row in zip(*columns)]
    else:
        _bidiagonal(d, e, u, vt)
    u = [column + [0.0] * (rows - n) for column in u]
    if full:
        u += _identity(rows)[n:]
    for vectors, reflections in ((u, lefts), (vt, rights)):
        for first, tau, v in reversed(reflections):
            for vector in vectors:
                _from_right(vector, first, tau, v)
    columns = lambda vectors: [list(row) for row in zip(*vectors)]  # noqa: E731
    return (columns(vt), d, u) if wide else (columns(u), d, vt)


def _bidiagonal(d, e, u, vt):
    """The singular values of an upper bidiagonal; rotations go to `u` and `vt`, both with vectors as rows."""
    n = len(d)
    tol = max(10.0, min(100.0, _ULP ** (-1 / 8))) * _ULP
    least = mu = abs(d[0])
    for i in range(1, n):
        if least == 0:
            break
        mu = abs(d[i]) * (mu / (mu + abs(e[i - 1])))
        least = min(least, mu)
    thresh = max(tol * (least / sqrt(n)), 6 * (n * (n * _TINY)))
    old_first, old_last, down, m = -1, -1, True, n - 1
    while m > 0:
        most, first = abs(d[m]), 0
        for l in range(m - 1, -1, -1):
            if abs(e[l]) <= thresh:
                e[l] = 0.0
                first = l + 1
                break
            most = max(most, abs(d[l]), abs(e[l]))
        if first == m:
            m -= 1
            continue
        if first == m - 1:
            d[m], d[m - 1], sinr, cosr, sinl, cosl = _two_triangular(d[m - 1], e[m - 1], d[m])
            e[m - 1] = 0.0
            for a, c, s in ((vt, cosr, sinr), (u, cosl, sinl)):
                x, y = a[m - 1], a[m]
                a[m - 1] = [c * p + s * q for p, q in zip(x, y)]
                a[m] = [c * q - s * p for p, q in zip(x, y)]
            m -= 2
            continue
        if first > old_last or m < old_first:
            down = abs(d[first]) >= abs(d[m])
        least = _smallest(d, e, first, m, down, tol)
        if least is None:
            continue
        old_first, old_last = first, m
        shift = 0.0
        if n * tol * (least / most) > max(_ULP, 0.01 * tol):
            one, block = (d[first], m - 1) if down else (d[m], first)
            shift = _smaller_singular(d[block], e[block], d[block + 1])
            if one and (shift / abs(one)) ** 2 < _ULP:
                shift = 0.0
        right, left = (_step_down if down else _step_up)(d, e, first, m, shift)
        _turn_rows(vt, first, right, not down)
        _turn_rows(u, first, left, not down)
        end = m - 1 if down else first
        if abs(e[end]) <= thresh:
            e[end] = 0.0
    for i in range(n):
        if d[i] < 0 or d[i] == 0 and copysign(1, d[i]) < 0:
            d[i] = -d[i]
            vt[i] = [-x for x in vt[i]]
    for last in range(n - 1, 0, -1):
        k = 0
        for j in range(1, last + 1):
            if d[j] <= d[k]:
                k = j
        if k != last:
            for a in (d, u, vt):
                a[k], a[last] = a[last], a[k]


def _smallest(d, e, first, m, down, tol):
    """A bound of the block's smallest singular value; None when an off-diagonal was found to be nothing."""
    end, other = (m - 1, m) if down else (first, first)
    if abs(e[end]) <= tol * abs(d[other]):
        e[end] = 0.0
        return None
    mu = least = abs(d[first] if down else d[m])
    for l in range(first, m) if down else range(m - 1, first - 1, -1):
        if abs(e[l]) <= tol * mu:
            e[l] = 0.0
            return None
        mu = abs(d[l + 1] if down else d[l]) * (mu / (mu + abs(e[l])))
        least = min(least, mu)
    return least


def _step_down(d, e, first, m, shift):
    right, left = [], []
    if shift == 0:
        c = old_c = 1.0
        for i in range(first, m):
            c, s, r = _rotation(d[i] * c, e[i])
            if i > first:
                e[i - 1] = old_s * r
            old_c, old_s, d[i] = _rotation(old_c * r, d[i + 1] * s)
            right.append((c, s))
            left.append((old_c, old_s))
        h = d[m] * c
        d[m], e[m - 1] = h * old_c, h * old_s
        return right, left
    f, g = (abs(d[first]) - shift) * (copysign(1, d[first]) + shift / d[first]), e[first]
    for i in range(first, m):
        c, s, r = _rotation(f, g)
        if i > first:
            e[i - 1] = r
        f, e[i] = c * d[i] + s * e[i], c * e[i] - s * d[i]
        g, d[i + 1] = s * d[i + 1], c * d[i + 1]
        right.append((c, s))
        c, s, d[i] = _rotation(f, g)
        f, d[i + 1] = c * e[i] + s * d[i + 1], c * d[i + 1] - s * e[i]
        if i < m - 1:
            g, e[i + 1] = s * e[i + 1], c * e[i + 1]
        left.append((c, s))
    e[m - 1] = f
    return right, left


def _step_up(d, e, first, m, shift):
    right, left = [], []
    if shift == 0:
        c = old_c = 1.0
        for i in range(m, first, -1):
            c, s, r = _rotation(d[i] * c, e[i - 1])
            if i < m:
                e[i] = old_s * r
            old_c, old_s, d[i] = _rotation(old_c * r, d[i - 1] * s)
            left.append((c, -s))
            right.append((old_c, -old_s))
        h = d[first] * c
        d[first], e[first] = h * old_c, h * old_s
        return right[::-1], left[::-1]
    f, g = (abs(d[m]) - shift) * (copysign(1, d[m]) + shift / d[m]), e[m - 1]
    for i in range(m, first, -1):
        c, s, r = _rotation(f, g)
        if i < m:
            e[i] = r
        f, e[i - 1] = c * d[i] + s * e[i - 1], c * e[i - 1] - s * d[i]
        g, d[i - 1] = s * d[i - 1], c * d[i - 1]
        left.append((c, -s))
        c, s, d[i] = _rotation(f, g)
        f, d[i - 1] = c * e[i - 1] + s * d[i - 1], c * d[i - 1] - s * e[i - 1]
        if i > first + 1:
            g, e[i - 2] = s * e[i - 2], c * e[i - 2]
        right.append((c, -s))
    e[first] = f
    return right[::-1], left[::-1]


def _smaller_singular(f, g, h):
    """Of [[f, g], [0, h]]."""
    f, g, h = abs(f), abs(g), abs(h)
    low, high = min(f, h), max(f, h)
    if low == 0:
        return 0.0
    a, t = 1 + low / high, (high - low) / high
    if g < high:
        square = (g / high) ** 2
        return low * (2 / (sqrt(a * a + square) + sqrt(t * t + square)))
    ratio = high / g
    if ratio == 0:
        return low * high / g
    return 2 * (low / (sqrt(1 + (a * ratio) ** 2) + sqrt(1 + (t * ratio) ** 2)) * ratio)


def _two_triangular(f, g, h):
    """(smaller, larger, sine and cosine on the right, on the left) of [[f, g], [0, h]]."""
    swapped = abs(h) > abs(f)
    ft, ht = (h, f) if swapped else (f, h)
    fa, ha, ga = abs(ft), abs(ht), abs(g)
    largest = 3 if swapped else 1
    if ga == 0:
        low, high, clt, crt, slt, srt = ha, fa, 1.0, 1.0, 0.0, 0.0
    elif ga > fa and fa / ga < _ULP:
        largest = 2
        high, low = ga, fa / (ga / ha) if ha > 1 else fa / ga * ha
        clt, slt, srt, crt = 1.0, ht / g, 1.0, ft / g
    else:
        if ga > fa:
            largest = 2
        gap = fa - ha
        l = 1.0 if gap == fa else gap / fa
        m = g / ft
        t = 2 - l
        s, r = sqrt(t * t + m * m), abs(m) if l == 0 else sqrt(l * l + m * m)
        a = 0.5 * (s + r)
        low, high = ha / a, fa * a
        if m * m == 0:
            t = copysign(2, ft) * copysign(1, g) if l == 0 else g / copysign(gap, ft) + m / t
        else:
            t = (m / (s + t) + m / (r + l)) * (1 + a)
        l = sqrt(t * t + 4)
        crt, srt = 2 / l, t / l
        clt = (crt + srt * m) / a
        slt = ht / ft * srt / a
    csl, snl, csr, snr = (srt, crt, slt, clt) if swapped else (clt, slt, crt, srt)
    sign = {1: (csr, csl, f), 2: (snr, csl, g), 3: (snr, snl, h)}[largest]
    sign = copysign(1, sign[0]) * copysign(1, sign[1]) * copysign(1, sign[2])
    return copysign(low, sign * copysign(1, f) * copysign(1, h)), copysign(high, sign), snr, csr, snl, csl
