"""Tensor: a Value of danlu.tape with PyTorch's names. Functions of other files become its methods."""

import builtins

import numpy as np

from danlu import tape
from danlu.tape import Value, constant

from ._dtypes import CPU, DTYPES, KINDS, Size, check_device, code_of

_new = object.__new__
isinstance, type, len, int, float, bool = (
    builtins.isinstance, builtins.type, builtins.len, builtins.int, builtins.float, builtins.bool
)  # fmt: skip


class Tensor(Value):
    """An n-dimensional array that can remember how it was made."""

    __array_priority__ = 1000.0
    # numpy's operators leave `array + tensor` to the tensor.
    __array_ufunc__ = None
    grad_fn = property(lambda self: tape.edge_of(self)[0] if self.requires_grad and not self.is_leaf else None)
    is_leaf = property(lambda self: not self.requires_grad or tape.edge_of(self)[0] is self)
    is_cuda = is_sparse = is_quantized = is_complex_ = is_mps = is_meta = is_nested = False
    device = property(lambda self: CPU)
    layout = "torch.strided"
    names = property(lambda self: (None,) * self.ndim)
    _retains = False

    def __new__(cls, *args, **kwargs):
        if not args and not kwargs:
            return constant(np.zeros(0, np.float32), Tensor)
        from ._create import legacy

        return legacy(2, *args, **kwargs)

    def _describe(self):
        return f"torch.{KINDS[self._a._h & 3]}Tensor {list(self._a.shape)}"

    # ── what it is ─────────────────────────────────────────────────────────────────────────────

    @property
    def requires_grad(self):
        if self._base is not None and self._seen != self._base._generation:
            tape.edge_of(self)
        return self._requires

    @requires_grad.setter
    def requires_grad(self, wanted):
        if wanted and self._a._h & 3 < 2:
            raise RuntimeError("only Tensors of floating point dtype can require gradients")
        if not wanted and self._edge is not None and self._requires:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a "
                "subgraph that doesn't require differentiation use var_no_grad = var.detach()."
            )
        self._requires = bool(wanted)

    def requires_grad_(self, requires_grad=True):
        self.requires_grad = requires_grad
        return self

    @property
    def grad(self):
        if self._grad is None and not self._retains and not self.is_leaf:
            import warnings

            warnings.warn(
                "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't "
                "be populated during autograd.backward(). If you indeed want the .grad field to be populated for a "
                "non-leaf Tensor, use .retain_grad() on the non-leaf Tensor.",
                UserWarning,
                stacklevel=2,
            )
        return self._grad

    @grad.setter
    def grad(self, gradient):
        if gradient is not None:
            if not isinstance(gradient, Tensor):
                raise TypeError(f"assigned grad expected to be a Tensor or None but got grad of type {type(gradient)}")
            if gradient._a.shape != self._a.shape:
                raise RuntimeError(
                    f"attempting to assign a gradient of size '{list(gradient._a.shape)}' to a tensor of size "
                    f"'{list(self._a.shape)}'. Please ensure that the gradient and the tensor are the same size"
                )
        self._grad = gradient

    @grad.deleter
    def grad(self):
        self._grad = None

    @property
    def shape(self):
        return Size(self._a.shape)

    @property
    def dtype(self):
        return DTYPES[self._a._h & 3]

    @property
    def ndim(self):
        return self._a._h >> 2 & 31

    def dim(self):
        return self._a._h >> 2 & 31

    ndimension = dim

    def size(self, dim=None):
        if dim is None:
            return Size(self._a.shape)
        from ._base import axis_of

        return self._a.shape[axis_of(dim, self.ndim)]

    def numel(self):
        return self._a.size

    nelement = numel

    def element_size(self):
        return self._a.itemsize

    itemsize = property(lambda self: self._a.itemsize)
    nbytes = property(lambda self: self._a.nbytes)

    def stride(self, dim=None):
        item = self._a.itemsize
        steps = tuple([step // item for step in self._a.strides])
        return steps if dim is None else steps[dim]

    def storage_offset(self):
        from numpy import _engine

        return _engine.offset(self._a._h)

    def data_ptr(self):
        """A number that two tensors share when they begin at the same place of one memory."""
        first = self._a
        while getattr(first, "base", None) is not None:
            first = first.base
        return id(first) + self.storage_offset() * self._a.itemsize

    def is_contiguous(self, memory_format=None):
        from numpy import _engine

        return _engine.is_contiguous(self._a._h)

    def is_floating_point(self):
        return self._a._h & 3 > 1

    def is_complex(self):
        return False

    def is_signed(self):
        return self._a._h & 3 > 0

    def get_device(self):
        return -1

    # ── one value, and Python's own ────────────────────────────────────────────────────────────

    def item(self):
        a = self._a
        if a._h & 124 and a.size != 1:
            raise RuntimeError(f"a Tensor with {a.size} elements cannot be converted to Scalar")
        return a.item()

    def tolist(self):
        return self._a.tolist() if self._a._h & 124 else self._a.item()

    def numpy(self, *, force=False):
        if self.requires_grad and not force:
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead."
            )
        return self._a.view()

    def __array__(self, dtype=None, copy=None):
        a = self.numpy()
        return a if dtype is None else a.astype(dtype)

    def __array_wrap__(self, array, context=None, return_scalar=False):
        """What a function of NumPy's gives of a tensor is a tensor."""
        from ._base import wrap

        return wrap(np.asarray(array))

    def _only(self):
        if self._a.size != 1:
            raise RuntimeError(f"a Tensor with {self._a.size} elements cannot be converted to Scalar")
        return self._a.item()

    def __bool__(self):
        n = self._a.size
        if n != 1:
            raise RuntimeError(
                "Boolean value of Tensor with no values is ambiguous" if n == 0
                else "Boolean value of Tensor with more than one value is ambiguous"
            )  # fmt: skip
        return bool(self._a.item())

    def __int__(self):
        return int(self._only())

    def __float__(self):
        return float(self._only())

    def __complex__(self):
        return complex(self._only())

    def __index__(self):
        if self._a._h & 3 > 1 or self._a.size != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self._a.item())

    def __len__(self):
        if not self._a._h & 124:
            raise TypeError("len() of a 0-d tensor")
        return self._a.shape[0]

    def __iter__(self):
        if not self._a._h & 124:
            raise TypeError("iteration over a 0-d tensor")
        from ._shapes import unbind

        return iter(unbind(self, 0))

    def __contains__(self, value):
        if isinstance(value, (int, float, bool, Tensor)):
            return bool((self == value).any())
        raise RuntimeError(
            f"Tensor.__contains__ only supports Tensor or scalar, but you passed in a {type(value)}."
        )

    def __hash__(self):
        return id(self)

    def __repr__(self, *, tensor_contents=None):
        from ._print import text_of

        return text_of(self)

    def __format__(self, spec):
        if not self._a._h & 124:
            return self._a.item().__format__(spec)
        return object.__format__(self, spec)

    def __dir__(self):
        return sorted({*object.__dir__(self)})

    def __getattr__(self, name):
        from ._missing import of_tensor

        raise of_tensor(name)

    # ── autograd ───────────────────────────────────────────────────────────────────────────────

    def backward(self, gradient=None, retain_graph=None, create_graph=False, inputs=None):
        from .autograd import backward

        backward(self, gradient, retain_graph, create_graph, inputs=inputs)

    def detach(self):
        return tape.detach(self)

    def detach_(self):
        if self._base is not None:
            raise RuntimeError(
                "Can't detach views in-place. Use detach() instead. If you are using DistributedDataParallel (DDP) for "
                "training, and gradient_as_bucket_view is set as True, gradients are views of DDP buckets, and hence "
                "detach_() cannot be called on these gradients."
            )
        self._edge, self._requires = None, False
        return self

    @property
    def data(self):
        """The same memory, without history; writes through it are not counted."""
        return constant(self._a, Tensor)

    @data.setter
    def data(self, other):
        if not isinstance(other, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type(other).__name__}")
        self._a = other._a

    def retain_grad(self):
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        if self.is_leaf or self._retains:
            return
        import weakref

        self._retains = True
        held = weakref.ref(self)

        def keep(gradient):
            kept = held()
            if kept is not None:
                kept._grad = constant(gradient._a.copy(), Tensor) if kept._grad is None else kept._grad + gradient

        tape.hook(self, keep)

    retains_grad = property(lambda self: self._retains)

    def register_hook(self, hook):
        if not self.requires_grad:
            raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")
        return Handle(tape.hook(self, hook), hook)

    def register_post_accumulate_grad_hook(self, hook):
        if not self.is_leaf:
            raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
        if "_after" not in self.__dict__:
            self._after = []
        self._after.append(hook)
        return Handle(self._after, hook)

    _version_ = property(lambda self: self._version[0] if self._version else 0)

    # ── copies ─────────────────────────────────────────────────────────────────────────────────

    def __deepcopy__(self, memo):
        if not self.is_leaf:
            raise RuntimeError(
                "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment."
            )
        if id(self) in memo:
            return memo[id(self)]
        made = _new(type(self))
        made.__dict__.update({key: value for key, value in self.__dict__.items() if not key.startswith("_")})
        made._a, made._requires = self._a.copy(), self._requires
        if self._grad is not None:
            made._grad = constant(self._grad._a.copy(), Tensor)
        memo[id(self)] = made
        return made

    def __reduce__(self):
        return rebuilt, (self._a, self._requires, type(self) is not Tensor)

    def __cuda_refused(self, *args, **kwargs):
        check_device("cuda")

    cuda = __cuda_refused

    def cpu(self):
        return self

    def pin_memory(self):
        return self

    def share_memory_(self):
        return self

    def to(self, *args, **kwargs):
        """Another dtype; the only device is the processor."""
        from ._base import cast

        kwargs.pop("non_blocking", None), kwargs.pop("memory_format", None)
        copy = kwargs.pop("copy", False)
        target = kwargs.pop("dtype", None)
        check_device(kwargs.pop("device", None))
        other = kwargs.pop("other", None)
        for value in args:
            if isinstance(value, Tensor):
                other = value
            elif isinstance(value, bool):
                pass
            elif isinstance(value, (str, int)) or type(value).__name__ == "device":
                check_device(value)
            else:
                target = value
        if kwargs:
            raise TypeError(f"to() received an invalid keyword argument: {next(iter(kwargs))}")
        code = other._a._h & 3 if other is not None else self._a._h & 3 if target is None else code_of(target)
        if copy and code == self._a._h & 3:
            return tape.clone(self)
        return cast(self, code)


Tensor._cls = Tensor


class Handle:
    """What takes a hook away again."""

    def __init__(self, hooks, hook):
        self._hooks, self._hook = hooks, hook

    def remove(self):
        tape.unhook(self._hooks, self._hook)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


def rebuilt(array, requires, parameter):
    made = constant(array, Tensor)
    made._requires = requires
    if parameter:
        from .nn.parameter import Parameter

        made = Parameter(made, requires)
    return made
