"""torch.nn.utils: clipping, vectors of parameters, padded sequences."""

import numpy as np

from danlu import tape

from .._base import wrap
from .._shapes import cat, stack
from .._tensor import Tensor


def _gradients(parameters):
    parameters = [parameters] if isinstance(parameters, Tensor) else parameters
    return [p._grad for p in parameters if p._grad is not None]


def get_total_norm(tensors, norm_type=2.0, **_):
    if not tensors:
        return wrap(np.asarray(0.0, np.float32))
    with tape.recording(False):
        return stack([t.norm(float(norm_type)) for t in tensors]).norm(float(norm_type))


def clip_grad_norm_(parameters, max_norm, norm_type=2.0, error_if_nonfinite=False, foreach=None):
    """Scales all gradients together so that their norm is at most `max_norm`; the norm before is the answer."""
    gradients = _gradients(list(parameters) if not isinstance(parameters, Tensor) else parameters)
    with tape.recording(False):
        total = get_total_norm(gradients, norm_type)
        if error_if_nonfinite and not np.isfinite(total.item()):
            raise RuntimeError(
                f"The total norm of order {float(norm_type)} for gradients from `parameters` is non-finite, so it cannot "
                "be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set "
                "`error_if_nonfinite=False`"
            )
        scale = min(float(max_norm) / (total.item() + 1e-6), 1.0)
        for g in gradients:
            g.mul_(scale)
    return total


def clip_grad_value_(parameters, clip_value, foreach=None):
    with tape.recording(False):
        for g in _gradients(list(parameters) if not isinstance(parameters, Tensor) else parameters):
            g.clamp_(-float(clip_value), float(clip_value))


def parameters_to_vector(parameters):
    return cat([p.reshape(-1) for p in parameters])


def vector_to_parameters(vec, parameters):
    at = 0
    for p in parameters:
        p.data = vec[at : at + p.numel()].reshape(p.shape).data
        at += p.numel()


def _module():
    import sys
    import types

    from . import _packed

    made = types.ModuleType("torch.nn.utils.rnn", "Padded and packed sequences.")
    for name in ("PackedSequence", "pad_sequence", "unpad_sequence", "pack_padded_sequence", "pad_packed_sequence", "pack_sequence", "unpack_sequence"):
        setattr(made, name, getattr(_packed, name))
    sys.modules["torch.nn.utils.rnn"] = made
    return made


rnn = _module()
