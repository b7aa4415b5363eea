"""torch.amp: mixed precision, which changes nothing here: everything stays float32, and no gradient is scaled."""

import contextlib
import functools


class autocast(contextlib.ContextDecorator):
    """A block in which PyTorch would compute in half precision."""

    def __init__(self, device_type="cpu", dtype=None, enabled=True, cache_enabled=None):
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        self.device, self.enabled = device_type, enabled

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


class GradScaler:
    """Scales nothing, as PyTorch's own where there is no device for it: `scale`, `unscale_`, `step`, `update` stand in their places."""

    def __init__(self, device="cuda", init_scale=65536.0, growth_factor=2.0, backoff_factor=0.5, growth_interval=2000, enabled=True):
        self._device = device

    def scale(self, outputs):
        return outputs

    def unscale_(self, optimizer):
        pass

    def step(self, optimizer, *args, **kwargs):
        return optimizer.step(*args, **kwargs)

    def update(self, new_scale=None):
        pass

    def is_enabled(self):
        return False

    def get_scale(self):
        return 1.0

    def state_dict(self):
        return {}

    def load_state_dict(self, state_dict):
        pass


def is_autocast_available(device_type):
    return False


def custom_fwd(fwd=None, *, device_type="cpu", cast_inputs=None):
    return fwd if fwd is not None else functools.partial(custom_fwd, device_type=device_type)


def custom_bwd(bwd=None, *, device_type="cpu"):
    return bwd if bwd is not None else functools.partial(custom_bwd, device_type=device_type)


def _of_cuda(kind):
    """The old names, `torch.cuda.amp.…`, which take no device."""

    class Old(kind):
        def __init__(self, *args, **kwargs):
            super().__init__("cuda", *args, **kwargs)

    Old.__name__ = Old.__qualname__ = kind.__name__
    return Old
