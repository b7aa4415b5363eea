"""What the learner's code meets instead of the real thing: guarded imports, no keyboard, bounded output."""

import builtins
import io
import sys
import time

from .hiding import OURS

OUTPUT_LIMIT = 1_000_000  # characters of one run
FIGURE_LIMIT = 40_000_000  # characters of the drawings of one run
UNREACHABLE = {"js", "pyodide", "pyodide_js", "_pyodide", "_pyodide_core", "_danlu"}


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


class FigureLimit(RuntimeError):
    __module__ = "builtins"  # so that a traceback names it plainly

    def __init__(self):
        super().__init__("the figures of one run are too many or too large: show fewer, or fewer points")
        self.danlu_message = ("figure_limit", {})


class Output:
    """What a run prints, on its way to the page: at once at first, in larger pieces when there is a lot of it."""

    AT_ONCE = 300  # pieces
    PIECE = 8192  # characters
    PAUSE = 0.03  # seconds

    def __init__(self, emit):
        self._emit = emit
        self._written = self._shown = 0
        self.reset()

    def reset(self, skip_printed=False):
        """`skip_printed`: what is written now repeats what was written since the last reset, as far as that went."""
        self._skip = self._written if skip_printed else 0
        self._skip_figures = self._shown if skip_printed else 0
        self._written = self._shown = 0
        self._left = OUTPUT_LIMIT
        self._figures_left = FIGURE_LIMIT
        self._sent = 0
        self._pending = []
        self._pending_length = 0
        self._stream = "stdout"
        self._flushed_at = 0.0

    def write(self, stream, text):
        refused = len(text) > self._left
        text = text[: self._left]
        self._left -= len(text)
        self._written += len(text)
        text, self._skip = text[self._skip :], max(0, self._skip - len(text))
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

    def figure(self, drawing):
        """A drawing as JSON, after all that was printed before it."""
        self._figures_left -= len(drawing)
        if self._figures_left < 0:
            raise FigureLimit()
        self._shown += 1
        if self._shown <= self._skip_figures:
            return
        self.flush()
        self._emit("figure", drawing)

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


def guarded_builtins(baseline, hiding):
    """The learner's own __builtins__: an import that reaches neither the machinery nor what the exercise hides."""
    names = dict(vars(builtins))
    real_import = builtins.__import__

    def __import__(name, globals=None, locals=None, fromlist=(), level=0):
        if level == 0 and name.partition(".")[0] in UNREACHABLE:
            error = ModuleNotFoundError(f"No module named {name!r}", name=name)
            error.danlu_message = ("unreachable_module", {"name": name})
            raise error
        hiding.refuse_hidden_module(name)
        module = real_import(name, globals, locals, fromlist, level)
        baseline.note_new_modules()
        return hiding.substitute(module)

    names["__import__"] = __import__
    names["input"] = refuse_input
    return names


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
