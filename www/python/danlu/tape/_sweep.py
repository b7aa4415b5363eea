"""The sweep back over recorded operations: youngest first, without recursion."""

from heapq import heappop, heappush

from pyodide.ffi import JsException

from numpy import _engine

from ._value import Value, constant, edge_of, recording, state, translated

AGAIN = (
    "Trying to backward through the graph a second time (or directly access saved tensors after they have already "
    "been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). "
    "Specify retain_graph=True if you need to backward through the graph a second time or if you need to access "
    "saved tensors after calling backward."
)


def ones_like(x):
    """Ones of x's shape and dtype."""
    from ._make import full

    return constant(full(x._a.shape, 1.0, x._a._h & 3), x._cls)


def zeros_of(array, cls):
    """Zeros of an array's shape and dtype."""
    from ._make import full

    return constant(full(array.shape, 0.0, array._h & 3), cls)


def _changed(value, seen, now, where):
    raise RuntimeError(
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[{value._describe()}]{where} is at version {now}; expected version {seen} instead. Hint: enable anomaly "
        "detection to find the operation that failed to compute its gradient, with "
        "torch.autograd.set_detect_anomaly(True, check_nan=False)."
    )


def _bare(name):
    """An operation's name without its ending: Exp of ExpBackward0."""
    return name.partition("Backward")[0]


def saved_of(node):
    """What the rule of a node gets, after a look at whether it is still as it was."""
    for x, seen in zip(node.saved, node.versions):
        if seen is not None and x._version is not None and x._version[0] != seen:
            at = f", which is output {x._edge[1]} of {_bare(x._edge[0].name)}," if x._edge else ""
            _changed(x, seen, x._version[0], at)
    if node.result is None:
        return node.saved
    array, version, seen = node.result
    y = constant(array, node.cls)
    y._edge, y._requires, y._version = (node, 0), True, version
    if version[0] != seen:
        _changed(y, seen, version[0], f", which is output 0 of {_bare(node.name)},")
    return (y, *node.saved)


def _free(node):
    """Lets go of what a node saved; one that saved no values can be gone through again."""
    if node.result is not None or any(seen is not None for seen in node.versions) or node.extra is not None:
        node.freed = True
        node.saved, node.versions, node.result, node.extra = (), (), None, None


def _leading_to(edges, targets):
    """The ids of the nodes on a way from `edges` to one of the keys in `targets`."""
    met, pending = {}, [target for target, _ in edges]
    while pending:
        node = pending.pop()
        if isinstance(node, Value) or node.id in met:
            continue
        met[node.id] = node
        pending += [edge[0] for edge in node.edges if edge is not None]
    leading = set()
    for number in sorted(met):
        node = met[number]
        if any(key[0] == number for key in targets) or any(
            edge is not None and (_key(edge) in targets or not isinstance(edge[0], Value) and edge[0].id in leading)
            for edge in node.edges
        ):
            leading.add(number)
    return leading


def _key(edge):
    target, at = edge
    return ("leaf", id(target)) if isinstance(target, Value) else (target.id, at)


def _hooked(hooks, gradient):
    for hook in list(hooks):
        changed = hook(gradient)
        if changed is not None:
            gradient = changed
    return gradient


def sweep(roots, gradients, inputs=None, retain=False, create=False):
    """Sends `gradients` back from `roots`.

    With `inputs` the answer is the gradient of each, None where none came, and nothing else
    happens; without, the answer is the list of (leaf, gradient) to accumulate.
    """
    from .arithmetic import add

    edges = [edge_of(root) for root in roots]
    targets = leading = None
    if inputs is not None:
        targets = {_key(edge_of(x)) for x in inputs}
        leading = _leading_to(edges, targets)
    found, leaves, pending, heap = {}, {}, {}, []

    def send(edge, gradient):
        target, at = edge
        if isinstance(target, Value):
            key = id(target)
            if key in leaves:
                leaves[key] = (target, add(leaves[key][1], gradient))
            else:
                leaves[key] = (target, gradient)
            return
        number = target.id
        if leading is not None and number not in leading:
            return
        entry = pending.get(number)
        if entry is None:
            pending[number] = entry = (target, [None] * target.count)
            heappush(heap, -number)
        before = entry[1][at]
        entry[1][at] = gradient if before is None else add(before, gradient)

    with recording(create):
        for edge, gradient in zip(edges, gradients):
            send(edge, gradient)
        while heap:
            node, given = pending.pop(-heappop(heap))
            if node.hooks:
                for at, hooks in node.hooks.items():
                    if given[at] is not None:
                        given[at] = _hooked(hooks, given[at])
            if targets is not None:
                for at, gradient in enumerate(given):
                    if (node.id, at) in targets:
                        found[node.id, at] = gradient
                if not _goes_on(node, leading, targets):
                    continue
            if node.freed:
                raise RuntimeError(AGAIN)
            saved = saved_of(node)
            try:
                parts = node.rule(node, given[0] if node.count == 1 else given, *saved)
            except JsException as error:
                raise translated(error) from None
            if not (retain or create):
                _free(node)
            del saved, given
            if not isinstance(parts, (tuple, list)):
                parts = (parts,)
            for edge, part in zip(node.edges, parts):
                if edge is not None and part is not None:
                    send(edge, part)
            del parts
        for key, (leaf, gradient) in leaves.items():
            if leaf._hooks and (targets is None or ("leaf", key) in targets):
                leaves[key] = (leaf, _hooked(leaf._hooks, gradient))
    if inputs is None:
        return list(leaves.values())
    for key, (_, gradient) in leaves.items():
        found["leaf", key] = gradient
    return [found.get(_key(edge_of(x))) for x in inputs]


def _goes_on(node, leading, targets):
    """Whether anything that is asked for lies behind a node."""
    return any(
        edge is not None and (_key(edge) in targets or not isinstance(edge[0], Value) and edge[0].id in leading)
        for edge in node.edges
    )


def grad(outputs, inputs, gradients=None, retain=False, create=False):
    """The gradients of Σ⟨gradient, output⟩ by each of `inputs`; None where one does not matter."""
    gradients = gradients or [ones_like(y) for y in outputs]
    kept = [(y, g) for y, g in zip(outputs, gradients) if y._requires]
    if not kept:
        return [None] * len(inputs)
    return sweep([y for y, _ in kept], [g for _, g in kept], inputs, retain, create)


def backward(outputs, gradients=None, retain=False, create=False):
    """Adds the gradients to the `_grad` of every leaf that the outputs were made from; those are the answer."""
    from .arithmetic import add

    gradients = gradients or [ones_like(y) for y in outputs]
    leaves = sweep(outputs, gradients, None, retain, create)
    for leaf, gradient in leaves:
        before = leaf._grad
        with recording(create):
            if before is not None:
                if create:
                    leaf._grad = add(before, gradient)
                else:
                    # Into the memory that is there, which others may hold.
                    _engine.binary_into(0, before._a._h, gradient._a._h, before._a._h)
                    if before._version is not None:
                        before._version[0] += 1
            elif create:
                leaf._grad = gradient
            else:
                leaf._grad = constant(_engine_copy(gradient._a), leaf._cls)
    return [leaf for leaf, _ in leaves]


def _engine_copy(array):
    from ._value import plain

    return plain(_engine.copy(array._h))
