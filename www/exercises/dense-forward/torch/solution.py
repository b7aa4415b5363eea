import torch


def dense(x, w, b=None):
    inputs, outputs = w.shape
    if x.shape[-1] != inputs:
        raise ValueError(f"x has {x.shape[-1]} features, w expects {inputs}")
    if b is not None and b.shape != (outputs,):
        raise ValueError(f"b has shape {tuple(b.shape)}, expected ({outputs},)")
    # NumPy's @ finds a common dtype, torch's wants one.
    dtype = torch.result_type(x, w)
    y = x.to(dtype) @ w.to(dtype)
    return y if b is None else y + b
