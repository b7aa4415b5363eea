"""What a package has, read from the package itself: for the page that lists it (www/scripts/modules.mjs)."""

import importlib
import inspect
import json
import re
import types


def line(text):
    """The first paragraph of a docstring, as one line."""
    return " ".join((text or "").strip().split("\n\n")[0].split())


def signature(thing, of_class=False):
    """How it is called, as in its definition; empty where Python does not know."""
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return ""
    parameters = list(found.parameters.values())
    if of_class:
        parameters = parameters[1:]  # the object itself
    parameters = [p.replace(annotation=inspect.Parameter.empty) for p in parameters if not p.name.startswith("_")]
    text = str(found.replace(parameters=parameters, return_annotation=inspect.Signature.empty))
    # A default that is a class or an object shows its name.
    text = re.sub(r"<class '(?:[\w.]*\.)?(\w+)'>", r"\1", text)
    return re.sub(r"<(?:function|built-in function|bound method)? ?([\w.]+)[^<>]*>", r"\1", text)


class Package:
    def __init__(self, name):
        self.name = name
        self.root = importlib.import_module(name)
        # A package may load its modules when they are first asked for.
        for inner in dir(self.root):
            if not inner.startswith("_"):
                getattr(self.root, inner, None)
        # The classes by which somebody may look: what they have is shown there.
        self.listed = {
            thing
            for module in self.modules()
            for name, thing in vars(module).items()
            if isinstance(thing, type) and not name.startswith("_") and name in vars(module).get("__all__", (name,))
        }

    def owns(self, thing):
        return (getattr(thing, "__module__", None) or "").split(".")[0] == self.name

    def modules(self):
        """The package and its public modules, each once, from the outside in."""
        found, waiting = {}, [self.root]
        while waiting:
            module = waiting.pop(0)
            if module.__name__ in found:
                continue
            found[module.__name__] = module
            inner = [m for _, m in sorted(vars(module).items()) if isinstance(m, types.ModuleType)]
            for each in inner:
                parts = each.__name__.split(".")
                if parts[0] == self.name and not any(part.startswith("_") for part in parts):
                    waiting.append(each)
        return [found[name] for name in sorted(found, key=lambda name: (name.count("."), name))]

    def members(self, module):
        listed = getattr(module, "__all__", None)
        names = listed if listed else [name for name in vars(module) if not name.startswith("_")]
        for name in sorted(set(names), key=lambda name: (name.lower(), name)):
            thing = vars(module).get(name, getattr(module, name, None))
            if isinstance(thing, types.ModuleType) or not listed and self.borrowed(name, thing, module):
                continue
            described = self.member(name, thing, module)
            if described:
                yield described

    def borrowed(self, name, thing, module):
        """Whether a module only uses what stands elsewhere: in another public module, or in the package's own front."""
        if module is self.root:
            return False
        home = getattr(thing, "__module__", None) or ""
        if home == module.__name__ or home.startswith(f"{module.__name__}."):
            return False
        return vars(self.root).get(name) is thing or not any(part.startswith("_") for part in home.split("."))

    def member(self, name, thing, module):
        if isinstance(thing, type):
            if not self.owns(thing):
                return None
            return {"name": name, "kind": "class", "signature": signature(thing), "doc": line(own_doc(thing)),
                    "members": list(self.inside(thing))}  # fmt: skip
        if callable(thing):
            if isinstance(thing, types.FunctionType) and not self.owns(thing):
                return None
            doc = thing.__doc__ if "__doc__" in getattr(thing, "__dict__", ()) or inspect.isroutine(thing) else None
            return {"name": name, "kind": "function", "signature": self.calls(thing), "doc": line(doc)}
        if isinstance(thing, (bool, int, float, str, type(None))):
            return {"name": name, "kind": "value", "signature": "", "doc": repr(thing)}
        if self.owns(type(thing)):
            return {"name": name, "kind": "value", "signature": "", "doc": line(own_doc(type(thing)))}
        return None

    def calls(self, thing):
        known = signature(thing)
        inputs = getattr(thing, "nin", None)
        if isinstance(inputs, int) and "*args" in known:
            names = ", ".join("x" if inputs == 1 else f"x{at}" for at in range(1, inputs + 1))
            return f"({names}, /, out=None, *, where=True, dtype=None)"
        return known

    def inside(self, cls):
        """The public methods and properties of a class, with those of bases that are listed nowhere themselves."""
        seen = set()
        for base in cls.__mro__:
            if not self.owns(base) or base is not cls and base in self.listed:
                continue
            for name, thing in vars(base).items():
                if name.startswith("_") or name in seen:
                    continue
                seen.add(name)
                if isinstance(thing, (property, types.MemberDescriptorType)):
                    doc = thing.fget.__doc__ if isinstance(thing, property) and thing.fget else None
                    yield {"name": name, "kind": "property", "signature": "", "doc": line(doc)}
                elif isinstance(thing, (staticmethod, classmethod)):
                    yield {"name": name, "kind": "method", "signature": signature(thing.__func__, isinstance(thing, classmethod)), "doc": line(thing.__func__.__doc__)}
                elif callable(thing) and not isinstance(thing, type):
                    yield {"name": name, "kind": "method", "signature": signature(thing, True), "doc": line(thing.__doc__)}

    def told(self, *names):
        """What the package's `_missing` or `differences` holds by the first of these names."""
        for where in ("_missing", "differences"):
            try:
                module = importlib.import_module(f"{self.name}.{where}")
            except ModuleNotFoundError:
                continue
            for name in names:
                if hasattr(module, name):
                    return getattr(module, name)
        return ()


def own_doc(cls):
    """A class's own docstring: an inherited one describes another class."""
    return vars(cls).get("__doc__")


def describe(name):
    package = Package(name)
    modules = []
    for module in package.modules():
        members = sorted(package.members(module), key=lambda m: (m["name"].lower(), m["name"]))
        for member in members:
            if "members" in member:
                member["members"].sort(key=lambda m: (m["name"].lower(), m["name"]))
        if members:
            modules.append({"name": module.__name__, "doc": line(module.__doc__), "members": members})
    version = getattr(package.root, "__version__", "")
    return json.dumps(
        {
            "name": name,
            "version": str(version),
            "doc": line(package.root.__doc__),
            "modules": modules,
            # Names of the real package that are refused here, with what comes nearest.
            "missing": sorted(map(list, dict(package.told("_INSTEAD")).items())),
            # Sentences, or pairs of what and how.
            "differences": [d if isinstance(d, str) else ": ".join(d) for d in package.told("DIFFERENCES", "differences")],
        },
        ensure_ascii=False,
    )
