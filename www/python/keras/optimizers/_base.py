"""Optimizer: how gradients move variables."""

import numpy as np
from tensorflow._core import as_tensor, to_numpy

from .. import _names
from .._registry import Described
from .._variable import Variable
from . import schedules

_F = np.float32


class _State:
    """A number or an array that the optimiser remembers of a variable."""

    __slots__ = ("shape", "dtype", "path", "array")

    def __init__(self, shape, path, dtype="float32"):
        self.shape, self.path, self.dtype, self.array = tuple(shape), path, dtype, None

    def numpy(self):
        return self.get().copy()

    def get(self):
        if self.array is None:
            self.array = np.zeros(self.shape, np.float32)
        return self.array


class Optimizer(Described):
    #: What it remembers of each variable, by name.
    slots = ()

    def __init__(self, learning_rate=0.001, weight_decay=None, clipnorm=None, clipvalue=None, global_clipnorm=None,
                 use_ema=False, ema_momentum=0.99, ema_overwrite_frequency=None, loss_scale_factor=None,
                 gradient_accumulation_steps=None, name=None, **kwargs):  # fmt: skip
        for old in ("lr", "decay"):
            if old in kwargs:
                now = {"lr": "learning_rate", "decay": "a schedule of keras.optimizers.schedules"}[old]
                raise ValueError(f"Argument(s) not recognized: {{'{old}': {kwargs[old]}}}. Keras 3 has {now} instead.")
        if kwargs:
            raise ValueError(f"Argument(s) not recognized: {kwargs}")
        if sum(x is not None for x in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError(
                "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: "
                f"clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}"
            )
        self.name = name or _names.auto_name(type(self).__name__)
        self.weight_decay, self.clipnorm, self.clipvalue, self.global_clipnorm = weight_decay, clipnorm, clipvalue, global_clipnorm
        self.use_ema, self.ema_momentum = use_ema, ema_momentum
        if use_ema:
            raise NotImplementedError("use_ema is not in this Keras's optimizers; nearest here: a callback that averages weights")
        self.gradient_accumulation_steps = gradient_accumulation_steps
        self.iterations = Variable(np.asarray(0), dtype="int64", trainable=False, name="iteration")
        self._exclusions, self._names_excluded = set(), ()
        self.built, self._variables, self._index, self._slots = False, [], {}, {}
        # A compiled plan that remembers newer values than the slots; counts what changes here.
        self._source, self._version = None, 0
        self.learning_rate = learning_rate

    # ── the learning rate ──────────────────────────────────────────────────────────────────────

    @property
    def learning_rate(self):
        if isinstance(self._rate, schedules.LearningRateSchedule):
            return as_tensor(np.float32(self._current_rate()))
        return self._rate

    @learning_rate.setter
    def learning_rate(self, value):
        if isinstance(value, schedules.LearningRateSchedule):
            self._rate = value
        elif callable(value) and not hasattr(value, "_read"):
            self._rate = _Called(value)
        elif isinstance(getattr(self, "_rate", None), Variable):
            self._rate.assign(np.asarray(to_numpy(value), np.float32))
        else:
            with _names.scope(self.name):
                rate = np.asarray(to_numpy(value), np.float32)
                self._rate = Variable(rate, dtype="float32", trainable=False, name="learning_rate")

    lr = learning_rate

    @property
    def _scheduled(self):
        return isinstance(self._rate, schedules.LearningRateSchedule)

    def _current_rate(self):
        """As a Python float."""
        if self._scheduled:
            return float(to_numpy(self._rate(int(self.iterations._store.array))))
        return float(self._rate._store.array)

    # ── state ──────────────────────────────────────────────────────────────────────────────────

    def build(self, variables):
        if self.built and all(id(v) in self._index for v in variables):
            return
        for variable in variables:
            if id(variable) not in self._index:
                self._index[id(variable)] = len(self._variables)
                self._variables.append(variable)
        self.built = True

    def _pull(self):
        """Brings what a plan remembers."""
        if self._source is not None:
            self._source.pull_optimizer(self)

    def _slot(self, name, variable):
        self._pull()
        key = (name, self._index[id(variable)])
        found = self._slots.get(key)
        if found is None:
            path = getattr(variable, "path", getattr(variable, "name", "variable")).replace("/", "_")
            found = self._slots[key] = _State(variable.shape, f"{self.name}/{path}_{name}")
            self._start_slot(name, found)
        return found

    def _start_slot(self, name, state):
        pass

    def _slot_names(self):
        return self.slots

    def _slot_groups(self):
        """The slots by the calls in which Keras makes them: within one they go variable by variable."""
        return (self._slot_names(),)

    def _groups(self):
        return ((("gradient_accumulator",),) if self.gradient_accumulation_steps else ()) + self._slot_groups()

    def _state_variables(self):
        """What it remembers, as `summary` counts it, in the order of Keras's files."""
        rate = [] if self._scheduled else [self._rate]
        found = [self.iterations, *rate]
        for names in self._groups():
            for variable in self._variables:
                for name in names:
                    key = (name, self._index[id(variable)])
                    found.append(self._slots.get(key) or _State(variable.shape, name))
        return found

    @property
    def variables(self):
        self._pull()
        for variable in self._variables:
            for name in (n for names in self._groups() for n in names):
                self._slot(name, variable)
        return self._state_variables()

    def _arrays(self):
        """The numbers of `variables`, for a file."""
        return [x.get() if isinstance(x, _State) else x._store.array for x in self.variables]

    def _take(self, arrays):
        """What `_arrays` gave, in place of its own."""
        places = self.variables
        if len(places) != len(arrays):
            import warnings

            unbuilt = "" if self._variables else "This is likely because the optimizer has not been called/built yet."
            warnings.warn(
                f"Skipping variable loading for optimizer '{self.name}', because it has {len(places)} variables whereas "
                f"the saved optimizer has {len(arrays)} variables. {unbuilt}", stacklevel=4,
            )  # fmt: skip
            return
        for place, array in zip(places, arrays):
            if tuple(place.shape) != tuple(array.shape):
                raise ValueError(f"The optimizer's {place.path} has shape {tuple(place.shape)}, the file's {tuple(array.shape)}")
        for place, array in zip(places, arrays):
            if isinstance(place, _State):
                place.array = array.astype(np.float32)
            else:
                place.assign(array)
        self._version += 1

    def exclude_from_weight_decay(self, var_list=None, var_names=None):
        self._exclusions |= {id(v) for v in var_list or ()}
        self._names_excluded = (*self._names_excluded, *(var_names or ()))
        self._exclusions |= {id(self)} if var_names else set()

    def _decays(self, variable):
        if id(variable) in self._exclusions:
            return False
        return not any(part in getattr(variable, "path", variable.name) for part in self._names_excluded)

    # ── steps ──────────────────────────────────────────────────────────────────────────────────

    def apply_gradients(self, grads_and_vars, **kwargs):
        pairs = list(grads_and_vars)
        self.apply([g for g, _ in pairs], [v for _, v in pairs])
        return self.iterations

    def apply(self, grads, trainable_variables=None):
        variables = list(self._variables if trainable_variables is None else trainable_variables)
        grads = list(grads)
        if len(grads) != len(variables):
            raise ValueError(f"`apply` got {len(grads)} gradients for {len(variables)} variables")
        kept = [(g, v) for g, v in zip(grads, variables) if g is not None]
        if not kept:
            names = [getattr(v, "name", "variable") for v in variables]
            raise ValueError(f"No gradients provided for any variable: {names}. Provided `grads_and_vars` is {list(zip(grads, names))}.")
        if len(kept) < len(variables):
            import warnings

            without = [getattr(v, "path", v.name) for g, v in zip(grads, variables) if g is None]
            warnings.warn(
                f"Gradients do not exist for variables {without} when minimizing the loss. If using `model.compile()`, did "
                "you forget to provide a `loss` argument?", stacklevel=2,
            )  # fmt: skip
        self.build(variables)
        self._pull()
        self._version += 1
        arrays = [(np.asarray(to_numpy(g), np.float32), v) for g, v in kept]
        for gradient, variable in arrays:
            if tuple(gradient.shape) != tuple(variable.shape):
                raise ValueError(
                    f"The gradient of {getattr(variable, 'path', variable.name)} has shape {tuple(gradient.shape)}, the "
                    f"variable {tuple(variable.shape)}"
                )
        arrays = self._accumulate(arrays)
        if arrays is None:
            self._count()
            return
        arrays = self._clip(arrays)
        rate = self._current_rate()
        step = int(self.iterations._store.array) + 1
        for gradient, variable in arrays:
            if self.weight_decay and self._decays(variable):
                variable.assign(variable._store.array * _F(1.0 - rate * self.weight_decay))
            self.update_step(gradient, variable, rate, step)
            constraint = getattr(variable, "constraint", None)
            if constraint is not None:
                variable.assign(constraint(variable._store.array))
        self._count()

    def _count(self, steps=1):
        self.iterations.assign(np.asarray(int(self.iterations._store.array) + steps))

    def _accumulate(self, arrays):
        """The mean gradients of as many batches as are to be gathered; None while they are."""
        every = self.gradient_accumulation_steps
        if not every:
            return arrays
        gathered = [(self._slot("gradient_accumulator", v), g, v) for g, v in arrays]
        for slot, gradient, _ in gathered:
            slot.array = slot.get() + gradient
        if (int(self.iterations._store.array) + 1) % every:
            return None
        ready = [(slot.array / _F(every), v) for slot, _, v in gathered]
        for slot, _, _ in gathered:
            slot.array = None
        return ready

    def _clip(self, arrays):
        if self.clipvalue is not None:
            return [(np.clip(g, -self.clipvalue, self.clipvalue), v) for g, v in arrays]
        if self.clipnorm is not None:
            return [(g * _F(_factor(np.sqrt(np.sum(g * g)), self.clipnorm)), v) for g, v in arrays]
        if self.global_clipnorm is not None:
            norm = float(np.sqrt(sum(float(np.sum(g * g)) for g, _ in arrays)))
            return [(g * _F(_factor(norm, self.global_clipnorm)), v) for g, v in arrays]
        return arrays

    def update_step(self, gradient, variable, rate, step):
        raise NotImplementedError

    def minimize(self, loss, var_list=None, tape=None):
        """Moves `var_list` so that `loss`, a function without arguments, gets smaller."""
        from tensorflow._tape import GradientTape

        if not callable(loss):
            if tape is None:
                raise ValueError(
                    "`tape` is required when a `Tensor` loss is passed. A tensor does not know its variables: write "
                    "optimizer.minimize(lambda: loss(...), var_list), or compute it inside `with tf.GradientTape() as "
                    "tape` and call optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))."
                )
            value = loss
        else:
            with GradientTape() as tape:
                value = loss()
        if var_list is None:
            var_list = tape.watched_variables()
        var_list = list(var_list() if callable(var_list) else var_list)
        return self.apply_gradients(zip(tape.gradient(value, var_list), var_list))

    def get_config(self):
        if isinstance(self._rate, schedules.LearningRateSchedule):
            rate = schedules.serialize(self._rate)
        else:
            rate = float(self._rate._store.array)
        return {
            "name": self.name, "learning_rate": rate, "weight_decay": self.weight_decay, "clipnorm": self.clipnorm,
            "global_clipnorm": self.global_clipnorm, "clipvalue": self.clipvalue, "use_ema": False, "ema_momentum": 0.99,
            "ema_overwrite_frequency": None, "loss_scale_factor": None,
            "gradient_accumulation_steps": self.gradient_accumulation_steps,
            **{key: getattr(self, key) for key in getattr(self, "settings", ())},
        }  # fmt: skip

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = {k: v for k, v in config.items() if k not in ("use_ema", "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor")}
        if isinstance(config.get("learning_rate"), dict):
            config["learning_rate"] = schedules.deserialize(config["learning_rate"])
        return cls(**config)

    def __repr__(self):
        return f"<keras.optimizers.{type(self).__name__} name={self.name}>"


def _factor(norm, limit):
    return limit / norm if norm > limit else 1.0


class _Called(schedules.LearningRateSchedule):
    """A function without arguments that gives the rate."""

    def __init__(self, function):
        self.function = function

    def __call__(self, step):
        return self.function()
