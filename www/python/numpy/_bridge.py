"""How numpy reaches the engine: its functions, its handles, its mistakes and its warnings.

A handle is `slot << 7 | ndim << 2 | dtype`. A function that makes an array answers with its handle,
negated when there is something to warn about.
"""

import warnings

from pyodide.ffi import JsException, to_js

from . import _engine
from .exceptions import AxisError

_binary_names, _unary_names, _reduce_names = (line.split() for line in _engine.operations().split("\n"))
BINARY = {name: code for code, name in enumerate(_binary_names)}
UNARY = {name: code for code, name in enumerate(_unary_names)}
REDUCE = {name: code for code, name in enumerate(_reduce_names)}


class UFuncTypeError(TypeError):
    """A result that cannot be cast to where it should go."""


class LinAlgError(ValueError):
    """A matrix that does not have what was asked of it."""


_CLASSES = {
    "LinAlgError": LinAlgError,
    "ValueError": ValueError,
    "TypeError": TypeError,
    "IndexError": IndexError,
    "MemoryError": MemoryError,
    "ZeroDivisionError": ZeroDivisionError,
    "NotImplementedError": NotImplementedError,
}


def translated(error):
    """The Python exception that the engine's error stands for; anything else as it came."""
    name = error.name
    if name == "AxisError":
        fields = error.fields
        return AxisError(int(fields.axis), int(fields.ndim))
    if name == "TypeError" and getattr(error, "code", None) == "array_cast":
        return UFuncTypeError(error.message)
    kind = _CLASSES.get(name)
    if kind is None or not hasattr(error, "code"):
        return error
    return kind(error.message)


def _guarded(function):
    def call(*args):
        try:
            return function(*args)
        except JsException as error:
            raise translated(error) from None

    return call


# These fail for want of memory alone, so nobody who calls them expects it.
for _name in ("accumulate", "argsort", "bytes", "cast", "copy", "sort"):
    setattr(_engine, _name, _guarded(getattr(_engine, _name)))
del _name


def give(values, first=_engine.numbers, more=_engine.more):
    """Hands a list of numbers to the next call."""
    n = len(values)
    if n <= 6:
        first(n, *values, *_PADDING[n])
        return
    first(6, *values[:6])
    for at in range(6, n, 6):
        part = values[at : at + 6]
        more(len(part), *part, *_PADDING[len(part)])


_PADDING = [(0,) * (6 - n) for n in range(7)]


def to_bytes(handle):
    """The elements in C order, little-endian."""
    return _engine.bytes(handle).to_bytes()


def from_bytes(code, shape, data):
    """A handle of an array of `shape` from its elements' bytes."""
    give(shape)
    return _engine.from_bytes(code, to_js(memoryview(data).cast("B")))


# What to do about each kind of warning: "warn", "ignore", "raise", "print", "call".
error_state = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
_KINDS = ((1, "divide", "divide by zero"), (2, "over", "overflow"), (4, "invalid", "invalid value"))


def complain(kinds, name):
    """Warns, as NumPy does, of what `name` encountered; `kinds` is the engine's set of bits."""
    for bit, kind, sentence in _KINDS:
        if kinds & bit:
            todo = error_state[kind]
            message = f"{sentence} encountered in {name}"
            if todo == "raise":
                raise FloatingPointError(message)
            if todo == "warn":
                warnings.warn(message, RuntimeWarning, stacklevel=_depth())
            elif todo == "print":
                print(f"Warning: {message}")


def _depth():
    """How many frames up the learner's line is."""
    import sys

    depth, frame = 1, sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] == "numpy":
        frame = frame.f_back
        depth += 1
    return depth


def warned(answer, name):
    """The handle in an answer that asks for a warning."""
    try:
        complain(_engine.warnings(), name)
    except BaseException:
        _engine.free(-answer)
        raise
    return -answer
