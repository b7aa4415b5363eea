"""Runs the learner's code and answers calls of its functions."""

import builtins
import gc
import importlib.util
import json
import linecache
import sys
import time
import types

from danlu import codec

from . import guard
from .errors import describe
from .hiding import Hiding

FILENAME = "solution.py"
# Deeper recursion through C functions (sorted's key, __add__, map) overflows the browser's own stack, which kills the
# whole runtime instead of raising RecursionError.
RECURSION_LIMIT = 400


class MissingEntry(NameError):
    __module__ = "builtins"

    def __init__(self, name):
        super().__init__(f"the code defines no {name}")
        self.danlu_message = ("missing_entry", {"name": name})


class Runner:
    def __init__(self, emit):
        self._output = guard.Output(emit)
        # Whether the engine trapped under the learner's code: its memory can't be trusted any more.
        self.trapped = False
        self._namespace = {}
        self._hiding = Hiding([], self._namespace)
        builtins.input = guard.refuse_input
        # Imported before the first run, which would otherwise wait for it.
        if importlib.util.find_spec("numpy"):
            importlib.import_module("numpy")
        self._baseline = guard.Baseline()

    def run(self, code):
        """Scratch. JSON {status, error?, ms}."""
        return json.dumps(self._execute(code, "__main__", [], []))

    def load(self, code, entry, forbid):
        """Before checks; entry and forbid are JSON lists. JSON {status, error?, ms}."""
        return json.dumps(self._execute(code, "solution", json.loads(entry), json.loads(forbid)))

    def call(self, request):
        """codec {name, calls: [(args, kwargs)]} → codec {status, values, arguments} or {status, error | type, where}.

        `arguments` are those of the last call as they are afterwards: that is how mutation is seen.
        """
        self._output.reset()
        with _Bounds(self._output):
            try:
                asked = codec.decode(request)
                function = self._namespace.get(asked["name"])
                if function is None:
                    raise MissingEntry(asked["name"])
                values = []
                args, kwargs = (), {}
                for args, kwargs in asked["calls"]:
                    values.append(function(*args, **kwargs))
                answer = {"status": "ok", "values": values, "arguments": (args, kwargs)}
                try:
                    return codec.encode(answer)
                except (codec.Unsendable, codec.TooLarge) as error:
                    key, fields = error.danlu_message
                    where = fields.get("where", "").removeprefix("['values'][0]")
                    return codec.encode({"status": key, "type": fields.get("type", ""), "where": where})
            except BaseException as error:
                return codec.encode({"status": "error", "error": self._describe(error)})

    def _describe(self, error):
        if _is_trap(error):
            self.trapped = True
        return describe(error, FILENAME)

    def _execute(self, code, name, entry, forbid):
        self._namespace = {}
        self._hiding.release()
        self._baseline.restore()
        gc.collect()
        module = types.ModuleType(name)
        self._namespace = module.__dict__
        self._hiding = Hiding(forbid, self._namespace)
        self._baseline.note_new_modules()
        self._namespace["__builtins__"] = guard.guarded_builtins(self._baseline, self._hiding)
        self._namespace["__file__"] = FILENAME
        sys.modules[name] = module  # after restore, which would take it for a module of an earlier run
        linecache.cache[FILENAME] = (len(code), None, code.splitlines(True), FILENAME)
        self._output.reset()
        started = time.perf_counter()
        result = {"status": "ok"}
        with _Bounds(self._output):
            try:
                exec(compile(code, FILENAME, "exec", dont_inherit=True), self._namespace)
                for required in entry:
                    if required not in self._namespace:
                        raise MissingEntry(required)
            except SystemExit as leaving:
                # sys.exit() ends a script in good order; as the answer to an exercise it is an error.
                if name != "__main__" or leaving.code not in (None, 0):
                    result = {"status": "error", "error": self._describe(leaving)}
            except BaseException as error:
                result = {"status": "error", "error": self._describe(error)}
        result["ms"] = (time.perf_counter() - started) * 1000
        return result


def _is_trap(error):
    """WebAssembly's own error, as when the engine's memory is exhausted; Pyodide passes it on as a JsException."""
    return type(error).__name__ == "JsException" and getattr(error, "name", None) in ("RuntimeError", "RangeError")


class _Bounds:
    """stdout, stderr and the recursion limit while the learner's code runs."""

    def __init__(self, output):
        self._output = output

    def __enter__(self):
        self._saved = sys.stdout, sys.stderr, sys.getrecursionlimit()
        sys.stdout = guard.LiveStream("stdout", self._output)
        sys.stderr = guard.LiveStream("stderr", self._output)
        sys.setrecursionlimit(RECURSION_LIMIT)

    def __exit__(self, *_):
        sys.stdout, sys.stderr, limit = self._saved
        sys.setrecursionlimit(limit)
        self._output.flush()
