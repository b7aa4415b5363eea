"""Sequential, lists and dictionaries of modules and parameters."""

import operator
from collections import OrderedDict

from .._tensor import Tensor
from ._module import Module
from .parameter import Parameter


class Sequential(Module):
    """Modules, one after another."""

    def __init__(self, *args):
        super().__init__()
        named = args[0].items() if len(args) == 1 and isinstance(args[0], dict) else enumerate(args)
        for name, module in named:
            self.add_module(str(name), module)

    def forward(self, input):
        for at, module in self._modules.items():
            try:
                input = module(input)
            except RuntimeError as error:
                _place(error, f"in Sequential ({at}): {module}")
                raise
        return input

    def _at(self, key):
        n = len(self._modules)
        key = operator.index(key)
        if not -n <= key < n:
            raise IndexError(f"index {key} is out of range")
        return list(self._modules)[key]

    def __getitem__(self, key):
        if isinstance(key, slice):
            return type(self)(OrderedDict(list(self._modules.items())[key]))
        return self._modules[self._at(key)]

    def __setitem__(self, key, module):
        self._modules[self._at(key)] = module

    def __delitem__(self, key):
        names = list(self._modules)[key] if isinstance(key, slice) else [self._at(key)]
        for name in names:
            del self._modules[name]
        kept = list(self._modules.values())
        self._modules.clear()
        self._modules.update({str(at): module for at, module in enumerate(kept)})

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules.values())

    def append(self, module):
        self.add_module(str(len(self)), module)
        return self

    def extend(self, modules):
        for module in modules:
            self.append(module)
        return self

    def insert(self, index, module):
        kept = list(self._modules.values())
        kept.insert(index, module)
        self._modules.clear()
        for at, one in enumerate(kept):
            self.add_module(str(at), one)
        return self

    def pop(self, key):
        module = self[key]
        del self[key]
        return module

    def __add__(self, other):
        return Sequential(*self, *other)


def _place(error, note):
    """Adds to a mistake, once, which layer it happened in."""
    if not getattr(error, "__notes__", None):
        error.add_note(note)


class ModuleList(Module):
    """A list whose modules are registered."""

    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self.extend(modules)

    _at, __setitem__, __delitem__ = Sequential._at, Sequential.__setitem__, Sequential.__delitem__
    __len__, __iter__, append, insert, pop = (
        Sequential.__len__, Sequential.__iter__, Sequential.append, Sequential.insert, Sequential.pop
    )  # fmt: skip

    def __getitem__(self, key):
        if isinstance(key, slice):
            return type(self)(list(self._modules.values())[key])
        return self._modules[self._at(key)]

    def extend(self, modules):
        for module in modules:
            self.append(module)
        return self

    __iadd__ = extend

    def __add__(self, other):
        return ModuleList([*self, *other])

    def __repr__(self):
        """Equal modules in a row print as one with their count."""
        if not self._modules:
            return self._get_name() + "()"
        from ._module import _indented

        runs = []
        for at, module in enumerate(self):
            text = repr(module)
            if runs and runs[-1][2] == text:
                runs[-1][1] = at
            else:
                runs.append([at, at, text])
        lines = [
            f"({first}): " + _indented(text, 2) if first == last
            else f"({first}-{last}): {last - first + 1} x " + _indented(text, 2)
            for first, last, text in runs
        ]  # fmt: skip
        return self._get_name() + "(\n  " + "\n  ".join(lines) + "\n)"


class ModuleDict(Module):
    """A dictionary whose modules are registered."""

    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key):
        return self._modules[key]

    def __setitem__(self, key, module):
        self.add_module(key, module)

    def __delitem__(self, key):
        del self._modules[key]

    def __len__(self):
        return len(self._modules)

    def __iter__(self):
        return iter(self._modules)

    def __contains__(self, key):
        return key in self._modules

    def keys(self):
        return self._modules.keys()

    def items(self):
        return self._modules.items()

    def values(self):
        return self._modules.values()

    def clear(self):
        self._modules.clear()

    def pop(self, key):
        return self._modules.pop(key)

    def update(self, modules):
        for key, module in modules.items() if hasattr(modules, "items") else modules:
            self[key] = module


class ParameterList(Module):
    """A list whose parameters are registered."""

    def __init__(self, values=None):
        super().__init__()
        if values is not None:
            self.extend(values)

    def append(self, value):
        n = len(self)
        setattr(self, str(n), Parameter(value) if isinstance(value, Tensor) and not isinstance(value, Parameter) else value)
        return self

    def extend(self, values):
        for value in values:
            self.append(value)
        return self

    def __len__(self):
        return len(self._parameters)

    def __iter__(self):
        return iter(self._parameters.values())

    def __getitem__(self, key):
        values = list(self._parameters.values())
        return ParameterList(values[key]) if isinstance(key, slice) else values[key]

    def __setitem__(self, key, value):
        self._parameters[list(self._parameters)[key]] = value if isinstance(value, Parameter) else Parameter(value)

    def __repr__(self):
        """Indented by four, unlike a module's own parts."""
        lines = self.extra_repr().split("\n") if len(self) else []
        if len(lines) == 1:
            return f"{self._get_name()}(  {lines[0]})"
        return f"{self._get_name()}(" + "".join("\n    " + line for line in lines) + ("\n)" if lines else ")")

    def extra_repr(self):
        return "\n".join(
            f"({at}): {'Parameter' if isinstance(p, Parameter) else 'Tensor'} containing: "
            f"[{p.dtype} of size {'x'.join(map(str, p.shape))}]"
            for at, p in enumerate(self)
        )


class ParameterDict(Module):
    """A dictionary whose parameters are registered."""

    def __init__(self, parameters=None):
        super().__init__()
        for key, value in (parameters or {}).items():
            self[key] = value

    def __getitem__(self, key):
        return self._parameters[key]

    def __setitem__(self, key, value):
        self._parameters[key] = value if isinstance(value, Parameter) else Parameter(value)

    def __contains__(self, key):
        return key in self._parameters

    def __len__(self):
        return len(self._parameters)

    def __iter__(self):
        return iter(self._parameters)

    def keys(self):
        return self._parameters.keys()

    def items(self):
        return self._parameters.items()

    def values(self):
        return self._parameters.values()

    __repr__ = ParameterList.__repr__

    def extra_repr(self):
        return "\n".join(
            f"({key}): Parameter containing: [{p.dtype} of size {'x'.join(map(str, p.shape))}]" for key, p in self.items()
        )
