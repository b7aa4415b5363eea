"""Parameters: tensors that a module counts as its own."""

from danlu.tape import constant

from .._tensor import Tensor

_new = object.__new__


class Parameter(Tensor):
    """A tensor that a module registers, and whose gradient is wanted."""

    def __new__(cls, data=None, requires_grad=True):
        made = _new(cls)
        if data is None:
            import numpy as np

            data = constant(np.zeros(0, np.float32), Tensor)
        made._a = data._a
        made._requires = False
        made.requires_grad = requires_grad
        return made

    def __repr__(self):
        return "Parameter containing:\n" + Tensor.__repr__(self)

    def __reduce__(self):
        return Parameter, (constant(self._a, Tensor), self._requires)


Parameter._cls = Tensor


class Buffer(Tensor):
    """A tensor that a module keeps beside its parameters."""

    def __new__(cls, data=None, *, persistent=True):
        made = _new(cls)
        made._a, made._kept = data._a, persistent
        return made


Buffer._cls = Tensor


class UninitializedParameter(Parameter):
    """A parameter whose shape comes with the first input."""

    def __new__(cls, requires_grad=True):
        import numpy as np

        return Parameter.__new__(cls, constant(np.zeros(0, np.float32), Tensor), requires_grad)

    @property
    def shape(self):
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in "
            "`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` "
            "to initialize the parameters before accessing their attributes."
        )

    def __repr__(self):
        return "<UninitializedParameter>"
