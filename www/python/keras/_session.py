"""A compiled run of the engine with the weights of a model: batches in, losses and answers out.

Weights cross as safetensors when one side wants them and the other has changed them, never per step.
"""

import json
import struct

import _danlu
import numpy as np
from numpy import _engine
from numpy._array import wrap
from pyodide.ffi import JsException, to_js

# JavaScript's own constructors, reached through what a buffer becomes: `js` is closed to learners.
_Floats = to_js(memoryview(bytes(4)).cast("f")).constructor
_Labels = to_js(memoryview(bytes(4)).cast("I")).constructor
# A seed goes over as a BigInt, which Python's larger integers become.
_LARGE = 1 << 60


def floats(array):
    """A Float32Array of an array's numbers."""
    array = array if array._h & 3 == 2 else array.astype(np.float32)
    return _Floats.new(_engine.bytes(array._h).buffer)


def labels(array):
    """A Uint32Array of class numbers."""
    return _Labels.new(floats(array))


def from_floats(proxy, shape):
    """An array of a Float32Array."""
    data = proxy.to_bytes()
    return np.frombuffer(data, np.float32).reshape(shape).copy()


def write_tensors(tensors):
    """safetensors of a dict of float32 arrays."""
    header, parts, at = {}, [], 0
    for name in sorted(tensors):
        array = tensors[name]
        data = array.tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [at, at + len(data)]}
        parts.append(data)
        at += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([struct.pack("<Q", len(text)), text, *parts])


def read_tensors(data):
    """A dict of float32 arrays of safetensors."""
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    begin = 8 + length
    made = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        kinds = {"F32": np.float32, "F64": np.float64, "I64": np.int64}
        if entry["dtype"] not in kinds:
            raise ValueError(f"{name} has dtype {entry['dtype']}: only F32, F64 and I64 are read here")
        first, last = entry["data_offsets"]
        part = data[begin + first : begin + last]
        array = np.frombuffer(part, kinds[entry["dtype"]]).reshape(tuple(entry["shape"])) if part else np.zeros(tuple(entry["shape"]), np.float32)
        made[name] = array.copy()
    return made


class Refused(Exception):
    """The engine does not take the run: the tape will."""


class Compiled:
    """A session whose parameters are a model's variables."""

    def __init__(self, layout, run, seed):
        self.layout = layout
        try:
            self._session = _danlu.Session.new(json.dumps(run), _LARGE + seed, 1, 1, 0)
        except JsException as error:
            if getattr(error, "code", None) is None:
                raise
            raise Refused(error.message) from None
        self._stores = {name: variable._store for name, variable in layout.variables.items()}
        self._versions = {}
        self._ahead = False
        self._check_shapes()
        self.rate = None

    def _check_shapes(self):
        (length,) = struct.unpack("<Q", (data := self._session.getWeights().to_bytes())[:8])
        header = json.loads(data[8 : 8 + length])
        own = {name: tuple(store._array.shape) for name, store in self._stores.items()}
        theirs = {name: tuple(entry["shape"]) for name, entry in header.items() if name != "__metadata__"}
        if own != theirs:
            raise Refused(f"weights {theirs} where the model has {own}")

    def free(self):
        if self._session is not None:
            if self._ahead:
                self.pull()
            self._session.free()
            self._session = None

    # ── weights ────────────────────────────────────────────────────────────────────────────────

    def pull(self):
        """Brings the session's weights into the variables."""
        tensors = read_tensors(self._session.getWeights().to_bytes())
        self._ahead = False
        for name, store in self._stores.items():
            store.pulled(tensors[name])
            self._versions[name] = store.version

    def push(self):
        """Takes the variables' weights where somebody has changed them."""
        stale = False
        for name, store in self._stores.items():
            if store.source is not None and store.source is not self:
                store.source.pull()
                stale = True
            elif self._versions.get(name) != store.version:
                stale = True
        if not stale:
            return
        data = write_tensors({name: store.array for name, store in self._stores.items()})
        self._session.setWeights(to_js(memoryview(data)))
        self._versions = {name: store.version for name, store in self._stores.items()}

    def _advanced(self):
        """The session's weights are newer than the variables' now."""
        if not self._ahead:
            self._ahead = True
            for store in self._stores.values():
                store.source = self
                # What others compiled from these variables is old now.
                store.version += 1
            self._versions = {name: store.version for name, store in self._stores.items()}

    # ── batches ────────────────────────────────────────────────────────────────────────────────

    def set_rate(self, rate):
        rate = max(float(rate), 1e-30)
        if rate != self.rate:
            self._session.setLearningRate(rate)
            self.rate = rate

    def train(self, x, y, is_labels, steps=1):
        """One step on a batch; (loss, accuracy), the means over it."""
        session = self._session
        if is_labels:
            report = session.trainBatch(x, y, steps)
        else:
            report = session.trainBatchValues(x, y, steps)
        self._advanced()
        return report.loss, report.accuracy

    def evaluate(self, x, y, is_labels):
        session = self._session
        report = session.evaluateOn(x, y) if is_labels else session.evaluateOnValues(x, y)
        return report.loss, report.accuracy

    def predict(self, x):
        return self._session.predict(x)


__all__ = ["Compiled", "Refused", "floats", "labels", "from_floats", "read_tensors", "write_tensors", "wrap"]
