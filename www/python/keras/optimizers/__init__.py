"""Keras's optimisers, by Keras's names and numbers; each `update_step` is the formula of its paper."""

import numpy as np

from .._registry import lookup
from . import schedules
from ._base import Optimizer

_F = np.float32


class SGD(Optimizer):
    """v ← m·v − η·g; w ← w + v."""

    settings = ("momentum", "nesterov")

    def __init__(self, learning_rate=0.01, momentum=0.0, nesterov=False, weight_decay=None, clipnorm=None, clipvalue=None,
                 global_clipnorm=None, name="SGD", **kwargs):  # fmt: skip
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name=_auto(name, "SGD"), **kwargs)
        if not isinstance(momentum, float) or momentum < 0 or momentum > 1:
            if not 0 <= momentum <= 1:
                raise ValueError("`momentum` must be a float between [0, 1].")
        self.momentum, self.nesterov = momentum, nesterov

    def _slot_names(self):
        return ("momentum",) if self.momentum else ()

    def update_step(self, gradient, variable, rate, step):
        w = variable._store.array
        if not self.momentum:
            variable.assign(w - gradient * _F(rate))
            return
        slot = self._slot("momentum", variable)
        m = slot.array = slot.get() * _F(self.momentum) - gradient * _F(rate)
        variable.assign(w + m * _F(self.momentum) - gradient * _F(rate) if self.nesterov else w + m)


class Adam(Optimizer):
    """w ← w − η·√(1−β₂ᵗ)/(1−β₁ᵗ) · m/(√v + ε) (Kingma and Ba 2015)."""

    settings = ("beta_1", "beta_2", "epsilon", "amsgrad")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False, weight_decay=None,
                 clipnorm=None, clipvalue=None, global_clipnorm=None, name=None, **kwargs):  # fmt: skip
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name=name, **kwargs)
        self.beta_1, self.beta_2, self.epsilon, self.amsgrad = beta_1, beta_2, epsilon, amsgrad

    def _slot_names(self):
        return ("momentum", "velocity", "velocity_hat") if self.amsgrad else ("momentum", "velocity")

    def _slot_groups(self):
        names = self._slot_names()
        return (names[:2], names[2:])

    def update_step(self, gradient, variable, rate, step):
        b1, b2 = self.beta_1, self.beta_2
        alpha = rate * (1.0 - b2**step) ** 0.5 / (1.0 - b1**step)
        m, v = self._slot("momentum", variable), self._slot("velocity", variable)
        m.array = m.get() + (gradient - m.get()) * _F(1.0 - b1)
        v.array = v.get() + (gradient * gradient - v.get()) * _F(1.0 - b2)
        second = v.array
        if self.amsgrad:
            top = self._slot("velocity_hat", variable)
            second = top.array = np.maximum(top.get(), second)
        variable.assign(variable._store.array - m.array * _F(alpha) / (np.sqrt(second) + _F(self.epsilon)))


class AdamW(Adam):
    """Adam whose decay does not pass through its averages (Loshchilov and Hutter 2019)."""

    def __init__(self, learning_rate=0.001, weight_decay=0.004, beta_1=0.9, beta_2=0.999, epsilon=1e-7, amsgrad=False,
                 clipnorm=None, clipvalue=None, global_clipnorm=None, name=None, **kwargs):  # fmt: skip
        super().__init__(learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay, clipnorm, clipvalue,
                         global_clipnorm, name=name, **kwargs)  # fmt: skip
        if weight_decay is None:
            raise ValueError("Argument `weight_decay` must be a float. Received: weight_decay=None")


class Nadam(Adam):
    """Adam with Nesterov's momentum (Dozat 2016)."""

    settings = ("beta_1", "beta_2", "epsilon")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **kwargs):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **kwargs)
        self._product = 1.0

    def _slot_names(self):
        return ("momentum", "velocity")

    def apply(self, grads, trainable_variables=None):
        step = int(self.iterations._store.array) + 1
        self._u = self.beta_1 * (1.0 - 0.5 * 0.96**step)
        self._product *= self._u
        super().apply(grads, trainable_variables)

    def update_step(self, gradient, variable, rate, step):
        b1, b2 = self.beta_1, self.beta_2
        u, after = self._u, self.beta_1 * (1.0 - 0.5 * 0.96 ** (step + 1))
        m, v = self._slot("momentum", variable), self._slot("velocity", variable)
        m.array = m.get() + (gradient - m.get()) * _F(1.0 - b1)
        v.array = v.get() + (gradient * gradient - v.get()) * _F(1.0 - b2)
        first = m.array * _F(after / (1.0 - self._product * after)) + gradient * _F((1.0 - u) / (1.0 - self._product))
        second = v.array / _F(1.0 - b2**step)
        variable.assign(variable._store.array - first * _F(rate) / (np.sqrt(second) + _F(self.epsilon)))


class Adamax(Adam):
    """Adam with the largest gradient in place of the second moment."""

    settings = ("beta_1", "beta_2", "epsilon")

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **kwargs):
        super().__init__(learning_rate, beta_1, beta_2, epsilon, **kwargs)

    def _slot_names(self):
        return ("momentum", "norm")

    def update_step(self, gradient, variable, rate, step):
        m, u = self._slot("momentum", variable), self._slot("norm", variable)
        m.array = m.get() + (gradient - m.get()) * _F(1.0 - self.beta_1)
        u.array = np.maximum(u.get() * _F(self.beta_2), np.abs(gradient))
        alpha = rate / (1.0 - self.beta_1**step)
        variable.assign(variable._store.array - m.array * _F(alpha) / (u.array + _F(self.epsilon)))


class RMSprop(Optimizer):
    """v ← ρ·v + (1−ρ)·g²; w ← w − η·g/√(v + ε) (Hinton 2012)."""

    settings = ("rho", "momentum", "epsilon", "centered")

    def __init__(self, learning_rate=0.001, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False, weight_decay=None,
                 clipnorm=None, clipvalue=None, global_clipnorm=None, name=None, **kwargs):  # fmt: skip
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name=name, **kwargs)
        self.rho, self.momentum, self.epsilon, self.centered = rho, momentum, epsilon, centered

    def _slot_names(self):
        return ("velocity", *(("momentum",) if self.momentum else ()), *(("average_gradient",) if self.centered else ()))

    def _slot_groups(self):
        return tuple((name,) for name in self._slot_names())

    def update_step(self, gradient, variable, rate, step):
        rho = self.rho
        v = self._slot("velocity", variable)
        v.array = v.get() * _F(rho) + gradient * gradient * _F(1.0 - rho)
        under = v.array + _F(self.epsilon)
        if self.centered:
            average = self._slot("average_gradient", variable)
            average.array = average.get() * _F(rho) + gradient * _F(1.0 - rho)
            under = under - average.array * average.array
        move = gradient * _F(rate) / np.sqrt(under)
        if self.momentum:
            m = self._slot("momentum", variable)
            move = m.array = m.get() * _F(self.momentum) + move
        variable.assign(variable._store.array - move)


class Adagrad(Optimizer):
    """s ← s + g²; w ← w − η·g/√(s + ε) (Duchi et al. 2011)."""

    settings, slots = ("initial_accumulator_value", "epsilon"), ("accumulator",)

    def __init__(self, learning_rate=0.001, initial_accumulator_value=0.1, epsilon=1e-7, weight_decay=None, clipnorm=None,
                 clipvalue=None, global_clipnorm=None, name=None, **kwargs):  # fmt: skip
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name=name, **kwargs)
        self.initial_accumulator_value, self.epsilon = initial_accumulator_value, epsilon

    def _start_slot(self, name, state):
        state.array = np.full(state.shape, self.initial_accumulator_value, np.float32)

    def update_step(self, gradient, variable, rate, step):
        s = self._slot("accumulator", variable)
        s.array = s.get() + gradient * gradient
        variable.assign(variable._store.array - gradient * _F(rate) / np.sqrt(s.array + _F(self.epsilon)))


class Adadelta(Optimizer):
    """Zeiler 2012: the step is in units of the steps before."""

    settings, slots = ("rho", "epsilon"), ("accumulated_grad", "accumulated_delta_var")

    def __init__(self, learning_rate=0.001, rho=0.95, epsilon=1e-7, weight_decay=None, clipnorm=None, clipvalue=None,
                 global_clipnorm=None, name=None, **kwargs):  # fmt: skip
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name=name, **kwargs)
        self.rho, self.epsilon = rho, epsilon

    def update_step(self, gradient, variable, rate, step):
        rho, epsilon = _F(self.rho), _F(self.epsilon)
        s, d = self._slot("accumulated_grad", variable), self._slot("accumulated_delta_var", variable)
        s.array = s.get() * rho + gradient * gradient * _F(1.0 - self.rho)
        move = -np.sqrt(d.get() + epsilon) * gradient / np.sqrt(s.array + epsilon)
        d.array = d.get() * rho + move * move * _F(1.0 - self.rho)
        variable.assign(variable._store.array + move * _F(rate))


class Lion(Optimizer):
    """The sign of an average (Chen et al. 2023)."""

    settings, slots = ("beta_1", "beta_2"), ("momentum",)

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.99, weight_decay=None, clipnorm=None, clipvalue=None,
                 global_clipnorm=None, name=None, **kwargs):  # fmt: skip
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name=name, **kwargs)
        self.beta_1, self.beta_2 = beta_1, beta_2

    def update_step(self, gradient, variable, rate, step):
        m = self._slot("momentum", variable)
        move = np.sign(m.get() * _F(self.beta_1) + gradient * _F(1.0 - self.beta_1))
        variable.assign(variable._store.array - move * _F(rate))
        m.array = m.get() * _F(self.beta_2) + gradient * _F(1.0 - self.beta_2)


def _auto(name, default):
    """The name that was given; None where it is the default, so that a second one is numbered."""
    return None if name == default else name


_TABLE = {thing.__name__: thing for thing in (SGD, Adam, AdamW, Nadam, Adamax, RMSprop, Adagrad, Adadelta, Lion)}
_TABLE.update({name.lower(): thing for name, thing in list(_TABLE.items())})


def get(identifier):
    return lookup(identifier, _TABLE, "optimizer", Optimizer)


def serialize(optimizer):
    return {"class_name": type(optimizer).__name__, "config": optimizer.get_config()}


def deserialize(config, custom_objects=None):
    return get(config)


__all__ = ["Optimizer", "SGD", "Adam", "AdamW", "Nadam", "Adamax", "RMSprop", "Adagrad", "Adadelta", "Lion", "schedules", "get"]
