"""Recurrent layers, and layers that wrap others."""

from .. import activations, constraints, initializers, ops, regularizers
from .._tree import flatten
from ._base import Layer
from ._core import described
from ._regularization import Dropout
from ._spec import InputSpec


class _Cell(Layer):
    gates = 1

    def __init__(self, units, activation="tanh", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", kernel_regularizer=None,
                 recurrent_regularizer=None, bias_regularizer=None, kernel_constraint=None, recurrent_constraint=None,
                 bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, seed=None, **kwargs):  # fmt: skip
        super().__init__(**kwargs)
        if units <= 0:
            raise ValueError(f"Received an invalid value for argument `units`, expected a positive integer, got {units}.")
        self.units, self.use_bias = units, use_bias
        self.activation = activations.get(activation)
        self._begin = {
            "kernel": (initializers.get(kernel_initializer), regularizers.get(kernel_regularizer), constraints.get(kernel_constraint)),
            "recurrent_kernel": (initializers.get(recurrent_initializer), regularizers.get(recurrent_regularizer),
                                 constraints.get(recurrent_constraint)),
            "bias": (initializers.get(bias_initializer), regularizers.get(bias_regularizer), constraints.get(bias_constraint)),
        }  # fmt: skip
        self._drop_in, self._drop_state = (
            Dropout(rate, seed=seed, name=name) for rate, name in ((dropout, "dropout"), (recurrent_dropout, "recurrent_dropout"))
        )
        self.dropout, self.recurrent_dropout = dropout, recurrent_dropout
        self.state_size, self.output_size = units, units

    def _weight(self, name, shape):
        initializer, regularizer, constraint = self._begin[name]
        return self.add_weight(shape, initializer, regularizer=regularizer, constraint=constraint, name=name)

    def build(self, input_shape):
        width = self.units * self.gates
        self.kernel = self._weight("kernel", (input_shape[-1], width))
        self.recurrent_kernel = self._weight("recurrent_kernel", (self.units, width))
        self.bias = self._weight("bias", self._bias_shape()) if self.use_bias else None

    def _bias_shape(self):
        return (self.units * self.gates,)

    def get_initial_state(self, batch_size):
        return [ops.zeros((batch_size, self.units))]

    def _parts(self, z):
        return ops.split(z, self.gates, axis=-1)


class SimpleRNNCell(_Cell):
    """h = f(x · W + h · U + b)."""

    def call(self, inputs, states, training=False):
        h = states[0]
        z = ops.matmul(self._drop_in(inputs, training=training), self.kernel)
        z = z if self.bias is None else z + self.bias
        h = self.activation(z + ops.matmul(self._drop_state(h, training=training), self.recurrent_kernel))
        return h, [h]


class LSTMCell(_Cell):
    gates = 4

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, *args, unit_forget_bias=True,
                 **kwargs):  # fmt: skip
        super().__init__(units, activation, use_bias, *args, **kwargs)
        self.recurrent_activation, self.unit_forget_bias = activations.get(recurrent_activation), unit_forget_bias
        self.state_size = [units, units]

    def build(self, input_shape):
        super().build(input_shape)
        if self.bias is not None and self.unit_forget_bias:
            bias = self.bias.numpy()
            bias[self.units : 2 * self.units] = 1.0
            self.bias.assign(bias)

    def get_initial_state(self, batch_size):
        return [ops.zeros((batch_size, self.units)), ops.zeros((batch_size, self.units))]

    def call(self, inputs, states, training=False):
        h, c = states
        z = ops.matmul(self._drop_in(inputs, training=training), self.kernel)
        z = z + ops.matmul(self._drop_state(h, training=training), self.recurrent_kernel)
        z = z if self.bias is None else z + self.bias
        i, f, g, o = self._parts(z)
        gate = self.recurrent_activation
        c = gate(f) * c + gate(i) * self.activation(g)
        h = gate(o) * self.activation(c)
        return h, [h, c]


class GRUCell(_Cell):
    gates = 3

    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, *args, reset_after=True, **kwargs):
        super().__init__(units, activation, use_bias, *args, **kwargs)
        self.recurrent_activation, self.reset_after = activations.get(recurrent_activation), reset_after

    def _bias_shape(self):
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)

    def call(self, inputs, states, training=False):
        h = states[0]
        x = ops.matmul(self._drop_in(inputs, training=training), self.kernel)
        seen = self._drop_state(h, training=training)
        if self.bias is not None:
            x = x + (self.bias[0] if self.reset_after else self.bias)
        xz, xr, xh = self._parts(x)
        gate = self.recurrent_activation
        if self.reset_after:
            inner = ops.matmul(seen, self.recurrent_kernel)
            inner = inner if self.bias is None else inner + self.bias[1]
            hz, hr, hh = self._parts(inner)
            z, r = gate(xz + hz), gate(xr + hr)
            candidate = self.activation(xh + r * hh)
        else:
            uz, ur, uh = self._parts(self.recurrent_kernel)
            z, r = gate(xz + ops.matmul(seen, uz)), gate(xr + ops.matmul(seen, ur))
            candidate = self.activation(xh + ops.matmul(r * seen, uh))
        h = z * h + (1.0 - z) * candidate
        return h, [h]


class RNN(Layer):
    """A cell over the steps of [batch, steps, width]."""

    def __init__(self, cell, return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                 **kwargs):  # fmt: skip
        kwargs.pop("zero_output_for_mask", None)
        super().__init__(**kwargs)
        self.cell, self.return_sequences, self.return_state = cell, return_sequences, return_state
        self.go_backwards, self.stateful, self.states = go_backwards, stateful, None
        self.input_spec = InputSpec(ndim=3)
        self.supports_masking = True

    def compute_mask(self, inputs, previous_mask=None):
        return previous_mask if self.return_sequences and not self.return_state else None

    def build(self, input_shape):
        if not self.cell.built:
            self.cell._build_with((input_shape[0], input_shape[-1]))

    def call(self, sequences, initial_state=None, mask=None, training=False):
        steps = sequences.shape[1]
        states = initial_state or (self.states if self.stateful else None)
        states = flatten(states) if states is not None else self.cell.get_initial_state(sequences.shape[0])
        outputs, y = [], None
        for t in reversed(range(steps)) if self.go_backwards else range(steps):
            y, now = self.cell.call(sequences[:, t], states, training=training)
            if mask is not None:
                kept = ops.cast(ops.expand_dims(mask[:, t], -1), "float32")
                now = [kept * new + (1.0 - kept) * old for new, old in zip(now, states)]
                y = now[0]
            states = now
            if self.return_sequences:
                outputs.append(y)
        if self.stateful:
            self.__dict__["states"] = [s for s in states]
        y = ops.stack(outputs, axis=1) if self.return_sequences else y
        return (y, *states) if self.return_state else y

    def reset_states(self):
        self.__dict__["states"] = None

    reset_state = reset_states

    def compute_output_spec(self, sequences, initial_state=None, **kwargs):
        from .._symbolic import KerasTensor

        batch, steps, _ = sequences.shape
        units = self.cell.output_size
        y = KerasTensor((batch, steps, units) if self.return_sequences else (batch, units), self._dtype)
        if not self.return_state:
            return y
        return (y, *(KerasTensor((batch, units), self._dtype) for _ in flatten(self.cell.state_size)))


def _layer(name, cell_class):
    def __init__(self, units, *args, return_sequences=False, return_state=False, go_backwards=False, stateful=False,
                 unroll=False, use_cudnn="auto", zero_output_for_mask=False, **kwargs):  # fmt: skip
        own = {key: kwargs.pop(key) for key in ("name", "dtype", "trainable", "input_shape", "activity_regularizer") if key in kwargs}
        cell = cell_class(units, *args, name=cell_class.__name__.lower().replace("simplernn", "simple_rnn").replace("cell", "_cell"),
                          **kwargs)  # fmt: skip
        RNN.__init__(self, cell, return_sequences, return_state, go_backwards, stateful, **own)
        self.units = units

    def get_config(self):
        cell = self.cell
        return {**Layer.get_config(self), "units": self.units, "activation": activations.serialize(cell.activation),
                "use_bias": cell.use_bias, "return_sequences": self.return_sequences, "return_state": self.return_state,
                "go_backwards": self.go_backwards, "stateful": self.stateful, "dropout": cell.dropout,
                "recurrent_dropout": cell.recurrent_dropout,
                "kernel_initializer": described(cell._begin["kernel"][0]),
                "recurrent_initializer": described(cell._begin["recurrent_kernel"][0]),
                "bias_initializer": described(cell._begin["bias"][0])}  # fmt: skip

    return type(name, (RNN,), {"__init__": __init__, "get_config": get_config, "__module__": "keras.layers"})


SimpleRNN, LSTM, GRU = _layer("SimpleRNN", SimpleRNNCell), _layer("LSTM", LSTMCell), _layer("GRU", GRUCell)


class Bidirectional(Layer):
    """A recurrent layer forwards and another backwards."""

    def __init__(self, layer, merge_mode="concat", weights=None, backward_layer=None, **kwargs):
        super().__init__(**kwargs)
        self.merge_mode = merge_mode
        config = layer.get_config()
        self.forward_layer = layer
        layer.name, name = f"forward_{layer.name}", layer.name
        if backward_layer is None:
            config.update(name=f"backward_{name}", go_backwards=not layer.go_backwards)
            backward_layer = type(layer).from_config(config)
        self.backward_layer = backward_layer
        self.input_spec = InputSpec(ndim=3)
        self.supports_masking = True

    def compute_mask(self, inputs, previous_mask=None):
        return self.forward_layer.compute_mask(inputs, previous_mask)

    def build(self, input_shape):
        for layer in (self.forward_layer, self.backward_layer):
            if not layer.built:
                layer._build_with(input_shape)

    def call(self, sequences, initial_state=None, mask=None, training=None):
        a = self.forward_layer(sequences, mask=mask, training=training)
        b = self.backward_layer(sequences, mask=mask, training=training)
        states = ()
        if self.forward_layer.return_state:
            a, b, states = a[0], b[0], (*a[1:], *b[1:])
        if self.forward_layer.return_sequences:
            b = ops.flip(b, axis=1)
        merge = {"concat": lambda: ops.concatenate([a, b], axis=-1), "sum": lambda: a + b, "mul": lambda: a * b,
                 "ave": lambda: (a + b) / 2.0, None: lambda: (a, b)}  # fmt: skip
        y = merge[self.merge_mode]()
        return (y, *states) if states else y


class TimeDistributed(Layer):
    """A layer on each step."""

    def __init__(self, layer, **kwargs):
        super().__init__(**kwargs)
        self.layer = layer
        self.supports_masking = True

    def build(self, input_shape):
        if not self.layer.built:
            self.layer._build_with((input_shape[0], *input_shape[2:]))

    def compute_output_shape(self, input_shape):
        inner = self.layer.compute_output_shape((input_shape[0], *input_shape[2:]))
        return (inner[0], input_shape[1], *inner[1:])

    def call(self, inputs, training=None, mask=None):
        batch, steps = inputs.shape[0], inputs.shape[1]
        flat = ops.reshape(inputs, (batch * steps, *inputs.shape[2:]))
        takes = self.layer._parameters()
        y = self.layer(flat, training=training) if "training" in takes else self.layer(flat)
        return ops.reshape(y, (batch, steps, *y.shape[1:]))
