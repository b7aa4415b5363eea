"""Layer: what has weights, is called on tensors, and stands in graphs."""

import functools
import inspect

import numpy as np
from tensorflow._core import Tensor, as_tensor, to_numpy
from tensorflow._variable import BaseVariable

from .. import _names, constraints, initializers, regularizers
from .._symbolic import KerasTensor, Operation, any_symbolic, infer_output
from .._tree import flatten, map_tree
from .._variable import Variable
from ._spec import InputSpec, check_inputs

__all__ = ["Layer", "InputSpec"]

# Whether the layers inside the present call train: what an outer call said holds for inner ones.
_training = None


def _mask_of(x):
    """Which steps of a tensor count, as the layer that made it said; a list of them for a list."""
    if isinstance(x, Tensor):
        return getattr(x, "_keras_mask", None)
    if isinstance(x, (list, tuple)):
        found = [_mask_of(part) for part in x]
        return found if any(mask is not None for mask in found) else None
    return None


def _told_of_call(layer, error, args, kwargs):
    """The error with the name of the reader's own class and what its `call` got, as Keras has it."""
    if type(error) not in (ValueError, TypeError) or hasattr(error, "_told"):
        return error
    names = list(inspect.signature(layer.call).parameters)
    given = {**dict(zip(names, args)), **kwargs}
    lines = "\n".join(f"  • {name}={_shown(value)}" for name, value in given.items())
    kind = type(layer).__name__
    told = type(error)(f"Exception encountered when calling {kind}.call().\n\n{error}\n\nArguments received by {kind}.call():\n{lines}")
    told._told = True
    told.__cause__, told.__suppress_context__ = None, True
    return told.with_traceback(error.__traceback__)


def _shown(value):
    if isinstance(value, Tensor):
        return f"tf.Tensor(shape={value.shape}, dtype={value.dtype.name})"
    if isinstance(value, (list, tuple)):
        return type(value)(_Shown(_shown(part)) for part in value)
    return repr(value)


class _Shown(str):
    __repr__ = str.__str__


class _Call:
    """The `training` of a call, for the layers called inside."""

    def __init__(self, training):
        self.training = training

    def __enter__(self):
        global _training
        self._before, _training = _training, self.training

    def __exit__(self, *_):
        global _training
        _training = self._before


class Layer(Operation):
    def __new__(cls, *args, **kwargs):
        made = object.__new__(cls)
        fields = made.__dict__
        fields["_own_variables"], fields["_sublayers"] = [], []
        fields["_losses"], fields["_inbound_nodes"] = [], []
        fields["built"], fields["_trainable"] = False, True
        fields["_arguments"] = (args, kwargs)
        return made

    def __init_subclass__(cls, **settings):
        """A layer is built, and its weights have its name before theirs, whoever calls its `build`."""
        super().__init_subclass__(**settings)
        own = cls.__dict__.get("build")
        if own is None:
            return

        @functools.wraps(own)
        def build(self, *shapes, **named):
            with _names.scope(self.name):
                own(self, *shapes, **named)
            self.__dict__["built"] = True

        cls.build = build

    # Of layers that work step by step.
    _hands_masks_on = False

    def __init__(self, *, activity_regularizer=None, trainable=True, dtype=None, autocast=True, name=None, **kwargs):
        self._given_shape = None
        if "input_shape" in kwargs:
            self._given_shape = _as_batch(kwargs.pop("input_shape"))
        if "input_dim" in kwargs:
            self._given_shape = (None, kwargs.pop("input_dim"))
        if "batch_input_shape" in kwargs:
            self._given_shape = tuple(kwargs.pop("batch_input_shape"))
        if kwargs:
            raise ValueError(f"Unrecognized keyword arguments passed to {type(self).__name__}: {kwargs}")
        self.name = name or _names.auto_name(type(self).__name__)
        self._trainable = bool(trainable)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        self._dtype = str(getattr(dtype, "name", dtype) or "float32")
        self.input_spec = None
        self.supports_masking = self._hands_masks_on

    # ── what it holds ──────────────────────────────────────────────────────────────────────────

    def __setattr__(self, name, value):
        if name not in ("_own_variables", "_sublayers", "_losses", "_inbound_nodes", "_arguments"):
            self._track(value)
        object.__setattr__(self, name, value)

    def _track(self, value):
        if isinstance(value, BaseVariable):
            if not any(value is v for v in self._own_variables):
                self._own_variables.append(value)
        elif isinstance(value, Layer):
            if not any(value is layer for layer in self._sublayers):
                self._sublayers.append(value)
        elif type(value) in (list, tuple):
            for item in value:
                self._track(item)
        elif type(value) is dict:
            for item in value.values():
                self._track(item)

    def _untrack(self, layer):
        self._sublayers[:] = [x for x in self._sublayers if x is not layer]

    def _held_layers(self):
        """Sublayers, also those that were appended to lists after these had become attributes."""
        for value in list(self.__dict__.values()):
            if type(value) is list and value is not self._sublayers and value and isinstance(value[-1], Layer):
                self._track(value)
        return self._sublayers

    @property
    def trainable(self):
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        value = bool(value)
        self.__dict__["_trainable"] = value
        for variable in self._own_variables:
            if hasattr(variable, "_learns"):
                variable.trainable = value and variable._learns
        for layer in self._held_layers():
            layer.trainable = value

    @property
    def dtype(self):
        return self._dtype

    compute_dtype = variable_dtype = dtype

    def add_weight(self, shape=None, initializer=None, dtype=None, trainable=True, autocast=True, regularizer=None,
                   constraint=None, aggregation="none", overwrite_with_gradient=False, name=None):  # fmt: skip
        if isinstance(shape, str):
            # Keras 2's order: the name came first.
            raise TypeError("add_weight takes the shape first: write add_weight(shape=…, name=…)")
        shape = () if shape is None else (shape,) if isinstance(shape, int) else tuple(shape)
        if initializer is None:
            initializer = "glorot_uniform" if "float" in str(dtype or "float32") else "zeros"
        made = Variable(
            initializers.get(initializer) if not callable(initializer) else initializer, shape=shape,
            dtype=str(getattr(dtype, "name", dtype) or "float32"), trainable=trainable and self._trainable, name=name,
            regularizer=regularizers.get(regularizer), constraint=constraints.get(constraint),
        )  # fmt: skip
        made._learns = trainable
        self._track(made)
        return made

    def _variables_in_order(self):
        own = self._own_variables
        learning = [v for v in own if getattr(v, "_learns", v.trainable)]
        found = learning + [v for v in own if not getattr(v, "_learns", v.trainable)]
        for layer in self._held_layers():
            found += layer._variables_in_order()
        seen = set()
        return [v for v in found if not (id(v) in seen or seen.add(id(v)))]

    @property
    def variables(self):
        return self._variables_in_order()

    @property
    def weights(self):
        return self._variables_in_order()

    @property
    def trainable_variables(self):
        if not self._trainable:
            return []
        return [v for v in self._variables_in_order() if v.trainable]

    @property
    def non_trainable_variables(self):
        learning = {id(v) for v in self.trainable_variables}
        return [v for v in self._variables_in_order() if id(v) not in learning]

    trainable_weights, non_trainable_weights = trainable_variables, non_trainable_variables

    def get_weights(self):
        return [v.numpy() for v in self.weights]

    def set_weights(self, weights):
        own = self.weights
        if len(own) != len(weights):
            raise ValueError(
                f"You called `set_weights(weights)` on layer '{self.name}' with a weight list of length "
                f"{len(weights)}, but the layer was expecting {len(own)} weights."
            )
        arrays = [np.asarray(to_numpy(w)) for w in weights]
        for variable, array in zip(own, arrays):
            if tuple(variable.shape) != tuple(array.shape):
                raise ValueError(
                    f"Layer {self.name} weight shape {tuple(variable.shape)} is not compatible with provided weight "
                    f"shape {tuple(array.shape)}."
                )
        for variable, array in zip(own, arrays):
            variable.assign(array)

    def count_params(self):
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on layer '{self.name}', but the layer isn't built. You can build "
                f"it manually via: `layer.build(input_shape)`."
            )
        return sum(int(np.prod(v.shape)) if len(v.shape) else 1 for v in self.weights)

    # ── losses ─────────────────────────────────────────────────────────────────────────────────

    def add_loss(self, loss):
        self._losses.extend(flatten(loss))

    def _all_layers(self):
        yield self
        for layer in self._held_layers():
            yield from layer._all_layers()

    @property
    def losses(self):
        found = [loss for layer in self._all_layers() for loss in layer._losses]
        for variable in self.trainable_variables:
            if getattr(variable, "regularizer", None) is not None:
                found.append(variable.regularizer(variable))
        return found

    def _clear_losses(self):
        for layer in self._all_layers():
            if layer._losses:
                layer._losses.clear()

    # ── calls ──────────────────────────────────────────────────────────────────────────────────

    def build(self, *shapes, **named):
        self.__dict__["built"] = True

    def call(self, *args, **kwargs):
        raise NotImplementedError(f"Layer {type(self).__name__} does not have a `call` method implemented.")

    def _build_with(self, *shapes):
        with _names.scope(self.name):
            self.build(*shapes)

    def _build_for(self, args, kwargs):
        """Builds with the shapes of what it is called on."""
        if self.built:
            return
        shape = map_tree(lambda x: tuple(x.shape), args[0] if args else next(iter(kwargs.values())))
        check_inputs(self, args)
        self._build_with(shape)

    def __call__(self, *args, **kwargs):
        if any_symbolic(args, kwargs):
            with _names.scope(self.name):
                check_inputs(self, args)
                self._build_for(args, kwargs)
                check_inputs(self, args)
                return self.symbolic_call(*args, **kwargs)
        args = tuple(self._taken(x) for x in args)
        kwargs = {k: self._taken(x) if isinstance(x, np.ndarray) else x for k, x in kwargs.items()}
        if not self.built:
            with _names.scope(self.name):
                self._build_for(args, kwargs)
        check_inputs(self, args)
        takes = self._parameters()
        given = kwargs.get("training")
        training = given if given is not None else _training
        if "training" in takes:
            kwargs["training"] = bool(training) if training is not None else takes["training"]
        else:
            kwargs.pop("training", None)
        masks = [_mask_of(x) for x in args]
        # The first of the names is self.
        for at, name in enumerate([*takes][1:] if any(mask is not None for mask in masks) else ()):
            place = "mask" if at == 0 and "mask" in takes else f"{name}_mask"
            if at < len(masks) and masks[at] is not None and place in takes and kwargs.get(place) is None:
                kwargs[place] = masks[at]
        with _Call(training if training is not None else kwargs.get("training")), _names.scope(self.name):
            try:
                y = self.call(*args, **kwargs)
            except (ValueError, TypeError) as error:
                if type(self).__module__.partition(".")[0] == "keras":
                    raise
                raise _told_of_call(self, error, args, kwargs)
        if self.supports_masking and isinstance(y, Tensor) and getattr(y, "_keras_mask", None) is None:
            mask = self.compute_mask(args[0], masks[0]) if args else None
            if mask is not None:
                y._keras_mask = mask
        if "_seen_output" not in self.__dict__ and not self._inbound_nodes:
            self.__dict__["_seen_output"] = tuple(flatten(y)[0].shape)
        if self.activity_regularizer is not None:
            for part in flatten(y):
                self.add_loss(self.activity_regularizer(part) / float(part.shape[0]))
        return y

    def compute_mask(self, inputs, previous_mask=None):
        """Which steps of the answer count, where the layer hands that on."""
        if isinstance(previous_mask, list):
            known = [mask for mask in previous_mask if mask is not None]
            if len(known) < len(previous_mask):
                return None
            either = known[0]
            for mask in known[1:]:
                either = either | mask
            return either
        return previous_mask

    def _parameters(self):
        """The arguments of `call` with their defaults, read once per class."""
        known = type(self).__dict__.get("_call_parameters")
        if known is None:
            parameters = inspect.signature(type(self).call).parameters.values()
            known = {p.name: None if p.default is p.empty else p.default for p in parameters}
            type(self)._call_parameters = known
        return known

    def _taken(self, x):
        """An input as a tensor, floats in float32."""
        if isinstance(x, Tensor):
            return x if x._a._h & 3 != 3 or self._dtype == "float64" else as_tensor(x, "float32")
        if isinstance(x, (list, tuple)) and x and not isinstance(x[0], (int, float, list, tuple)):
            return type(x)(self._taken(part) for part in x)
        if isinstance(x, dict):
            return {key: self._taken(part) for key, part in x.items()}
        if x is None or isinstance(x, (bool, str)):
            return x
        if isinstance(x, (int, float)) and not isinstance(x, np.generic):
            raise ValueError(
                "Only input tensors may be passed as positional arguments. The following argument value should be "
                f"passed as a keyword argument: {x} (of type {type(x)})"
            )
        if callable(x) and not hasattr(x, "_read"):
            return x
        x = as_tensor(x)
        return as_tensor(x, "float32") if x._a._h & 3 == 3 and self._dtype != "float64" else x

    def compute_output_shape(self, input_shape):
        made = self.compute_output_spec(map_shapes(lambda s: KerasTensor(s), input_shape))
        return map_tree(lambda y: y.shape, made)

    def compute_output_spec(self, *args, **kwargs):
        if type(self).compute_output_shape is not Layer.compute_output_shape:
            shape = map_tree(lambda x: x.shape, args[0])
            dtype = self._dtype
            return map_shapes(lambda s: KerasTensor(s, dtype), self.compute_output_shape(shape))

        def called(*args, **kwargs):
            kept = [(layer, list(layer._losses)) for layer in self._all_layers()]
            y = self.call(*args, **kwargs)
            for layer, losses in kept:
                layer._losses[:] = losses
            return y

        takes = self._parameters()
        if "training" in takes and kwargs.get("training") is None:
            kwargs = {**kwargs, "training": False}
        return infer_output(called, args, kwargs)

    # ── what it was made of ────────────────────────────────────────────────────────────────────

    def get_config(self):
        config = {"name": self.name, "trainable": self._trainable, "dtype": _policy(self._dtype)}
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
        if type(self).get_config is Layer.get_config:
            args, kwargs = self._arguments
            names = list(inspect.signature(type(self).__init__).parameters)[1:]
            given = {**dict(zip(names, args)), **kwargs}
            plain = (int, float, str, bool, list, tuple, dict, type(None))
            config.update({key: value for key, value in given.items() if isinstance(value, plain)})
        return config

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        if isinstance(config.get("dtype"), dict):
            config["dtype"] = config["dtype"]["config"]["name"]
        config.pop("quantization_config", None)
        return cls(**config)

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"

    def __str__(self):
        return self.__repr__()

    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other


def _policy(dtype):
    return {"module": "keras", "class_name": "DTypePolicy", "config": {"name": dtype}, "registered_name": None}


def _as_batch(shape):
    return (None, *((shape,) if isinstance(shape, int) else shape))


def is_shape(tree):
    return isinstance(tree, (tuple, list)) and all(n is None or isinstance(n, int) for n in tree)


def map_shapes(function, tree):
    """`function` of every shape of a tree of shapes."""
    if is_shape(tree):
        return function(tuple(tree))
    if isinstance(tree, dict):
        return {key: map_shapes(function, part) for key, part in tree.items()}
    return type(tree)(map_shapes(function, part) for part in tree)
