"""Plain data as bytes: all that ever crosses between the learner's Python and the judge's.

Arrays cross as dtype, shape and contents. A value is read through the built-in type's own methods, so a subclass
that overrides them, or that compares equal to everything, arrives as the plain data it holds. Whatever bytes come in
are checked; a stream that isn't ours raises Malformed.

References to what stays in the learner's runtime cross as text, and only towards it: `refer` writes them for the judge,
`resolve` reads them for the learner; without `resolve` a reference is malformed.
"""

import struct
import sys

MAGIC = b"D1"
LARGEST = 64 << 20  # bytes in all
DEEPEST = 32
LONGEST_INT = 1024  # bytes
DTYPES = ("bool", "int64", "float32", "float64")
ITEM_SIZE = {"bool": 1, "int64": 8, "float32": 4, "float64": 8}


class Unsendable(TypeError):
    """A value that is no plain data. `where` is its place in what was sent, as `[0]["x"]`."""

    def __init__(self, type_name, where):
        super().__init__(f"{type_name} can't be sent: only arrays, numbers, bool, None, str, list, tuple and dict can")
        self.danlu_message = ("unsendable", {"type": type_name, "where": where})


class TooLarge(ValueError):
    def __init__(self, what):
        super().__init__(f"too much data to send: {what}")
        self.danlu_message = ("too_large", {"megabytes": LARGEST >> 20})


class Malformed(ValueError):
    """Bytes that this module didn't write."""


def encode(value, refer=None):
    """`refer(value)` is asked about each value first: the bytes to write in its place (`reference`, NONE), or None."""
    out = [MAGIC]
    _write(value, out, [0], "", 0, refer)
    return b"".join(out)


def decode(data, resolve=None):
    """`resolve(text)` yields what a reference of that text stands for."""
    if data[:2] != MAGIC or len(data) > LARGEST:
        raise Malformed("not a message")
    value, end = _read(memoryview(data), 2, 0, resolve)
    if end != len(data):
        raise Malformed("bytes are left over")
    return value


NONE = b"N"


def reference(text):
    data = str.encode(text, "utf-8")
    return b"r" + struct.pack("<I", len(data)) + data


def is_plain(value):
    """Whether a value itself, not what is in it, can be sent."""
    np = _numpy()
    plain = value is None or isinstance(value, (bool, int, float, str, list, tuple, dict))
    return plain or (np is not None and isinstance(value, (np.ndarray, np.generic)))


def type_name(value):
    kind = type(value)
    module = kind.__module__
    return kind.__qualname__ if module in ("builtins", "__main__", "solution") else f"{module}.{kind.__qualname__}"


def _numpy():
    return sys.modules.get("numpy")


def _write(value, out, size, where, depth, refer):
    if depth > DEEPEST:
        raise TooLarge("nested too deeply")
    np = _numpy()
    piece = refer(value) if refer is not None else None
    if piece is not None:
        pass
    elif value is None:
        piece = NONE
    elif value is True:
        piece = b"T"
    elif value is False:
        piece = b"F"
    elif np is not None and isinstance(value, np.ndarray):
        piece = _array(value, b"a", np, where)
    elif np is not None and isinstance(value, np.generic):
        piece = _array(np.asarray(value), b"g", np, where)
    elif isinstance(value, int):
        length = int.bit_length(value) // 8 + 1
        if length > LONGEST_INT:
            raise TooLarge("an integer")
        piece = b"i" + struct.pack("<I", length) + int.to_bytes(value, length, "little", signed=True)
    elif isinstance(value, float):
        piece = b"f" + struct.pack("<d", value)
    elif isinstance(value, str):
        text = str.encode(value, "utf-8", "surrogatepass")
        piece = b"s" + struct.pack("<I", len(text)) + text
    elif isinstance(value, (list, tuple)):
        base = list if isinstance(value, list) else tuple
        items = list(base.__iter__(value))
        _count(size, 5, out, (b"l" if base is list else b"t") + struct.pack("<I", len(items)))
        for index, item in enumerate(items):
            _write(item, out, size, f"{where}[{index}]", depth + 1, refer)
        return
    elif isinstance(value, dict):
        items = list(dict.items(value))
        _count(size, 5, out, b"d" + struct.pack("<I", len(items)))
        for key, item in items:
            if not isinstance(key, (str, int, float, tuple, bool)) and key is not None:
                raise Unsendable(type_name(key), where)
            _write(key, out, size, where, depth + 1, refer)
            _write(item, out, size, f"{where}[{str(key)[:40]!r}]", depth + 1, refer)
        return
    else:
        raise Unsendable(type_name(value), where)
    _count(size, len(piece), out, piece)


def _count(size, more, out, piece):
    size[0] += more
    if size[0] > LARGEST:
        raise TooLarge("more than the limit")
    out.append(piece)


def _array(array, tag, np, where):
    dtype = str(array.dtype)
    if dtype not in DTYPES:
        raise Unsendable(f"numpy.ndarray[{dtype}]", where)
    shape = tuple(array.shape)
    data = array.tobytes()
    head = tag + bytes([DTYPES.index(dtype), len(shape)]) + struct.pack(f"<{len(shape)}I", *shape)
    return head + data


def _read(data, at, depth, resolve):
    if depth > DEEPEST or at >= len(data):
        raise Malformed("cut short")
    tag = data[at]
    at += 1
    if tag == 0x4E:
        return None, at
    if tag == 0x54:
        return True, at
    if tag == 0x46:
        return False, at
    if tag == 0x66:
        return struct.unpack("<d", _bytes(data, at, 8))[0], at + 8
    if tag in b"ag":
        return _read_array(data, at, tag == 0x67)
    if tag not in b"isltdr" or (tag == 0x72 and resolve is None):
        raise Malformed("unknown tag")
    count = struct.unpack("<I", _bytes(data, at, 4))[0]
    at += 4
    if tag == 0x69:
        return int.from_bytes(_bytes(data, at, count), "little", signed=True), at + count
    if tag in b"sr":
        try:
            text = str(_bytes(data, at, count), "utf-8", "surrogatepass")
        except UnicodeDecodeError as error:
            raise Malformed("not text") from error
        return (text if tag == 0x73 else resolve(text)), at + count
    if count > len(data) - at:
        raise Malformed("cut short")
    items = []
    for _ in range(count * (2 if tag == 0x64 else 1)):
        item, at = _read(data, at, depth + 1, resolve)
        items.append(item)
    if tag == 0x6C:
        return items, at
    if tag == 0x74:
        return tuple(items), at
    try:
        return dict(zip(items[::2], items[1::2])), at
    except TypeError as error:
        raise Malformed("an unhashable key") from error


def _bytes(data, at, count):
    if count > len(data) - at:
        raise Malformed("cut short")
    return bytes(data[at : at + count])


def _read_array(data, at, is_scalar):
    code, rank = _bytes(data, at, 2)
    at += 2
    if code >= len(DTYPES):
        raise Malformed("unknown dtype")
    shape = struct.unpack(f"<{rank}I", _bytes(data, at, 4 * rank))
    at += 4 * rank
    dtype = DTYPES[code]
    count = 1
    for length in shape:
        count *= length
    contents = _bytes(data, at, count * ITEM_SIZE[dtype])
    if dtype == "bool" and contents.strip(b"\0\1"):
        raise Malformed("a bool that is neither")
    import numpy as np

    if count == 0:
        array = np.zeros(shape, dtype=dtype)
    else:
        array = np.frombuffer(contents, dtype=dtype).reshape(shape).copy()
    if is_scalar:
        if rank:
            raise Malformed("a scalar with axes")
        array = array[()]
    return array, at + count * ITEM_SIZE[dtype]
