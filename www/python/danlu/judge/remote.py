"""What a check holds of the learner's runtime: objects kept there, names, and functions lent to it."""

# So many items of something iterated over; it may have no end.
MOST_ITEMS = 10_000

# Of danlu.learner.objects, by which the learner's side does what no method does.
REACHED, LISTED, AS_ARRAY = (f"danlu.learner.objects.{name}" for name in ("reached", "listed", "as_array"))
# What danlu.judge.models asks.
MADE_OF = "danlu.learner.models.made_of"


class Reference:
    """Sent among the arguments of a call, it arrives as what it stands for. `text` is read by danlu.learner.objects."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return f"<{self.text.partition(':')[2]}>"


class Remote(Reference):
    """
    An object in the learner's runtime. What it says of itself are plain values, compared here like any other.

    await o.call(method, *args, **kwargs)   what the method returns, as a plain value
    await o.make(method, *args, **kwargs)   the same, kept there: a Remote
    await o.get(name), await o.part(name)   an attribute (`linear.weight` too), as a plain value or as a Remote
    await o.array()                         the numbers of a tensor of torch, tensorflow or keras
    await o.set(name, value)
    await o.items(limit), await o.parts(limit)   what iterating over it yields, as plain values or as Remotes
    o.method(name)                          the method itself, wherever a name is taken: t.raises(E, o.method("step"))
    """

    def __init__(self, trial, number):
        super().__init__(f"object:{number}")
        self._trial = trial
        self._number = number

    def __del__(self):
        self._trial.dropped.append(self._number)

    def method(self, name):
        return _Method(self, name)

    async def call(self, method, *args, **kwargs):
        return await self._trial.call(self.method(method), *args, **kwargs)

    async def make(self, method, *args, **kwargs):
        return await self._trial.make(self.method(method), *args, **kwargs)

    async def get(self, name):
        return await self._trial.call(REACHED, self, name)

    async def part(self, name):
        return await self._trial.make(REACHED, self, name)

    async def array(self):
        return await self._trial.call(AS_ARRAY, self)

    async def set(self, name, value):
        await self._trial.call("builtins.setattr", self, name, value)

    async def items(self, limit=MOST_ITEMS):
        return await self._trial.call(LISTED, self, limit)

    async def parts(self, limit=MOST_ITEMS):
        found = await self._trial.make(LISTED, self, limit)
        count = await self._trial.call("builtins.len", found)
        return await self._trial.make_each("operator.getitem", [((found, place), {}) for place in range(count)])


class _Method(Reference):
    def __init__(self, remote, name):
        super().__init__(f"{remote.text}.{name}")
        self._remote = remote  # kept there for as long as this lives


class Lent(Reference):
    """A function of the check's, called by the learner's code. `calls` are its (args, kwargs) so far, in order."""

    def __init__(self, number, function):
        super().__init__(f"function:{number}")
        self._function = function
        self.calls = []

    def reply(self, args, kwargs):
        """What the learner's call gets: ("value", value), or the exception of it."""
        self.calls.append((args, kwargs))
        try:
            return "value", self._function(*args, **kwargs)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            return "raise", type(error).__name__, str(error)
