"""Model: a graph of layers, or a subclass with its own `call`; and Sequential."""

from . import _names
from ._graph import Graph
from ._symbolic import FunctionOperation, KerasTensor
from ._training import Training
from ._tree import flatten
from .layers._base import Layer
from .layers._core import InputLayer


class Model(Training, Layer):
    _graph = None

    def __new__(cls, *args, **kwargs):
        if cls is Model and _is_functional(args, kwargs):
            cls = Functional
        return Layer.__new__(cls, *args, **kwargs)

    def __init__(self, *args, **kwargs):
        functional = _is_functional(args, kwargs)
        if functional:
            names = ("inputs", "outputs")
            inputs, outputs = (kwargs.pop(n) if n in kwargs else None for n in names)
            if args:
                inputs, outputs = args[0], args[1] if len(args) > 1 else outputs
        super().__init__(**kwargs)
        self._begin_training()
        if functional:
            self._set_graph(inputs, outputs)

    def _set_graph(self, inputs, outputs):
        graph = Graph(inputs, outputs)
        self.__dict__["_graph"] = graph
        for operation in graph.operations:
            if isinstance(operation, Layer):
                self._track(operation)
        self.__dict__["built"] = True

    # ── what it is made of ─────────────────────────────────────────────────────────────────────

    @property
    def layers(self):
        return list(self._held_layers())

    @property
    def operations(self):
        return list(self._graph.operations) if self._graph else self.layers

    def _held_layers(self):
        if self._graph is not None:
            ordered = [op for op in self._graph.operations if isinstance(op, Layer)]
            known = {id(op) for op in ordered}
            return ordered + [x for x in super()._held_layers() if id(x) not in known and not hasattr(x, "_is_metric")]
        return super()._held_layers()

    @property
    def inputs(self):
        return list(self._graph.inputs) if self._graph else None

    @property
    def outputs(self):
        return list(self._graph.outputs) if self._graph else None

    @property
    def input(self):
        self._needs_graph("input")
        return self._graph.inputs_tree

    @property
    def output(self):
        self._needs_graph("output")
        return self._graph.outputs_tree

    @property
    def input_shape(self):
        shapes = [x.shape for x in flatten(self.input)]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def output_shape(self):
        shapes = [x.shape for x in flatten(self.output)]
        return shapes[0] if len(shapes) == 1 else shapes

    @property
    def input_names(self):
        return [x._keras_history[0].name for x in self._graph.inputs]

    @property
    def output_names(self):
        return [x._keras_history[0].name for x in self._graph.outputs] if self._graph else None

    def _needs_graph(self, what):
        if self._graph is None:
            raise AttributeError(f"The layer {self.name} has never been called and thus has no defined {what}.")

    def get_layer(self, name=None, index=None):
        if index is not None:
            if len(self.layers) <= index:
                raise ValueError(f"Was asked to retrieve layer at index {index} but model only has {len(self.layers)} layers.")
            return self.layers[index]
        if name is None:
            raise ValueError("Provide either a layer name or layer index at `get_layer`.")
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}. Existing layers are: {[layer.name for layer in self.layers]}.")

    # ── calls ──────────────────────────────────────────────────────────────────────────────────

    def build(self, input_shape=None, *rest):
        if self._graph is not None or input_shape is None:
            self.__dict__["built"] = True
            return
        from .layers._base import map_shapes

        x = map_shapes(lambda s: KerasTensor(s), input_shape)
        Layer.compute_output_spec(self, x)
        self.__dict__["built"] = True

    def _build_for(self, args, kwargs):
        # A subclass builds its layers by calling them.
        if type(self).build is not Model.build:
            super()._build_for(args, kwargs)
        else:
            self.__dict__["built"] = True

    def call(self, inputs, training=None, mask=None):
        if self._graph is None:
            raise NotImplementedError(f"Model {type(self).__name__} does not have a `call()` method implemented.")
        self._check_graph_inputs(inputs)
        return self._graph.run(self._in_order(inputs), _caller(training))

    def _in_order(self, inputs):
        """Inputs given as a dict by the names of the input layers."""
        tree = self._graph.inputs_tree
        if isinstance(inputs, dict) and not isinstance(tree, dict):
            return [inputs[name] for name in self.input_names]
        if isinstance(tree, dict) and isinstance(inputs, dict):
            return [inputs[key] for key in sorted(tree)]
        return inputs

    def _check_graph_inputs(self, inputs):
        given, expected = flatten(self._in_order(inputs)), self._graph.inputs
        if len(given) != len(expected):
            raise ValueError(
                f"Layer '{self.name}' expected {len(expected)} input(s). Received {len(given)} instead."
            )
        for place, (x, spec) in enumerate(zip(given, expected)):
            shape = tuple(x.shape)
            fits = len(shape) == len(spec.shape) and all(a is None or b is None or a == b for a, b in zip(shape, spec.shape))
            if not fits and not (len(shape) == len(spec.shape) - 1 and spec.shape[-1] == 1):
                raise ValueError(
                    f"Input {place} with name '{spec._keras_history[0].name}' of layer '{self.name}' is incompatible with the layer: expected shape={tuple(spec.shape)}, "
                    f"found shape={shape}"
                )

    def compute_output_spec(self, *args, **kwargs):
        if self._graph is None:
            return Layer.compute_output_spec(self, *args, **kwargs)
        self._check_graph_inputs(args[0])
        # The graph's own shapes where they fit; walked again where sizes were open.
        if all(a.shape == b.shape for a, b in zip(flatten(args[0]), self._graph.inputs)):
            return self._graph.output_specs()
        from .layers._base import map_shapes  # noqa: F401

        def spec(operation, a, k):
            return operation.compute_output_spec(*a, **k)

        return self._graph.run(args[0], spec)

    def compute_output_shape(self, input_shape):
        from .layers._base import map_shapes

        made = self.compute_output_spec(map_shapes(lambda s: KerasTensor(s), input_shape))
        return made.shape if isinstance(made, KerasTensor) else [x.shape for x in flatten(made)]

    # ── summary, configuration, files ──────────────────────────────────────────────────────────

    def _graph_for_summary(self):
        return self._graph

    def _operations_for_summary(self):
        return self.operations

    def _is_chain(self):
        """Whether each layer takes the one before it: then nobody needs to be told what it takes."""
        if len(self._graph.inputs) > 1 or len(self._graph.outputs) > 1:
            return False
        nodes = self._graph.nodes
        takers = {}
        for node in nodes:
            if len(node.inputs) > 1:
                return False
            for source in node.inputs:
                takers[id(source)] = takers.get(id(source), 0) + 1
        return all(n <= 1 for n in takers.values()) and len({id(n.operation) for n in nodes}) == len(nodes)

    def summary(self, line_length=None, positions=None, print_fn=None, expand_nested=False, show_trainable=False,
                layer_range=None):  # fmt: skip
        from ._summary import summarise

        summarise(self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range)

    def count_params(self):
        if not self.built:
            raise ValueError(
                f"You tried to call `count_params` on layer '{self.name}', but the layer isn't built. You can build it "
                "manually via: `layer.build(input_shape)`."
            )
        from ._summary import counted

        return counted(self.weights)

    def get_config(self):
        from ._saving import model_config

        return model_config(self)

    @classmethod
    def from_config(cls, config, custom_objects=None):
        from ._saving import model_from_config

        return model_from_config(cls, config, custom_objects)

    def to_json(self, **kwargs):
        from ._saving import to_json

        return to_json(self)

    def save(self, filepath, overwrite=True, **kwargs):
        from ._saving import save_model

        save_model(self, filepath, overwrite=overwrite)

    def save_weights(self, filepath, overwrite=True):
        from ._weights import save_weights

        save_weights(self, filepath, overwrite)

    def load_weights(self, filepath, skip_mismatch=False, **kwargs):
        from ._weights import load_weights

        load_weights(self, filepath, skip_mismatch, **kwargs)

    def export(self, filepath, **kwargs):
        raise NotImplementedError("Model.export is not in this Keras; nearest here: model.save('model.keras')")


class Functional(Model):
    pass


def _is_functional(args, kwargs):
    return len(args) == 2 or (len(args) == 1 and "outputs" in kwargs) or ("inputs" in kwargs and "outputs" in kwargs)


def _caller(training):
    """How a graph's operations are called on values."""

    def call(operation, args, kwargs):
        if isinstance(operation, FunctionOperation):
            return operation(*args, **kwargs)
        if training is not None and "training" in operation._parameters() and kwargs.get("training") is None:
            kwargs = {**kwargs, "training": training}
        return operation(*args, **kwargs)

    return call


class Sequential(Model):
    """Layers one after another."""

    def __init__(self, layers=None, trainable=True, name=None):
        super().__init__(trainable=trainable, name=name)
        self.__dict__["_chain"] = []
        for layer in layers or ():
            self.add(layer, rebuild=False)
        self._rebuild()

    def add(self, layer, rebuild=True):
        if isinstance(layer, KerasTensor):
            layer = layer._keras_history[0]
        if not isinstance(layer, Layer):
            raise ValueError(
                f"Only instances of `keras.Layer` can be added to a Sequential model. Received: {layer} (of type {type(layer)})"
            )
        if any(layer.name == known.name for known in self._chain):
            raise ValueError(
                f"All layers added to a Sequential model should have unique names. Name '{layer.name}' is already the "
                f"name of a layer in this model. Update the `name` argument to pass a unique name."
            )
        if isinstance(layer, InputLayer) and self._chain:
            raise ValueError(f"Sequential model '{self.name}' has already been configured to use input shape {self._chain[0].batch_shape}. You cannot add a different Input layer to it.")
        given = layer.__dict__.get("_given_shape")
        if not self._chain and given is not None:
            self._chain.append(InputLayer(batch_shape=given))
        self._chain.append(layer)
        self._track(layer)
        if rebuild:
            self._rebuild()
        else:
            self.__dict__["built"] = False

    def pop(self, rebuild=True):
        layer = self._chain.pop()
        self._untrack(layer)
        self.__dict__["_graph"] = None
        self.__dict__["built"] = False
        self._rebuild()
        return layer

    @property
    def layers(self):
        return [layer for layer in self._chain if not isinstance(layer, InputLayer)]

    def _held_layers(self):
        return self.layers

    def _rebuild(self):
        self.__dict__["_graph"] = None
        self._forget_plan()
        first = self._chain[0] if self._chain else None
        if isinstance(first, InputLayer) and len(self._chain) > 1:
            self._build_chain(first.batch_shape, first.output)
        elif first is not None and first.__dict__.get("_graph") is not None and len(first._graph.inputs) == 1:
            self._build_chain(first._graph.inputs[0].shape, None)

    def _build_chain(self, batch_shape, x):
        if x is None:
            dtype = "float32"
            x = InputLayer(batch_shape=batch_shape, dtype=dtype).output
        # Keras makes a functional model inside, which takes a name.
        _names.auto_name("functional")
        start = x
        with _names.scope(self.name):
            for layer in self.layers:
                x = layer(x)
        self._set_graph(start, x)

    def _set_graph(self, inputs, outputs):
        self.__dict__["_graph"] = Graph(inputs, outputs)
        self.__dict__["built"] = True

    def build(self, input_shape=None):
        if self._graph is not None or input_shape is None:
            return
        if any(not isinstance(n, (int, type(None))) for n in input_shape):
            raise ValueError(f"A Sequential model takes one input. Received: input_shape={input_shape}")
        self._build_chain(tuple(input_shape), None)

    def _build_for(self, args, kwargs):
        if self._graph is None and self.layers:
            x = args[0] if args else next(iter(kwargs.values()))
            self.build(tuple(x.shape))

    def call(self, inputs, training=None, mask=None):
        if self._graph is None:
            return inputs
        # The shape in which it was built says nothing of other batches, or of a bare list of images' sizes.
        x = inputs
        call = _caller(training)
        for layer in self.layers:
            x = call(layer, (x,), {})
        return x

    def compute_output_spec(self, inputs, training=None, mask=None):
        x = inputs
        for layer in self.layers:
            x = layer.compute_output_spec(x)
        return x

    def _operations_for_summary(self):
        return self.layers

    def _is_chain(self):
        return True

    @property
    def input_shape(self):
        return self._graph.inputs[0].shape

    @property
    def inputs(self):
        return list(self._graph.inputs) if self._graph else None
