"""A model as a run of the engine: its layers as the spec that `_danlu.Session` compiles.

What has no place there (a layer of one's own, a shared layer, several outputs) gives None, and the
model is then trained on the tape.
"""

import math

from . import losses as loss_module
from . import optimizers as optimizer_module
from ._symbolic import KerasTensor
from .layers._base import Layer
from .layers._core import InputLayer
from .layers._preprocessing import RandomImage
from .regularizers import L1L2


# A plan has a copy of the weights, and their way to it is some more: larger models stay where their weights are.
_WEIGHTS_MAX = 60_000_000


class Untranslatable(Exception):
    """What in the model the engine's plan has no word for."""


class Layout:
    """The layers of a model in the order of the plan, with the variables of each by the plan's names."""

    def __init__(self, model):
        if model._graph is None:
            raise Untranslatable("no graph")
        if type(model).call is not _plain_call(model):
            raise Untranslatable("a call of its own")
        if sum(math.prod(v.shape) for v in model.weights) > _WEIGHTS_MAX:
            raise Untranslatable("too many weights")
        graph = model._graph
        self.nodes, self.variables, self.regularizers = [], {}, []
        self._seen, self.changes = set(), []
        if len(graph.outputs) != 1:
            raise Untranslatable("several outputs")
        self.inputs = []
        for place, x in enumerate(graph.inputs):
            shape = list(x.shape[1:])
            if None in shape or not shape:
                raise Untranslatable("an input of open size")
            self.inputs.append({"name": f"in{place}", "shape": shape})
        (self.output,) = self._walk(graph, [spec["name"] for spec in self.inputs])
        if not self.nodes:
            raise Untranslatable("no layers")
        self.output_shape = tuple(graph.outputs[0].shape)
        self._mask_free(model)

    def _mask_free(self, model):
        for layer in model._all_layers():
            if getattr(layer, "mask_zero", False):
                raise Untranslatable("masks")

    def _walk(self, graph, names):
        values = {id(x): name for x, name in zip(graph.inputs, names)}
        for node in graph.nodes:
            operation = node.operation
            if all(id(x) in values for x in node.outputs) or isinstance(operation, InputLayer):
                continue
            sources = [values[id(x)] for x in node.inputs]
            inner = getattr(operation, "_graph", None)
            if inner is not None:
                if type(operation).call is not _plain_call(operation):
                    raise Untranslatable("a call of its own")
                made = self._walk(inner, sources)
            else:
                made = [self._add(operation, node, sources)]
            for x, name in zip(node.outputs, made):
                values[id(x)] = name
        return [values[id(x)] for x in graph.outputs]

    def _add(self, layer, node, sources):
        if id(layer) in self._seen:
            raise Untranslatable("a shared layer")
        self._seen.add(id(layer))
        if isinstance(layer, RandomImage) and not self.nodes and sources == [self.inputs[0]["name"]] and len(self.inputs) == 1:
            # It changes samples before the network sees them, in training only.
            self.changes.append(layer)
            return sources[0]
        plan = getattr(layer, "_plan", None)
        if plan is None or not isinstance(layer, Layer) or type(layer).__module__.partition(".")[0] != "keras":
            raise Untranslatable(f"layer {layer.name}")
        spec = plan()
        if spec is None or ("activation" in spec and spec["activation"] is None) or layer.activity_regularizer is not None:
            raise Untranslatable(f"layer {layer.name}")
        if len(node.outputs) != 1:
            raise Untranslatable(f"layer {layer.name}")
        sources = self._arguments(layer, node, sources, spec)
        name = f"L{len(self.nodes)}"
        spec.update(name=name, trainable=bool(layer.trainable), inputs=sources)
        self._take_variables(layer, name)
        self.nodes.append(spec)
        return name

    def _arguments(self, layer, node, sources, spec):
        given = {key: value for key, value in node.kwargs.items() if not isinstance(value, KerasTensor)}
        if spec["type"] == "multi_head_attention":
            if len(set(sources)) != 1:
                raise Untranslatable("attention between two")
            spec["causal"] = bool(given.pop("use_causal_mask", False))
            sources = sources[:1]
        given.pop("training", None)
        if any(value is not None for value in given.values()) or (node.kwargs.get("training") is not None):
            raise Untranslatable(f"arguments of {layer.name}")
        return sources

    def _take_variables(self, layer, name):
        prefix = layer.name + "/"
        for variable in layer.weights:
            path = variable.path
            own = path[path.rindex(prefix) + len(prefix) :] if prefix in path else variable.name
            if own == "scale":
                own = "gamma"
            learns = getattr(variable, "_learns", True)
            if variable.constraint is not None or layer.trainable and learns and not variable.trainable:
                raise Untranslatable(f"a constraint of {layer.name}")
            full = f"{name}/{own}"
            self.variables[full] = variable
            regularizer = variable.regularizer
            if regularizer is not None:
                if not isinstance(regularizer, L1L2):
                    raise Untranslatable(f"a regulariser of {layer.name}")
                if layer.trainable:
                    self.regularizers.append(
                        {"type": "l1_l2", "l1": regularizer.l1, "l2": regularizer.l2, "parameters": [full]}
                    )

    def model(self, end=None):
        """The network, with an activation behind it where `end` names one."""
        nodes, output = [dict(node) for node in self.nodes], self.output
        if end:
            nodes.append({"type": end, "name": "end", "inputs": [output]})
            output = "end"
        chain = len(self.inputs) == 1
        before = self.inputs[0]["name"]
        for node in nodes:
            chain = chain and node["inputs"] == [before]
            before = node["name"]
        if chain and before == output:
            for node in nodes:
                del node["inputs"]
            return {"input": self.inputs[0]["shape"], "layers": nodes}
        return {"inputs": self.inputs, "nodes": nodes, "output": output}

    def draws(self):
        """Whether an answer in training differs from one outside of it."""
        return any("dropout" in node["type"] or "noise" in node["type"] or node["type"] == "batch_normalization" or node.get("dropout")
                   for node in self.nodes)  # fmt: skip

    def ends_in(self, activation):
        last = next(node for node in self.nodes if node["name"] == self.output)
        return last.get("activation") == activation or last["type"] == activation


def _plain_call(model):
    from ._model import Model, Sequential

    return Sequential.call if isinstance(model, Sequential) else Model.call


# ── losses ─────────────────────────────────────────────────────────────────────────────────────


class Target:
    """How a loss of Keras's goes into a run: its spec, what is put behind the model, which targets it takes."""

    def __init__(self, spec, end=None, kind="values"):
        self.spec, self.end, self.kind = spec, end, kind
        # The accuracy that the plan counts by itself, by its name; whether metrics are counted from answers besides.
        self.label, self.measured = "", False
        # Whether the run multiplies by the classes' weights itself.
        self.weighs_classes = "class_weights" in spec


def target_of(loss, layout, class_weights=None):
    kind = type(loss)
    if getattr(loss, "reduction", None) not in ("sum_over_batch_size", "mean"):
        raise Untranslatable("a sum over the batch")
    if kind in (loss_module.SparseCategoricalCrossentropy, loss_module.CategoricalCrossentropy):
        end = None
        if loss.from_logits:
            end = "softmax"
        elif not layout.ends_in("softmax"):
            raise Untranslatable("no softmax at the end")
        if getattr(loss, "axis", -1) != -1 or getattr(loss, "ignore_class", None) is not None:
            raise Untranslatable("settings of the loss")
        spec = {"type": "categorical_cross_entropy"}
        if getattr(loss, "label_smoothing", 0.0):
            spec["label_smoothing"] = loss.label_smoothing
        if class_weights:
            classes = layout.output_shape[-1]
            spec["class_weights"] = [float(class_weights.get(c, 1.0)) for c in range(classes)]
        return Target(spec, end, "labels" if kind is loss_module.SparseCategoricalCrossentropy else "one_hot")
    if kind is loss_module.BinaryCrossentropy:
        if loss.label_smoothing or not (loss.from_logits or layout.ends_in("sigmoid")):
            raise Untranslatable("no sigmoid at the end")
        return Target({"type": "binary_cross_entropy"}, "sigmoid" if loss.from_logits else None)
    names = {loss_module.MeanSquaredError: "mean_squared_error", loss_module.MeanAbsoluteError: "mean_absolute_error"}
    if kind in names:
        return Target({"type": names[kind]})
    if kind is loss_module.Huber and loss.delta == 1.0:
        return Target({"type": "huber"})
    raise Untranslatable(f"loss {kind.__name__}")


# ── optimisers ─────────────────────────────────────────────────────────────────────────────────

_OPTIMIZERS = {
    "SGD": ("momentum", "nesterov"),
    "Adam": ("beta_1", "beta_2", "epsilon", "amsgrad"),
    "AdamW": ("beta_1", "beta_2", "epsilon", "amsgrad"),
    "RMSprop": ("rho", "momentum", "epsilon", "centered"),
    "Adagrad": ("initial_accumulator_value", "epsilon"),
    "Adadelta": ("rho", "epsilon"),
    "Lion": ("beta_1", "beta_2"),
}


def optimizer_spec(optimizer):
    kind = type(optimizer).__name__
    if kind not in _OPTIMIZERS or type(optimizer) is not getattr(optimizer_module, kind):
        raise Untranslatable(f"optimiser {kind}")
    if optimizer.use_ema or optimizer._exclusions:
        raise Untranslatable("settings of the optimiser")
    spec = {"type": kind.lower(), "learning_rate": max(optimizer._current_rate(), 1e-30)}
    for key in _OPTIMIZERS[kind]:
        spec[key] = getattr(optimizer, key)
    spec["weight_decay"] = optimizer.weight_decay or 0.0
    for key in ("clipvalue", "clipnorm", "global_clipnorm"):
        if getattr(optimizer, key) is not None:
            spec[key] = getattr(optimizer, key)
    if optimizer.gradient_accumulation_steps:
        if kind in ("Adam", "AdamW"):
            # Keras corrects its averages by batches, the engine by steps.
            raise Untranslatable("gathered gradients with Adam")
        spec["gradient_accumulation_steps"] = optimizer.gradient_accumulation_steps
    return spec


def width_of(layout):
    """Numbers of one sample."""
    return sum(math.prod(spec["shape"]) for spec in layout.inputs)
