"""Eigenvalues of matrices that need not be symmetric: LAPACK's way (balance, Hessenberg form, shifted QR), so that
order and signs are NumPy's. Only real eigenvalues can be told; there are no complex numbers here."""

from math import copysign, hypot, sqrt

EPS = 2.0**-52
_COMPLEX = (
    "the matrix has complex eigenvalues, and numpy here has no complex numbers: the nearest are np.linalg.eigh, for a "
    "symmetric matrix, and np.linalg.svd"
)


def eigen(a, vectors):
    """(eigenvalues, rows of the matrix of eigenvectors) of a list of rows, both plain lists."""
    n = len(a)
    a = [list(map(float, row)) for row in a]
    low, high, order, scale = _balance(a, n)
    q = [[float(i == j) for j in range(n)] for i in range(n)]
    _hessenberg(a, q, low, high)
    _real_schur(a, q, low, high, n)
    values = [a[i][i] for i in range(n)]
    if not vectors:
        return values, None
    columns = _back_substituted(a, q, n)
    for column in columns:
        for i in range(n):
            column[i] *= scale[i]
        for i, j in reversed(order):
            column[i], column[j] = column[j], column[i]
        length = sqrt(sum(x * x for x in column))
        column[:] = [x / length for x in column]
    return values, [[column[i] for column in columns] for i in range(n)]


def _balance(a, n):
    """Permutes eigenvalues that stand alone to the ends and scales the rest; (low, high, swaps, scale)."""
    low, high, swaps = 0, n - 1, []

    def swap(i, j):
        if i != j:
            for row in a:
                row[i], row[j] = row[j], row[i]
            a[i], a[j] = a[j], a[i]
            swaps.append((i, j))

    found = True
    while found and high >= 0:
        found = False
        for i in range(high, -1, -1):
            if all(a[i][j] == 0 for j in range(high + 1) if j != i):
                swap(i, high)
                if high == 0:
                    return 0, 0, swaps, [1.0] * n
                high -= 1
                found = True
                break
    found = True
    while found:
        found = False
        for j in range(low, high + 1):
            if all(a[i][j] == 0 for i in range(low, high + 1) if i != j):
                swap(j, low)
                low += 1
                found = True
                break
    scale = [1.0] * n
    changed = True
    while changed:
        changed = False
        for i in range(low, high + 1):
            c = sqrt(sum(a[j][i] ** 2 for j in range(low, high + 1)))
            r = sqrt(sum(a[i][j] ** 2 for j in range(low, high + 1)))
            if c == 0 or r == 0:
                continue
            f, total, g = 1.0, c + r, r / 2
            while c < g:
                f, c, r, g = f * 2, c * 2, r / 2, g / 2
            g = c / 2
            while g >= r:
                f, c, g, r = f / 2, c / 2, g / 2, r * 2
            if c + r >= 0.95 * total:
                continue
            scale[i] *= f
            changed = True
            a[i] = [x / f for x in a[i]]
            for row in a:
                row[i] *= f
    return low, high, swaps, scale


def _reflector(x):
    """(β, τ, v) with v[0] = 1, so that (I - τ v vᵀ) x = (β, 0, …)."""
    tail = sqrt(sum(value * value for value in x[1:]))
    if tail == 0:
        return x[0], 0.0, [1.0, *([0.0] * (len(x) - 1))]
    beta = -copysign(hypot(x[0], tail), x[0])
    return beta, (beta - x[0]) / beta, [1.0, *(value / (x[0] - beta) for value in x[1:])]


def _hessenberg(a, q, low, high):
    n = len(a)
    for k in range(low, high - 1):
        span = range(k + 1, high + 1)
        beta, tau, v = _reflector([a[i][k] for i in span])
        if tau:
            for row in a:
                _from_right(row, k + 1, tau, v)
            for j in range(k, n):
                _from_left(a, k + 1, j, tau, v)
            for row in q:
                _from_right(row, k + 1, tau, v)
        a[k + 1][k] = beta
        for i in range(k + 2, high + 1):
            a[i][k] = 0.0


def _from_right(row, first, tau, v):
    total = tau * sum(row[first + i] * x for i, x in enumerate(v))
    for i, x in enumerate(v):
        row[first + i] -= total * x


def _from_left(a, first, j, tau, v):
    total = tau * sum(a[first + i][j] * x for i, x in enumerate(v))
    for i, x in enumerate(v):
        a[first + i][j] -= total * x


def _real_schur(h, z, low, high, n):
    """Francis's double shifts, until H is triangular."""
    tiny = 2.0**-1022 * ((high - low + 1) / EPS)
    i = high
    while i >= low:
        left = low
        for turn in range(30 * max(10, high - low + 1)):
            k = i
            while k > left:
                if abs(h[k][k - 1]) <= tiny:
                    break
                test = abs(h[k - 1][k - 1]) + abs(h[k][k])
                if test == 0:
                    if k - 2 >= low:
                        test += abs(h[k - 1][k - 2])
                    if k + 1 <= high:
                        test += abs(h[k + 1][k])
                if abs(h[k][k - 1]) <= EPS * test:
                    ab, ba = sorted((abs(h[k][k - 1]), abs(h[k - 1][k])), reverse=True)
                    aa, bb = sorted((abs(h[k][k]), abs(h[k - 1][k - 1] - h[k][k])), reverse=True)
                    total = aa + ab
                    if ba * (ab / total) <= max(tiny, EPS * (bb * (aa / total))):
                        break
                k -= 1
            left = k
            if left > low:
                h[left][left - 1] = 0.0
            if left >= i - 1:
                break
            _double_step(h, z, left, i, n, turn)
        else:
            from ._bridge import LinAlgError

            raise LinAlgError("Eigenvalues did not converge")
        if left == i - 1:
            _two_by_two(h, z, i, n)
        i = left - 1


def _double_step(h, z, left, i, n, turn):
    if turn == 10:
        s = abs(h[left + 1][left]) + abs(h[left + 2][left + 1])
        h11 = h22 = 0.75 * s + h[left][left]
        h12, h21 = -0.4375 * s, s
    elif turn == 20:
        s = abs(h[i][i - 1]) + abs(h[i - 1][i - 2])
        h11 = h22 = 0.75 * s + h[i][i]
        h12, h21 = -0.4375 * s, s
    else:
        h11, h21, h12, h22 = h[i - 1][i - 1], h[i][i - 1], h[i - 1][i], h[i][i]
    s = abs(h11) + abs(h12) + abs(h21) + abs(h22)
    if s == 0:
        rt1r = rt1i = rt2r = rt2i = 0.0
    else:
        h11, h21, h12, h22 = h11 / s, h21 / s, h12 / s, h22 / s
        trace = (h11 + h22) / 2
        det = (h11 - trace) * (h22 - trace) - h12 * h21
        root = sqrt(abs(det))
        if det >= 0:
            rt1r, rt2r, rt1i = trace * s, trace * s, root * s
            rt2i = -rt1i
        else:
            rt1r, rt2r = trace + root, trace - root
            rt1r = rt2r = (rt1r if abs(rt1r - h22) <= abs(rt2r - h22) else rt2r) * s
            rt1i = rt2i = 0.0
    m = i - 2
    while True:
        h21s, s = abs(h[m + 1][m]), abs(h[m][m] - rt2r) + abs(rt2i) + abs(h[m + 1][m])
        h21s = h[m + 1][m] / s
        v = [
            h21s * h[m][m + 1] + (h[m][m] - rt1r) * ((h[m][m] - rt2r) / s) - rt1i * (rt2i / s),
            h21s * (h[m][m] + h[m + 1][m + 1] - rt1r - rt2r),
            h21s * h[m + 2][m + 1],
        ]
        s = abs(v[0]) + abs(v[1]) + abs(v[2])
        v = [x / s for x in v]
        if m == left:
            break
        h00, h10, h11 = abs(h[m - 1][m - 1]), abs(h[m][m - 1]), abs(h[m][m])
        if h10 * (abs(v[1]) + abs(v[2])) <= EPS * abs(v[0]) * (h00 + h11 + abs(h[m + 1][m + 1])):
            break
        m -= 1
    for k in range(m, i):
        count = min(3, i - k + 1)
        if k > m:
            v = [h[k + at][k - 1] for at in range(count)]
        beta, tau, w = _reflector(v[:count])
        if k > m:
            h[k][k - 1] = beta
            for at in range(1, count):
                h[k + at][k - 1] = 0.0
        elif m > left:
            h[k][k - 1] *= 1.0 - tau
        if tau:
            for j in range(k, n):
                _from_left(h, k, j, tau, w)
            for row in h[: min(k + 3, i) + 1]:
                _from_right(row, k, tau, w)
            for row in z:
                _from_right(row, k, tau, w)


def _two_by_two(h, z, i, n):
    """The block at the end made triangular, or refused where its eigenvalues are complex."""
    a, b, c, d = h[i - 1][i - 1], h[i - 1][i], h[i][i - 1], h[i][i]
    if c == 0:
        return
    if b == 0:
        cs, sn, a, b, c, d = 0.0, 1.0, d, -c, 0.0, a
    else:
        if a - d == 0 and (b > 0) != (c > 0):
            raise NotImplementedError(_COMPLEX)
        p = 0.5 * (a - d)
        most, least = max(abs(b), abs(c)), min(abs(b), abs(c)) * copysign(1, b) * copysign(1, c)
        scale = max(abs(p), most)
        root = p / scale * p + most / scale * least
        if root >= 4 * EPS:
            root = p + copysign(sqrt(scale) * sqrt(root), p)
            a, d = d + root, d - most / root * least
            tau = hypot(c, root)
            cs, sn, b, c = root / tau, c / tau, b - c, 0.0
        else:
            sigma = b + c
            tau = hypot(sigma, a - d)
            cs = sqrt(0.5 * (1 + abs(sigma) / tau))
            sn = -(p / (tau * cs)) * copysign(1, sigma)
            aa, bb, cc, dd = a * cs + b * sn, -a * sn + b * cs, c * cs + d * sn, -c * sn + d * cs
            a, b, c, d = aa * cs + cc * sn, bb * cs + dd * sn, -aa * sn + cc * cs, -bb * sn + dd * cs
            a = d = 0.5 * (a + d)
            if c != 0:
                if b == 0:
                    b, c, cs, sn = -c, 0.0, -sn, cs
                elif (b > 0) != (c > 0):
                    raise NotImplementedError(_COMPLEX)
                else:
                    sab, sac = sqrt(abs(b)), sqrt(abs(c))
                    p = copysign(sab * sac, c)
                    tau = 1 / sqrt(abs(b + c))
                    a, d, b, c = d + p, d - p, b - c, 0.0
                    cs1, sn1 = sab * tau, sac * tau
                    cs, sn = cs * cs1 - sn * sn1, cs * sn1 + sn * cs1
    h[i - 1][i - 1], h[i - 1][i], h[i][i - 1], h[i][i] = a, b, c, d
    for j in range(i + 1, n):
        x, y = h[i - 1][j], h[i][j]
        h[i - 1][j], h[i][j] = cs * x + sn * y, cs * y - sn * x
    for row in [*h[: i - 1], *z]:
        x, y = row[i - 1], row[i]
        row[i - 1], row[i] = cs * x + sn * y, cs * y - sn * x


def _back_substituted(t, q, n):
    """The eigenvectors of a triangular T, taken back by Q, as columns."""
    small = EPS * max((abs(x) for row in t for x in row), default=0.0)
    columns = []
    for k in range(n):
        x = [0.0] * n
        x[k] = 1.0
        for i in range(k - 1, -1, -1):
            total = sum(t[i][j] * x[j] for j in range(i + 1, k + 1))
            gap = t[i][i] - t[k][k]
            x[i] = -total / (gap if abs(gap) > small else (small or 1.0))
        columns.append([sum(row[j] * x[j] for j in range(k + 1)) for row in q])
    return columns
