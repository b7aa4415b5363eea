"""tf.debugging: checks of values and shapes that say what did not hold."""

import numpy as np

from . import _dtypes
from ._core import as_tensor, to_numpy
from .errors import InvalidArgumentError


def _list(values):
    return np.array2string(np.asarray(values))


def _pairwise(name, sign, holds):
    def check(x, y, message=None, summarize=3, name=None):
        a, b = (np.asarray(to_numpy(as_tensor(v))) for v in (x, y))
        a, b = np.broadcast_arrays(a, b)
        good = np.asarray(holds(a, b))
        if good.all():
            return
        at = np.argwhere(~good)
        lines = [message] if message else []
        lines += [
            f"Condition x {sign} y did not hold.",
            f"Indices of first {min(len(at), summarize)} different values:", _list(at[:summarize]),
            "Corresponding x values:", _list(a[~good][:summarize]), "Corresponding y values:", _list(b[~good][:summarize]),
            f"First {min(a.size, summarize)} elements of x:", _list(a.reshape(-1)[:summarize]),
            f"First {min(b.size, summarize)} elements of y:", _list(b.reshape(-1)[:summarize]),
        ]  # fmt: skip
        raise InvalidArgumentError("\n".join(lines))

    check.__name__ = name
    return check


assert_equal = _pairwise("assert_equal", "==", lambda a, b: a == b)
assert_none_equal = _pairwise("assert_none_equal", "!=", lambda a, b: a != b)
assert_less = _pairwise("assert_less", "<", lambda a, b: a < b)
assert_less_equal = _pairwise("assert_less_equal", "<=", lambda a, b: a <= b)
assert_greater = _pairwise("assert_greater", ">", lambda a, b: a > b)
assert_greater_equal = _pairwise("assert_greater_equal", ">=", lambda a, b: a >= b)


def _of_one(name, sign, holds):
    def check(x, message=None, summarize=None, name=None):
        a = as_tensor(x)
        if not np.asarray(holds(np.asarray(to_numpy(a)))).all():
            values = np.asarray(to_numpy(a)).reshape(-1).tolist()
            raise InvalidArgumentError(
                f"{message or ''}\nCondition x {sign} 0 did not hold element-wise:\nx (shape={a.shape} dtype={a.dtype.name}) = \n{[str(v) for v in values]}"
            )

    check.__name__ = name
    return check


assert_positive = _of_one("assert_positive", ">", lambda a: a > 0)
assert_negative = _of_one("assert_negative", "<", lambda a: a < 0)
assert_non_negative = _of_one("assert_non_negative", ">=", lambda a: a >= 0)
assert_non_positive = _of_one("assert_non_positive", "<=", lambda a: a <= 0)


def assert_near(x, y, rtol=None, atol=None, message=None, summarize=None, name=None):
    a, b = (np.asarray(to_numpy(as_tensor(v))) for v in (x, y))
    close = 10 * float(np.finfo(a.dtype if a.dtype.kind == "f" else np.float32).eps)
    rtol, atol = close if rtol is None else rtol, close if atol is None else atol
    if not (np.abs(a - b) <= atol + rtol * np.abs(b)).all():
        raise InvalidArgumentError(f"{message or ''}\nx and y not equal to tolerance rtol = {rtol}, atol = {atol}\nx = {_list(a)}\ny = {_list(b)}")


def check_numerics(tensor, message, name=None):
    """The tensor, where all of it is finite."""
    tensor = as_tensor(tensor)
    values = np.asarray(to_numpy(tensor))
    found = [word for word, bad in (("Inf", np.isinf(values)), ("NaN", np.isnan(values))) if bad.any()]
    if found:
        raise InvalidArgumentError(f"{message} : Tensor had {' and '.join(found)} values [Op:CheckNumerics]")
    return tensor


def assert_all_finite(x, message, name=None):
    return check_numerics(x, message)


def assert_rank(x, rank, message=None, name=None):
    shape = as_tensor(x).shape
    if len(shape) != int(rank):
        raise ValueError(f"{message or ''}Tensor  must have rank {rank}.  Received rank {len(shape)}, shape {shape}")


def assert_rank_at_least(x, rank, message=None, name=None):
    shape = as_tensor(x).shape
    if len(shape) < int(rank):
        raise ValueError(f"{message or ''}Tensor  must have rank at least {rank}.  Received rank {len(shape)}, shape {shape}")


def assert_type(tensor, tf_type, message=None, name=None):
    found, wanted = as_tensor(tensor).dtype, _dtypes.as_dtype(tf_type)
    if found != wanted:
        raise TypeError(f"{message or ''}tensor must be of type {wanted!r}; got {found!r}")


def assert_shapes(shapes, data=None, summarize=None, message=None, name=None):
    """Letters that stand for sizes stand for the same size everywhere."""
    known = {}
    for tensor, wanted in shapes.items() if hasattr(shapes, "items") else shapes:
        shape = as_tensor(tensor).shape
        wanted = (wanted,) if isinstance(wanted, (str, int)) else tuple(wanted)
        if len(wanted) != len(shape):
            raise ValueError(f"{message or ''}Tensor of shape {shape} must have rank {len(wanted)}, for {wanted}")
        for axis, (size, name_) in enumerate(zip(shape, wanted)):
            if name_ is None or name_ == ".":
                continue
            expected = name_ if isinstance(name_, int) else known.setdefault(name_, size)
            if size != expected:
                raise ValueError(f"{message or ''}Tensor of shape {shape} has size {size} in dimension {axis}, where {name_!r} is {expected}")


def enable_check_numerics(stack_height_limit=30, path_length_limit=50):
    """Nothing is checked of its own accord here: write check_numerics where you look for NaN."""


disable_check_numerics = enable_check_numerics
