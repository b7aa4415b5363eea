"""What a model's graph is made of before there are numbers: symbolic tensors, and the calls that made them."""

from . import _names
from ._tree import flatten, map_tree


class KerasTensor:
    """A place in a graph: a shape whose batch is None, a dtype, and which call it comes from."""

    __array_priority__ = 1000.0
    __array_ufunc__ = None

    def __init__(self, shape, dtype="float32", sparse=False, ragged=False, record_history=True, name=None):
        self.shape = tuple(shape)
        self.dtype = str(getattr(dtype, "name", dtype))
        self.name = name or _names.auto_name("keras_tensor")
        self._keras_history = None

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def rank(self):
        return len(self.shape)

    def __repr__(self):
        return (
            f"<KerasTensor shape={self.shape}, dtype={self.dtype}, sparse=False, ragged=False, name={self.name}>"
        )

    def __bool__(self):
        raise TypeError("A symbolic KerasTensor cannot be used as a boolean.")

    def __float__(self):
        raise TypeError("A symbolic KerasTensor cannot be converted to a Python float: it has no value yet.")

    __int__ = __index__ = __float__

    def __array__(self, dtype=None, copy=None):
        raise ValueError(
            "A KerasTensor is symbolic: it's a placeholder for a shape an a dtype. It doesn't have any actual "
            "numerical value. You cannot convert it to a NumPy array."
        )

    def __iter__(self):
        raise TypeError("Iterating over a symbolic KerasTensor is not supported.")

    def __len__(self):
        raise TypeError("A symbolic KerasTensor has no length: it has no value yet.")

    def reshape(self, *shape):
        from . import ops

        return ops.reshape(self, shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape)

    def __getitem__(self, key):
        from .ops import get_item

        return get_item(self, key)


def _operator(method, name, swapped=False):
    def apply(self, other):
        from . import ops

        function = getattr(ops, name)
        return function(other, self) if swapped else function(self, other)

    setattr(KerasTensor, f"__{'r' if swapped else ''}{method}__", apply)


for _method, _name in (
    ("add", "add"), ("sub", "subtract"), ("mul", "multiply"), ("truediv", "true_divide"), ("pow", "power"),
    ("matmul", "matmul"), ("floordiv", "floor_divide"), ("mod", "mod"),
):  # fmt: skip
    _operator(_method, _name)
    _operator(_method, _name, swapped=True)
for _method, _name in (
    ("lt", "less"), ("le", "less_equal"), ("gt", "greater"), ("ge", "greater_equal"), ("ne", "not_equal"),
):  # fmt: skip
    _operator(_method, _name)
KerasTensor.__neg__ = lambda self: __import__("keras").ops.negative(self)
KerasTensor.__abs__ = lambda self: __import__("keras").ops.absolute(self)


class Node:
    """One call of an operation on symbolic tensors."""

    def __init__(self, operation, args, kwargs, outputs):
        self.operation = operation
        self.args, self.kwargs = args, kwargs
        self.inputs = [x for x in flatten([list(args), kwargs]) if isinstance(x, KerasTensor)]
        self.outputs = flatten(outputs)
        self.index = len(operation._inbound_nodes)
        operation._inbound_nodes.append(self)
        for place, output in enumerate(self.outputs):
            output._keras_history = (operation, self.index, place)

    def filled(self, values):
        """Arguments with the values of a dict by id of symbolic tensor."""
        put = lambda x: values[id(x)] if isinstance(x, KerasTensor) else x  # noqa: E731
        return map_tree(put, tuple(self.args)), map_tree(put, dict(self.kwargs))

    @property
    def sources(self):
        """The nodes whose outputs this takes."""
        return [node_of(x) for x in self.inputs]


def node_of(tensor):
    operation, index, _ = tensor._keras_history
    return operation._inbound_nodes[index]


def any_symbolic(*trees):
    return any(isinstance(x, KerasTensor) for x in flatten(list(trees)))


class Operation:
    """Something that can stand in a graph."""

    _inbound_nodes = ()

    def symbolic_call(self, *args, **kwargs):
        outputs = self.compute_output_spec(*args, **kwargs)
        # A tensor that comes out as it went in needs a place of its own.
        taken = {id(x) for x in flatten([list(args), kwargs]) if isinstance(x, KerasTensor)}
        outputs = map_tree(lambda y: KerasTensor(y.shape, y.dtype) if id(y) in taken else y, outputs)
        Node(self, args, kwargs, outputs)
        return outputs

    def _only(self, what, side):
        nodes = self._inbound_nodes
        if not nodes:
            raise AttributeError(
                f"The layer {self.name} has never been called and thus has no defined {what}."
            )
        found = getattr(nodes[0], side)
        return found[0] if len(found) == 1 else found

    @property
    def input(self):
        return self._only("input", "inputs")

    @property
    def output(self):
        return self._only("output", "outputs")


# Sizes that stand for a None of a shape while a call is tried: what follows them is None again.
_TRIAL = (2, 3)


def infer_output(function, args, kwargs):
    """Symbolic outputs of `function`, seen by trying it on zeros of two sizes."""
    import numpy as np
    from tensorflow._core import as_tensor

    def tried(size):
        def stand_in(x):
            if not isinstance(x, KerasTensor):
                return x
            shape = tuple(size if n is None else n for n in x.shape)
            return as_tensor(np.zeros(shape, "float32"), dtype=x.dtype)

        return function(*map_tree(stand_in, tuple(args)), **map_tree(stand_in, dict(kwargs)))

    has_none = any(None in x.shape for x in flatten([list(args), kwargs]) if isinstance(x, KerasTensor))
    first = tried(_TRIAL[0])
    if not has_none:
        return map_tree(lambda a: KerasTensor(tuple(a.shape), a.dtype), first)
    second = iter(flatten(tried(_TRIAL[1])))

    def spec(a):
        b = next(second)
        shape = tuple(n if n == m else None for n, m in zip(tuple(a.shape), tuple(b.shape)))
        return KerasTensor(shape, a.dtype)

    return map_tree(spec, first)


class FunctionOperation(Operation):
    """A function of keras.ops in a graph."""

    def __init__(self, function, name):
        self._function = function
        self._inbound_nodes = []
        self.kind = "".join(part.capitalize() for part in name.split("_"))
        self.name = _names.auto_name(self.kind)
        self.built = True

    def compute_output_spec(self, *args, **kwargs):
        return infer_output(self._function, args, kwargs)

    def __call__(self, *args, **kwargs):
        return self._function(*args, **kwargs)


def symbolic(function, name=None):
    """`function`, which makes a node of a graph where it meets symbolic tensors."""
    name = name or function.__name__

    def called(*args, **kwargs):
        if any_symbolic(args, kwargs):
            return FunctionOperation(function, name).symbolic_call(*args, **kwargs)
        return function(*args, **kwargs)

    called.__name__ = called.__qualname__ = name
    called.__doc__ = function.__doc__
    called.__wrapped__ = function
    return called
