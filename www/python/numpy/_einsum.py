"""einsum: products summed over named axes."""

from ._convert import asarray
from ._products import matmul
from ._select import _steps, _strided

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _by_lists(operands):
    """einsum(a, [0, 1], b, [1, 2], [0, 2]) as the same in letters."""
    arrays = list(operands[:-1:2]) if len(operands) % 2 else list(operands[::2])
    lists = [operands[i] for i in range(1, len(operands), 2)]
    spell = lambda axes: "".join("..." if x is Ellipsis else _LETTERS[x] for x in axes)  # noqa: E731
    text = ",".join(spell(axes) for axes in lists[: len(arrays)])
    if len(operands) % 2:
        text += "->" + spell(operands[-1])
    return text, arrays


def _parse(subscripts, arrays):
    """The letters of each operand and of the answer, the ellipsis spelt out in letters not used."""
    text = subscripts.replace(" ", "")
    inputs, arrow, output = text.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(arrays):
        raise ValueError(
            "more operands provided to einstein sum function than specified in the subscripts string"
            if len(terms) < len(arrays)
            else "fewer operands provided to einstein sum function than specified in the subscripts string"
        )
    unused = [c for c in _LETTERS if c not in text]
    widest = 0
    for term, a in zip(terms, arrays):
        if "..." in term:
            widest = max(widest, a.ndim - len(term.replace("...", "")))
    dots = "".join(unused[:widest])
    spelt = []
    for place, (term, a) in enumerate(zip(terms, arrays)):
        own = a.ndim - len(term.replace("...", ""))
        if "..." in term:
            term = term.replace("...", dots[len(dots) - own :] if own else "")
        elif own:
            fault = "contains fewer subscripts than the number of dimensions" if own > 0 else (
                "subscripts has too many dimensions"
            )
            if own > 0:
                raise ValueError(
                    f"operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to broadcast the extra dimensions."
                )
            raise ValueError(f"einstein sum subscripts string {fault} for operand {place}")
        spelt.append(term)
    if arrow:
        output = output.replace("...", dots)
    else:
        joined = "".join(spelt)
        output = dots + "".join(sorted(c for c in set(joined) if joined.count(c) == 1 and c not in dots))
    for c in output:
        if not any(c in term for term in spelt):
            raise ValueError(f"einstein sum subscripts string included output subscript '{c}' which never appeared in an input")
        if output.count(c) > 1:
            raise ValueError(f"einstein sum subscripts string includes output subscript '{c}' multiple times")
    return spelt, output


def _without_repeats(a, term):
    """An operand whose letters differ: a repeated one walks its diagonal."""
    if len(set(term)) == len(term):
        return a, term
    steps, letters = _steps(a), "".join(dict.fromkeys(term))
    shape, strides = [], []
    for c in letters:
        sizes = {a.shape[i] for i, d in enumerate(term) if d == c}
        if len(sizes) > 1:
            raise ValueError(f"dimensions in single operand for collapsing index '{c}' don't match")
        shape.append(sizes.pop())
        strides.append(sum(steps[i] for i, d in enumerate(term) if d == c))
    return _strided(a, shape, strides), letters


def _spread(a, term, letters):
    """The operand with one axis a letter, in that order, of size one where it lacks it."""
    order = [term.index(c) for c in letters if c in term]
    a = a.transpose(order) if order else a
    return a[tuple(slice(None) if c in term else None for c in letters)]


def _pair(a, left, b, right, keep):
    """Two operands as one, with the letters that something still needs."""
    both = [c for c in left if c in right]
    stacked = [c for c in both if c in keep]
    summed = [c for c in both if c not in keep]
    # What only one operand has and nothing needs is summed there and then.
    for_a = [i for i, c in enumerate(left) if c not in right and c not in keep]
    for_b = [i for i, c in enumerate(right) if c not in left and c not in keep]
    if for_a:
        a, left = a.sum(tuple(for_a)), "".join(c for i, c in enumerate(left) if i not in for_a)
    if for_b:
        b, right = b.sum(tuple(for_b)), "".join(c for i, c in enumerate(right) if i not in for_b)
    a, b = asarray(a), asarray(b)
    rows = [c for c in left if c not in right]
    columns = [c for c in right if c not in left]
    size = {c: a.shape[i] for i, c in enumerate(left)}
    for i, c in enumerate(right):
        if size.get(c, 1) == 1:
            size[c] = b.shape[i]
    matched = all(a.shape[left.index(c)] == b.shape[right.index(c)] for c in both)
    if not summed or not matched:
        letters = stacked + rows + columns + summed
        made = _spread(a, left, letters) * _spread(b, right, letters)
        if summed:
            made = made.sum(tuple(range(len(letters) - len(summed), len(letters))))
        return asarray(made), "".join(stacked + rows + columns)

    def count(letters):
        n = 1
        for c in letters:
            n *= size[c]
        return n

    stack = [size[c] for c in stacked]
    m = a.transpose([left.index(c) for c in stacked + rows + summed]).reshape(stack + [count(rows), count(summed)])
    n = b.transpose([right.index(c) for c in stacked + summed + columns]).reshape(
        stack + [count(summed), count(columns)]
    )
    made = matmul(m, n).reshape(stack + [size[c] for c in rows + columns])
    return made, "".join(stacked + rows + columns)


def _mismatch(arrays, terms, output):
    """The sentence for letters whose sizes differ: each shape, and as it stands among all letters."""
    letters = output + "".join(dict.fromkeys(c for term in terms for c in term if c not in output))
    parts = []
    for a, term in zip(arrays, terms):
        sizes = [str(a.shape[term.index(c)]) if c in term else "newaxis" for c in letters]
        while sizes and sizes[0] == "newaxis":
            sizes.pop(0)
        parts.append(f"{str(a.shape).replace(' ', '')}->({','.join(sizes)}) ")
    return "operands could not be broadcast together with remapped shapes [original->remapped]: " + "".join(parts)


def einsum(*operands, out=None, dtype=None, order="K", casting="safe", optimize=False):
    """`einsum("ij,jk->ik", a, b)`: letters name axes; those not in the answer are summed over."""
    if isinstance(operands[0], str):
        subscripts, arrays = operands[0], list(operands[1:])
    else:
        subscripts, arrays = _by_lists(operands)
    arrays = [asarray(a) if dtype is None else asarray(a).astype(dtype) for a in arrays]
    terms, output = _parse(subscripts, arrays)
    sizes = {}
    for place, (term, a) in enumerate(zip(terms, arrays)):
        for c, n in zip(term, a.shape):
            if n != 1 and sizes.setdefault(c, n) != n:
                raise ValueError(_mismatch(arrays, terms, output))
    pairs = [_without_repeats(a, term) for a, term in zip(arrays, terms)]
    made, letters = pairs[0]
    for at, (b, right) in enumerate(pairs[1:], 1):
        keep = set(output).union(*(term for _, term in pairs[at + 1 :]))
        made, letters = _pair(made, letters, b, right, keep)
    gone = tuple(i for i, c in enumerate(letters) if c not in output)
    if gone:
        made, letters = asarray(made.sum(gone)), "".join(c for c in letters if c in output)
    made = made.transpose([letters.index(c) for c in output]) if output else made
    if out is not None:
        out[...] = made
        return out
    return made if made.ndim else made[()]


def einsum_path(*operands, optimize="greedy"):
    """The order of contraction; here always the first two operands first."""
    n = len(operands) - 1 if isinstance(operands[0], str) else len(operands) // 2
    return ["einsum_path"] + [(0, 1)] * (n - 1), "contracts the first two operands again and again"
