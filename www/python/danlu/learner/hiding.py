"""What an exercise hides from the learner, who is to write it: names of modules, methods, whole modules.

The learner's imports yield stand-ins of the modules concerned, which refuse the hidden names. Our own packages keep
the real ones: numpy may well use a function that the learner may not.
"""

import importlib
import importlib.util
import sys
import types

OURS = {"numpy", "matplotlib", "danlu", "torch", "torchvision", "tensorflow", "keras"}


class HiddenName(RuntimeError):
    __module__ = "builtins"  # so that a traceback names it plainly

    def __init__(self, name):
        super().__init__(f"{name} is hidden in this exercise: write it yourself")
        self.danlu_message = ("hidden_name", {"name": name})


class StandIn(types.ModuleType):
    """A module without its hidden names; everything else, assignment too, goes to the real one."""

    def __init__(self, real):
        super().__init__(real.__name__, real.__doc__)
        self.__dict__.pop("__spec__", None)
        self.__dict__.update(_real=real, _hidden=set(), _stand_ins={})

    def __getattr__(self, name):
        if name in self._hidden:
            raise HiddenName(f"{self._real.__name__}.{name}")
        if name in self._stand_ins:
            return self._stand_ins[name]
        if name == "__all__":
            public = getattr(self._real, "__all__", None) or [n for n in vars(self._real) if not n.startswith("_")]
            return [n for n in public if n not in self._hidden]
        return getattr(self._real, name)

    def __setattr__(self, name, value):
        setattr(self._real, name, value)

    def __dir__(self):
        return [name for name in dir(self._real) if name not in self._hidden]


class Hiding:
    def __init__(self, forbid, namespace):
        self._namespace = namespace
        self._stand_ins = {}
        self._modules = set()
        self._replaced = []
        for dotted in forbid:
            self._hide(dotted)

    def refuse_hidden_module(self, name):
        for hidden in self._modules:
            if name == hidden or name.startswith(f"{hidden}."):
                raise HiddenName(hidden)

    def substitute(self, module):
        return self._stand_ins.get(getattr(module, "__name__", None), module)

    def release(self):
        """Puts the methods back."""
        for owner, name, real in self._replaced:
            setattr(owner, name, real)

    def _hide(self, dotted):
        module_name, rest = _split(dotted)
        if not rest:
            self._modules.add(module_name)
            parent, _, last = module_name.rpartition(".")
            if parent:
                self._stand_in(parent)._hidden.add(last)
        elif len(rest) == 1:
            self._stand_in(module_name)._hidden.add(rest[0])
        else:
            owner = sys.modules[module_name]
            for part in rest[:-1]:
                owner = getattr(owner, part)
            real = getattr(owner, rest[-1])
            setattr(owner, rest[-1], self._refusing_method(real, dotted))
            self._replaced.append((owner, rest[-1], real))

    def _stand_in(self, name):
        """The module's stand-in, which stands in its parent's stand-in too."""
        if name not in self._stand_ins:
            self._stand_ins[name] = StandIn(sys.modules[name])
            parent, _, last = name.rpartition(".")
            if parent:
                self._stand_in(parent)._stand_ins[last] = self._stand_ins[name]
        return self._stand_ins[name]

    def _refusing_method(self, real, dotted):
        namespace = self._namespace

        def method(self, *args, **kwargs):
            if sys._getframe(1).f_globals is namespace:
                raise HiddenName(dotted)
            return real(self, *args, **kwargs)

        return method


def _split(dotted):
    """(the longest part that is a module, the attributes after it); the module is imported."""
    parts = dotted.split(".")
    # A whole package: importing it may take a second, and it may not even have been fetched.
    if len(parts) == 1 and (dotted in OURS or importlib.util.find_spec(dotted)):
        return dotted, []
    for depth in range(len(parts), 0, -1):
        name = ".".join(parts[:depth])
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            continue
        return name, parts[depth:]
    raise LookupError(f"forbid: there is no {dotted}")
