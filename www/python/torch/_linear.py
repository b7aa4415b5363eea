"""Products of matrices, einsum, and what of linear algebra the courses use."""

import numpy as np

from danlu.tape import product

from ._base import cast, floats, promoted, wrap
from ._methods import METHODS, both, method
from ._tensor import Tensor


def _alike(a, b, names=("mat1", "mat2")):
    if (a._a._h ^ b._a._h) & 3:
        kinds = [("bool", "long", "float", "double")[x._a._h & 3] for x in (a, b)]
        raise RuntimeError(f"expected m1 and m2 to have the same dtype, but got: {kinds[0]} != {kinds[1]}")
    return a, b


def _sizes(x):
    return "x".join(map(str, x._a.shape))


def matmul(input, other, *, out=None):
    if not isinstance(other, Tensor):
        raise TypeError(f"matmul(): argument 'other' (position 2) must be Tensor, not {type(other).__name__}")
    a, b = _alike(input, other)
    n, m = a.ndim, b.ndim
    if not n or not m:
        raise RuntimeError(
            f"both arguments to matmul need to be at least 1D, but they are {n}D and {m}D"
        )
    inner = a._a.shape[-1], b._a.shape[-2 if m > 1 else 0]
    if inner[0] != inner[1]:
        x, y = a._a.shape, b._a.shape
        if n == m == 1:
            raise RuntimeError(
                f"inconsistent tensor size, expected tensor [{x[0]}] and src [{y[0]}] to have the same number of "
                f"elements, but got {x[0]} and {y[0]} elements respectively"
            )
        if m == 1 and n == 2:
            raise RuntimeError(f"size mismatch, got input ({x[0]}), mat ({_sizes(a)}), vec ({y[0]})")
        if n <= 2 and m <= 2 or m == 2:
            rows = 1
            for size in x[:-1]:
                rows *= size
            raise RuntimeError(f"mm: mat1 and mat2 shapes cannot be multiplied ({rows}x{x[-1]} and {_sizes(b)})")
        raise RuntimeError(
            f"Expected size for first two dimensions of batch2 tensor to be: [{y[0]}, {x[-1]}] but got: "
            f"[{y[0]}, {y[-2] if m > 1 else y[0]}]."
        )
    if a._a._h & 3 < 2:
        return wrap(np.asarray(a._a @ b._a))
    try:
        return product.matmul(a, b)
    except ValueError:
        x, y = a._a.shape, b._a.shape
        for back in range(3, max(n, m) + 1):
            if back <= n and back <= m and x[-back] != y[-back] and 1 not in (x[-back], y[-back]):
                raise RuntimeError(
                    f"The size of tensor a ({x[-back]}) must match the size of tensor b ({y[-back]}) at non-singleton "
                    f"dimension {max(n, m) - back}"
                ) from None
        raise


METHODS["matmul"] = matmul


def _at(self, other):
    if isinstance(other, Tensor):
        return matmul(self, other)
    if not isinstance(other, np.ndarray):
        return NotImplemented
    other = wrap(other)
    code = promoted(self, other)
    return matmul(cast(self, code), cast(other, code))


Tensor.__matmul__ = Tensor.__imatmul__ = _at


def _of_axes(name, first, second):
    def multiply(input, mat2, *, out=None):
        for word, x, n in (("self" if name != "bmm" else "batch1", input, first), ("mat2" if name != "bmm" else "batch2", mat2, second)):
            if x.ndim != n:
                raise RuntimeError(
                    ("mm: " if name == "mm" else "") + f"{word} must be a {'matrix' if n == 2 else '3D tensor' if n == 3 else 'vector'}"
                    + (f", got {x.ndim}-D tensor" if name == "mm" else "")
                )
        return matmul(input, mat2)

    multiply.__name__ = name
    return method(multiply)


mm, bmm, mv = _of_axes("mm", 2, 2), _of_axes("bmm", 3, 3), _of_axes("mv", 2, 1)


@method
def dot(input, tensor):
    if input.ndim != 1 or tensor.ndim != 1:
        raise RuntimeError(
            f"1D tensors expected, but got {input.ndim}D and {tensor.ndim}D tensors"
        )
    return matmul(input, tensor)


vdot = method(dot, "vdot")


@method
def inner(input, other):
    if not input.ndim or not other.ndim:
        return input * other
    return tensordot(input, other, ([-1], [-1]))


@method
def outer(input, vec2):
    return input.reshape(-1, 1) * vec2.reshape(1, -1)


ger = method(outer, "ger")


def tensordot(a, b, dims=2):
    if isinstance(dims, int):
        dims = list(range(a.ndim - dims, a.ndim)), list(range(dims))
    left, right = ([d % x.ndim for d in ([ds] if isinstance(ds, int) else ds)] for ds, x in zip(dims, (a, b)))
    rest_a = [i for i in range(a.ndim) if i not in left]
    rest_b = [i for i in range(b.ndim) if i not in right]
    n = 1
    for i in left:
        n *= a.shape[i]
    x = a.permute(*rest_a, *left).reshape(-1, n) if a.ndim else a.reshape(1, 1)
    y = b.permute(*right, *rest_b).reshape(n, -1) if b.ndim else b.reshape(1, 1)
    return matmul(x, y).reshape([a.shape[i] for i in rest_a] + [b.shape[i] for i in rest_b])


@both
def addmm(input, mat1, mat2, *, beta=1, alpha=1):
    y = matmul(mat1, mat2)
    return (y if alpha == 1 else y * alpha) + (input if beta == 1 else input * beta)


@both
def addmv(input, mat, vec, *, beta=1, alpha=1):
    return addmm(input, mat, vec, beta=beta, alpha=alpha)


@both
def baddbmm(input, batch1, batch2, *, beta=1, alpha=1):
    return addmm(input, batch1, batch2, beta=beta, alpha=alpha)


@both
def addr(input, vec1, vec2, *, beta=1, alpha=1):
    return outer(vec1, vec2) * alpha + input * beta


def einsum(equation, *operands):
    """Sums of products over the letters of an equation, pair by pair from the left."""
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = operands[0]
    left, arrow, result = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(operands):
        raise RuntimeError(
            "einsum(): fewer operands were provided than specified in the equation" if len(terms) > len(operands)
            else "einsum(): more operands were provided than specified in the equation"
        )  # fmt: skip
    terms, result = _named(terms, result, arrow, operands)
    sizes = {}
    for at, (term, x) in enumerate(zip(terms, operands)):
        if len(term) != x.ndim:
            raise RuntimeError(
                f"einsum(): the number of subscripts in the equation ({len(term)}) does not match the number of "
                f"dimensions ({x.ndim}) for operand {at} and no ellipsis was given"
            )
        for letter, n in zip(term, x._a.shape):
            if sizes.setdefault(letter, n) not in (n, 1) and n != 1:
                raise RuntimeError(
                    f"einsum(): subscript {letter} has size {n} for operand {at} which does not "
                    f"broadcast with previously seen size {sizes[letter]}"
                )
            sizes[letter] = max(sizes[letter], n)
    for letter in result:
        if letter not in sizes:
            raise RuntimeError(f"einsum(): output subscript {letter} does not appear in the equation for any input operand")
    parts = [_once(term, x) for term, x in zip(terms, operands)]
    term, x = parts[0]
    for at in range(1, len(parts)):
        other, y = parts[at]
        later = set(result).union(*[set(t) for t, _ in parts[at + 1 :]])
        term, x = _multiplied(term, x, other, y, later, sizes)
    gone = tuple([i for i, letter in enumerate(term) if letter not in result])
    if gone:
        x = x.sum(gone)
        term = [letter for letter in term if letter in result]
    return x.permute(*[term.index(letter) for letter in result]) if list(term) != list(result) else x


_SPARE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _named(terms, result, arrow, operands):
    """Terms with letters in the place of dots, and the result spelled out where it was not."""
    used = set("".join(terms) + result)
    spare = [c for c in _SPARE if c not in used]
    width = 0
    for term, x in zip(terms, operands):
        if "..." in term:
            width = max(width, x.ndim - len(term) + 3)
    dots = "".join(spare[:width])
    terms = [
        term.replace("...", dots[width - (x.ndim - len(term) + 3) :] if "..." in term and x.ndim - len(term) + 3 else "")
        for term, x in zip(terms, operands)
    ]
    if arrow:
        result = result.replace("...", dots)
    else:
        whole = "".join(terms)
        result = dots + "".join(sorted(c for c in set(whole) if whole.count(c) == 1 and c not in dots))
    return terms, result


def _once(term, x):
    """A term in which no letter stands twice: the diagonal of those that do."""
    for letter in term:
        while term.count(letter) > 1:
            first = term.index(letter)
            second = term.index(letter, first + 1)
            x = x.diagonal(0, first, second)
            term = term[:first] + term[first + 1 : second] + term[second + 1 :] + letter
    return term, x


def _multiplied(a, x, b, y, later, sizes):
    """One product: batched letters ahead, then a matrix product of the rest."""
    drop_x = tuple([i for i, c in enumerate(a) if c not in b and c not in later])
    drop_y = tuple([i for i, c in enumerate(b) if c not in a and c not in later])
    if drop_x:
        x, a = x.sum(drop_x), "".join(c for c in a if c in b or c in later)
    if drop_y:
        y, b = y.sum(drop_y), "".join(c for c in b if c in a or c in later)
    shared = [c for c in a if c in b]
    if any(x._a.shape[a.index(c)] != y._a.shape[b.index(c)] for c in shared):
        x = x.expand(*[sizes[c] if c in shared else n for c, n in zip(a, x._a.shape)])
        y = y.expand(*[sizes[c] if c in shared else n for c, n in zip(b, y._a.shape)])
    batch = [c for c in shared if c in later]
    summed = [c for c in shared if c not in later]
    rest_a, rest_b = [c for c in a if c not in b], [c for c in b if c not in a]
    lead = [sizes[c] for c in batch]
    x = x.permute(*[a.index(c) for c in batch + rest_a + summed]) if a else x
    y = y.permute(*[b.index(c) for c in batch + summed + rest_b]) if b else y
    n, m, k = (_count(letters, sizes) for letters in (rest_a, rest_b, summed))
    if not summed and not batch and not (rest_a and rest_b):
        return a + b, x * y
    made = matmul(x.reshape(*lead, n, k), y.reshape(*lead, k, m))
    return "".join(batch + rest_a + rest_b), made.reshape(lead + [sizes[c] for c in rest_a + rest_b])


def _count(letters, sizes):
    n = 1
    for letter in letters:
        n *= sizes[letter]
    return n


def cross(input, other, dim=-1):
    a, b = (x.movedim(dim, 0) for x in (input, other))
    from ._shapes import stack

    return stack([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]], 0).movedim(0, dim)


METHODS["cross"] = cross


def kron(input, other):
    n = max(input.ndim, other.ndim)
    a, b = (x.reshape((1,) * (n - x.ndim) + tuple(x.shape)) for x in (input, other))
    apart_a = [size for s in a.shape for size in (s, 1)]
    apart_b = [size for s in b.shape for size in (1, s)]
    return (a.reshape(apart_a) * b.reshape(apart_b)).reshape([s * t for s, t in zip(a.shape, b.shape)])


def cdist(x1, x2, p=2.0):
    return (x1.unsqueeze(-2) - x2.unsqueeze(-3)).norm(p, -1)
