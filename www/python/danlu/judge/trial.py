"""`t`, what a check works with."""

import hashlib

from danlu import codec

from . import compare
from .gradients import STEP, Probes
from .show import show


# The sentences that the learner's side may ask for.
LEARNER_MESSAGES = {"hidden_name", "missing_entry", "no_keyboard", "output_limit", "too_large", "unreachable_module", "unsendable"}


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


class Trial:
    """
    t.rng       a numpy Generator, freshly seeded for each check of each run
    t.seed      the number it is seeded with
    await t.call(name, *args, **kwargs)   the value that the learner's function returns
    t.equal, t.true, t.unchanged, await t.raises, await t.numeric_vjp   end the check when they don't hold
    """

    def __init__(self, name, seed):
        self._name = name
        self._run_seed = seed
        self._rng = None
        self._sent = ((), {})
        self._after = ((), {})

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

    async def call(self, function, *args, **kwargs):
        return (await self.call_each(function, [(args, kwargs)]))[0]

    async def call_each(self, function, calls):
        """The values of several calls, `calls` being [(args, kwargs), …], in one crossing."""
        calls = [(tuple(args), dict(kwargs)) for args, kwargs in calls]
        request = codec.encode({"name": function, "calls": calls})
        # What is compared later must be what was sent, even if the check changes its arrays in between.
        self._sent = codec.decode(request)["calls"][-1] if calls else ((), {})
        answer = _checked(await _Crossing(request))
        if answer["status"] == "error":
            raise LearnerError(answer["error"])
        if answer["status"] == "unsendable":
            fields = {"type": answer["type"], "where": f"result{answer['where']}"}
            raise CheckFailed(compare.Difference("unsendable", fields))
        if answer["status"] == "too_large":
            raise CheckFailed(compare.Difference("too_large", {"megabytes": codec.LARGEST >> 20}))
        after_args, _ = answer["arguments"]
        if len(answer["values"]) != len(calls) or len(after_args) != len(self._sent[0]):
            raise CheckFailed(compare.Difference("unreadable_answer"))
        self._after = answer["arguments"]
        return answer["values"]

    def equal(self, got, expected, *, rtol=None, atol=None, name="result"):
        """dtype, shape, then values: |got - expected| ≤ atol + rtol · |expected|. NaN equals nothing.

        Left out, the tolerances are those of the dtype: compare.TOLERANCES. `name` is what a message calls it.
        """
        difference = compare.first_difference(got, expected, rtol, atol, name)
        if difference:
            raise CheckFailed(difference)

    def true(self, condition, *, got=None, expected=None):
        """Fails with the check's own sentence."""
        if not condition:
            shown = {
                "expected": None if expected is None else show(expected),
                "got": None if got is None and expected is None else show(got),
            }
            raise CheckFailed(compare.Difference(None, {}, **shown))

    def unchanged(self, *names):
        """The last call left its arguments as they were. Names label the positional arguments, in order."""
        args, kwargs = self._sent
        after_args, after_kwargs = self._after
        pairs = [(names[i] if i < len(names) else f"#{i + 1}", after_args[i], before) for i, before in enumerate(args)]
        pairs += [(name, after_kwargs.get(name), before) for name, before in kwargs.items()]
        for name, after, before in pairs:
            difference = compare.unchanged_difference(after, before, name)
            if difference:
                raise CheckFailed(difference)

    async def raises(self, exception, function, *args, **kwargs):
        """The learner's function raises this exception (a class or its name) or one derived from it."""
        wanted = exception if isinstance(exception, str) else exception.__name__
        try:
            value = await self.call(function, *args, **kwargs)
        except LearnerError as error:
            if wanted in error.error["mro"]:
                return
            fields = {"expected": wanted, "got": error.error["type"]}
            raise CheckFailed(compare.Difference("raised_other", fields)) from None
        raise CheckFailed(compare.Difference("did_not_raise", {"expected": wanted}, None, show(value)))

    async def numeric_vjp(self, function, arguments, dy=None, step=STEP):
        """danlu.judge.numeric_vjp of the learner's function."""
        probes = Probes(arguments, step)
        return probes.gradients(await self.call_each(function, [(point, {}) for point in probes.points()]), dy)


def _checked(data):
    """The learner's answer, once its form is known to be right: its bytes may come from anywhere."""
    try:
        answer = codec.decode(bytes(data))
        status = answer["status"]
        if status == "ok":
            args, kwargs = answer["arguments"]
            valid = isinstance(answer["values"], list) and isinstance(args, tuple) and isinstance(kwargs, dict)
        elif status == "error":
            error = answer["error"]
            valid = all(isinstance(error[key], str) for key in ("type", "text", "traceback"))
            valid = valid and isinstance(error["mro"], list)
        else:
            valid = status in ("unsendable", "too_large") and all(isinstance(answer[k], str) for k in ("type", "where"))
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
