"""Products of matrices."""

import numpy as np
from danlu.tape import product as _p
from danlu.tape import shape as _s
from danlu.tape.kernel import kernel

from ._core import as_tensor, labelled, made, to_numpy
from ._math import floating, operands
from .errors import InvalidArgumentError


def matmul(a, b, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False, output_type=None, name=None,
           **kwargs):  # fmt: skip
    a, b = operands(a, b, "MatMul")
    if a._a.ndim < 2 or b._a.ndim < 2:
        thin = 0 if a._a.ndim < 2 else 1
        shape = (a, b)[thin]._a.shape
        raise InvalidArgumentError(
            f"{{{{function_node __wrapped__MatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} In[{thin}] and In[1] "
            f"must be matrices: In[{thin}] has shape [{','.join(map(str, shape))}]; write tf.linalg.matvec, or "
            f"tf.reshape(x, (-1, 1)) for a column [Op:MatMul] name: "
        )
    if transpose_a or adjoint_a:
        a = _s.transpose(a, a._a.ndim - 2, a._a.ndim - 1)
    if transpose_b or adjoint_b:
        b = _s.transpose(b, b._a.ndim - 2, b._a.ndim - 1)
    if a._a.shape[-1] != b._a.shape[-2]:
        x, y = (",".join(map(str, t._a.shape)) for t in (a, b))
        op = "MatMul" if a._a.ndim == b._a.ndim == 2 else "BatchMatMulV2"
        raise InvalidArgumentError(
            f"{{{{function_node __wrapped__{op}_device_/job:localhost/replica:0/task:0/device:CPU:0}}}} Matrix "
            f"size-incompatible: In[0]: [{x}], In[1]: [{y}] [Op:{op}] name: "
        )
    if not a._a._h & 2:
        return labelled(made(np.asarray(a._a @ b._a)), a.dtype)
    return _p.matmul(a, b)


def matvec(a, b, transpose_a=False, name=None):
    a, b = operands(a, b, "MatVec")
    a = _s.transpose(a, a._a.ndim - 2, a._a.ndim - 1) if transpose_a else a
    return _s.squeeze(_p.matmul(a, _s.unsqueeze(b, b._a.ndim)), (b._a.ndim,))


def einsum(equation, *inputs, **kwargs):
    xs = [floating(x) for x in inputs]
    plain = equation.replace(" ", "")
    try:
        return kernel("einsum", "Einsum", xs, {"equation": plain}, double=_einsum_rule(plain, len(xs)))
    except ValueError as error:
        shapes = ", ".join(str(tuple(x._a.shape)) for x in xs)
        raise InvalidArgumentError(f"einsum {equation!r} of shapes {shapes}: {error}") from None


def _einsum_rule(equation, count):
    """The gradient by each factor: the product of the others with dy, where no letter is summed alone."""
    left, _, out = equation.partition("->")
    terms = left.split(",")
    if not out or count != 2 or any(len(set(t)) != len(t) for t in terms) or "." in equation:
        return None
    for i, term in enumerate(terms):
        if set(term) - set(out) - set(terms[1 - i]):
            return None

    def rule(node, dy, a, b):
        first, second = node.edges
        return (
            first and einsum(f"{out},{terms[1]}->{terms[0]}", dy, b),
            second and einsum(f"{terms[0]},{out}->{terms[1]}", a, dy),
        )

    return rule


def tensordot(a, b, axes, name=None):
    a, b = operands(a, b, "tensordot")
    if isinstance(axes, int):
        i, j = list(range(a._a.ndim - axes, a._a.ndim)), list(range(axes))
    else:
        i, j = ([x] if isinstance(x, int) else list(x) for x in axes)
    i, j = [x % a._a.ndim for x in i], [x % b._a.ndim for x in j]
    rest_a, rest_b = [x for x in range(a._a.ndim) if x not in i], [x for x in range(b._a.ndim) if x not in j]
    size = int(np.prod([a._a.shape[x] for x in i])) if i else 1
    rows, columns = (int(np.prod([t._a.shape[x] for x in rest])) if rest else 1 for t, rest in ((a, rest_a), (b, rest_b)))
    left = _s.reshape(_s.permute(a, (*rest_a, *i)), (rows, size))
    right = _s.reshape(_s.permute(b, (*j, *rest_b)), (size, columns))
    return _s.reshape(_p.matmul(left, right), tuple([a._a.shape[x] for x in rest_a] + [b._a.shape[x] for x in rest_b]))


def norm(tensor, ord="euclidean", axis=None, keepdims=False, name=None):
    from . import _math
    from ._reductions import reduce_max, reduce_sum

    x = floating(tensor)
    if ord in ("euclidean", "fro", 2, 2.0):
        return _math.sqrt(reduce_sum(_math.square(x), axis, keepdims))
    if ord in (1, 1.0):
        return reduce_sum(_math.abs(x), axis, keepdims)
    if ord == np.inf:
        return reduce_max(_math.abs(x), axis, keepdims)
    return _math.pow(reduce_sum(_math.pow(_math.abs(x), float(ord)), axis, keepdims), 1.0 / float(ord))


def _numpy_only(name, function):
    def op(x, *args, **kwargs):
        kwargs.pop("name", None)
        x = as_tensor(x)
        made_of = [x._a, *(as_tensor(a)._a if not isinstance(a, int) else a for a in args)]
        return as_tensor(np.asarray(function(*made_of, **kwargs)), x.dtype)

    op.__name__ = name
    return op


inv = _numpy_only("inv", np.linalg.inv)
det = _numpy_only("det", np.linalg.det)
trace = _numpy_only("trace", np.trace)
diag = _numpy_only("diag", np.diag)
diag_part = _numpy_only("diag_part", np.diagonal)
solve = _numpy_only("solve", np.linalg.solve)
