"""What the judge refers to in this runtime: names, objects it asked to keep, and functions of its own.

A function of the judge's can't be called from here while the learner's code waits. So a call of one ends the learner's
call, the judge is asked for the value, and the learner's call starts anew with the values known so far. That the calls
before were the same is checked by their bytes; where they differ, what followed is asked again.
"""

import builtins
import importlib
import itertools

from danlu import codec

from .release import release


class MissingEntry(NameError):
    __module__ = "builtins"

    def __init__(self, name):
        super().__init__(f"the code defines no {name}")
        self.danlu_message = ("missing_entry", {"name": name})


class TooManyItems(ValueError):
    __module__ = "builtins"

    def __init__(self, limit):
        super().__init__(f"more than {limit} items")
        self.danlu_message = ("too_many_items", {"limit": limit})


class Asking(BaseException):
    """Ends the learner's call to ask the judge."""


def listed(items, limit):
    """The items of anything that can be iterated over, which may have no end."""
    found = list(itertools.islice(iter(items), limit + 1))
    if len(found) > limit:
        raise TooManyItems(limit)
    return found


def reached(value, path):
    """An attribute, or an attribute's attribute: `linear.weight`."""
    for name in path.split("."):
        value = getattr(value, name)
    return value


def as_array(value):
    """The numbers of a tensor of torch, tensorflow or keras."""
    return (value.detach() if hasattr(value, "detach") else value).numpy()


class Objects:
    def __init__(self, namespace):
        self._namespace = namespace
        self._kept = {}
        self._dropped = []

    def keep(self, ids, values):
        self._kept.update(zip(ids, values))

    def drop(self, ids):
        for number in ids:
            value = self._kept.pop(number, None)
            # Others may still be used by what is kept: their turn comes with the rest.
            if self._is_own(value):
                self._dropped.append(value)

    def clear(self):
        everything = [*self._kept.values(), *self._dropped]
        self._kept, self._dropped = {}, []
        release(everything, self._is_own)

    def clear_all(self):
        """What the learner's own names hold goes with the rest."""
        # Not the builtins, which lead to every module there is.
        self._namespace.pop("__builtins__", None)
        self._kept[None] = list(self._namespace.values())
        # Functions that live on elsewhere find an empty module, as at the end of a Python program.
        name = self._namespace.get("__name__")
        self._namespace.clear()
        self._namespace["__name__"] = name
        self.clear()

    def _is_own(self, value):
        return getattr(type(value), "__module__", None) == self._namespace.get("__name__")

    def resolve(self, text, ask):
        kind, _, rest = text.partition(":")
        if kind == "name":
            return self._named(rest)
        if kind == "function":
            number = int(rest)
            return lambda *args, **kwargs: ask(number, args, kwargs)
        number, _, method = rest.partition(".")
        kept = self._kept[int(number)]
        return getattr(kept, method) if method else kept

    def _named(self, dotted):
        first, *rest = dotted.split(".")
        if first in self._namespace or not rest:
            if first not in self._namespace:
                raise MissingEntry(first)
            value = self._namespace[first]
        else:
            *modules, last = dotted.split(".")
            value, rest = importlib.import_module(".".join(modules)), [last]
        for name in rest:
            value = getattr(value, name)
        return value


class Questions:
    """The calls that the learner's code made of the judge's functions during one call, and the answers so far."""

    def __init__(self):
        self._answered = []  # (the question's bytes, the reply's bytes)
        self._made = 0
        self._open = None

    def restart(self):
        self._made = 0
        self._open = None

    def answer(self, reply):
        """`reply` is ("value", value) or ("raise", class, text)."""
        self._answered.append((self._open, codec.encode(reply)))

    def pending(self):
        """None, or the question as the judge reads it."""
        if self._open is None:
            return None
        number, args, kwargs = codec.decode(self._open)
        return {"status": "ask", "at": len(self._answered), "function": number, "args": args, "kwargs": kwargs}

    def ask(self, number, args, kwargs):
        # Code that swallowed the first Asking goes on; only its first question counts.
        if self._open is not None:
            raise Asking()
        try:
            question = codec.encode((number, args, kwargs))
        except codec.Unsendable as error:
            _, fields = error.danlu_message
            where = fields["where"].removeprefix("[1]").removeprefix("[2]")
            raise codec.Unsendable(fields["type"], f"arguments{where}") from None
        place = self._made
        self._made += 1
        if place < len(self._answered) and self._answered[place][0] == question:
            kind, *reply = codec.decode(self._answered[place][1])
            if kind == "value":
                return reply[0]
            error = getattr(builtins, reply[0], RuntimeError)
            raise (error if isinstance(error, type) and issubclass(error, Exception) else RuntimeError)(reply[1])
        del self._answered[place:]
        self._open = question
        raise Asking()
