"""Lets go of objects that hold on to each other in a long chain, one after another.

A graph whose nodes hold closures is freed by recursion in C, link by link, and a few hundred links overflow the
browser's own stack, which kills the runtime. Held here all together and let go users first, each is freed alone.
"""

import gc
import types

_STOPS = (types.ModuleType, type, types.FrameType, types.CodeType, types.BuiltinFunctionType, str, bytes, int, float)
MOST = 300_000  # objects looked at; a larger heap is let go as Python does it


def release(roots, own):
    """Frees what `roots`, a list, alone keeps alive; `own` tells instances of the learner's classes. Empties the list."""
    order = _users_first(roots, own)
    roots.clear()
    order.reverse()
    while order:
        order.pop()


def _users_first(roots, own):
    """The instances reachable from the roots, each before those it uses."""
    seen, finished, stack = {id(roots)}, [], [(None, iter(roots))]
    while stack:
        value, referents = stack[-1]
        for each in referents:
            if id(each) in seen or isinstance(each, _STOPS):
                continue
            seen.add(id(each))
            if len(seen) > MOST:
                return []
            # A function leads to the whole module by its globals, which stay.
            inside = [each.__closure__, each.__defaults__] if type(each) is types.FunctionType else gc.get_referents(each)
            stack.append((each if own(each) else None, iter(inside)))
            break
        else:
            stack.pop()
            if value is not None:
                finished.append(value)
    finished.reverse()
    return finished
