"""torch.nn.parallel: one processor, so the module itself."""

from ._module import Module


class DataParallel(Module):
    """One processor: the module itself, under `module`."""

    def __init__(self, module, device_ids=None, output_device=None, dim=0):
        super().__init__()
        self.module = module

    def forward(self, *args, **kwargs):
        return self.module(*args, **kwargs)


def __getattr__(name):
    from .._missing import of_module

    raise of_module("torch.nn.parallel", name, [*globals()], "nn.parallel")
