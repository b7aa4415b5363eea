"""RNN, LSTM and GRU, and their cells; packed sequences go through them padded."""

import math

from danlu.tape import arithmetic as ar
from danlu.tape import elementwise as el
from danlu.tape import product, shape

from .._activations import dropout
from .._create import empty, zeros
from .._base import wrap
from .._pointwise import where
from .._shapes import cat, stack
from . import init
from ._module import Module
from ._packed import PackedSequence, packed_of, padded
from .parameter import Parameter

_GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}


def _kept(going, state, before):
    """The new state of what goes on, the old one of what has ended."""
    if isinstance(state, tuple):
        return tuple([_kept(going, new, old) for new, old in zip(state, before)])
    return where(going, state, before)


def _affine(x, w, b):
    return product.linear(x, w, b)


def rnn_step(x, h, w, nonlinearity="tanh"):
    total = ar.add(x, _affine(h, w[1], w[3]))
    return el.tanh(total) if nonlinearity == "tanh" else el.relu(total)


def lstm_step(x, state, w):
    """Gates in the order i, f, g, o."""
    h, c = state
    total = ar.add(x, _affine(h, w[1], w[3]))
    i, f, g, o = shape.split(total, [total._a.shape[-1] // 4] * 4, total.ndim - 1)
    c = ar.add(ar.mul(el.sigmoid(f), c), ar.mul(el.sigmoid(i), el.tanh(g)))
    return ar.mul(el.sigmoid(o), el.tanh(c)), c


def gru_step(x, h, w):
    """Gates in the order r, z, n; r stands after the product, as in cuDNN."""
    n = h._a.shape[-1]
    own = _affine(h, w[1], w[3])
    xr, xz, xn = shape.split(x, [n] * 3, x.ndim - 1)
    hr, hz, hn = shape.split(own, [n] * 3, own.ndim - 1)
    r, z = el.sigmoid(ar.add(xr, hr)), el.sigmoid(ar.add(xz, hz))
    new = el.tanh(ar.add(xn, ar.mul(r, hn)))
    return ar.add(ar.mul(ar.sub(h, new), z), new)


class RNNBase(Module):
    _mode = "RNN"

    def __init__(self, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0,
                 bidirectional=False, proj_size=0, device=None, dtype=None):  # fmt: skip
        super().__init__()
        if proj_size:
            raise NotImplementedError("proj_size is not here; nearest: a Linear after the LSTM")
        if hidden_size <= 0:
            raise ValueError("hidden_size must be greater than zero")
        if num_layers <= 0:
            raise ValueError("num_layers must be greater than zero")
        if dropout and num_layers == 1:
            import warnings

            warnings.warn(
                "dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers "
                f"greater than 1, but got dropout={dropout} and num_layers={num_layers}",
                stacklevel=3,
            )
        self.input_size, self.hidden_size, self.num_layers, self.bias = input_size, hidden_size, num_layers, bias
        self.batch_first, self.dropout, self.bidirectional = batch_first, float(dropout), bidirectional
        gates = _GATES[self._mode] * hidden_size
        for layer in range(num_layers):
            for direction in range(2 if bidirectional else 1):
                end = f"_l{layer}" + ("_reverse" if direction else "")
                wide = input_size if not layer else hidden_size * (2 if bidirectional else 1)
                setattr(self, "weight_ih" + end, Parameter(empty(gates, wide, dtype=dtype)))
                setattr(self, "weight_hh" + end, Parameter(empty(gates, hidden_size, dtype=dtype)))
                if bias:
                    setattr(self, "bias_ih" + end, Parameter(empty(gates, dtype=dtype)))
                    setattr(self, "bias_hh" + end, Parameter(empty(gates, dtype=dtype)))
        self.reset_parameters()

    def reset_parameters(self):
        bound = 1 / math.sqrt(self.hidden_size)
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def flatten_parameters(self):
        pass

    def _weights(self, layer, direction):
        end = f"_l{layer}" + ("_reverse" if direction else "")
        return [getattr(self, name + end) if self.bias or name[0] == "w" else None
                for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]  # fmt: skip

    def _step(self, x, state, w):
        return gru_step(x, state, w)

    def _run(self, x, state, w, reverse, going=None):
        """One layer in one direction: [T, N, I] -> [T, N, H] and the last state. `going`: who has not ended, step by step."""
        steps = x._a.shape[0]
        # The inputs of all steps in one product.
        inner = _affine(x, w[0], w[2])
        outputs = []
        for t in range(steps)[::-1] if reverse else range(steps):
            before, state = state, self._step(inner[t], state, w)
            if going is not None:
                state = _kept(going[t], state, before)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        return stack(outputs[::-1] if reverse else outputs), state

    def _begin(self, x, hx, n):
        """The first state: of each layer and direction."""
        directions = 2 if self.bidirectional else 1
        wanted = (self.num_layers * directions, n, self.hidden_size)
        if hx is None:
            return zeros(*wanted, dtype=x.dtype)
        if hx._a.shape != wanted:
            raise RuntimeError(f"Expected hidden size {wanted}, got {list(hx.shape)}")
        return hx

    def forward(self, input, hx=None):
        if isinstance(input, PackedSequence):
            return self._of_packed(input, hx)
        return self._of_steps(input, hx, None)

    def _of_packed(self, packed, hx):
        """Padded, with states that stay where a sequence has ended."""
        x, lengths = padded(packed)
        going = [wrap((lengths > t)[:, None]) for t in range(len(x))]

        def turned(state, order):
            if order is None or state is None:
                return state
            return tuple([s[:, order] for s in state]) if isinstance(state, tuple) else state[:, order]

        batch_first, self.batch_first = self.batch_first, False
        try:
            y, state = self._of_steps(x, turned(hx, packed.sorted_indices), going)
        finally:
            self.batch_first = batch_first
        return PackedSequence(*packed_of(y, lengths), *packed[2:]), turned(state, packed.unsorted_indices)

    def _of_steps(self, input, hx, going):
        if input.ndim not in (2, 3):
            raise ValueError(f"{self._get_name()}: Expected input to be 2D or 3D, got {input.ndim}D instead")
        if input._a.shape[-1] != self.input_size:
            error = RuntimeError(
                f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got {input._a.shape[-1]}"
            )
            error.add_note(f"in {self}: the input has shape {list(input.shape)}; it takes [..., {self.input_size}]")
            raise error
        single = input.ndim == 2
        x = input.unsqueeze(1) if single else input.transpose(0, 1) if self.batch_first else input
        if single and hx is not None:
            hx = tuple([h.unsqueeze(1) for h in hx]) if isinstance(hx, tuple) else hx.unsqueeze(1)
        states = self._states(x, hx)
        directions, last = 2 if self.bidirectional else 1, []
        for layer in range(self.num_layers):
            outputs = []
            for direction in range(directions):
                at = layer * directions + direction
                state = tuple([s[at] for s in states]) if isinstance(states, tuple) else states[at]
                y, state = self._run(x, state, self._weights(layer, direction), direction == 1, going)
                outputs.append(y)
                last.append(state)
            x = cat(outputs, -1) if directions == 2 else outputs[0]
            if self.dropout and self.training and layer < self.num_layers - 1:
                x = dropout(x, self.dropout)
        if isinstance(last[0], tuple):
            state = tuple([stack([s[i] for s in last]) for i in range(len(last[0]))])
        else:
            state = stack(last)
        if single:
            x = x.squeeze(1)
            state = tuple([s.squeeze(1) for s in state]) if isinstance(state, tuple) else state.squeeze(1)
        elif self.batch_first:
            x = x.transpose(0, 1)
        return x, state

    def _states(self, x, hx):
        return self._begin(x, hx, x._a.shape[1])

    def extra_repr(self):
        text = f"{self.input_size}, {self.hidden_size}"
        for name, plain in (("num_layers", 1), ("bias", True), ("batch_first", False), ("dropout", 0.0), ("bidirectional", False)):
            if getattr(self, name) != plain:
                text += f", {name}={getattr(self, name)}"
        return text


class RNN(RNNBase):
    """h = tanh(W x + b + U h + c)."""

    def __init__(self, input_size, hidden_size, num_layers=1, nonlinearity="tanh", **settings):
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        super().__init__(input_size, hidden_size, num_layers, **settings)
        self.nonlinearity = nonlinearity

    def _step(self, x, state, w):
        return rnn_step(x, state, w, self.nonlinearity)


class GRU(RNNBase):
    _mode = "GRU"


class LSTM(RNNBase):
    _mode = "LSTM"

    def _step(self, x, state, w):
        return lstm_step(x, state, w)

    def _states(self, x, hx):
        n = x._a.shape[1]
        if hx is None:
            return self._begin(x, None, n), self._begin(x, None, n)
        if not isinstance(hx, (tuple, list)):
            raise RuntimeError("LSTM: hx is a pair (h_0, c_0), not a single tensor")
        return self._begin(x, hx[0], n), self._begin(x, hx[1], n)


class _Cell(Module):
    _mode = "RNN"

    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__()
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        gates = _GATES[self._mode] * hidden_size
        self.weight_ih = Parameter(empty(gates, input_size, dtype=dtype))
        self.weight_hh = Parameter(empty(gates, hidden_size, dtype=dtype))
        self.register_parameter("bias_ih", Parameter(empty(gates, dtype=dtype)) if bias else None)
        self.register_parameter("bias_hh", Parameter(empty(gates, dtype=dtype)) if bias else None)
        RNNBase.reset_parameters(self)

    def _weights(self):
        return [self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh]

    def forward(self, input, hx=None):
        single = input.ndim == 1
        x = input.unsqueeze(0) if single else input
        if hx is None:
            hx = self._zeros(x)
        elif single:
            hx = tuple([h.unsqueeze(0) for h in hx]) if isinstance(hx, tuple) else hx.unsqueeze(0)
        w = self._weights()
        made = self._step(_affine(x, w[0], w[2]), hx, w)
        if not single:
            return made
        return tuple([h.squeeze(0) for h in made]) if isinstance(made, tuple) else made.squeeze(0)

    def _zeros(self, x):
        return zeros(x._a.shape[0], self.hidden_size, dtype=x.dtype)

    def extra_repr(self):
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


class RNNCell(_Cell):
    def __init__(self, input_size, hidden_size, bias=True, nonlinearity="tanh", device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, device, dtype)
        self.nonlinearity = nonlinearity

    def _step(self, x, state, w):
        return rnn_step(x, state, w, self.nonlinearity)


class GRUCell(_Cell):
    _mode = "GRU"

    def _step(self, x, state, w):
        return gru_step(x, state, w)


class LSTMCell(_Cell):
    _mode = "LSTM"

    def _step(self, x, state, w):
        return lstm_step(x, state, w)

    def _zeros(self, x):
        return super()._zeros(x), super()._zeros(x)
