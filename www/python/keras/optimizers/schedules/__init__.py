"""Learning rates as functions of the step, counted from 0."""

import math

import numpy as np
from tensorflow._core import as_tensor, to_numpy

from ..._registry import Described, lookup


class LearningRateSchedule(Described):
    def __call__(self, step):
        raise NotImplementedError(f"Learning rate schedule '{type(self).__name__}' must override `__call__(self, step)`.")


class _Schedule(LearningRateSchedule):
    settings = ()

    def __call__(self, step):
        return as_tensor(np.float32(self._at(float(to_numpy(step)))))

    def get_config(self):
        return {key: getattr(self, key) for key in (*self.settings, "name")}


class ExponentialDecay(_Schedule):
    """η · r^(step / steps)."""

    settings = ("initial_learning_rate", "decay_steps", "decay_rate", "staircase")

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="ExponentialDecay"):
        self.initial_learning_rate, self.decay_steps, self.decay_rate = initial_learning_rate, decay_steps, decay_rate
        self.staircase, self.name = staircase, name
        if decay_steps <= 0:
            raise ValueError(f"Argument `decay_steps` must be > 0. Received: decay_steps={decay_steps}")

    def _part(self, step):
        part = step / self.decay_steps
        return math.floor(part) if self.staircase else part

    def _at(self, step):
        return self.initial_learning_rate * self.decay_rate ** self._part(step)


class InverseTimeDecay(ExponentialDecay):
    """η / (1 + r · step / steps)."""

    def __init__(self, initial_learning_rate, decay_steps, decay_rate, staircase=False, name="InverseTimeDecay"):
        super().__init__(initial_learning_rate, decay_steps, decay_rate, staircase, name)

    def _at(self, step):
        return self.initial_learning_rate / (1.0 + self.decay_rate * self._part(step))


class PiecewiseConstantDecay(_Schedule):
    """values[0] up to and with boundaries[0], then values[1], …"""

    settings = ("boundaries", "values")

    def __init__(self, boundaries, values, name="PiecewiseConstant"):
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                "The length of boundaries should be 1 less than the length of values. Received: "
                f"boundaries={boundaries} of length {len(boundaries)}, and values={values} of length {len(values)}."
            )
        self.boundaries, self.values, self.name = list(boundaries), list(values), name

    def _at(self, step):
        return self.values[sum(step > boundary for boundary in self.boundaries)]


class PolynomialDecay(_Schedule):
    """(η − end) · (1 − step / steps)^power + end."""

    settings = ("initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle")

    def __init__(self, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False, name="PolynomialDecay"):
        self.initial_learning_rate, self.decay_steps, self.end_learning_rate = initial_learning_rate, decay_steps, end_learning_rate
        self.power, self.cycle, self.name = power, cycle, name

    def _at(self, step):
        steps = self.decay_steps
        if self.cycle:
            steps *= 1.0 if step == 0 else math.ceil(step / steps)
        else:
            step = min(step, steps)
        return (self.initial_learning_rate - self.end_learning_rate) * (1.0 - step / steps) ** self.power + self.end_learning_rate


class CosineDecay(_Schedule):
    """Half a wave from η to alpha · η, after a line up to `warmup_target` where there is one."""

    settings = ("initial_learning_rate", "decay_steps", "alpha", "warmup_target", "warmup_steps")

    def __init__(self, initial_learning_rate, decay_steps, alpha=0.0, name="CosineDecay", warmup_target=None, warmup_steps=0):
        self.initial_learning_rate, self.decay_steps, self.alpha = initial_learning_rate, decay_steps, alpha
        self.warmup_target, self.warmup_steps, self.name = warmup_target, warmup_steps, name

    def _at(self, step):
        top = self.initial_learning_rate
        if self.warmup_target is not None:
            if step < self.warmup_steps:
                return top + (self.warmup_target - top) * step / self.warmup_steps
            step, top = step - self.warmup_steps, self.warmup_target
        part = min(step, self.decay_steps) / self.decay_steps
        return top * ((1.0 - self.alpha) * 0.5 * (1.0 + math.cos(math.pi * part)) + self.alpha)


class CosineDecayRestarts(_Schedule):
    """Half waves, each t_mul times as long and m_mul times as high as the one before (Loshchilov and Hutter 2017)."""

    settings = ("initial_learning_rate", "first_decay_steps", "t_mul", "m_mul", "alpha")

    def __init__(self, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name="SGDRDecay"):
        self.initial_learning_rate, self.first_decay_steps = initial_learning_rate, first_decay_steps
        self.t_mul, self.m_mul, self.alpha, self.name = t_mul, m_mul, alpha, name

    def _at(self, step):
        part = step / self.first_decay_steps
        if self.t_mul == 1.0:
            wave = math.floor(part)
            part -= wave
        else:
            wave = math.floor(math.log(1.0 - part * (1.0 - self.t_mul)) / math.log(self.t_mul))
            begun = (1.0 - self.t_mul**wave) / (1.0 - self.t_mul)
            part = (part - begun) / self.t_mul**wave
        height = self.m_mul**wave * 0.5 * (1.0 + math.cos(math.pi * part))
        return self.initial_learning_rate * ((1.0 - self.alpha) * height + self.alpha)


_TABLE = {name: thing for name, thing in list(globals().items()) if isinstance(thing, type) and thing is not Described}


def serialize(schedule):
    return {"class_name": type(schedule).__name__, "config": schedule.get_config()}


def deserialize(config, custom_objects=None):
    return lookup(config, _TABLE, "learning rate schedule")
