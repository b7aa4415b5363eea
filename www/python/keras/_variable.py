"""keras.Variable: a weight with a name, a path and what keeps it in bounds."""

from tensorflow._core import _shape_text, as_tensor
from tensorflow._variable import BaseVariable

from . import _names


class Variable(BaseVariable):
    def __init__(self, initializer, shape=None, dtype=None, trainable=True, autocast=True, aggregation="none",
                 synchronization="auto", name=None, **kwargs):  # fmt: skip
        from . import initializers

        self.name = name or _names.auto_name("variable")
        self.path = _names.path_of(self.name)
        fresh = False
        if isinstance(initializer, (str, dict)):
            initializer = initializers.get(initializer)
        if callable(initializer):
            if shape is None:
                raise ValueError(
                    f"When creating a Variable from an initializer, the `shape` argument should be specified. "
                    f"Received: initializer={initializer} and shape={shape}"
                )
            value = initializer(tuple(shape), dtype=dtype or "float32")
            fresh = isinstance(initializer, initializers._Random)
        else:
            value = as_tensor(initializer, dtype)
        self._start(value, dtype, fresh)
        self._trainable = trainable
        self.regularizer = kwargs.get("regularizer")
        self.constraint = kwargs.get("constraint")

    @property
    def trainable(self):
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        self._trainable = bool(value)

    @property
    def dtype(self):
        return self._store.label.name

    @property
    def shape(self):
        return tuple(self._store._array.shape)

    @property
    def value(self):
        from tensorflow._variable import Variable as TensorFlowVariable

        return TensorFlowVariable._sharing(self)

    def assign(self, value):
        self._assign(value)
        return self

    def _refuse(self, got):
        raise ValueError(
            "The shape of the target variable and the shape of the target value in `variable.assign(value)` must "
            f"match. variable.shape={_shape_text(self.shape)}, Received: value.shape={_shape_text(got)}. "
            f"Target variable: {self!r}"
        )

    def __repr__(self):
        return (
            f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}, value={self._store.array}>"
        )
