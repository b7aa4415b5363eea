"""What a layer asks of the shapes that come in, and what it says where they don't fit."""


class InputSpec:
    def __init__(self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None, allow_last_axis_squeeze=False,
                 name=None, optional=False):  # fmt: skip
        self.dtype, self.shape = dtype, tuple(shape) if shape is not None else None
        self.ndim = len(shape) if shape is not None else ndim
        self.max_ndim, self.min_ndim, self.name = max_ndim, min_ndim, name
        self.axes = {int(k): v for k, v in (axes or {}).items()}


def check_inputs(layer, args):
    specs = layer.input_spec if "input_spec" in layer.__dict__ else None
    if not specs or not args:
        return
    specs = specs if isinstance(specs, (list, tuple)) else [specs]
    inputs = args[0] if isinstance(args[0], (list, tuple)) else [args[0]]
    if len(inputs) != len(specs):
        raise ValueError(
            f"Layer '{layer.name}' expected {len(specs)} input(s). Received {len(inputs)} instead."
        )
    for place, (x, spec) in enumerate(zip(inputs, specs)):
        if spec is not None and hasattr(x, "shape"):
            _check(layer, place, tuple(x.shape), spec)


def _check(layer, place, shape, spec):
    ndim = len(shape)

    def refuse(rest):
        raise ValueError(f"Input {place} with name 'None' of layer '{layer.name}' is incompatible with the layer: {rest}")

    if spec.ndim is not None and spec.shape is None and ndim != spec.ndim:
        refuse(f"expected ndim={spec.ndim}, found ndim={ndim}. Full shape received: {shape}")
    if spec.max_ndim is not None and ndim > spec.max_ndim:
        refuse(f"expected max_ndim={spec.max_ndim}, found ndim={ndim}")
    if spec.min_ndim is not None and ndim < spec.min_ndim:
        refuse(f"expected min_ndim={spec.min_ndim}, found ndim={ndim}. Full shape received: {shape}")
    for axis, size in spec.axes.items():
        if size is not None and -ndim <= axis < ndim and shape[axis] not in (size, None):
            refuse(f"expected axis {axis} of input shape to have value {size}, but received input with shape {shape}")
    if spec.shape is not None:
        fits = len(spec.shape) == ndim and all(a is None or b is None or a == b for a, b in zip(spec.shape, shape))
        if not fits:
            refuse(f"expected shape={spec.shape}, found shape={shape}")
