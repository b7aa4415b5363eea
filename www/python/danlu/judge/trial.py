"""`t`, what a check works with."""

import hashlib
import math

from danlu import codec

from . import compare
from .gradients import STEP, Probes
from .remote import Lent, Reference, Remote
from .show import show
from .transcript import NoLine


# The sentences that the learner's side may ask for.
LEARNER_MESSAGES = {
    "hidden_name",
    "missing_entry",
    "no_keyboard",
    "output_limit",
    "too_large",
    "too_many_items",
    "unreachable_module",
    "unsendable",
}

# So many calls of lent functions during one call of the learner's.
MOST_QUESTIONS = 500


class CheckFailed(Exception):
    """The learner's code did something wrong, told by a compare.Difference; key None means the check's own sentence."""

    def __init__(self, difference):
        super().__init__(difference.key)
        self.difference = difference


class LearnerError(Exception):
    """The learner's code raised; `error` is danlu.learner.errors.describe's dict."""

    def __init__(self, error):
        super().__init__(error["text"])
        self.error = error


class Interrupted(Exception):
    """The learner's runtime gave no answer: it ran too long, died or was stopped."""

    def __init__(self, message):
        super().__init__(message["key"])
        self.message = message


class _Crossing:
    """Awaited, hands the request to the page and returns the learner's answer."""

    def __init__(self, request):
        self._request = request

    def __await__(self):
        return (yield self._request)


class _Referred:
    """Stands for a Reference in what was sent."""


class Trial:
    """
    t.rng       a numpy Generator, freshly seeded for each check of each run
    t.seed      the number it is seeded with
    await t.call(name, *args, **kwargs)   the value that the learner's function returns
    t.figures(accuracy=0.93)   what the page is told besides
    t.equal, t.true, t.like, t.number, t.unchanged, await t.raises, await t.numeric_vjp   end the check when they
        don't hold

    Plain values cross: arrays, numbers, bool, None, str, list, tuple, dict. Everything else stays where it is, and the
    check holds it at arm's length (danlu.judge.remote):

    value = await t.make("Value", 2.0)             an object of the learner's class: a Remote
    await value.call("backward")                    its methods, attributes and items
    t.equal(await value.get("grad"), 1.0)
    total = await t.make("operator.add", value, 3)  value + 3, through __add__ and __radd__
    await t.call("train", t.named("given.spiral"))  an argument by its name
    await t.call("check_gradient", t.lend(f), x)    an argument that is a function of this check

    A name is one of the learner's, or a dotted one: "Value.zeros", "operator.add", "builtins.next", "numpy.sum", or
    "given.f" of the exercise's given.py. The learner's runtime resolves it; only values that come back are believed.
    Tensors of torch, tensorflow and keras are objects: `x = await t.make("torch.tensor", array)`, and back by
    `await y.array()`; exercise.toml names the package under `packages`, and under `seconds` what training takes.
    The layers of a Keras model: danlu.judge.models.
    A Remote goes wherever an argument goes, inside lists and dicts too, and wherever a name is taken.

    A lent function runs here: it sees each call of the learner's with plain arguments, may record them (`.calls`) and
    answers with a plain value; ArithmeticError, AttributeError, LookupError, TypeError and ValueError reach the
    learner's code. For each question the learner's call starts anew, with the answers so far: so it must not change a
    Remote, and hundreds of questions in one call are slow. Where nothing has to be seen, `t.named` is the better way.
    """

    def __init__(self, name, seed, transcript=None):
        self.transcript = transcript
        self.told = {}
        self._name = name
        self._run_seed = seed
        self._rng = None
        self._sent = ((), {})
        self._after = ((), {})
        self._is_new = True
        self._kept = 0
        self._lent = []
        self.dropped = []

    @property
    def seed(self):
        digest = hashlib.sha256(f"{self._run_seed}:{self._name}".encode()).digest()
        return int.from_bytes(digest[:8], "little") >> 1

    @property
    def rng(self):
        if self._rng is None:
            import numpy as np

            self._rng = np.random.default_rng(self.seed)
        return self._rng

    def named(self, name):
        """What the learner's runtime calls so, as an argument."""
        return Reference(f"name:{name}")

    def lend(self, function):
        """A function of the check's, as an argument: a Lent."""
        self._lent.append(Lent(len(self._lent), function))
        return self._lent[-1]

    async def call(self, target, *args, **kwargs):
        return (await self.call_each(target, [(args, kwargs)]))[0]

    async def make(self, target, *args, **kwargs):
        """A Remote of what the call returns, which stays in the learner's runtime."""
        return (await self.make_each(target, [(args, kwargs)]))[0]

    async def make_each(self, target, calls):
        calls = list(calls)
        made = [Remote(self, self._kept + place) for place in range(len(calls))]
        self._kept += len(made)
        await self._cross(target, calls, list(range(self._kept - len(made), self._kept)))
        self._note(lambda transcript: transcript.called(target, calls, [], made))
        return made

    async def call_each(self, target, calls):
        """The values of several calls, `calls` being [(args, kwargs), …], in one crossing."""
        calls = list(calls)
        values = await self._cross(target, calls, None)
        self._note(lambda transcript: transcript.called(target, calls, values, None))
        return values

    def _note(self, write):
        if self.transcript is None:
            return
        try:
            write(self.transcript)
        except NoLine:
            self.transcript = None

    async def _cross(self, target, calls, keep):
        calls = [(tuple(args), dict(kwargs)) for args, kwargs in calls]
        message = {
            "target": self.named(target) if isinstance(target, str) else target,
            "calls": calls,
            "keep": keep,
            "drop": self.dropped,
            "new": self._is_new,
        }
        request = codec.encode(message, _refer)
        self._is_new, self.dropped = False, []
        # What is compared later must be what was sent, even if the check changes its arrays in between.
        self._sent = codec.decode(request, lambda text: _Referred())["calls"][-1] if calls else ((), {})
        answer = _checked(await _Crossing(request))
        asked = []
        questions = 0
        while answer["status"] == "ask":
            questions += 1
            if questions > MOST_QUESTIONS:
                raise CheckFailed(compare.Difference("too_many_questions", {"limit": MOST_QUESTIONS}))
            answer = _checked(await _Crossing(codec.encode({"reply": self._reply(answer, asked)})))
        if answer["status"] == "error":
            raise LearnerError(answer["error"])
        if answer["status"] == "unsendable":
            fields = {"type": answer["type"], "where": f"result{answer['where']}"}
            raise CheckFailed(compare.Difference("unsendable", fields))
        if answer["status"] == "not_a_tensor":
            raise CheckFailed(compare.Difference("not_a_tensor", {"type": answer["type"]}))
        if answer["status"] == "too_large":
            raise CheckFailed(compare.Difference("too_large", {"megabytes": codec.LARGEST >> 20}))
        after_args, _ = answer["arguments"]
        if len(answer["values"]) != (len(calls) if keep is None else 0) or len(after_args) != len(self._sent[0]):
            raise CheckFailed(compare.Difference("unreadable_answer"))
        self._after = answer["arguments"]
        return answer["values"]

    def _reply(self, question, asked):
        """The answer to a call of a lent function; `asked` are the functions asked before, in order."""
        at, number = question["at"], question["function"]
        if not (0 <= at <= len(asked) and 0 <= number < len(self._lent)):
            raise CheckFailed(compare.Difference("unreadable_answer"))
        # A call that went another way the second time: what it asked after that wasn't asked.
        while len(asked) > at:
            asked.pop().calls.pop()
        lent = self._lent[number]
        asked.append(lent)
        return lent.reply(question["args"], question["kwargs"])

    def equal(self, got, expected, *, rtol=None, atol=None, name="result"):
        """dtype, shape, then values: |got - expected| ≤ atol + rtol · |expected|. NaN equals nothing.

        Left out, the tolerances are those of the dtype: compare.TOLERANCES. `name` is what a message calls it.
        """
        difference = compare.first_difference(got, expected, rtol, atol, name)
        if difference:
            raise CheckFailed(difference)
        self._note(lambda transcript: transcript.equal(got, expected, *compare.tolerances_of(expected, rtol, atol)))

    def like(self, got, form, *, name="result"):
        """`got`, once it has the form of `form` and finite numbers: before a check reads or computes with it.

        Types, lengths, keys, dtypes and shapes are those of `form`; its numbers mean nothing."""
        difference = compare.first_difference(got, form, rtol=0.0, atol=math.inf, where=name)
        if difference:
            raise CheckFailed(difference)
        return got

    def number(self, got, *, name="result"):
        """`got` as a float, once it is a number: an int or an array without axes will do, and it may be NaN."""
        if compare.shape_of(got) != ():
            fields = {"where": name, "expected": "float", "got": compare.kind_of(got)}
            raise CheckFailed(compare.Difference("type_differs", fields, None, show(got)))
        return float(got)

    def true(self, condition, *, got=None, expected=None):
        """Fails with the check's own sentence."""
        if not condition:
            shown = {
                "expected": None if expected is None else show(expected),
                "got": None if got is None and expected is None else show(got),
            }
            raise CheckFailed(compare.Difference(None, {}, **shown))

    def figures(self, **figures):
        """Numbers that the page is told with the outcome, whichever it is."""
        self.told |= {name: float(value) for name, value in figures.items()}

    def unchanged(self, *names):
        """The last call left its arguments as they were. Names label the positional arguments, in order.

        Arguments that hold references are passed over: what they stand for is no value."""
        self._note(lambda transcript: transcript.unchanged())
        args, kwargs = self._sent
        after_args, after_kwargs = self._after
        pairs = [(names[i] if i < len(names) else f"#{i + 1}", after_args[i], before) for i, before in enumerate(args)]
        pairs += [(name, after_kwargs.get(name), before) for name, before in kwargs.items()]
        for name, after, before in pairs:
            if _refers(before):
                continue
            difference = compare.unchanged_difference(after, before, name)
            if difference:
                raise CheckFailed(difference)

    async def raises(self, exception, target, *args, **kwargs):
        """The learner's function raises this exception (a class or its name) or one derived from it."""
        wanted = exception if isinstance(exception, str) else exception.__name__
        try:
            value = await self.call(target, *args, **kwargs)
        except LearnerError as error:
            if wanted in error.error["mro"]:
                self._note(lambda transcript: transcript.raised(wanted, target, args, kwargs))
                return
            fields = {"expected": wanted, "got": error.error["type"]}
            raise CheckFailed(compare.Difference("raised_other", fields)) from None
        raise CheckFailed(compare.Difference("did_not_raise", {"expected": wanted}, None, show(value)))

    async def numeric_vjp(self, target, arguments, dy=None, step=STEP):
        """danlu.judge.numeric_vjp of the learner's function."""
        probes = Probes(arguments, step)
        return probes.gradients(await self.call_each(target, [(point, {}) for point in probes.points()]), dy)


def _refer(value):
    return codec.reference(value.text) if isinstance(value, Reference) else None


def _refers(value):
    if isinstance(value, (list, tuple)):
        return any(_refers(item) for item in value)
    if isinstance(value, dict):
        return any(_refers(item) for item in value.values())
    return isinstance(value, _Referred)


def _checked(data):
    """The learner's answer, once its form is known to be right: its bytes may come from anywhere."""
    try:
        answer = codec.decode(bytes(data))
        status = answer["status"]
        if status == "ok":
            args, kwargs = answer["arguments"]
            valid = isinstance(answer["values"], list) and isinstance(args, tuple) and isinstance(kwargs, dict)
        elif status == "ask":
            args, kwargs = answer["args"], answer["kwargs"]
            valid = type(answer["at"]) is int and type(answer["function"]) is int and isinstance(args, tuple)
            valid = valid and isinstance(kwargs, dict) and all(isinstance(key, str) for key in kwargs)
        elif status == "error":
            error = answer["error"]
            valid = all(isinstance(error[key], str) for key in ("type", "text", "traceback"))
            valid = valid and isinstance(error["mro"], list)
        else:
            valid = status in ("unsendable", "not_a_tensor", "too_large") and all(isinstance(answer[k], str) for k in ("type", "where"))
    except (codec.Malformed, KeyError, TypeError, ValueError, IndexError):
        valid = False
    if not valid:
        raise CheckFailed(compare.Difference("unreadable_answer"))
    if status == "error":
        answer["error"] = _cleaned(answer["error"])
    return answer


def _cleaned(error):
    """Only what the page shows, in the types it expects."""
    cleaned = {key: error[key] for key in ("type", "text", "traceback")}
    cleaned["mro"] = [name for name in error["mro"] if isinstance(name, str)]
    if type(error.get("line")) is int:
        cleaned["line"] = error["line"]
    message = error.get("message")
    if isinstance(message, dict) and message.get("key") in LEARNER_MESSAGES and isinstance(message.get("fields"), dict):
        fields = {k: v for k, v in message["fields"].items() if isinstance(k, str) and type(v) in (str, int)}
        cleaned["message"] = {"key": message["key"], "fields": fields}
    return cleaned
