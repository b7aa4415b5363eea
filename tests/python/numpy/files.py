"""Files that real NumPy wrote, read by ours, and files that ours writes, byte by byte."""

import base64
import io
import json
import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np


def npy(a):
    file = io.BytesIO()
    np.save(file, a)
    return file.getvalue()


def read(data):
    return np.load(io.BytesIO(data))


def described(run):
    try:
        value = run()
        return {"text": value} if isinstance(value, str) else {"repr": repr(value)}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error)}


def texts(recorded):
    for case in recorded["texts"]:

        def write(code=case["code"]):
            file = io.StringIO()
            exec(code, {"np": np, "file": file})
            return file.getvalue()

        yield case["code"], described(write), {k: v for k, v in case.items() if k != "code"}
    for case in recorded["reads"]:
        scope = {"np": np, "file": io.StringIO(case["text"])}
        theirs = {k: v for k, v in case.items() if k in ("repr", "error", "message")}
        yield case["code"], described(lambda: eval(case["code"], scope)), theirs


def arrays(recorded):
    for case in recorded["written"]:
        data = base64.b64decode(case["npy"])
        made = eval(case["code"], {"np": np})
        yield f"{case['name']}: bytes", npy(made) == data, True
        yield f"{case['name']}: read", repr(read(data)), case["repr"]
        yield f"{case['name']}: back", npy(read(data)) == data, True
    for case in recorded["read"]:
        values, shape = [float(v) for v in case["values"]], tuple(case["shape"])
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            made = read(base64.b64decode(case["npy"]))
            flat = np.frombuffer(base64.b64decode(case["bytes"]), dtype=case["dtype"])
        yield f"{case['name']}: values", (made.ravel().tolist(), made.shape), (values, shape)
        yield f"{case['name']}: bytes", flat.tolist(), values
        told = 0 if case["name"] == "big-endian float64" else 2
        yield f"{case['name']}: is told of", [str(w.message)[:17] for w in caught], ["numpy here has no"] * told


def archives(recorded):
    for method in ("savez", "savez_compressed"):
        theirs = base64.b64decode(recorded[method])
        with np.load(io.BytesIO(theirs)) as archive:
            shown = {name: archive[name].tolist() for name in archive.files}
            yield f"{method}: read", shown, {"x": [[1, 0], [0, 1]], "y": [True], "arr_0": [0, 1, 2]}
        file = io.BytesIO()
        getattr(np, method)(file, np.arange(3), x=np.eye(2), y=np.array([True]))
        ours, theirs = zipfile.ZipFile(file), zipfile.ZipFile(io.BytesIO(theirs))
        content = lambda z: {i.filename: (i.compress_type, z.read(i)) for i in z.infolist()}  # noqa: E731
        yield f"{method}: written", content(ours), content(theirs)


def files():
    folder = Path(tempfile.mkdtemp())
    a = np.arange(6.0).reshape(2, 3)
    np.save(folder / "a", a)
    yield "the ending .npy is added", repr(np.load(folder / "a.npy")), repr(a)
    np.savez(folder / "b", a=a, b=a[0])
    archive = np.load(folder / "b.npz")
    yield "an archive shows its keys", repr(archive).replace(str(folder), "."), "NpzFile './b.npz' with keys: a, b"
    yield "fields are attributes", archive.f.b.tolist(), [0, 1, 2]
    yield "a missing key is named", described(lambda: archive["c"])["message"], "'c is not a file in the archive'"
    a.tofile(folder / "c.bin")
    yield "bytes come back", np.fromfile(folder / "c.bin").tolist(), a.ravel().tolist()
    yield "some of them", np.fromfile(folder / "c.bin", count=2, offset=8).tolist(), [1, 2]
    np.savetxt(folder / "d.txt.gz", a)
    yield "text in gzip", np.loadtxt(folder / "d.txt.gz").tolist(), a.tolist()
    (folder / "p").write_bytes(b"\x80\x04N.")
    yield "a pickle is refused", described(lambda: np.load(folder / "p")), {
        "error": "ValueError", "message": "Cannot load file containing pickled data when allow_pickle=False",
    }  # fmt: skip
    (folder / "cut").write_bytes(npy(a)[:-1])
    yield "a cut file is told", described(lambda: np.load(folder / "cut"))["message"], (
        "EOF: reading array data, expected 48 bytes got 47"
    )
    yield "memmap is refused by name", described(lambda: np.memmap)["message"][:11], "np.memmap i"
    images = bytes([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 127, 128, 255])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        size = np.frombuffer(images, dtype=np.dtype(np.uint32).newbyteorder(">"), count=3, offset=4)
        pixels = np.frombuffer(images, np.uint8, offset=16).reshape(size)
    yield "an IDX file reads", (pixels / 255).tolist(), [[[0, 127 / 255], [128 / 255, 1]]]
    yield "and no array is of its bytes", described(lambda: pixels.astype(np.uint8))["error"], "NotImplementedError"


def main(path):
    """[[what, ours, expected], …] of what differs, and how many were looked at."""
    with open(path) as file:
        recorded = json.load(file)
    differing, count = [], 0
    for group in (texts(recorded), arrays(recorded), archives(recorded), files()):
        for what, ours, theirs in group:
            count += 1
            if ours != theirs:
                differing.append([what, repr(ours), repr(theirs)])
    return differing, count
