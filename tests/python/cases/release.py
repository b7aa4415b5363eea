"""danlu.learner lets a program's objects go without looking at every module there is."""

import gc
import types

from danlu.learner import guard, hiding, release
from danlu.learner.objects import Objects


def check_looks_at_its_own_objects_only():
    namespace = {"__name__": "solution"}
    namespace["__builtins__"] = guard.guarded_builtins(guard.Baseline(), hiding.Hiding([], namespace))
    let_go = []

    class Node:
        def __init__(self, name, uses):
            self.name, self.uses = name, uses

        def __del__(self):
            let_go.append(self.name)

    Node.__module__ = "solution"
    node = None
    for name in range(5):
        node = Node(name, node)
    namespace.update(last=node)
    del node
    looked_at = 0

    def referents(*values):
        nonlocal looked_at
        looked_at += len(values)
        return gc.get_referents(*values)

    release.gc = types.SimpleNamespace(get_referents=referents)
    try:
        Objects(namespace).clear_all()
    finally:
        release.gc = gc
    assert let_go == [4, 3, 2, 1, 0], let_go
    assert namespace == {"__name__": "solution"}, namespace
    assert looked_at < 50, looked_at


check_looks_at_its_own_objects_only()
print("ok")
