"""save and load: tensors as safetensors, whatever holds them as JSON beside them."""

import json
import struct
from collections import OrderedDict

import numpy as np

from ._base import wrap
from ._dtypes import DTYPES
from ._tensor import Tensor

_CODES = {"BOOL": "bool", "I64": "int64", "F32": "float32", "F64": "float64"}
_NAMES = {"bool": "BOOL", "int64": "I64", "float32": "F32", "float64": "F64"}
_WIDENED = {"F16": ("<e", "float32"), "I32": ("<i", "int64"), "I16": ("<h", "int64"), "I8": ("<b", "int64"), "U8": ("<B", "int64")}


def _pack(value, tensors, path):
    """A value as JSON holds it; tensors are put aside under their path."""
    if isinstance(value, Tensor):
        tensors[path] = value
        return {"tensor": path, "parameter": type(value).__name__ == "Parameter", "requires_grad": value._requires}
    if isinstance(value, dict):
        kind = "ordered" if isinstance(value, OrderedDict) else "dict"
        return {kind: [[_pack(k, tensors, f"{path}.k{i}"), _pack(v, tensors, _under(path, k))]
                       for i, (k, v) in enumerate(value.items())]}  # fmt: skip
    if isinstance(value, (list, tuple)):
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [_pack(v, tensors, _under(path, i)) for i, v in enumerate(value)]}
    if type(value).__name__ == "dtype" and value in DTYPES:
        return {"dtype": value._name}
    if isinstance(value, (np.ndarray, np.generic)):
        return _pack(value.item() if isinstance(value, np.generic) else wrap(value), tensors, path)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if hasattr(value, "state_dict"):
        raise NotImplementedError(
            f"torch.save of a whole {type(value).__name__} is not here; nearest: torch.save(model.state_dict(), f)"
        )
    raise NotImplementedError(f"torch.save cannot write a {type(value).__name__}; tensors, numbers, texts, lists and dicts it can")


def _under(path, key):
    return f"{path}.{key}" if path else str(key)


def _unpack(value, tensors):
    if not isinstance(value, dict):
        return value
    (kind, parts), *rest = value.items()
    if kind == "tensor":
        made = tensors[parts]
        if value["parameter"]:
            from .nn.parameter import Parameter

            return Parameter(made, value["requires_grad"])
        if value["requires_grad"]:
            made._requires = True
        return made
    if kind in ("dict", "ordered"):
        pairs = [(_unpack(k, tensors), _unpack(v, tensors)) for k, v in parts]
        return OrderedDict(pairs) if kind == "ordered" else dict(pairs)
    if kind == "dtype":
        return {d._name: d for d in DTYPES}[parts]
    made = [_unpack(v, tensors) for v in parts]
    return made if kind == "list" else tuple(made)


def to_safetensors(tensors, metadata=None):
    """The bytes of a safetensors file."""
    header, parts, at = {}, [], 0
    if metadata:
        header["__metadata__"] = metadata
    for name, t in tensors.items():
        data = t._a.tobytes()
        header[name] = {"dtype": _NAMES[t._a.dtype.name], "shape": list(t._a.shape), "data_offsets": [at, at + len(data)]}
        parts.append(data)
        at += len(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(parts)


def from_safetensors(data):
    """(tensors by name, metadata) of a safetensors file's bytes."""
    if len(data) < 8 or struct.unpack("<Q", data[:8])[0] > len(data) - 8:
        raise RuntimeError("this is no safetensors file: its first 8 bytes are not the length of a header")
    (n,) = struct.unpack("<Q", data[:8])
    try:
        header = json.loads(data[8 : 8 + n])
    except ValueError:
        raise RuntimeError("this is no safetensors file: its header is not JSON") from None
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        part = data[8 + n + start : 8 + n + end]
        kind = entry["dtype"]
        if kind in _WIDENED:
            form, dtype = _WIDENED[kind]
            size = struct.calcsize(form)
            values = struct.unpack("<" + form[1] * (len(part) // size), part)
            array = np.array(list(values), dtype) if values else np.zeros(0, dtype)
        elif kind in _CODES:
            array = np.frombuffer(part, _CODES[kind]).copy()
        else:
            raise NotImplementedError(f"{name} has dtype {kind}; here are {', '.join(_CODES)}")
        tensors[name] = wrap(array.reshape(entry["shape"]))
    return tensors, header.get("__metadata__", {})


def save(obj, f, *args, **kwargs):
    """Writes a state dict, or anything of tensors, numbers, texts, lists and dicts.

    A dictionary of tensors becomes a plain safetensors file, which other programs read; the shape of
    anything else stands in the file's metadata.
    """
    tensors = {}
    packed = _pack(obj, tensors, "")
    data = to_safetensors(tensors, {"danlu": json.dumps(packed)})
    if hasattr(f, "write"):
        f.write(data)
        return
    with open(f, "wb") as file:
        file.write(data)


def load(f, map_location=None, pickle_module=None, *, weights_only=None, mmap=None, **_):
    """Reads what `save` wrote, or any safetensors file, which is a dictionary of tensors."""
    if hasattr(f, "read"):
        data = f.read()
    else:
        with open(f, "rb") as file:
            data = file.read()
    if data[:2] == b"PK" or data[:1] == b"\x80":
        raise NotImplementedError(
            "this file was written by PyTorch with pickle, which is not read here; write it there with "
            "safetensors.torch.save_file(model.state_dict(), path) and load that"
        )
    tensors, metadata = from_safetensors(data)
    if "danlu" in metadata:
        return _unpack(json.loads(metadata["danlu"]), tensors)
    return OrderedDict(tensors)


