"""Eager autograd over the engine's arrays: what `torch` and `tensorflow` are made of.

A `Value` holds an array of our numpy (`x._a`; views share memory, dtypes bool, int64, float32,
float64) and remembers how it was made. A library subclasses it and sets `Sub._cls = Sub`: results
of operations are of the `_cls` of their first input. Nothing here promotes dtypes: cast first.

    x = tape.constant(array, cls)        a Value around an array, without a copy
    tape.variable(array, cls)            ... whose gradient is wanted (`x._requires = True`)
    x._a, x._requires, x._grad           the array, whether gradients flow to it, what was gathered
    x._edge                              (node, output number) of the operation that made it, or None
    tape.detach(x)                       the same memory without the history

Operations stand in the modules `arithmetic` (add sub rsub mul div rdiv neg pow rpow reciprocal
remainder maximum minimum; the second may be a Python number), `elementwise` (exp log sqrt sin tanh
sigmoid relu clip abs ...), `reduce` (sum mean var std amax amin prod logsumexp cumsum cumprod; `axes` None or a
tuple), `shape` (reshape permute transpose broadcast_to squeeze unsqueeze flip concat stack narrow
split pad), `index` (getitem put gather scatter where masked_fill cast clone), `product` (matmul,
linear). All of them can be differentiated twice. `kernel(name, label, inputs, settings)` calls any
op of the engine (conv2d, max_pool2d, batch_norm, ...; `kernel.NAMES` in its module), which can be
only with a `double` rule.

    tape.grad(ys, xs, dys=None, retain=False, create=False)   gradients by xs; None where unrelated
    tape.backward(ys, dys=None, retain=False, create=False)   adds them to every leaf's `_grad`
    with tape.recording(False): ...                           nothing is remembered inside
    tape.state.on                                             whether it is
    tape.record(name, array, inputs, rule, saved)             an operation of one's own
    tape.write(x, array); tape.rebase(x, y); tape.hook(x, f)  in place; history; hooks

A tape of TensorFlow's kind: while none is open keep `state.on` False; `watch` sets `x._requires`;
`gradient` is `grad(..., retain=persistent, create=whether another tape is open)`.

A sweep frees what nodes saved unless it retains; a second one is refused with PyTorch's sentence.
So is a gradient that needs a Value which was written to since (`write` counts; so must whoever
writes to `x._a` by other means, with `bump`).
"""

from ._inplace import assign, detach, hook, rebase, unhook
from ._sweep import backward, grad, ones_like
from ._value import (
    Node,
    Value,
    bump,
    constant,
    edge_of,
    node_of,
    plain,
    record,
    record_several,
    record_view,
    recording,
    state,
    wanted,
)
from .index import cast, clone, write
from .kernel import kernel

__all__ = [
    "Node", "Value", "assign", "backward", "bump", "cast", "clone", "constant", "detach", "edge_of", "grad", "hook", "kernel",
    "node_of", "ones_like", "plain", "rebase", "record", "record_several", "record_view", "recording", "state",
    "unhook", "variable", "wanted", "write",
]  # fmt: skip


def variable(array, cls=Value):
    """A Value whose gradient is wanted."""
    made = constant(array, cls)
    made._requires = True
    return made
