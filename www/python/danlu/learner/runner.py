"""Runs the learner's code and answers calls of its functions."""

import ast
import builtins
import functools
import gc
import importlib.util
import json
import linecache
import sys
import time
import types

from danlu import codec, progress
from danlu.given import FILENAME as GIVEN
from danlu.given import install_given

from . import display, guard, interrupt
from .errors import describe
from .flavour import FLAVOURS, NotATensor
from .hiding import Hiding
from .objects import Asking, MissingEntry, Objects, Questions

FILENAME = "solution.py"
SCRATCH = "scratch.py"
# Deeper recursion through C functions (sorted's key, __add__, map) overflows the browser's own stack, which kills the
# whole runtime instead of raising RecursionError.
RECURSION_LIMIT = 400


class Runner:
    def __init__(self, emit, interrupt_again=None):
        interrupt.again = interrupt_again
        # Before the baseline is taken, so that it stays.
        progress.listener = lambda told: emit("progress", told)
        self._output = guard.Output(emit)
        # Whether the engine trapped under the learner's code: its memory can't be trusted any more.
        self.trapped = False
        self._filename = FILENAME
        self._namespace = {}
        self._objects = Objects(self._namespace)
        self._asked = None
        self._questions = Questions()
        self._hiding = Hiding([], self._namespace)
        self._flavour = FLAVOURS["numpy"]()
        builtins.input = guard.refuse_input
        display.send = self._output.figure
        # Imported before the first run, which would otherwise wait for it.
        if importlib.util.find_spec("numpy"):
            importlib.import_module("numpy")
        self._baseline = guard.Baseline()
        # What has started stays: no collection of garbage need look at it again.
        gc.collect()
        gc.freeze()

    def run(self, code):
        """A script by itself. JSON {status, error?, ms}."""
        return json.dumps(self._execute(code, "__main__"))

    def scratch(self, code, solution, exercise):
        """A cell run after the solution, in its namespace; like a notebook it prints its last expression.

        `exercise` as for load. JSON {status, error?, ms}."""
        loaded = self._execute(solution, "__main__", **(json.loads(exercise) | {"entry": []}))
        if loaded["status"] != "ok":
            return json.dumps(loaded)
        return json.dumps(self._execute_in(code, SCRATCH))

    def load(self, code, exercise):
        """Before checks; `exercise` is JSON {entry, forbid, given?, packages?, flavour?}. JSON {status, error?, ms}."""
        return json.dumps(self._execute(code, "solution", **json.loads(exercise)))

    def call(self, request):
        """
        codec {target, calls: [(args, kwargs)], keep, drop, new} → codec {status, values, arguments}
        or {status, error | type, where}, or {status: "ask", at, function, args, kwargs}
        codec {reply} → the same: the call that asked is made anew.

        `target` is a reference to what is called. `keep` None: the values are sent; else they are kept under these
        numbers. `drop` are numbers no longer needed; `new` forgets all. `arguments` are those of the last call as they
        are afterwards, None for what is no plain data: that is how mutation is seen.
        """
        again = False
        try:
            message = self._decode(request)
            again = "reply" in message
            # What was printed up to the question isn't printed again.
            self._output.reset(skip_printed=again)
            with _Bounds(self._output):
                if again:
                    self._questions.answer(message["reply"])
                    message = self._decode(self._asked)
                else:
                    self._questions = Questions()
                    self._asked = request
                return self._answer(message, again)
        except Asking:
            pass
        except BaseException as error:
            if self._questions.pending() is None:
                return codec.encode({"status": "error", "error": self._describe(error)})
        return codec.encode(self._questions.pending())

    def _decode(self, request):
        return codec.decode(request, lambda text: self._objects.resolve(text, self._ask))

    def _ask(self, number, *arguments):
        return self._flavour.taken(self._questions.ask(number, *map(self._flavour.given, arguments)))

    def _answer(self, asked, again):
        objects, questions = self._objects, self._questions
        questions.restart()
        if not again:
            objects.drop(asked["drop"])
            if asked["new"]:
                objects.clear()
        values = []
        args, kwargs = (), {}
        target = asked["target"]
        # NumPy's own functions take arrays, and ours whatever there is; what they return is no answer of the learner's.
        package = str(getattr(target, "__module__", "")).partition(".")[0]
        foreign = package in ("numpy", "danlu")
        convert = self._flavour.given if package == "numpy" else self._flavour.taken
        for args, kwargs in asked["calls"] if package == "danlu" else map(convert, asked["calls"]):
            values.append(target(*args, **kwargs))
            display.end()
            if questions.pending() is not None:
                raise Asking()
        if asked["keep"] is not None:
            objects.keep(asked["keep"], values)
            values = []
        refer = functools.partial(_refer, self._flavour, not foreign)
        try:
            return codec.encode({"status": "ok", "values": values, "arguments": _Echo((args, kwargs))}, refer)
        except (codec.Unsendable, codec.TooLarge, NotATensor) as error:
            key, fields = error.danlu_message
            where = fields.get("where", "").removeprefix("['values'][0]")
            return codec.encode({"status": key, "type": fields.get("type", ""), "where": where})

    def _describe(self, error):
        if _is_trap(error):
            self.trapped = True
        return describe(error, self._filename, (FILENAME, SCRATCH, GIVEN))

    def _execute(self, code, name, entry=(), forbid=(), given=None, packages=(), flavour="numpy"):
        self._hiding.release()
        self._baseline.restore()
        # Only now are Python's own functions sure to be what they were.
        self._objects.clear_all()
        self._namespace = {}
        display.begin()
        gc.collect()
        for package in packages:
            importlib.import_module(package)
        self._flavour = FLAVOURS[flavour]()
        module = types.ModuleType(name)
        self._namespace = module.__dict__
        self._objects = Objects(self._namespace)
        self._asked = None
        self._hiding = Hiding(forbid, self._namespace)
        self._baseline.note_new_modules()
        self._namespace["__builtins__"] = guard.guarded_builtins(self._baseline, self._hiding)
        self._namespace["__file__"] = FILENAME
        sys.modules[name] = module  # after restore, which would take it for a module of an earlier run
        sys.modules.pop("given", None)
        if given is not None:
            install_given(given)
        return self._execute_in(code, FILENAME, name, entry)

    def _execute_in(self, code, filename, name="__main__", entry=()):
        self._filename = filename
        linecache.cache[filename] = (len(code), None, code.splitlines(True), filename)
        self._output.reset()
        started = time.perf_counter()
        result = {"status": "ok"}
        with _Bounds(self._output):
            try:
                tree = compile(code, filename, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
                last = tree.body.pop().value if filename == SCRATCH and _ends_in_expression(tree) else None
                exec(compile(tree, filename, "exec", dont_inherit=True), self._namespace)
                if last is not None:
                    value = eval(compile(ast.Expression(last), filename, "eval", dont_inherit=True), self._namespace)
                    if value is not None:
                        print(repr(value))
                for required in entry:
                    if required not in self._namespace:
                        raise MissingEntry(required)
                display.end()
            except SystemExit as leaving:
                display.end()
                # sys.exit() ends a script in good order; as the answer to an exercise it is an error.
                if name != "__main__" or leaving.code not in (None, 0):
                    result = {"status": "error", "error": self._describe(leaving)}
            except BaseException as error:
                result = {"status": "error", "error": self._describe(error)}
        result["ms"] = (time.perf_counter() - started) * 1000
        return result


def _ends_in_expression(tree):
    return bool(tree.body) and isinstance(tree.body[-1], ast.Expr)


def _is_trap(error):
    """WebAssembly's own error, as when the engine's memory is exhausted; Pyodide passes it on as a JsException."""
    return type(error).__name__ == "JsException" and getattr(error, "name", None) in ("RuntimeError", "RangeError")


class _Echo:
    """The arguments as they are after a call, on their way back: what is no plain data becomes None."""

    def __init__(self, arguments):
        self.arguments = arguments


def _refer(flavour, strict, value):
    """For codec.encode: the bytes of what isn't plain, or None."""
    if type(value) is not _Echo:
        return flavour.piece(value, strict)

    def echoed(part):
        return flavour.piece(part, strict=False) or (None if codec.is_plain(part) else codec.NONE)

    return codec.encode(value.arguments, echoed)[len(codec.MAGIC) :]


class _Bounds:
    """stdout, stderr, the recursion limit and Stop while the learner's code runs."""

    def __init__(self, output):
        self._output = output

    def __enter__(self):
        self._saved = sys.stdout, sys.stderr, sys.getrecursionlimit()
        sys.stdout = guard.LiveStream("stdout", self._output)
        sys.stderr = guard.LiveStream("stderr", self._output)
        sys.setrecursionlimit(RECURSION_LIMIT)
        interrupt.arm()

    def __exit__(self, *_):
        interrupt.disarm()
        sys.stdout, sys.stderr, limit = self._saved
        sys.setrecursionlimit(limit)
        self._output.flush()
