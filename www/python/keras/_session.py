"""A compiled run of the engine with the weights of a model: batches in, losses and answers out.

Weights cross as safetensors when one side wants them and the other has changed them, never per step.
"""

import json
import math
import struct

import _danlu
import numpy as np
from numpy import _engine
from numpy._array import wrap
from pyodide.ffi import JsException, to_js

# JavaScript's own constructors, reached through what a buffer becomes: `js` is closed to learners.
_Floats = to_js(memoryview(bytes(4)).cast("f")).constructor
_Labels = to_js(memoryview(bytes(4)).cast("I")).constructor
_NO_FLOATS, _NO_LABELS = _Floats.new(0), _Labels.new(0)
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


def _header(data):
    """(where the arrays begin, the header) of safetensors."""
    (length,) = struct.unpack("<Q", data[:8])
    return 8 + length, json.loads(data[8 : 8 + length])


def read_tensors(data):
    """A dict of float32 arrays of safetensors."""
    begin, header = _header(data)
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


# What the names of a checkpoint's arrays begin with that are no weights.
_RUN = "__run__/"
#: The engine's names of what rules remember, and Keras's.
_SLOTS = {
    "sgd": {"sgd/velocity": "momentum"},
    "adagrad": {"adagrad/squares": "accumulator"},
    "adadelta": {"adadelta/squares": "accumulated_grad", "adadelta/ways": "accumulated_delta_var"},
    "rmsprop": {"rmsprop/squares": "velocity", "rmsprop/velocity": "momentum", "rmsprop/mean": "average_gradient"},
    "adam": {"adam/m": "momentum", "adam/v": "velocity", "adam/largest": "velocity_hat"},
    "lion": {"lion/m": "momentum"},
}  # fmt: skip


def _remembered(header):
    """(Keras's names of what is remembered by the names of a checkpoint's arrays, where the run stands)."""
    names = [name[len(_RUN) :] for name in header if name.startswith(_RUN)]
    slots = next((_SLOTS[rule] for rule in _SLOTS if any(name.startswith(f"{rule}/") for name in names)), {})
    slots = {**slots, "gathered": "gradient_accumulator"}
    return {f"{_RUN}{name}": slots[name] for name in names if name in slots}, json.loads(header["__metadata__"]["danlu.run"])


def _bits(number):
    """A real number's bits, as a checkpoint writes it."""
    return struct.unpack("<Q", struct.pack("<d", float(number)))[0]


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
        # The optimiser that this plan is ahead of; what of it was seen last, and batches since the run began.
        self._optimizer, self._seen, self._batches = None, None, 0
        self._check_shapes()
        self.rate = None

    def _check_shapes(self):
        _, header = _header(self._session.getWeights().to_bytes())
        own = {name: tuple(store._array.shape) for name, store in self._stores.items()}
        theirs = {name: tuple(entry["shape"]) for name, entry in header.items() if name != "__metadata__"}
        if own != theirs:
            raise Refused(f"weights {theirs} where the model has {own}")

    def free(self):
        if self._session is not None:
            if self._ahead:
                self.pull()
            if self._optimizer is not None:
                self._optimizer._pull()
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

    # ── what the optimiser remembers ───────────────────────────────────────────────────────────

    def _places(self):
        """(name, first, count) of every weight in the run's flat arrays, where each begins at a multiple of 16."""
        at = 0
        for name, variable in self.layout.variables.items():
            count = math.prod(variable.shape)
            yield name, at, count
            at += count + -count % 16

    def pull_optimizer(self, optimizer):
        """Brings moments and their like into the optimiser."""
        optimizer._source = self._optimizer = None
        data = self._session.checkpoint().to_bytes()
        begin, header = _header(data)
        for slot, name in _remembered(header)[0].items():
            first, last = header[slot]["data_offsets"]
            flat = np.frombuffer(data[begin + first : begin + last], np.float32)
            for own, at, count in self._places():
                variable = self.layout.variables[own]
                if id(variable) in optimizer._index:
                    optimizer._slot(name, variable).array = flat[at : at + count].reshape(tuple(variable.shape)).copy()
        self._seen = optimizer._version

    def push_optimizer(self, optimizer):
        """Takes what the optimiser remembers, where that is not what the run remembers already."""
        done = int(optimizer.iterations._store.array)
        if optimizer._source is self or (self._seen == optimizer._version and self._batches == done):
            return
        optimizer._pull()
        data = bytearray(self._session.checkpoint().to_bytes())
        begin, header = _header(data)
        slots, standing = _remembered(header)
        for slot, name in slots.items():
            first, last = (begin + at for at in header[slot]["data_offsets"])
            flat = np.frombuffer(bytes(data[first:last]), np.float32)
            for own, at, count in self._places():
                variable = self.layout.variables[own]
                if (name, optimizer._index.get(id(variable))) in optimizer._slots:
                    flat[at : at + count] = optimizer._slot(name, variable).get().reshape(-1)
            data[first:last] = flat.tobytes()
        every = optimizer.gradient_accumulation_steps or 1
        standing["numbers"].update(batches=_bits(done), steps=_bits(done // every))
        header["__metadata__"]["danlu.run"] = json.dumps(standing)
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        whole = b"".join([struct.pack("<Q", len(text)), text, bytes(data[begin:])])
        self._session.restore(to_js(memoryview(whole)))
        self.rate = None
        self._seen, self._batches = optimizer._version, done

    # ── batches ────────────────────────────────────────────────────────────────────────────────

    def set_rate(self, rate):
        rate = max(float(rate), 1e-30)
        if rate != self.rate:
            self._session.setLearningRate(rate)
            self.rate = rate

    def train(self, x, y, is_labels, optimizer, weights=None):
        """One step on a batch, by weights of its samples where there are any; (loss, accuracy), the means over it."""
        session, steps = self._session, 1
        self._batches += 1
        if optimizer._source is not self:
            optimizer._source, self._optimizer = self, optimizer
        if weights is not None:
            report = session.trainBatchWeighed(x, y if is_labels else _NO_LABELS, _NO_FLOATS if is_labels else y, weights, steps)
        elif is_labels:
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
