"""The number formats of files that no array here holds: read, they widen to one of the four dtypes, with a warning."""

import struct
from array import array as _buffer

from . import _bridge
from ._array import wrap
from ._dtypes import DTYPES, Format, as_dtype, dtype, refusal

# How many bytes, whether signed, and the dtype that holds every such number.
WIDER = {
    "int8": (1, True, 1), "int16": (2, True, 1), "int32": (4, True, 1), "uint8": (1, False, 1),
    "uint16": (2, False, 1), "uint32": (4, False, 1), "float16": (2, None, 2),
}  # fmt: skip

_CELLS = {"int64": "q", "float32": "f", "float64": "d"}


def as_format(of):
    """What bytes hold: a dtype of ours, or a Format."""
    if isinstance(of, (dtype, Format)):
        return of
    return dtype(of)


def from_bytes(data, shape, of, warn=True):
    """An array of the numbers that bytes hold."""
    of = as_format(of)
    if type(of) is dtype:
        return wrap(_bridge.from_bytes(of.code, shape, data))
    if of.name in _CELLS:
        swapped = _buffer(_CELLS[of.name], bytes(data))
        swapped.byteswap()
        return wrap(_bridge.from_bytes(as_dtype(of.name).code, shape, memoryview(swapped)))
    if of.name not in WIDER:
        raise refusal(of.name)
    size, signed, code = WIDER[of.name]
    if warn:
        _warn(of.name, DTYPES[code].name)
    data = memoryview(data).cast("B")
    if signed is None:
        cells = _buffer("H", bytes(data))
        if of.big:
            cells.byteswap()
        values = struct.unpack(f"<{len(cells)}e", cells.tobytes())
        return wrap(_bridge.from_bytes(code, shape, memoryview(_buffer("f", values))))
    wide = bytearray(8 * (len(data) // size))
    for place in range(size):
        wide[place::8] = bytes(data[(size - 1 - place if of.big else place) :: size])
    made = wrap(_bridge.from_bytes(1, shape, wide))
    if signed:
        made -= (made >= 1 << 8 * size - 1) * (1 << 8 * size)
    return made


def _warn(name, wider):
    import warnings

    warnings.warn(
        f"numpy here has no {name}: the numbers are read as {wider}", UserWarning, stacklevel=_bridge._depth()
    )
