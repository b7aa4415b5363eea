"""save and load: tensors as safetensors, whatever holds them as JSON beside them."""

import io
import json
import struct
from collections import OrderedDict

import numpy as np

from ._base import wrap
from ._dtypes import DTYPES
from ._tensor import Tensor

_CODES = {"BOOL": "bool", "I64": "int64", "F32": "float32", "F64": "float64"}
_NAMES = {"bool": "BOOL", "int64": "I64", "float32": "F32", "float64": "F64"}
# Numbers that are read or written at once.
_PIECE = 1 << 20
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


def write_safetensors(file, tensors, metadata=None):
    """Writes a safetensors file, tensor by tensor."""
    header, at = {}, 0
    if metadata:
        header["__metadata__"] = metadata
    for name, t in tensors.items():
        size = t._a.size * t._a.dtype.itemsize
        header[name] = {"dtype": _NAMES[t._a.dtype.name], "shape": list(t._a.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write(struct.pack("<Q", len(text)) + text)
    for t in tensors.values():
        flat = t._a.reshape(-1)
        for first in range(0, flat.size, _PIECE):
            file.write(flat[first : first + _PIECE].tobytes())


def read_safetensors(file):
    """(tensors by name, metadata) of an open safetensors file; neither it nor a tensor ever stands in memory twice."""
    begin, end = file.tell(), file.seek(0, 2)
    file.seek(begin)
    head = file.read(8)
    if len(head) < 8 or struct.unpack("<Q", head)[0] > end - begin - 8:
        raise RuntimeError("this is no safetensors file: its first 8 bytes are not the length of a header")
    (n,) = struct.unpack("<Q", head)
    try:
        header = json.loads(file.read(n))
    except ValueError:
        raise RuntimeError("this is no safetensors file: its header is not JSON") from None
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, stop = entry["data_offsets"]
        if entry["dtype"] not in _CODES and entry["dtype"] not in _WIDENED:
            raise NotImplementedError(f"{name} has dtype {entry['dtype']}; here are {', '.join(_CODES)}")
        if begin + 8 + n + stop > end:
            raise RuntimeError(f"the file ends within {name}: it was not copied or downloaded whole")
        file.seek(begin + 8 + n + start)
        tensors[name] = wrap(_read_array(file, entry["dtype"], stop - start).reshape(entry["shape"]))
    return tensors, header.get("__metadata__", {})


def _read_array(file, kind, length):
    form, dtype = _WIDENED.get(kind, (None, _CODES.get(kind)))
    size = struct.calcsize(form) if form else np.dtype(dtype).itemsize
    flat = np.empty(length // size, dtype)
    for first in range(0, flat.size, _PIECE):
        count = min(_PIECE, flat.size - first)
        raw = file.read(count * size)
        if form:
            flat[first : first + count] = np.array(list(struct.unpack("<" + form[1] * count, raw)), dtype)
        else:
            flat[first : first + count] = np.frombuffer(raw, dtype)
    return flat


def save(obj, f, *args, **kwargs):
    """Writes a state dict, or anything of tensors, numbers, texts, lists and dicts.

    A dictionary of tensors becomes a plain safetensors file, which other programs read; the shape of
    anything else stands in the file's metadata.
    """
    tensors = {}
    packed = _pack(obj, tensors, "")
    metadata = {"danlu": json.dumps(packed)}
    if hasattr(f, "write"):
        write_safetensors(f, tensors, metadata)
        return
    with open(f, "wb") as file:
        write_safetensors(file, tensors, metadata)


def load(f, map_location=None, pickle_module=None, *, weights_only=None, mmap=None, **_):
    """Reads what `save` wrote, or any safetensors file, which is a dictionary of tensors."""
    if hasattr(f, "read"):
        tensors, metadata = _loaded(f)
    else:
        with open(f, "rb") as file:
            tensors, metadata = _loaded(file)
    if "danlu" in metadata:
        return _unpack(json.loads(metadata["danlu"]), tensors)
    return OrderedDict(tensors)


def _loaded(file):
    if not (hasattr(file, "seekable") and file.seekable()):
        file = io.BytesIO(file.read())
    begin = file.tell()
    head = file.read(9)
    file.seek(begin)
    # The length of a safetensors header may begin with the same byte as a pickle: what follows it does not.
    if head[:2] == b"PK" or head[:1] == b"\x80" and head[8:] != b"{":
        raise NotImplementedError(
            "this file was written by PyTorch with pickle, which is not read here; write it there with "
            "safetensors.torch.save_file(model.state_dict(), path) and load that"
        )
    return read_safetensors(file)
