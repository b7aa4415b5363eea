"""Keras's names for what nobody named: `conv2d`, `conv2d_1`, and the scopes that stand in paths."""

import re

# Counts and scopes are bound anew and never changed in place: a run begins with the module as it was imported.
_counts = {}
_scopes = ()


def to_snake_case(name):
    name = re.sub(r"\W+", "", name)
    name = re.sub(r"(?<=.)(?=[A-Z][a-z])", "_", name)
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return re.sub(r"_+", "_", name).lower()


def auto_name(prefix):
    """`prefix` in snake case, with a number from the second time on."""
    global _counts
    prefix = to_snake_case(prefix)
    seen = _counts.get(prefix, 0)
    _counts = {**_counts, prefix: seen + 1}
    return f"{prefix}_{seen}" if seen else prefix


def reset():
    """Begins to count anew, as `keras.backend.clear_session` does."""
    global _counts
    _counts = {}


class scope:
    """Variables made inside have `name/` before their paths."""

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        global _scopes
        self._before = _scopes
        if not _scopes or _scopes[-1] != self.name:
            _scopes = (*_scopes, self.name)
        return self

    def __exit__(self, *_):
        global _scopes
        _scopes = self._before


def path_of(name):
    return "/".join((*_scopes, name))
