"""Gradients against central differences."""

import numpy as np

from danlu import tape
from danlu.tape import constant

from .._tensor import Tensor


class GradcheckError(RuntimeError):
    """Gradients that are not the slopes."""


def _outputs(function, inputs):
    made = function(*inputs)
    made = made if isinstance(made, (tuple, list)) else (made,)
    return [y for y in made if isinstance(y, Tensor)]


def _numerical(function, inputs, x, eps):
    """The slopes of each output by each element of x: [elements of x, elements of the output]."""
    flat, columns = x._a.reshape(-1), None
    if not np.shares_memory(flat, x._a):
        raise ValueError("gradcheck expects contiguous inputs")
    # Recorded, because the function itself may take gradients.
    for at in range(flat.size):
        value = flat[at].item()
        ends = []
        for step in (eps, -eps):
            flat[at] = value + step
            ends.append([y._a.copy().reshape(-1) for y in _outputs(function, inputs)])
        flat[at] = value
        slopes = [(a - b) / (2 * eps) for a, b in zip(*ends)]
        if columns is None:
            columns = [np.zeros((flat.size, s.size)) for s in slopes]
        for column, s in zip(columns, slopes):
            column[at] = s
    return columns


def _analytical(outputs, which, x):
    y = outputs[which]
    made = np.zeros((x._a.size, y._a.size))
    if not y.requires_grad:
        return made
    for at in range(y._a.size):
        seed = np.zeros(y._a.size, y._a.dtype)
        seed[at] = 1
        (g,) = tape.grad([y], [x], [constant(seed.reshape(y._a.shape), Tensor)], retain=True)
        if g is not None:
            made[:, at] = g._a.reshape(-1)
    return made


def gradcheck(func, inputs, *, eps=1e-6, atol=1e-5, rtol=1e-3, raise_exception=True, check_sparse_nnz=None,
              nondet_tol=0.0, check_undefined_grad=True, check_grad_dtypes=False, check_batched_grad=False,
              fast_mode=False, **_):  # fmt: skip
    """Whether the gradients of `func` at `inputs` are its slopes; errs where they are not, naming both."""
    inputs = tuple(inputs) if isinstance(inputs, (tuple, list)) else (inputs,)
    wanted = [(at, x) for at, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
    try:
        if not wanted:
            raise ValueError(
                "gradcheck expects at least one input tensor to require gradient, but none of the them have requires_grad=True."
            )
        for at, x in wanted:
            if x._a._h & 3 != 3:
                import warnings

                warnings.warn(
                    f"Input #{at} requires gradient and is not a double precision floating point or complex. This check "
                    "will likely fail if all the inputs are not of double precision floating point or complex. ",
                    stacklevel=2,
                )
        outputs = _outputs(func, inputs)
        for at, x in wanted:
            numerical = _numerical(func, inputs, x, eps)
            for which in range(len(outputs)):
                analytical = _analytical(outputs, which, x)
                if not np.allclose(analytical, numerical[which], rtol, atol):
                    a, n = (constant(v, Tensor) for v in (analytical, numerical[which]))
                    raise GradcheckError(
                        f"Jacobian mismatch for output {which} with respect to input {at},\nnumerical:{n}\nanalytical:{a}\n"
                    )
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def gradgradcheck(func, inputs, grad_outputs=None, **settings):
    """As gradcheck, of the gradients of `func`."""
    inputs = tuple(inputs) if isinstance(inputs, (tuple, list)) else (inputs,)
    seeds = []
    for y in _outputs(func, inputs):
        values = np.sin(np.arange(y._a.size) * 1.3 + 0.5).reshape(y._a.shape)
        seeds.append(constant(np.asarray(values, y._a.dtype), Tensor))
        seeds[-1]._requires = True

    def first(*args):
        xs, dys = args[: len(inputs)], args[len(inputs) :]
        wanted = [x for x in xs if isinstance(x, Tensor) and x.requires_grad]
        with tape.recording(True):
            found = tape.grad(_outputs(func, xs), wanted, list(dys), create=True)
        return tuple([g for g in found if g is not None])

    return gradcheck(first, inputs + tuple(seeds), **settings)
