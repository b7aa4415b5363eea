"""Arrays in files: npy and npz as NumPy writes them, raw bytes, and text."""

import ast
import io
import os
import struct
import zipfile

from . import _engine
from ._array import ndarray
from ._convert import array, asarray, lies_turned
from ._dtypes import as_dtype
from ._formats import as_format, from_bytes

_MAGIC = b"\x93NUMPY"
# NumPy leaves room in a header for the first axis to grow to so many digits.
_ROOM = 21


def _opened(file, mode, ending=None):
    """A file object of a path or of one that is open already, and whether to close it."""
    if hasattr(file, "write" if "w" in mode else "read"):
        return file, False
    path = os.fspath(file)
    if ending and not path.endswith(ending):
        path += ending
    if path.endswith(".gz") and ending is None:
        import gzip

        return gzip.open(path, mode + ("" if "b" in mode else "t")), True
    return open(path, mode), True


# ── npy ────────────────────────────────────────────────────────────────────────────────────────


def _npy(a):
    """The bytes of an npy file."""
    turned = a.ndim > 1 and not _engine.is_contiguous(a._h) and lies_turned(a)
    header = f"{{'descr': {a.dtype.str!r}, 'fortran_order': {turned}, 'shape': {a.shape}, }}"
    if a.ndim:
        header += " " * (_ROOM - len(repr(a.shape[-1 if turned else 0])))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return _MAGIC + b"\x01\x00" + struct.pack("<H", len(header)) + header.encode("latin1") + (a.T if turned else a).tobytes()


def _whole(stream, n):
    data = stream.read(n)
    if len(data) != n:
        raise ValueError(f"EOF: reading array data, expected {n} bytes got {len(data)}")
    return data


def _read_npy(stream, warn=True):
    """The array in a stream that stands behind the magic bytes."""
    version = tuple(_whole(stream, 2))
    if version not in ((1, 0), (2, 0), (3, 0)):
        raise ValueError(f"we only support format version (1,0), (2,0), and (3,0), not {version}")
    size = "<H" if version == (1, 0) else "<I"
    (length,) = struct.unpack(size, _whole(stream, struct.calcsize(size)))
    try:
        header = ast.literal_eval(_whole(stream, length).decode("latin1" if version < (3, 0) else "utf8"))
        descr, turned, shape = header["descr"], header["fortran_order"], header["shape"]
    except (SyntaxError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"Cannot parse header: {error}") from None
    if not isinstance(descr, str):
        raise NotImplementedError("numpy here has no structured dtypes; use one array a field")
    if descr.endswith("O"):
        raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
    of = as_format(descr)
    count = 1
    for n in shape:
        count *= n
    data = _whole(stream, count * of.itemsize)
    return from_bytes(data, shape[::-1], of, warn).T if turned else from_bytes(data, shape, of, warn)


def save(file, arr, allow_pickle=True):
    """Writes one array as an npy file."""
    stream, close = _opened(file, "wb", ".npy")
    try:
        stream.write(_npy(asarray(arr)))
    finally:
        if close:
            stream.close()


def _save_archive(file, args, named, method):
    arrays = dict(named)
    for at, a in enumerate(args):
        if f"arr_{at}" in arrays:
            raise ValueError(f"Cannot use un-named variables and keyword arr_{at}")
        arrays[f"arr_{at}"] = a
    if not hasattr(file, "write"):
        file = os.fspath(file)
        file = file if file.endswith(".npz") else f"{file}.npz"
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, a in arrays.items():
            archive.writestr(f"{name}.npy", _npy(asarray(a)))


def savez(file, *args, allow_pickle=True, **kwds):
    """Writes several arrays as an npz file: a zip of npy files."""
    _save_archive(file, args, kwds, zipfile.ZIP_STORED)


def savez_compressed(file, *args, allow_pickle=True, **kwds):
    """Writes several arrays as a compressed npz file."""
    _save_archive(file, args, kwds, zipfile.ZIP_DEFLATED)


class NpzFile:
    """The arrays of an npz file by their names, each read when it is asked for."""

    def __init__(self, file, name):
        self.zip, self.fid, self._name = zipfile.ZipFile(file), file, name
        self._stored = {n.removesuffix(".npy"): n for n in self.zip.namelist()}
        self.files = list(self._stored)
        self.f = _Fields(self)

    def __getitem__(self, key):
        stored = self._stored.get(key, key)
        if stored not in self._stored.values():
            raise KeyError(f"{key} is not a file in the archive")
        data = self.zip.read(stored)
        return _read_npy(io.BytesIO(data[6:])) if data.startswith(_MAGIC) else data

    def __iter__(self):
        return iter(self.files)

    def __len__(self):
        return len(self.files)

    def __contains__(self, key):
        return key in self._stored or key in self._stored.values()

    def keys(self):
        return dict.fromkeys(self.files).keys()

    def values(self):
        return [self[name] for name in self.files]

    def items(self):
        return [(name, self[name]) for name in self.files]

    def get(self, key, default=None):
        return self[key] if key in self else default

    def close(self):
        self.zip.close()
        self.fid.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def __repr__(self):
        shown = ", ".join(self.files[:5]) + ("..." if len(self.files) > 5 else "")
        return f"NpzFile {self._name!r} with keys: {shown}"


class _Fields:
    def __init__(self, archive):
        self._archive = archive

    def __getattr__(self, name):
        try:
            return self._archive[name]
        except KeyError:
            raise AttributeError(name) from None


def load(file, mmap_mode=None, allow_pickle=False, fix_imports=True, encoding="ASCII", *, max_header_size=10000):
    """The array of an npy file, or the arrays of an npz file."""
    if mmap_mode is not None:
        raise NotImplementedError("np.load here reads a file whole: leave mmap_mode out")
    stream, close = _opened(file, "rb", "" if not hasattr(file, "read") else None)
    keep = False
    try:
        start = stream.read(6)
        if not start:
            raise EOFError("No data left in file")
        if start == _MAGIC:
            return _read_npy(stream)
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            stream.seek(stream.tell() - len(start))
            keep = True
            return NpzFile(stream, os.fspath(file) if close else "object")
        raise ValueError(
            "Cannot load file containing pickled data when allow_pickle=False"
            if not allow_pickle
            else "np.load here reads npy and npz files; for a pickle use Python's pickle.load"
        )
    finally:
        if close and not keep:
            stream.close()


# ── raw bytes ──────────────────────────────────────────────────────────────────────────────────


def frombuffer(buffer, dtype=float, count=-1, offset=0, *, like=None):
    """The numbers in a bytes-like object. Formats that no array here holds widen, with a warning."""
    if isinstance(buffer, ndarray):
        buffer = buffer.tobytes()
    memory = memoryview(buffer).cast("B")
    if offset and not 0 <= offset <= len(memory) - (len(memory) > 0):
        raise ValueError(f"offset must be non-negative and no greater than buffer length ({len(memory)})")
    memory, of = memory[offset:], as_format(dtype)
    n = len(memory) // of.itemsize if count < 0 else count
    if count < 0 and len(memory) % of.itemsize:
        raise ValueError("buffer size must be a multiple of element size")
    if n * of.itemsize > len(memory):
        raise ValueError("buffer is smaller than requested size")
    return from_bytes(memory[: n * of.itemsize], (n,), of)


def fromfile(file, dtype=float, count=-1, sep="", offset=0, *, like=None):
    """The numbers in a file: its bytes, or text between separators."""
    stream, close = _opened(file, "rb", "" if not hasattr(file, "read") else None)
    try:
        if sep:
            return fromstring(stream.read().decode(), dtype, count, sep=sep)
        if offset:
            stream.seek(offset, 1)
        of = as_format(dtype)
        data = stream.read() if count < 0 else stream.read(count * of.itemsize)
    finally:
        if close:
            stream.close()
    return from_bytes(data[: len(data) // of.itemsize * of.itemsize], (len(data) // of.itemsize,), of)


def fromstring(string, dtype=float, count=-1, *, sep="", like=None):
    """The numbers in a text."""
    if not sep:
        raise ValueError("The binary mode of fromstring is removed, use frombuffer instead")
    of = as_dtype(dtype)
    parts = string.split() if sep.isspace() else [part for part in string.split(sep) if part.strip()]
    if count >= 0:
        parts = parts[:count]
    return array([_number(part, of) for part in parts], of)


def tofile(self, fid, sep="", format="%s"):
    """Writes the elements in C order, as bytes or as text."""
    stream, close = _opened(fid, "w" if sep and not hasattr(fid, "write") else "wb")
    try:
        if sep:
            text = sep.join(format % (v.item() if format != "%s" else v) for v in self.ravel())
            stream.write(text if not hasattr(stream, "mode") or "b" not in stream.mode else text.encode())
        else:
            stream.write(self.tobytes())
    finally:
        if close:
            stream.close()


# ── text ───────────────────────────────────────────────────────────────────────────────────────


def savetxt(fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="", comments="# ", encoding=None):
    """Writes a vector or a matrix as text, a row a line."""
    X = asarray(X)
    if X.ndim == 0 or X.ndim > 2:
        raise ValueError(f"Expected 1D or 2D array, got {X.ndim}D array instead")
    rows = (X.reshape(-1, 1) if X.ndim == 1 else X).tolist()
    columns = 1 if X.ndim == 1 else X.shape[1]
    if isinstance(fmt, (list, tuple)):
        if len(fmt) != columns:
            raise AttributeError(f"fmt has wrong shape.  {fmt}")
        line = delimiter.join(fmt)
    else:
        marks = fmt.count("%")
        if marks not in (1, columns):
            raise ValueError(f"fmt has wrong number of % formats:  {fmt}")
        line = fmt if marks == columns and marks > 1 else delimiter.join([fmt] * columns)
    own, close = _opened(fname, "w")
    text = []
    for note in (header, None, footer):
        if note is None:
            for row in rows:
                try:
                    text.append(line % tuple(row) + newline)
                except TypeError:
                    raise TypeError(
                        f"Mismatch between array dtype ('{X.dtype}') and format specifier ('{line}')"
                    ) from None
        elif note:
            text.append(comments + note.replace("\n", "\n" + comments) + newline)
    try:
        _write_text(own, "".join(text), encoding)
    finally:
        if close:
            own.close()


def _write_text(stream, text, encoding):
    try:
        stream.write(text)
    except TypeError:
        stream.write(text.encode(encoding or "latin1"))


def _lines(fname, encoding):
    """The lines of a file by its name, of an open file, or of a list."""
    if hasattr(fname, "__fspath__") or isinstance(fname, str):
        stream, _ = _opened(fname, "r")
        with stream:
            lines = stream.read().splitlines()
    else:
        lines = list(fname.read().splitlines() if hasattr(fname, "read") else fname)
    return [line.decode(encoding or "latin1") if isinstance(line, bytes) else line for line in lines]


def _rows(lines, comments, delimiter, quotechar=None):
    """(line number, fields) of every line that holds something."""
    marks = [comments] if isinstance(comments, (str, bytes)) else list(comments or ())
    marks = [mark.decode() if isinstance(mark, bytes) else mark for mark in marks]
    for number, line in enumerate(lines, 1):
        for mark in marks:
            line = line.split(mark, 1)[0]
        line = line.strip("\r\n")
        if not line.strip():
            continue
        fields = line.split() if delimiter is None else line.split(delimiter)
        if quotechar:
            fields = [field.strip().strip(quotechar) for field in fields]
        yield number, fields


def _number(text, of):
    if of.kind == "f":
        return float(text)
    if of.kind == "b":
        return bool(int(text))
    return int(text)


def _parsed(field, of, converter, row, column):
    if converter is not None:
        return converter(field)
    try:
        return _number(field.strip(), of)
    except ValueError:
        raise ValueError(
            f"could not convert string {field!r} to {of.name} at row {row}, column {column + 1}."
        ) from None


def _converter(converters, column, count):
    if callable(converters):
        return converters
    return (converters or {}).get(column, (converters or {}).get(column - count))


def _chosen(usecols, count, row):
    columns = [usecols] if isinstance(usecols, int) else list(usecols)
    for column in columns:
        if not -count <= column < count:
            raise ValueError(f"invalid column index {column} at row {row} with {count} columns")
    return [column % count for column in columns]


def _shaped(values, columns, of, unpack, ndmin):
    if ndmin not in (0, 1, 2):
        raise ValueError(f"Illegal value of ndmin keyword: {ndmin}")
    made = array(values, of).reshape(len(values), columns)
    if ndmin < 2:
        made = made.squeeze() if made.size else made.reshape(-1)
        if made.ndim < ndmin:
            made = made.reshape(-1)
    return made.T if unpack else made


def loadtxt(fname, dtype=float, comments="#", delimiter=None, converters=None, skiprows=0, usecols=None, unpack=False,
            ndmin=0, encoding=None, max_rows=None, *, quotechar=None, like=None):  # fmt: skip
    """Numbers from text, as many in each line."""
    of, values, columns = as_dtype(dtype), [], None
    for row, (_, fields) in enumerate(_rows(_lines(fname, encoding)[skiprows:], comments, delimiter, quotechar)):
        if max_rows is not None and row >= max_rows:
            break
        if columns is None:
            columns = len(fields)
        elif len(fields) != columns and usecols is None:
            raise ValueError(
                f"the number of columns changed from {columns} to {len(fields)} at row {row + 1}; "
                "use `usecols` to select a subset and avoid this error"
            )
        chosen = range(len(fields)) if usecols is None else _chosen(usecols, len(fields), row + 1)
        values.append([_parsed(fields[c], of, _converter(converters, c, len(fields)), row, c) for c in chosen])
    if not values:
        import warnings

        warnings.warn(f'loadtxt: input contained no data: "{fname}"', UserWarning, stacklevel=2)
    return _shaped(values, len(values[0]) if values else 0, of, unpack, ndmin)


def genfromtxt(fname, dtype=float, comments="#", delimiter=None, skip_header=0, skip_footer=0, converters=None,
               missing_values=None, filling_values=None, usecols=None, names=None, excludelist=None,
               deletechars=None, replace_space="_", autostrip=False, case_sensitive=True, defaultfmt="f%i",
               unpack=None, usemask=False, loose=True, invalid_raise=True, max_rows=None, encoding=None, *,
               ndmin=0, like=None):  # fmt: skip
    """As loadtxt, but what is missing or no number becomes NaN (-1 among integers) or `filling_values`."""
    if names is not None or dtype is None or usemask:
        raise NotImplementedError(
            "genfromtxt here gives plain arrays: names=, dtype=None and usemask= need structured or masked ones; "
            "read the columns with usecols="
        )
    of = as_dtype(dtype)
    empty = filling_values if filling_values is not None else float("nan") if of.kind == "f" else -1
    lines = _lines(fname, encoding)
    lines = lines[skip_header : len(lines) - skip_footer]
    missing = {missing_values} if isinstance(missing_values, str) else set(missing_values or ())
    values, columns, wrong = [], None, []
    for number, fields in _rows(lines, comments, delimiter):
        columns = len(fields) if columns is None else columns
        if len(fields) != columns:
            wrong.append(f"    Line #{number + skip_header} (got {len(fields)} columns instead of {columns})")
            continue
        chosen = range(columns) if usecols is None else _chosen(usecols, columns, number)
        row = []
        for c in chosen:
            converter, field = _converter(converters, c, columns), fields[c].strip()
            filled = empty[c] if isinstance(empty, (list, tuple)) else empty.get(c, 0) if isinstance(empty, dict) else empty
            if converter is not None:
                row.append(converter(field))
                continue
            try:
                row.append(filled if not field or field in missing else _number(field, of))
            except ValueError:
                row.append(filled)
        values.append(row)
        if max_rows is not None and len(values) >= max_rows:
            break
    if wrong and invalid_raise:
        raise ValueError("Some errors were detected !\n" + "\n".join(wrong))
    return _shaped(values, len(values[0]) if values else 0, of, unpack, ndmin)


ndarray.tofile = tofile
