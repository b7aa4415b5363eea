"""How objects are found by their names, with their settings, or given as themselves."""

import difflib

_custom = {}


class Described:
    """An object that `get_config` tells and `from_config` makes again."""

    def get_config(self):
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def register(package="Custom", name=None):
    """The decorator `keras.saving.register_keras_serializable`."""

    def decorate(thing):
        global _custom
        registered = f"{package}>{name or thing.__name__}"
        _custom = {**_custom, registered: thing, (name or thing.__name__): thing}
        return thing

    return decorate


class custom_object_scope:
    """Inside, `objects` are found by their names."""

    def __init__(self, objects):
        self.objects = objects

    def __enter__(self):
        global _custom
        self._before = _custom
        _custom = {**_custom, **self.objects}
        return self

    def __exit__(self, *_):
        global _custom
        _custom = self._before


def lookup(identifier, table, kind, base=None):
    """What an identifier means: None, a name, {"class_name", "config"}, a class, or the object itself."""
    if identifier is None:
        return None
    if isinstance(identifier, dict):
        name, config = identifier["class_name"], identifier.get("config", {})
        if not isinstance(config, dict):
            return lookup(config, table, kind, base)
        return _found(name, table, kind).from_config(config)
    if isinstance(identifier, str):
        found = _found(identifier, table, kind)
        return found() if isinstance(found, type) else found
    if isinstance(identifier, type):
        return identifier()
    if callable(identifier) or (base and isinstance(identifier, base)):
        return identifier
    raise ValueError(f"Could not interpret {kind} identifier: {identifier}")


def _found(name, table, kind):
    for key in (name, name.lower()):
        if key in _custom:
            return _custom[key]
        if key in table:
            return table[key]
    close = difflib.get_close_matches(name, [k for k in table], 1, 0.4)
    hint = f". Nearest here: {close[0]!r}" if close else ""
    raise ValueError(f"Could not interpret {kind} identifier: {name}{hint}")
