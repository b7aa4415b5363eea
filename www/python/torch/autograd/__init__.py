"""torch.autograd: backward, grad, Function, gradcheck, and the modes."""

from danlu import tape
from danlu.tape import constant

from .._tensor import Tensor
from . import functional, profiler
from .function import Function
from .grad_mode import enable_grad, inference_mode, no_grad, set_grad_enabled
from .gradcheck import GradcheckError, gradcheck, gradgradcheck

Variable = Tensor


def _listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _seeds(outputs, given):
    """The gradient to begin with at each output."""
    if given is None:
        given = [None] * len(outputs)
    seeds = []
    for at, (y, g) in enumerate(zip(outputs, _listed(given))):
        if g is None:
            if y._a.size != 1:
                raise RuntimeError("grad can be implicitly created only for scalar outputs")
            seeds.append(tape.ones_like(y))
            continue
        if g._a.shape != y._a.shape:
            raise RuntimeError(
                f"Mismatch in shape: grad_output[{at}] has a shape of {g.shape} and output[{at}] has a shape of {y.shape}."
            )
        seeds.append(tape.cast(g, y._a._h & 3))
    return seeds


def _check(outputs):
    for at, y in enumerate(outputs):
        if not y.requires_grad:
            raise RuntimeError(f"element {at} of tensors does not require grad and does not have a grad_fn")


def backward(tensors, grad_tensors=None, retain_graph=None, create_graph=False, grad_variables=None, inputs=None):
    """Adds the gradients of the tensors to the `grad` of every leaf that they were made from."""
    outputs = _listed(tensors)
    _check(outputs)
    seeds = _seeds(outputs, grad_tensors)
    retain = create_graph if retain_graph is None else retain_graph
    if inputs is not None:
        inputs = _listed(inputs)
        for x, g in zip(inputs, tape.grad(outputs, inputs, seeds, retain, create_graph)):
            if g is not None:
                x._grad = constant(g._a.copy(), Tensor) if x._grad is None else x._grad + g
        return
    leaves = tape.backward(outputs, seeds, retain, create_graph)
    for leaf in leaves:
        for hook in leaf.__dict__.get("_after", ()):
            hook(leaf)


def grad(outputs, inputs, grad_outputs=None, retain_graph=None, create_graph=False, only_inputs=True,
         allow_unused=None, is_grads_batched=False, materialize_grads=False):  # fmt: skip
    """The gradients of the outputs by the inputs, gathered nowhere."""
    outputs, single = _listed(outputs), _listed(inputs)
    _check(outputs)
    for x in single:
        if not x.requires_grad:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
    seeds = _seeds(outputs, grad_outputs)
    retain = create_graph if retain_graph is None else retain_graph
    found = tape.grad(outputs, single, seeds, retain, create_graph)
    for at, g in enumerate(found):
        if g is None:
            if materialize_grads:
                found[at] = constant(single[at]._a * 0, Tensor) if single[at].ndim else single[at].detach() * 0
            elif not allow_unused:
                raise RuntimeError(
                    f"The differentiated Tensor at index {at} appears to not have been used in the graph. Set "
                    "allow_unused=True if this is the desired behavior."
                )
    return tuple(found)


class set_detect_anomaly:
    """Accepted; an error in a backward names its operation anyway."""

    def __init__(self, mode=True, check_nan=True):
        self.mode = mode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


detect_anomaly = set_detect_anomaly

__all__ = [
    "Function", "GradcheckError", "Variable", "backward", "detect_anomaly", "enable_grad", "functional", "grad",
    "gradcheck", "gradgradcheck", "inference_mode", "no_grad", "profiler", "set_detect_anomaly", "set_grad_enabled",
]  # fmt: skip
