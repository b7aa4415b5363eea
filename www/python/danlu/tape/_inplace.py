"""History of what is written in place, and hooks."""

from numpy import _engine

from ._value import called, constant, edge_of, node_of, recording, state


def detach(x):
    """The same memory without the history; writes into either are counted for both."""
    made = constant(x._a, x._cls)
    if x._version is None:
        x._version = [0]
    made._version = x._version
    return made


def _slices_rule(node, dy, replay):
    from .index import clone

    # Where the view lies the base's own gradient ends and the written value's begins.
    rest = clone(dy)
    with recording(False):
        part = replay(constant(rest._a, rest._cls))
        inside = constant(called(_engine.copy, part._a._h), rest._cls)
        part._a[...] = 0
    return (rest if node.edges[0] else None), (inside if node.edges[1] else None)


def rebase(x, y):
    """Gives x, into whose memory y's values were just written, the history of y."""
    base = x._base
    if not state.on:
        # What is written while nothing is recorded leaves the history as it was.
        return
    if base is None:
        x._edge, x._requires = y._edge, y._requires
        x._generation += 1
        return
    if not (y._requires or base._requires):
        return
    node = node_of("CopySlices", (base, y), _slices_rule, (x._replay,))
    node.like = base._a
    base._edge, base._requires = (node, 0), True
    base._generation += 1


def assign(x, y):
    """Writes y into x's memory, history and all: x op= becomes this of x op y."""
    from .index import write

    write(x, y._a)
    rebase(x, y)


def hook(x, function):
    """Calls `function` with x's gradient in each sweep; what it returns, but None, takes its place."""
    node, at = edge_of(x)
    if node is x:
        if x._hooks is None:
            x._hooks = []
        hooks = x._hooks
    else:
        if node.hooks is None:
            node.hooks = {}
        hooks = node.hooks.setdefault(at, [])
    hooks.append(function)
    return hooks


def unhook(hooks, function):
    """Takes away one of the `hooks` that `hook` returned."""
    if function in hooks:
        hooks.remove(function)


