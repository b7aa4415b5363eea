"""torch.autograd.Function: a forward with a backward of the learner's own."""

import numpy as np

from danlu import tape
from danlu.tape import constant

from .._tensor import Tensor


class Context:
    """What forward leaves for backward."""

    def __init__(self):
        self._saved, self._node, self._outputs = (), None, ()
        self._materialize, self._flat, self._dirty = True, (), ()
        self.needs_input_grad = ()

    def save_for_backward(self, *tensors):
        for x in tensors:
            if x is not None and not isinstance(x, Tensor):
                raise TypeError(
                    f"save_for_backward can only save variables, but argument 0 is of type {type(x).__name__}"
                )
        self._saved = tensors

    save_for_forward = save_for_backward

    @property
    def saved_tensors(self):
        node = self._node
        if node is None:
            return tuple(self._saved)
        if node.freed:
            from danlu.tape._sweep import AGAIN

            raise RuntimeError(AGAIN)
        made, real = [], node._ref()
        for x, output in zip(self._saved, self._outputs):
            if output is not None:
                # By the memory alone it was kept, see apply.
                array, version = x
                x = constant(array, Tensor)
                x._edge, x._requires, x._version = (real, output), True, version
            made.append(x)
        return tuple(made)

    saved_variables = saved_tensors

    def mark_non_differentiable(self, *tensors):
        self._flat = tensors

    def mark_dirty(self, *tensors):
        self._dirty = tensors

    def set_materialize_grads(self, value):
        self._materialize = value


def _pulled(node, dys, cls, ctx, inputs, shapes):
    dys = [dys] if node.count == 1 else dys
    grads = []
    for (sizes, dtype), dy in zip(shapes, dys):
        if dy is None and ctx._materialize:
            dy = constant(np.zeros(sizes, dtype), Tensor)
        grads.append(dy)
    made = cls.backward(ctx, *grads)
    made = made if isinstance(made, tuple) else (made,)
    if len(made) != len(inputs):
        if len(made) > len(inputs) and all(g is None for g in made[len(inputs) :]):
            made = made[: len(inputs)]
        else:
            raise RuntimeError(
                f"function {node.name} returned an incorrect number of gradients (expected {len(inputs)}, got {len(made)})"
            )
    parts = []
    for at, (place, g) in enumerate(zip(inputs, made)):
        if place is None:
            if g is not None:
                raise RuntimeError(
                    f"function {node.name} returned a gradient different from None at position {at + 1}, but the "
                    "corresponding forward input was not a Variable"
                )
            continue
        sizes = place
        if g is not None:
            if not isinstance(g, Tensor):
                raise TypeError(f"function {node.name}: expected Variable or None (got {type(g).__name__})")
            if g._a.shape != sizes:
                from danlu.tape.arithmetic import unbroadcast

                try:
                    g = unbroadcast(g, sizes)
                except Exception:
                    raise RuntimeError(
                        f"Function {node.name} returned an invalid gradient at index {at} - got {list(g._a.shape)} but "
                        f"expected shape compatible with {list(sizes)}"
                    ) from None
        parts.append(g)
    return parts


class Function:
    """Subclass it with static methods forward and backward; call it through `apply`."""

    @classmethod
    def apply(cls, *args, **kwargs):
        ctx = Context()
        tensors = [x for x in args if isinstance(x, Tensor)]
        record = tape.wanted(*tensors)
        ctx.needs_input_grad = tuple([isinstance(x, Tensor) and record and x.requires_grad for x in args])
        with tape.recording(False):
            if cls.setup_context is not Function.setup_context:
                made = cls.forward(*args, **kwargs)
                cls.setup_context(ctx, args, made)
            else:
                made = cls.forward(ctx, *args, **kwargs)
        if not record:
            return made
        outputs = made if isinstance(made, tuple) else (made,)
        differentiable = [
            y for y in outputs
            if isinstance(y, Tensor) and y._a._h & 3 > 1 and not any(y is flat for flat in ctx._flat)
        ]  # fmt: skip
        # What forward gives back of its inputs is a tensor of its own from here on.
        own = {id(y): constant(y._a, Tensor) if any(y is x for x in tensors) and not any(y is d for d in ctx._dirty)
               else y for y in differentiable}  # fmt: skip
        inputs = [x._a.shape if isinstance(x, Tensor) else None for x in args]
        shapes = [(y._a.shape, y._a.dtype) for y in differentiable]
        ctx._outputs = tuple([_place(x, differentiable) for x in ctx._saved])
        # An output that is kept is kept by its memory: by itself it would hold its own node.
        saved = [x if at is None else constant(x._a, Tensor) for x, at in zip(ctx._saved, ctx._outputs) if x is not None]

        def rule(node, dys, *_):
            return _pulled(node, dys, cls, ctx, inputs, shapes)

        node = tape.node_of(cls.__name__ + "Backward", tensors, rule, tuple(saved), len(differentiable))
        for at, y in enumerate(differentiable):
            y = own[id(y)]
            if y._version is None:
                y._version = [0]
            y._edge, y._requires = (node, at), True
        ctx._saved = tuple(
            [x if at is None else (x._a, own[id(x)]._version) for x, at in zip(ctx._saved, ctx._outputs)]
        )
        ctx._node = _Weak(node)
        answers = tuple([own.get(id(y), y) for y in outputs])
        return answers if isinstance(made, tuple) else answers[0]

    @staticmethod
    def forward(*args, **kwargs):
        raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

    @staticmethod
    def setup_context(ctx, inputs, output):
        raise NotImplementedError("setup_context is not implemented")

    @staticmethod
    def backward(ctx, *grad_outputs):
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom autograd.Function to use it with "
            "backward mode AD."
        )


class _Weak:
    """The node as its context sees it, which does not keep it alive."""

    def __init__(self, node):
        import weakref

        self._ref = weakref.ref(node)

    def __getattr__(self, name):
        return getattr(self._ref(), name)


def _place(x, outputs):
    for at, y in enumerate(outputs):
        if x is y:
            return at
    return None
