"""What the learner's code meets instead of the real thing: hidden names, no keyboard, bounded output."""

import builtins
import importlib
import io
import sys
import time

OUTPUT_LIMIT = 1_000_000  # characters of one run
OURS = {"numpy", "danlu", "torch", "tensorflow", "keras"}
UNREACHABLE = {"js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core", "_danlu"}


class HiddenName(RuntimeError):
    __module__ = "builtins"  # so that a traceback names it plainly

    def __init__(self, name):
        super().__init__(f"{name} is hidden in this exercise: write it yourself")
        self.danlu_message = ("hidden_name", {"name": name})


class NoKeyboard(EOFError):
    __module__ = "builtins"  # so that a traceback names it plainly

    def __init__(self):
        super().__init__("input() has no keyboard here: give the value in the code")
        self.danlu_message = ("no_keyboard", {})


class OutputLimit(RuntimeError):
    __module__ = "builtins"  # so that a traceback names it plainly

    def __init__(self):
        super().__init__(f"more than {OUTPUT_LIMIT} characters were printed")
        self.danlu_message = ("output_limit", {"limit": OUTPUT_LIMIT})


class Output:
    """What a run prints, on its way to the page: at once at first, in larger pieces when there is a lot of it."""

    AT_ONCE = 300  # pieces
    PIECE = 8192  # characters
    PAUSE = 0.03  # seconds

    def __init__(self, emit):
        self._emit = emit
        self.reset()

    def reset(self):
        self._left = OUTPUT_LIMIT
        self._sent = 0
        self._pending = []
        self._pending_length = 0
        self._stream = "stdout"
        self._flushed_at = 0.0

    def write(self, stream, text):
        refused = len(text) > self._left
        text = text[: self._left]
        self._left -= len(text)
        if text:
            if stream != self._stream:
                self.flush()
                self._stream = stream
            self._pending.append(text)
            self._pending_length += len(text)
            now = time.perf_counter()
            if self._sent < self.AT_ONCE or self._pending_length > self.PIECE or now - self._flushed_at > self.PAUSE:
                self._flushed_at = now
                self.flush()
        if refused:
            raise OutputLimit()

    def flush(self):
        if self._pending:
            self._emit(self._stream, "".join(self._pending))
            self._sent += 1
            self._pending = []
            self._pending_length = 0


class LiveStream(io.TextIOBase):
    """stdout or stderr of a run."""

    encoding = "utf-8"

    def __init__(self, stream, output):
        self.name = f"<{stream}>"
        self._stream = stream
        self._output = output

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._output.write(self._stream, text)
        return len(text)


def refuse_input(prompt="", /):
    raise NoKeyboard()


def guarded_builtins(baseline):
    """The learner's own __builtins__: an import that doesn't reach what belongs to the machinery."""
    names = dict(vars(builtins))
    real_import = builtins.__import__

    def __import__(name, globals=None, locals=None, fromlist=(), level=0):
        if level == 0 and name.partition(".")[0] in UNREACHABLE:
            error = ModuleNotFoundError(f"No module named {name!r}", name=name)
            error.danlu_message = ("unreachable_module", {"name": name})
            raise error
        module = real_import(name, globals, locals, fromlist, level)
        baseline.note_new_modules()
        return module

    names["__import__"] = __import__
    names["input"] = refuse_input
    return names


class Hidden:
    """Stands where a hidden name stood: the learner's own code is refused, our packages still reach the real one."""

    def __init__(self, name, real, namespace):
        self.__dict__.update(_name=name, _real=real, _namespace=namespace)

    def _pass_or_refuse(self):
        if sys._getframe(2).f_globals is self._namespace:
            raise HiddenName(self._name)
        return self._real

    def __call__(self, *args, **kwargs):
        return self._pass_or_refuse()(*args, **kwargs)

    def __getattr__(self, attribute):
        return getattr(self._pass_or_refuse(), attribute)


def hide(dotted, namespace, baseline):
    """Puts a Hidden in the place of `module.attribute` (or of a method, or a whole module)."""
    parts = dotted.split(".")
    owner = None
    for depth in range(len(parts), 0, -1):
        try:
            owner = importlib.import_module(".".join(parts[:depth]))
            break
        except ModuleNotFoundError:
            continue
    baseline.note_new_modules()
    if owner is None:
        raise LookupError(f"forbid: there is no {dotted}")
    if depth == len(parts):
        hidden = Hidden(dotted, owner, namespace)
        sys.modules[dotted] = hidden
        if depth > 1:
            setattr(sys.modules[".".join(parts[:-1])], parts[-1], hidden)
        return
    for part in parts[depth:-1]:
        owner = getattr(owner, part)
    real = getattr(owner, parts[-1])
    if isinstance(owner, type):

        def hidden(self, *args, **kwargs):
            if sys._getframe(1).f_globals is namespace:
                raise HiddenName(dotted)
            return real(self, *args, **kwargs)

    else:
        hidden = Hidden(dotted, real, namespace)
    setattr(owner, parts[-1], hidden)


class Baseline:
    """Every module as it was when first imported, put back before each run: what one run patches, the next one
    doesn't meet."""

    def __init__(self):
        self._modules = {}
        self._contents = {}
        self._methods = []
        self.note_new_modules()

    def note_new_modules(self):
        if len(sys.modules) == len(self._modules):
            return
        for name, module in list(sys.modules.items()):
            if name in self._modules:
                continue
            self._modules[name] = module
            if not isinstance(module, type(sys)):
                continue
            contents = self._contents[name] = dict(vars(module))
            if name.partition(".")[0] in OURS:
                for owner in contents.values():
                    if isinstance(owner, type) and owner.__module__ == name:
                        self._methods.append((owner, dict(vars(owner))))

    def restore(self):
        for name in sys.modules.keys() - self._modules.keys():
            del sys.modules[name]
        sys.modules.update(self._modules)
        for name, contents in self._contents.items():
            present = vars(self._modules[name])
            for key in present.keys() - contents.keys():
                del present[key]
            present.update(contents)
        for owner, methods in self._methods:
            for key in vars(owner).keys() - methods.keys():
                delattr(owner, key)
            for key, value in methods.items():
                if vars(owner).get(key) is not value:
                    setattr(owner, key, value)
