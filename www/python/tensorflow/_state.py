"""Which gradient tapes are recording now."""

from danlu.tape._value import state as recorder


class State:
    """`tapes` are the open ones, innermost last."""

    __slots__ = ("tapes",)

    def __init__(self):
        self.tapes = []

    def watches(self, variable):
        """Whether some open tape takes trainable variables by itself, or was told of this one."""
        seen = False
        for tape in self.tapes:
            if tape._accessed:
                tape._seen.setdefault(id(variable._store), variable)
                seen = True
            elif id(variable._store) in tape._watched_stores:
                seen = True
        return seen and recorder.on


state = State()
