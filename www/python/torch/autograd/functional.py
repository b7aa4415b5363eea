"""Jacobians and Hessians of functions."""

from danlu import tape
from danlu.tape import constant

import numpy as np

from .._tensor import Tensor


def _inputs(inputs):
    single = not isinstance(inputs, (tuple, list))
    listed = [inputs] if single else list(inputs)
    made = []
    for x in listed:
        x = constant(x._a, Tensor) if not x.requires_grad else x + 0.0
        x._requires = True
        made.append(x)
    return single, made


def _rows(y, xs, create):
    """The gradient of each element of y by each x, stacked."""
    from .._shapes import stack

    rows = [[] for _ in xs]
    for at in range(y._a.size):
        seed = np.zeros(y._a.size, y._a.dtype)
        seed[at] = 1
        found = tape.grad([y], xs, [constant(seed.reshape(y._a.shape), Tensor)], True, create)
        for row, x, g in zip(rows, xs, found):
            row.append(g if g is not None else constant(np.zeros(x._a.shape, x._a.dtype), Tensor))
    return [stack(row).reshape(*y._a.shape, *x._a.shape) for row, x in zip(rows, xs)]


def jacobian(func, inputs, create_graph=False, strict=False, vectorize=False, strategy="reverse-mode"):
    """The gradient of every element of the outputs by every element of the inputs."""
    with tape.recording(True):
        single, xs = _inputs(inputs)
        made = func(*xs)
    several = isinstance(made, tuple)
    answers = []
    for y in made if several else (made,):
        found = _rows(y, xs, create_graph)
        answers.append(found[0] if single else tuple(found))
    return tuple(answers) if several else answers[0]


def hessian(func, inputs, create_graph=False, strict=False, vectorize=False, outer_jacobian_strategy="reverse-mode"):
    """The second derivatives of a function with one number as its result."""
    with tape.recording(True):
        single, xs = _inputs(inputs)
        y = func(*xs)
        if y._a.size != 1:
            raise RuntimeError(
                "The Tensor returned by the function given to hessian should contain a single element"
            )
        first = tape.grad([y], xs, None, True, True)
        rows = []
        for g, x in zip(first, xs):
            if g is None or not g.requires_grad:
                rows.append([constant(np.zeros((*x._a.shape, *z._a.shape), x._a.dtype), Tensor) for z in xs])
            else:
                rows.append(_rows(g, xs, create_graph))
    if single:
        return rows[0][0]
    return tuple([tuple(row) for row in rows])


def vjp(func, inputs, v=None, create_graph=False, strict=False):
    """The value, and v pulled back through the function."""
    with tape.recording(True):
        single, xs = _inputs(inputs)
        y = func(*xs)
    found = tape.grad([y], xs, None if v is None else [v], True, create_graph)
    return y.detach(), found[0] if single else tuple(found)
