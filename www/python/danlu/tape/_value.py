"""Values, the nodes that remember how they came about, and the switch that says whether to remember."""

from pyodide.ffi import JsException

from numpy import _bridge, _engine
from numpy._array import ndarray

_new = object.__new__
_warnings = _engine.warnings


class State:
    """What this thread of Python does: `on` is whether operations are recorded."""

    __slots__ = ("on", "next_id")


state = State()
state.on, state.next_id = True, 1


class recording:
    """A context in which operations are recorded, or are not."""

    def __init__(self, on):
        self.on = on

    def __enter__(self):
        self.before, state.on = state.on, self.on
        return self

    def __exit__(self, *_):
        state.on = self.before


_doomed = []


class _Name(str):
    """A text that is read as `node.name` and called as PyTorch's `grad_fn.name()`."""

    __slots__ = ()

    def __call__(self):
        return str(self)


class Node:
    """One operation that was recorded: where its inputs came from, and the rule of its gradient."""

    __slots__ = ("id", "title", "rule", "edges", "saved", "versions", "hooks", "count", "cls", "like", "result",
                 "freed", "extra", "__weakref__")  # fmt: skip

    def __del__(self):
        # A long graph is let go of with a list of its own: recursion would overflow the stack.
        _doomed.append((self.edges, self.saved, self.result))
        self.edges = self.saved = self.result = None
        if len(_doomed) == 1:
            while True:
                # What this lets go of appends behind what stands here.
                _doomed[0] = None
                if len(_doomed) == 1:
                    break
                _doomed[0] = _doomed.pop()
            _doomed.clear()

    @property
    def name(self):
        return _Name(self.title)

    @name.setter
    def name(self, title):
        self.title = title

    def __repr__(self):
        return f"<{self.title} object at {id(self):#x}>"

    @property
    def next_functions(self):
        found = [edge or (None, 0) for edge in self.edges]
        return tuple((AccumulateGrad(at), 0) if isinstance(at, Value) else (at, n) for at, n in found)


class AccumulateGrad:
    """Where a graph ends: what adds to the gradient of a leaf, `variable`."""

    next_functions = ()

    def __init__(self, variable):
        self.variable = variable

    def name(self):
        return "struct torch::autograd::AccumulateGrad"

    def __repr__(self):
        return f"<AccumulateGrad object at {id(self.variable):#x}>"


class Value:
    """An array of the engine, `_a`, and how it came about. A library subclasses it.

    `_edge` is (node, number of the output), or None for what no recorded operation made.
    `_requires` says whether gradients flow to it. `_version` is a list of one count of the writes
    into its memory, shared by its views, or None before the first. A view that was recorded has
    `_base`, `_replay` (which makes it again of its base) and `_seen`.
    """

    _edge = _version = _base = _replay = _hooks = None
    _requires = False
    _grad = None
    _seen = _generation = 0

    def _describe(self):
        """What an error calls it."""
        return f"{self._a.dtype.name} {list(self._a.shape)}"


# The class of an operation's results, which a library sets for itself.
Value._cls = Value


def plain(h):
    """A new array of a handle, whatever the engine would like to warn of."""
    if h < 0:
        _warnings()
        h = -h
    made = _new(ndarray)
    made._h, made._shape = h, None
    return made


def constant(array, cls=Value):
    """A Value around an array, without a copy."""
    made = _new(cls)
    made._a = array
    return made


def translated(error):
    """The Python exception of an engine's error."""
    code = getattr(error, "code", None)
    if code is None:
        return error
    if error.name == "DanluError":
        return ValueError(error.message)
    return _bridge.translated(error)


def called(function, *args):
    """A new array from a function of the engine."""
    try:
        return plain(function(*args))
    except JsException as error:
        raise translated(error) from None


def edge_of(x):
    """Where x came from: (node, output), x itself being the node where it is a leaf."""
    if x._base is not None and x._seen != x._base._generation:
        renew(x)
    return x._edge or (x, 0)


def renew(x):
    """Derives a view's history again after its base was written to."""
    base = x._base
    x._seen = base._generation
    with recording(True):
        again = x._replay(base)
    x._edge, x._requires = again._edge, again._requires


def wanted(*inputs):
    """Whether an operation on these is to be recorded."""
    if state.on:
        for x in inputs:
            if x._requires or (x._base is not None and x._base._requires):
                return True
    return False


def node_of(name, inputs, rule, saved=(), count=1):
    """A node of an operation on `inputs`, at least one of which requires a gradient."""
    node = _new(Node)
    node.title, node.rule, node.saved, node.count = name, rule, saved, count
    edges = []
    for x in inputs:
        if x._base is not None and x._seen != x._base._generation:
            renew(x)
        edges.append((x._edge or (x, 0)) if x._requires else None)
    node.edges = edges
    # A view shares its base's count; without one nothing has been written yet.
    node.versions = [
        (x._version[0] if x._version is not None else 0) if isinstance(x, Value) else None for x in saved
    ]
    node.hooks = node.result = node.extra = None
    node.freed = False
    node.cls, node.like = inputs[0]._cls, None
    # Last, because making an edge may have renewed a view, whose nodes are older than this one.
    node.id = state.next_id
    state.next_id += 1
    return node


def record(name, array, inputs, rule, saved=(), keep=False):
    """The result `array` of an operation called `name` on the Values `inputs`.

    When it is differentiated, `rule(node, dy, *saved)` gives the gradient of each input (one alone
    for a single input), or None where `node.edges[i]` is None or nothing flows. The rule is written
    with recorded operations, so that it can be differentiated itself. Values among `saved` must not
    be written to before that. With `keep` the rule gets the result as a Value before `saved`.
    """
    cls = inputs[0]._cls
    out = _new(cls)
    out._a = array
    if state.on:
        for x in inputs:
            if x._requires or (x._base is not None and x._base._requires):
                node = node_of(name, inputs, rule, saved)
                out._edge, out._requires = (node, 0), True
                if keep:
                    if out._version is None:
                        out._version = [0]
                    node.result = (array, out._version, out._version[0])
                node.like = array
                break
    return out


def record_several(name, arrays, inputs, rule, saved=(), differentiable=None):
    """As `record`, of an operation with several results: the rule gets a list of their gradients,
    None for those that none came to. `differentiable` lists which take part; all where None."""
    cls = inputs[0]._cls
    outs = [constant(array, cls) for array in arrays]
    if wanted(*inputs):
        node = node_of(name, inputs, rule, saved, len(outs))
        for at, out in enumerate(outs):
            if differentiable is None or at in differentiable:
                out._edge, out._requires = (node, at), True
        node.like = arrays
    return outs


def record_view(name, array, x, rule, replay, saved=()):
    """As `record`, of a view of x's memory; `replay(base)` makes it again of another Value."""
    out = record(name, array, (x,), rule, saved)
    if x._version is None:
        x._version = [0]
    out._version = x._version
    if x._base is None:
        out._base, out._replay = x, replay
        out._seen = x._generation
    else:
        before = x._replay
        out._base, out._replay = x._base, lambda base: replay(before(base))
        out._seen = x._seen
    return out


def bump(x):
    """Counts a write into x's memory."""
    if x._version is None:
        x._version = [0]
    x._version[0] += 1
