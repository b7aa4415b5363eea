"""HDF5 as far as Keras's weights files go: groups, arrays of floats and integers, texts as attributes.

The reader takes what h5py writes by default (superblock 0, symbol tables, version 1 object headers,
contiguous or chunked-and-deflated data); the writer writes such files.
Format: the HDF Group's "HDF5 File Format Specification", version 3.0.
"""

import io
import math
import struct
import zlib

import numpy as np

_NONE = 0xFFFFFFFFFFFFFFFF
_SIGNATURE = b"\x89HDF\r\n\x1a\n"


# What is read at once of a large array: neither the file nor the array ever stands in memory twice.
_PIECE = 1 << 22


class _Bytes:
    """A file's bytes by place, read when they are asked for."""

    def __init__(self, file, begin):
        self._file, self._begin = file, begin

    def __getitem__(self, at):
        first, last = (at.start or 0, at.stop) if isinstance(at, slice) else (at, at + 1)
        self._file.seek(self._begin + first)
        data = self._file.read(max(0, last - first))
        return data if isinstance(at, slice) else data[0]

    def unpack(self, form, at):
        return struct.unpack(form, self[at : at + struct.calcsize(form)])

    def text(self, at):
        """What stands before the next zero."""
        found = b""
        while b"\0" not in found:
            more = self[at + len(found) : at + len(found) + 64]
            if not more:
                raise ValueError("an HDF5 file that ends within a name")
            found += more
        return found[: found.index(b"\0")].decode()


class File:
    """An HDF5 file: `datasets` by path, `shape(path)`, `read(path)`, `attributes(path)`, `children(path)`.

    `file` is its bytes or an open file, in which it begins at `begin`; an open file is read where needed.
    """

    def __init__(self, file, begin=0):
        data = _Bytes(io.BytesIO(file) if isinstance(file, bytes) else file, begin)
        if data[:8] != _SIGNATURE:
            raise ValueError("this is no HDF5 file")
        if data[8] not in (0, 1) or data[13] != 8 or data[14] != 8:
            raise ValueError(f"an HDF5 file with superblock {data[8]} is not read here: save it with h5py's defaults")
        self._data = data
        # The root group's symbol table entry ends the superblock.
        at = 24 + 32 if data[8] == 0 else 28 + 32
        (header,) = data.unpack("<Q", at + 8)
        self._objects, self.datasets, self._children = {}, {}, {}
        self._walk("", header)

    # ── structure ──────────────────────────────────────────────────────────────────────────────

    def _messages(self, address):
        """(type, body offset, size) of an object header, continuation blocks included."""
        data = self._data
        if data[address : address + 4] == b"OHDR":
            raise ValueError("an HDF5 file in the newer object format is not read here: save it with h5py's defaults")
        version, _, count, _, size = data.unpack("<BBHII", address)
        if version != 1:
            raise ValueError(f"an object header of version {version} is not read here")
        blocks, found = [(address + 16, size)], []
        while blocks:
            at, left = blocks.pop(0)
            end = at + left
            while at + 8 <= end and len(found) < count:
                kind, length, _ = data.unpack("<HHB", at)
                found.append((kind, at + 8, length))
                if kind == 0x10:
                    blocks.append(data.unpack("<QQ", at + 8))
                at += 8 + length
        return found

    def _walk(self, path, header):
        messages = self._messages(header)
        self._objects[path] = messages
        table = next((m for m in messages if m[0] == 0x11), None)
        if table is None:
            self.datasets[path] = messages
            return
        tree, heap = self._data.unpack("<QQ", table[1])
        (names,) = self._data.unpack("<Q", heap + 24)
        self._children[path] = []
        for name_at, address in self._links(tree):
            name = self._data.text(names + name_at)
            self._children[path].append(name)
            self._walk(f"{path}/{name}" if path else name, address)

    def _links(self, node):
        data = self._data
        if node == _NONE:
            return
        level, used = data.unpack("<BH", node + 5)
        for i in range(used):
            (child,) = data.unpack("<Q", node + 24 + 8 + 16 * i)
            if level:
                yield from self._links(child)
                continue
            (count,) = data.unpack("<H", child + 6)
            for k in range(count):
                name, address = data.unpack("<QQ", child + 8 + 40 * k)
                yield name, address

    def children(self, path):
        return self._children.get(path, [])

    # ── values ─────────────────────────────────────────────────────────────────────────────────

    def _shape(self, at):
        version, rank = self._data[at], self._data[at + 1]
        begin = at + (8 if version == 1 else 4)
        return self._data.unpack(f"<{rank}Q", begin)

    def _kind(self, at):
        """(letter, size) of a datatype: f, i, u, s for fixed text, v for text of any length."""
        data = self._data
        cls, bits = data[at] & 15, data[at + 1]
        (size,) = data.unpack("<I", at + 4)
        if cls == 1:
            return "f", size
        if cls == 0:
            return ("i" if bits & 8 else "u"), size
        if cls == 3:
            return "s", size
        if cls == 9:
            return "v", size
        if cls == 8:
            return "i", size
        raise ValueError(f"an HDF5 datatype of class {cls} is not read here")

    def _described(self, path):
        """(messages by type, shape, letter and size of a number)."""
        if path not in self.datasets:
            raise KeyError(path)
        found = {}
        for kind, at, length in self.datasets[path]:
            found.setdefault(kind, (at, length))
        return found, self._shape(found[1][0]), *self._kind(found[3][0])

    def shape(self, path):
        return self._described(path)[1]

    def read(self, path):
        """The array of a data set, in float32 or int64."""
        found, shape, letter, size = self._described(path)
        if letter == "f":
            array = np.empty(shape, np.float32)
            self.read_into(path, array)
            return array
        count = math.prod(shape)
        return _numbers(self._contents(found, shape, count * size, size), letter, size, count).reshape(shape)

    def read_into(self, path, array):
        """Fills a contiguous array of the data set's shape."""
        found, shape, letter, size = self._described(path)
        count, flat = math.prod(shape), array.reshape(-1)
        at = self._contiguous(found)
        if at is None:
            flat[:] = _numbers(self._contents(found, shape, count * size, size), letter, size, count)
            return
        step = _PIECE // size
        for first in range(0, count, step):
            n = min(step, count - first)
            raw = self._data[at + first * size : at + (first + n) * size]
            if len(raw) < n * size:
                raise ValueError(f"the file ends within {path}: it was not copied or downloaded whole")
            flat[first : first + n] = _numbers(raw, letter, size, n)

    def _contiguous(self, found):
        """Where a data set stands as one piece; None where it doesn't."""
        at = found[8][0]
        if self._data[at] != 3 or self._data[at + 1] != 1:
            return None
        (address,) = self._data.unpack("<Q", at + 2)
        return None if address == _NONE else address

    def _contents(self, found, shape, wanted, item):
        data, at = self._data, found[8][0]
        if data[at] != 3:
            raise ValueError("a layout message of this version is not read here")
        kind = data[at + 1]
        if kind == 0:
            (length,) = data.unpack("<H", at + 2)
            return data[at + 4 : at + 4 + length]
        if kind == 1:
            address, length = data.unpack("<QQ", at + 2)
            return bytes(wanted) if address == _NONE else data[address : address + wanted]
        rank = data[at + 2]
        (tree,) = data.unpack("<Q", at + 3)
        chunk = data.unpack(f"<{rank - 1}I", at + 11)
        filters = self._filters(found.get(11))
        whole = bytearray(wanted)
        for place, raw in self._chunks(tree, rank):
            for code in reversed(filters):
                raw = zlib.decompress(raw) if code == 1 else _unshuffled(raw, item)
            _lay(whole, shape, place, chunk, raw, item)
        return bytes(whole)

    def _filters(self, message):
        if message is None:
            return []
        at, data = message[0], self._data
        if data[at] != 1:
            raise ValueError("a filter message of this version is not read here")
        count, at, found = data[at + 1], at + 8, []
        for _ in range(count):
            code, name, _, values = data.unpack("<HHHH", at)
            if code not in (1, 2):
                raise ValueError(f"HDF5's filter {code} is not read here: deflate and shuffle are")
            found.append(code)
            at += 8 + name + 4 * (values + values % 2)
        return found

    def _chunks(self, node, rank):
        data = self._data
        if node == _NONE:
            return
        level, used = data.unpack("<BH", node + 5)
        step = 8 + 8 * rank + 8
        for i in range(used):
            at = node + 24 + step * i
            (size,) = data.unpack("<I", at)
            place = data.unpack(f"<{rank - 1}Q", at + 8)
            (child,) = data.unpack("<Q", at + 8 + 8 * rank)
            if level:
                yield from self._chunks(child, rank)
            else:
                yield place, data[child : child + size]

    def attributes(self, path):
        """Texts, lists of texts, and numbers, by name."""
        found = {}
        for kind, at, _ in self._objects.get(path, []):
            if kind != 12:
                continue
            try:
                name, value = self._attribute(at)
            except (ValueError, IndexError, struct.error):
                continue
            found[name] = value
        return found

    def _attribute(self, at):
        data = self._data
        version, _, name_size, type_size, space_size = data.unpack("<BBHHH", at)
        at += 8 if version < 3 else 9
        pad = (lambda n: (n + 7) // 8 * 8) if version == 1 else lambda n: n
        name = data[at : at + name_size].rstrip(b"\0").decode()
        at += pad(name_size)
        letter, size = self._kind(at)
        at += pad(type_size)
        shape = self._shape(at) if data[at + 1] else ()
        at += pad(space_size)
        count = 1
        for n in shape:
            count *= n
        if letter == "v":
            values = [self._text(at + 16 * i) for i in range(count)]
        elif letter == "s":
            values = [data[at + size * i : at + size * (i + 1)].rstrip(b"\0").decode() for i in range(count)]
        else:
            values = _numbers(data[at : at + size * count], letter, size, count).tolist()
        return name, values if shape else values[0]

    def _text(self, at):
        """A text in the global heap."""
        data = self._data
        length, address, wanted = data.unpack("<IQI", at)
        if not length:
            return ""
        (size,) = data.unpack("<Q", address + 8)
        place, end = address + 16, address + size
        while place < end:
            index, _, _, long = data.unpack("<HHIQ", place)
            if index == wanted:
                return data[place + 16 : place + 16 + length].decode()
            if not index:
                break
            place += 16 + (long + 7) // 8 * 8
        raise ValueError("a text that is nowhere")


def _numbers(raw, letter, size, count):
    if letter == "f" and size in (4, 8):
        return np.asarray(np.frombuffer(raw[: count * size], np.float32 if size == 4 else np.float64), np.float32) if count else np.zeros(0, np.float32)
    if letter == "f" and size == 2:
        return np.array([x[0] for x in struct.iter_unpack("<e", raw)], dtype=np.float32)
    code = {1: "b", 2: "h", 4: "i", 8: "q"}[size]
    code = code if letter == "i" else code.upper()
    return np.array(list(struct.unpack(f"<{count}{code}", raw[: count * size])), dtype=np.int64)


def _unshuffled(raw, item):
    out = bytearray(len(raw))
    n = len(raw) // item
    for i in range(item):
        out[i::item] = raw[i * n : (i + 1) * n]
    return bytes(out)


def _lay(whole, shape, place, chunk, raw, item):
    """Copies a chunk's rows to their places."""
    def rows(axis, at_whole, at_chunk):
        if axis == len(shape) - 1:
            n = min(chunk[axis], shape[axis] - place[axis])
            begin = (at_whole * shape[axis] + place[axis]) * item
            source = at_chunk * chunk[axis] * item
            whole[begin : begin + n * item] = raw[source : source + n * item]
            return
        for i in range(min(chunk[axis], shape[axis] - place[axis])):
            rows(axis + 1, at_whole * shape[axis] + place[axis] + i, at_chunk * chunk[axis] + i)

    if not shape:
        whole[:] = raw[: len(whole)]
    else:
        rows(0, 0, 0)


# ── writing ────────────────────────────────────────────────────────────────────────────────────

_FLOAT32 = bytes.fromhex("1120 1f00 04000000 0000 2000 17 08 00 17 7f000000".replace(" ", ""))
_INT64 = bytes.fromhex("1008 0000 08000000 0000 4000".replace(" ", ""))


class _Out:
    def __init__(self):
        self.data = bytearray()

    def put(self, piece):
        self.data += b"\0" * (-len(self.data) % 8)
        at = len(self.data)
        self.data += piece
        return at


def _header(messages):
    """A version 1 object header."""
    body = b"".join(struct.pack("<HHBBBB", kind, len(m) + (-len(m) % 8), flags, 0, 0, 0) + m + b"\0" * (-len(m) % 8) for kind, flags, m in messages)
    return struct.pack("<BBHII", 1, 0, len(messages), 1, len(body)) + b"\0" * 4 + body


def _dataset(out, array):
    floats = array.dtype.kind == "f"
    array = np.asarray(array, np.float32 if floats else np.int64)
    raw = array.tobytes()
    address = out.put(raw) if raw else _NONE
    rank = array.ndim
    space = struct.pack("<BBBBI", 1, rank, 0, 0, 0) + struct.pack(f"<{rank}Q", *array.shape)
    fill = struct.pack("<BBBB", 2, 2, 2, 0)
    layout = struct.pack("<BBQQ", 3, 1, address, len(raw))
    return out.put(_header([(1, 0, space), (3, 1, _FLOAT32 if floats else _INT64), (5, 1, fill), (8, 0, layout)]))


# A node holds up to 2·4 names, a tree's node up to 2·16 children, as the superblock says.
_LEAF, _INNER = 4, 16


def _group(out, tree):
    """Writes a dict of groups and arrays; (header, tree, heap)."""
    names = sorted(tree)
    entries = []
    heap = bytearray(8)
    for name in names:
        part = tree[name]
        if isinstance(part, dict):
            header, inner_tree, inner_heap = _group(out, part)
            cache = struct.pack("<IIQQ", 1, 0, inner_tree, inner_heap)
        else:
            header, cache = _dataset(out, part), struct.pack("<IIQQ", 0, 0, 0, 0)
        at = len(heap)
        text = name.encode() + b"\0"
        heap += text + b"\0" * (-len(text) % 8)
        entries.append((at, struct.pack("<QQ", at, header) + cache))
    leaves = []
    for first in range(0, len(entries), 2 * _LEAF):
        part = entries[first : first + 2 * _LEAF]
        body = b"".join(e for _, e in part)
        node = b"SNOD" + struct.pack("<BBH", 1, 0, len(part)) + body + b"\0" * (40 * (2 * _LEAF - len(part)))
        leaves.append((out.put(node), part[-1][0]))
    if len(leaves) > 2 * _INNER:
        tree_at = _inner(out, leaves)
    else:
        tree_at = out.put(_node(0, leaves))
    segment = out.put(bytes(heap))
    heap_at = out.put(b"HEAP" + struct.pack("<BBBBQQQ", 0, 0, 0, 0, len(heap), 1, segment))
    return out.put(_header([(0x11, 0, struct.pack("<QQ", tree_at, heap_at))])), tree_at, heap_at


def _node(level, children):
    body = struct.pack("<Q", 0) + b"".join(struct.pack("<QQ", address, last) for address, last in children)
    node = b"TREE" + struct.pack("<BBHQQ", 0, level, len(children), _NONE, _NONE) + body
    return node + b"\0" * (24 + 8 + 16 * 2 * _INNER - len(node))


def _inner(out, leaves):
    parts = [leaves[i : i + 2 * _INNER] for i in range(0, len(leaves), 2 * _INNER)]
    return out.put(_node(1, [(out.put(_node(0, part)), part[-1][1]) for part in parts]))


def write(arrays):
    """The bytes of a file with these arrays by path."""
    tree = {}
    for path, array in arrays.items():
        *groups, name = path.split("/")
        at = tree
        for group in groups:
            at = at.setdefault(group, {})
        at[name] = array
    out = _Out()
    out.put(b"\0" * 96)
    header, tree_at, heap_at = _group(out, tree)
    end = len(out.data)
    head = _SIGNATURE + struct.pack("<BBBBBBBBHHI", 0, 0, 0, 0, 0, 8, 8, 0, _LEAF, _INNER, 0)
    head += struct.pack("<QQQQ", 0, _NONE, end, _NONE)
    head += struct.pack("<QQIIQQ", 0, header, 1, 0, tree_at, heap_at)
    out.data[: len(head)] = head
    return bytes(out.data)
