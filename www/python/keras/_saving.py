"""Models as configurations, and as files of both: .keras and .h5."""

import json
import os
import time
import zipfile

import numpy as np

from . import _registry, _weights
from ._hdf5 import File
from ._symbolic import FunctionOperation, KerasTensor
from ._tree import flatten, map_tree
from .layers._base import Layer

# ── configurations ─────────────────────────────────────────────────────────────────────────────


def described_layer(layer):
    own = type(layer).__module__.partition(".")[0] == "keras"
    from ._model import Functional, Sequential

    module = "keras.layers" if own else type(layer).__module__
    if isinstance(layer, (Functional, Sequential)) and type(layer) in (Functional, Sequential):
        module = "keras" if isinstance(layer, Sequential) else "keras.src.models.functional"
    made = {
        "module": module, "class_name": type(layer).__name__, "config": layer.get_config(),
        "registered_name": None if own else f"Custom>{type(layer).__name__}",
    }  # fmt: skip
    nodes = getattr(layer, "_inbound_nodes", None)
    # Keras builds what has no such entry by calling it.
    if nodes and len(nodes[0].inputs) == 1:
        made["build_config"] = {"input_shape": nodes[0].inputs[0].shape}
    return made


def _tensor_config(x):
    operation, node, place = x._keras_history
    return {"class_name": "__keras_tensor__", "config": {"shape": x.shape, "dtype": x.dtype, "keras_history": (operation.name, node, place)}}


def model_config(model):
    from ._model import Sequential

    policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
    if isinstance(model, Sequential):
        config = {"name": model.name, "trainable": model.trainable, "dtype": policy}
        config["layers"] = [described_layer(layer) for layer in model._chain]
        if model._graph is not None:
            if not any(type(layer).__name__ == "InputLayer" for layer in model._chain):
                first = model._graph.inputs[0]._keras_history[0]
                config["layers"].insert(0, described_layer(first))
            config["build_input_shape"] = model._graph.inputs[0].shape
        return config
    graph = model._graph
    if graph is None:
        return Layer.get_config(model)
    layers = []
    for operation in graph.operations:
        if isinstance(operation, FunctionOperation):
            raise NotImplementedError(f"{operation.name}, a function of keras.ops in the graph, can't be saved here; nearest here: a layer")
        made = described_layer(operation)
        made["name"] = operation.name
        made["inbound_nodes"] = [
            {
                "args": map_tree(lambda x: _tensor_config(x) if isinstance(x, KerasTensor) else x, list(node.args)),
                "kwargs": map_tree(lambda x: _tensor_config(x) if isinstance(x, KerasTensor) else x, node.kwargs),
            }
            for node in operation._inbound_nodes
            if node.inputs and any(node is n for n in graph.nodes)
        ]
        layers.append(made)

    def places(tree):
        return map_tree(lambda x: [x._keras_history[0].name, x._keras_history[1], x._keras_history[2]], tree)

    return {
        "name": model.name, "trainable": model.trainable, "layers": layers, "input_layers": places(graph.inputs_tree),
        "output_layers": places(graph.outputs_tree),
    }  # fmt: skip


def _layer_class(name, custom):
    from . import layers
    from ._model import Functional, Model, Sequential

    known = {**_registry._custom, **custom}
    if name in known:
        return known[name]
    if name in ("Functional", "Model"):
        return Functional if name == "Functional" else Model
    if name == "Sequential":
        return Sequential
    found = getattr(layers, name, None) if name in vars(layers) else None
    if found is None:
        raise TypeError(
            f"Could not locate class '{name}'. Make sure custom classes are decorated with "
            "`@keras.saving.register_keras_serializable()`, or given in `custom_objects`."
        )
    return found


def _plain(config):
    """A configuration without the wrappings of Keras's serialiser."""
    if isinstance(config, dict):
        if config.get("class_name") == "DTypePolicy":
            return config["config"]["name"]
        if config.get("class_name") == "function":
            return config["config"]
        if config.get("class_name") == "__tuple__":
            return tuple(_plain(x) for x in config["items"])
        return {key: _plain(value) for key, value in config.items()}
    if isinstance(config, list):
        return [_plain(x) for x in config]
    return config


# Settings of the real layers' that have only one value here.
_ALWAYS = ("quantization_config", "renorm", "renorm_clipping", "renorm_momentum", "use_gate", "sliding_window", "attention_axes",
           "flash_attention", "seed_generator", "zero_output_for_mask", "unroll", "synchronized", "batch_input_shape", "optional",
           "sparse", "ragged", "lora_rank", "input_axes", "output_axes", "implementation")  # fmt: skip


def layer_from(entry, custom):
    cls = _layer_class(entry["class_name"], custom)
    config = _plain(entry["config"])
    from ._model import Model

    if isinstance(cls, type) and issubclass(cls, Model) and "layers" in entry["config"]:
        return model_from_config(cls, entry["config"], custom)
    config = {k: _stripped(v) for k, v in config.items() if k not in _ALWAYS}
    if not cls.__module__.startswith("keras"):
        return cls.from_config(config)
    if entry["class_name"] == "Embedding":
        config.pop("activity_regularizer", None)
    if entry["class_name"] in ("Bidirectional", "TimeDistributed"):
        for key in ("layer", "backward_layer"):
            if isinstance(config.get(key), dict):
                config[key] = layer_from(config[key], custom)
    return cls.from_config(config)


def _stripped(value):
    if isinstance(value, dict):
        return {k: _stripped(v) for k, v in value.items() if k not in ("input_axes", "output_axes")}
    return value


def model_from_config(cls, config, custom_objects=None):
    from ._model import Functional, Sequential

    custom = custom_objects or {}
    if "layers" not in config:
        return Layer.from_config.__func__(cls, config)
    if issubclass(cls, Sequential) or "input_layers" not in config:
        model = Sequential(name=config.get("name"))
        for entry in config["layers"]:
            model.add(layer_from(entry, custom), rebuild=False)
        model._rebuild()
        if model._graph is None and config.get("build_input_shape"):
            model.build(tuple(config["build_input_shape"]))
        return model
    layers, made = {}, {}
    waiting = []
    for entry in config["layers"]:
        layer = layer_from(entry, custom)
        layers[entry["name"]] = layer
        if not entry["inbound_nodes"]:
            made[entry["name"], 0, 0] = layer.output
        for number, node in enumerate(entry["inbound_nodes"]):
            waiting.append((entry["name"], number, node))
    while waiting:
        rest = []
        for name, number, node in waiting:
            if not _ready(node, made):
                rest.append((name, number, node))
                continue
            args, kwargs = _filled(node["args"], made), _filled(node["kwargs"], made)
            outputs = flatten(layers[name](*args, **{k: v for k, v in kwargs.items() if v is not None}))
            for place, x in enumerate(outputs):
                made[name, number, place] = x
        if len(rest) == len(waiting):
            raise ValueError(f"The configuration of {config.get('name')} has layers whose inputs are nowhere: {[r[0] for r in rest]}")
        waiting = rest

    def tensors(tree):
        if isinstance(tree, (list, tuple)) and len(tree) == 3 and isinstance(tree[0], str):
            return made[tree[0], tree[1], tree[2]]
        if isinstance(tree, dict):
            return {k: tensors(v) for k, v in tree.items()}
        return [tensors(part) for part in tree]

    inputs, outputs = tensors(config["input_layers"]), tensors(config["output_layers"])
    kind = cls if issubclass(cls, Functional) else Functional
    one = lambda x: x[0] if isinstance(x, list) and len(x) == 1 else x  # noqa: E731
    return kind(inputs=one(inputs), outputs=one(outputs), name=config.get("name"))


def _history(part):
    history = part["config"]["keras_history"]
    return history[0], history[1], history[2]


def _is_tensor(part):
    return isinstance(part, dict) and part.get("class_name") == "__keras_tensor__"


def _ready(tree, made):
    if _is_tensor(tree):
        return _history(tree) in made
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, (list, tuple)) else ()
    return all(_ready(part, made) for part in parts)


def _filled(tree, made):
    if _is_tensor(tree):
        return made[_history(tree)]
    if isinstance(tree, dict):
        return {key: _filled(part, made) for key, part in tree.items()}
    if isinstance(tree, (list, tuple)):
        return [_filled(part, made) for part in tree]
    return tree


def to_json(model):
    made = described_layer(model)
    if model.compiled:
        made["compile_config"] = compile_config(model)
    return json.dumps(made, default=_json)


def _json(value):
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if hasattr(value, "get_config"):
        return {"module": None, "class_name": type(value).__name__, "config": value.get_config(), "registered_name": None}
    return str(getattr(value, "__name__", value))


def compile_config(model):
    from . import losses, optimizers

    settings = model._settings

    def loss(x):
        return losses.serialize(x) if isinstance(x, losses.Loss) else getattr(x, "__name__", x)

    optimizer = optimizers.serialize(model.optimizer)
    optimizer.update(module="keras.optimizers", registered_name=None)
    plain = lambda x: getattr(x, "name", x) if not isinstance(x, (str, list, dict, tuple)) else x  # noqa: E731
    return {
        "optimizer": optimizer, "loss": map_tree(loss, settings["loss"]), "loss_weights": settings["loss_weights"],
        "metrics": map_tree(plain, settings["metrics"]), "weighted_metrics": None, "run_eagerly": False,
        "steps_per_execution": 1, "jit_compile": False,
    }  # fmt: skip


def model_from_json(text, custom_objects=None):
    entry = json.loads(text)
    return layer_from(entry, custom_objects or {})


def clone_model(model, input_tensors=None, clone_function=None, **kwargs):
    """The same layers with weights of their own."""
    made = layer_from(json.loads(json.dumps(described_layer(model), default=_json)), {type(layer).__name__: type(layer) for layer in model._all_layers()})
    return made


# ── files ──────────────────────────────────────────────────────────────────────────────────────


def save_model(model, filepath, overwrite=True, **kwargs):
    path = os.fspath(filepath)
    if path.endswith(".h5"):
        raise NotImplementedError("writing Keras's old .h5 models is not in this Keras; nearest here: model.save('model.keras') or model.save_weights('model.weights.h5')")
    if not path.endswith(".keras"):
        raise ValueError(f"Invalid filepath extension for saving. Please add either a `.keras` extension for the native Keras format (recommended) or a `.h5` extension. Use `model.export(filepath)` if you want to export a SavedModel for use with TFLite/TFServing/etc. Received: filepath={path}.")
    metadata = {"keras_version": "3.15.1", "date_saved": time.strftime("%Y-%m-%d@%H:%M:%S")}
    # Whatever fails, fails before a file of that name is lost.
    parts = {"metadata.json": json.dumps(metadata), "config.json": to_json(model), "model.weights.h5": _weights.as_h5(model)}
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)


def load_model(filepath, custom_objects=None, compile=True, safe_mode=True):
    path = os.fspath(filepath)
    if not os.path.exists(path):
        raise ValueError(f"File not found: filepath={path}. Please ensure the file is an accessible `.keras` zip file.")
    if not zipfile.is_zipfile(path):
        return _load_h5_model(path, custom_objects or {})
    with zipfile.ZipFile(path) as archive:
        entry = json.loads(archive.read("config.json"))
    model = layer_from(entry, custom_objects or {})
    if compile and entry.get("compile_config"):
        _compiled(model, entry["compile_config"], custom_objects or {})
        model.optimizer.build(model.trainable_variables)
    _weights.load_weights(model, path)
    return model


def _compiled(model, config, custom):
    from . import optimizers

    with _registry.custom_object_scope(custom):
        optimizer = config.get("optimizer")
        if isinstance(optimizer, dict):
            optimizer = optimizers.get({"class_name": optimizer["class_name"], "config": optimizer["config"]})
        model.compile(optimizer=optimizer or "rmsprop", loss=_plain(config.get("loss")), loss_weights=config.get("loss_weights"), metrics=_plain(config.get("metrics")))


def _load_h5_model(path, custom):
    with open(path, "rb") as file:
        found = _weights.opened(file, path)
        if not isinstance(found, File):
            raise ValueError(f"{path} is no model file: it is neither a .keras archive nor HDF5")
        text = found.attributes("").get("model_config")
    if text is None:
        raise ValueError(f"{path} holds weights and no model: build the model and call model.load_weights({path!r})")
    model = layer_from(json.loads(text), custom)
    _weights.load_weights(model, path)
    return model
