"""What to say about a name of PyTorch's that is not here."""

import difflib

# Names of PyTorch's that are left out, with what does nearly the same here.
_INSTEAD = {
    "fft": "numpy", "sparse": "dense tensors", "jit": "the plain module", "onnx": "torch.save", "complex": "two real tensors",
    "distributed": "one process", "multiprocessing": "one process", "quantization": "torch.float32",
    "stft": "torch.nn.functional.conv1d", "istft": "torch.nn.functional.conv_transpose1d", "view_as_complex": "two real tensors",
    "linalg.eig": "torch.linalg.eigh of a symmetric matrix", "lu": "torch.linalg.qr", "channels_last": "contiguous tensors",
    "profiler": "time.perf_counter", "export": "the plain module", "func": "torch.autograd.grad", "vmap": "a batch axis",
    "hub": "weights from a file", "package": "torch.save", "ao": "torch.float32", "fx": "the plain module",
    "unfold": "torch.nn.functional.unfold", "sub_": "torch.sub", "index_reduce": "torch.scatter_add",
    "special": "torch.sigmoid, torch.logsumexp", "polar": "torch.cos and torch.sin", "lstsq": "torch.linalg.pinv",
    "to_sparse": "dense tensors", "half": "tensor.float()", "bfloat16": "tensor.float()", "int": "tensor.long()",
    "short": "tensor.long()", "char": "tensor.long()", "byte": "tensor.long()", "as_strided": "tensor.unfold or indexing",
    "map_": "tensor operations", "apply_": "tensor operations", "storage": "tensor.data_ptr()", "set_": "tensor.copy_",
    "compiled_with_cxx11_abi": "nothing", "load_state_dict_from_url": "torch.load of a file", "nanmedian": "torch.median",
}  # fmt: skip


def _nearest(name, names):
    close = difflib.get_close_matches(name, names, 1, 0.6)
    return close[0] if close else None


def of_module(module, name, names, prefix):
    """The exception for `prefix.name`."""
    if name.startswith("__"):
        return AttributeError(f"module {module!r} has no attribute {name!r}")
    if name in _INSTEAD:
        return Missing(f"{prefix}.{name} is not in this {prefix}; nearest here: {_INSTEAD[name]}")
    close = _nearest(name, [n for n in names if not n.startswith("_")])
    return Missing(f"{prefix}.{name} is not in this {prefix}" + (f"; nearest here: {prefix}.{close}" if close else ""))


class Missing(AttributeError, NotImplementedError):
    """A name that is not here. `hasattr` answers False, as for any attribute that is not there."""


def of_tensor(name):
    """The exception for an attribute of a tensor."""
    from ._tensor import Tensor

    text = f"'Tensor' object has no attribute {name!r}"
    if name.startswith("__"):
        return AttributeError(text)
    if name in _INSTEAD:
        return Missing(f"{text}; nearest here: {_INSTEAD[name]}")
    close = _nearest(name, [n for n in dir(Tensor) if not n.startswith("_")])
    return Missing(text + (f"; nearest here: tensor.{close}" if close else ""))
