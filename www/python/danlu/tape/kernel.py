"""Any op of the engine by name, with its gradient kept by the engine: convolutions, pools, norms, ..."""

import json

import _danlu
from pyodide.ffi import JsException

from numpy._array import ndarray
from numpy._bridge import give

from ._value import constant, node_of, plain, state, translated

_run, _record, _pull, _pulled, _forget = (
    _danlu.ag_run, _danlu.ag_record, _danlu.ag_pull, _danlu.ag_pulled, _danlu.ag_forget
)  # fmt: skip
NAMES = frozenset(_danlu.ag_names().split())
_prepared = {}


class _Record:
    """The engine's memory of one op."""

    __slots__ = ("number",)

    def __init__(self, number):
        self.number = number

    def __del__(self, _forget=_forget):
        _forget(self.number)


def _number_of(name, settings):
    """The number under which the engine knows an op and its settings, which are read once."""
    key = (name, *settings.items())
    try:
        return _prepared[key]
    except KeyError:
        pass
    if len(_prepared) > 500:
        for number in _prepared.values():
            _danlu.ag_unprepare(number)
        _prepared.clear()
    made = _prepared[key] = _danlu.ag_prepare(name, json.dumps(settings))
    return made


def _rule(node, dy, *saved):
    if state.on:
        double = node.extra[1]
        if double is None:
            raise NotImplementedError(
                f"{node.name}: the gradient of this gradient is not here (create_graph, or a tape within a tape)"
            )
        return double(node, dy, *saved)
    _pull(node.extra[0].number, dy._a._h)
    parts = []
    for at, edge in enumerate(node.edges):
        h = _pulled(at)
        if edge is None:
            parts.append(None)
            if h:
                plain(h)
            continue
        made = plain(h)
        # It may share its memory with dy or another gradient, so it is no array of its own.
        made._owner = dy._a
        parts.append(constant(made, node.cls))
    return parts


def kernel(name, label, inputs, settings=None, keep=False, double=None, saved=None):
    """y = the engine's op `name` of the Values or arrays `inputs`, its settings numbers, texts or
    tuples of them; `label` is what the node is called.

    `keep` says that the gradient needs the result, so that nobody may write to it. `double` is a
    rule as of `record` for gradients that are differentiated themselves; `saved` the Values that
    the gradient needs, all inputs where None.
    """
    of = _number_of(name, settings or {})
    values = [x for x in inputs if not isinstance(x, ndarray)]
    wanted = 0
    if state.on:
        for at, x in enumerate(inputs):
            if not isinstance(x, ndarray) and (x._requires or (x._base is not None and x._base._requires)):
                wanted |= 1 << at
    give([x._h if isinstance(x, ndarray) else x._a._h for x in inputs])
    try:
        made = plain(_run(of, wanted))
    except JsException as error:
        raise translated(error) from None
    out = constant(made, values[0]._cls)
    if wanted:
        record = _Record(_record())
        inputs = [constant(x) if isinstance(x, ndarray) else x for x in inputs]
        node = node_of(label, inputs, _rule, tuple(values) if saved is None else saved)
        node.cls, node.extra, node.like = values[0]._cls, (record, double), made
        out._edge, out._requires = (node, 0), True
        if keep:
            out._version = [0]
            node.result = (made, out._version, 0)
    return out
