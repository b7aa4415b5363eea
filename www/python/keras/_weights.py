"""Weights in files: .weights.h5, .h5, .keras and safetensors, read array by array into the variables."""

import io
import json
import math
import os
import struct
import zipfile

import numpy as np

from . import _names
from ._hdf5 import File, write
from ._session import write_tensors
from .layers._base import Layer

_PIECE = 1 << 22
# Where Keras keeps what a compiled model's optimiser remembers.
_OPTIMIZER = "optimizer/vars/"
_KINDS = {"F32": np.float32, "F64": np.float64, "I64": np.int64}

# ── places ─────────────────────────────────────────────────────────────────────────────────────


def own_variables(layer):
    learning = [v for v in layer._own_variables if getattr(v, "_learns", v.trainable)]
    return learning + [v for v in layer._own_variables if not getattr(v, "_learns", v.trainable)]


def _children(layer):
    """(path, layer) of a layer's parts, as Keras's weights files have them."""
    from ._model import Model

    if isinstance(layer, Model):
        counts = {}
        inner = list(layer._chain) if hasattr(layer, "_chain") else layer.layers
        for child in inner:
            name = _names.to_snake_case(type(child).__name__)
            seen = counts.get(name, 0)
            counts[name] = seen + 1
            yield f"layers/{name}_{seen}" if seen else f"layers/{name}", child
        return
    special = {"_query_dense": "query_dense", "_key_dense": "key_dense", "_value_dense": "value_dense", "_output_dense": "output_dense"}
    for attribute in sorted(vars(layer)):
        child = vars(layer)[attribute]
        if isinstance(child, Layer) and (not attribute.startswith("_") or attribute in special):
            yield special.get(attribute, attribute), child


def weight_paths(layer, prefix=""):
    """Pairs of a path in a Keras 3 weights file and a variable."""
    found = [(f"{prefix}vars/{i}", v) for i, v in enumerate(own_variables(layer))]
    for path, child in _children(layer):
        found += weight_paths(child, f"{prefix}{path}/")
    return found


# ── writing ────────────────────────────────────────────────────────────────────────────────────


def save_weights(model, filepath, overwrite=True):
    path = os.fspath(filepath)
    if path.endswith(".safetensors"):
        data = write_tensors({v.path: np.asarray(v._store.array, np.float32) for v in model.weights})
    elif path.endswith(".weights.h5"):
        data = as_h5(model)
    else:
        raise ValueError(f"The filename must end in `.weights.h5` (or `.safetensors`). Received: filepath={path}")
    with open(path, "wb") as file:
        file.write(data)


def as_h5(model):
    """The bytes of a weights file of Keras 3's layout."""
    arrays = {path: v._store.array for path, v in weight_paths(model)}
    if getattr(model, "optimizer", None) is not None:
        arrays.update({f"{_OPTIMIZER}{i}": np.asarray(array) for i, array in enumerate(model.optimizer._arrays())})
    return write(arrays)


# ── reading ────────────────────────────────────────────────────────────────────────────────────


class Tensors:
    """A safetensors file, with the methods of an HDF5 file's that weights need."""

    def __init__(self, file):
        (length,) = struct.unpack("<Q", file.read(8))
        # No header of a network's is larger than this; what isn't one may claim any length.
        if length > 1 << 27:
            raise ValueError("no header")
        self._file, self._begin = file, 8 + length
        self._entries = {name: entry for name, entry in json.loads(file.read(length)).items() if name != "__metadata__"}
        self.datasets = list(self._entries)

    def shape(self, name):
        return tuple(self._entries[name]["shape"])

    def read_into(self, name, array):
        entry = self._entries[name]
        if entry["dtype"] not in _KINDS:
            raise ValueError(f"{name} has dtype {entry['dtype']}: only F32, F64 and I64 are read here")
        kind, flat = _KINDS[entry["dtype"]], array.reshape(-1)
        size = np.dtype(kind).itemsize
        self._file.seek(self._begin + entry["data_offsets"][0])
        for first in range(0, flat.size, _PIECE // size):
            n = min(_PIECE // size, flat.size - first)
            raw = self._file.read(n * size)
            if len(raw) < n * size:
                raise ValueError(f"the file ends within {name}: it was not copied or downloaded whole")
            flat[first : first + n] = np.frombuffer(raw, kind)


def opened(file, path):
    """An HDF5 file or Tensors of an open file; of a .keras archive its weights."""
    head = file.read(8)
    file.seek(0)
    if head.startswith(b"PK"):
        return File(*_weights_within(file))
    if head == b"\x89HDF\r\n\x1a\n":
        return File(file)
    try:
        return Tensors(file)
    except (struct.error, ValueError, KeyError, AttributeError):
        raise ValueError(f"{path} is no weights file: expected .weights.h5, .h5, .keras or .safetensors") from None


def _weights_within(file):
    """The file in which an archive's weights begin, and where: what is stored as it is needs no copy."""
    archive = zipfile.ZipFile(file)
    about = archive.getinfo("model.weights.h5")
    if about.compress_type != zipfile.ZIP_STORED:
        return io.BytesIO(archive.read(about)), 0
    file.seek(about.header_offset + 26)
    name, extra = struct.unpack("<HH", file.read(4))
    return file, about.header_offset + 30 + name + extra


def load_weights(model, filepath, skip_mismatch=False, by_name=False, **kwargs):
    path = os.fspath(filepath)
    with open(path, "rb") as stream:
        file = opened(stream, path)
        pairs = _by_tensors(model, file, path) if isinstance(file, Tensors) else _by_h5(model, file, path, by_name)
        fitting = []
        for variable, at in pairs:
            if tuple(variable.shape) == tuple(file.shape(at)):
                fitting.append((variable, at))
            elif not skip_mismatch:
                raise ValueError(f"Shape mismatch for {variable.path}: the model has {tuple(variable.shape)}, {path} has {tuple(file.shape(at))}")
        for variable, at in fitting:
            store = variable._store
            array = store.array
            # In place where nobody else holds the array: the largest of VGG16's alone have 411 MB.
            array = array if _is_large(array) and array.flags.c_contiguous else np.empty(array.shape, array.dtype)
            file.read_into(at, array)
            store.set(array)
        if getattr(model, "optimizer", None) is not None and isinstance(file, File):
            count = len(file.children(_OPTIMIZER[:-1]))
            if count:
                model.optimizer._take([file.read(f"{_OPTIMIZER}{i}") for i in range(count)])


def _is_large(array):
    return math.prod(array.shape) >= _PIECE


def _by_tensors(model, file, path):
    names = file.datasets
    missing = [v.path for v in model.weights if v.path not in names]
    if missing and len(names) != len(model.weights):
        raise ValueError(f"{path} has no tensor {missing[0]!r}; it holds {', '.join(names[:8])}, …")
    return list(zip(model.weights, names)) if missing else [(v, v.path) for v in model.weights]


def _by_h5(model, file, path, by_name):
    """Pairs of variables and places, of Keras 3's layout or of the older one by layers' names."""
    top = "model_weights" if "model_weights" in file.children("") else ""
    names = file.attributes(top).get("layer_names")
    if names is None:
        wanted = weight_paths(model)
        missing = [p for p, _ in wanted if p not in file.datasets]
        if missing:
            known = [p for p in file.datasets if p.startswith(missing[0].rsplit("/", 2)[0])]
            raise ValueError(f"{path} has no weights at {missing[0]}; it has {', '.join(known[:6]) or 'none of this layer'}: the file belongs to a model with other layers")
        return [(v, p) for p, v in wanted]
    prefix = f"{top}/" if top else ""
    held = {name: [f"{prefix}{name}/{w}" for w in file.attributes(prefix + name).get("weight_names") or []] for name in names}
    held = {name: places for name, places in held.items() if places}
    own = [layer for layer in model.layers if layer.weights]
    if not by_name and len(own) != len(held):
        raise ValueError(f"Layer count mismatch when loading weights from file. Model expected {len(own)} layers, found {len(held)} saved layers.")
    matched = [(layer, held.get(layer.name)) for layer in own] if by_name else list(zip(own, held.values()))
    pairs = []
    for layer, places in matched:
        if places is None:
            continue
        if len(places) != len(layer.weights):
            raise ValueError(f"Weight count mismatch for layer {layer.name}: it expects {len(layer.weights)} weights, {path} has {len(places)}")
        pairs += list(zip(layer.weights, places))
    return pairs
