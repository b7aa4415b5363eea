"""Runs the checks of one checks.py, one at a time, stopping wherever a check calls the learner's function."""

import json
import linecache
import sys
import traceback
import types

from danlu.given import install_given

from . import registry
from .transcript import Transcript
from .trial import CheckFailed, Interrupted, LearnerError, Trial

FILENAME = "checks.py"


class Session:
    def __init__(self, source, seed, visible_only, given=None, record=False, flavour="numpy"):
        self._seed = seed
        self._coroutine = None
        self._record = record
        self._flavour = flavour
        self._trial = None
        registry.declared.clear()
        linecache.cache[FILENAME] = (len(source), None, source.splitlines(True), FILENAME)
        sys.modules.pop("given", None)
        if given is not None:
            install_given(given)
        module = types.ModuleType("checks")
        sys.modules["checks"] = module
        exec(compile(source, FILENAME, "exec", dont_inherit=True), module.__dict__)
        self._checks = {c.name: c for c in registry.declared if c.visible or not visible_only}

    def names(self):
        """JSON [{name, visible}], in order."""
        return json.dumps([{"name": c.name, "visible": c.visible} for c in self._checks.values()])

    def begin(self, name):
        """bytes: a request for the learner's runtime · str: the check's outcome, JSON."""
        self._trial = Trial(name, self._seed, Transcript(self._flavour) if self._record else None)
        return self._step(lambda: self._start(self._checks[name], self._trial))

    def _start(self, check, trial):
        self._coroutine = check.run(trial)
        return self._coroutine.send(None)

    def resume(self, answer):
        """The learner's runtime answered."""
        return self._step(lambda: self._coroutine.send(answer))

    def interrupt(self, message):
        """The learner's runtime will not answer; `message` is JSON {key, fields}."""
        return self._step(lambda: self._coroutine.throw(Interrupted(json.loads(message))))

    def _step(self, advance):
        try:
            return advance()
        except StopIteration:
            outcome = {"status": "pass", "transcript": self._transcript()}
        except CheckFailed as failed:
            difference = failed.difference
            outcome = {"status": "fail", "expected": difference.expected, "got": difference.got}
            if difference.key:
                outcome["message"] = {"key": difference.key, "fields": difference.fields}
        except LearnerError as raised:
            error = {key: value for key, value in raised.error.items() if key != "mro"}
            outcome = {"status": "error", "error": error, "message": error.pop("message", None)}
        except Interrupted as interrupted:
            outcome = {"status": "error", "message": interrupted.message}
        except Exception as error:
            outcome = {"status": "error", "error": own_error(error), "message": {"key": "check_broke", "fields": {}}}
        if self._trial.told:
            outcome["figures"] = self._trial.told
        return json.dumps({key: value for key, value in outcome.items() if value is not None}, allow_nan=False)

    def _transcript(self):
        """{lines, imports}, or None when nothing is recorded or it isn't worth a file."""
        transcript = self._trial.transcript
        if transcript is None or not transcript.is_worth_it:
            return None
        return {"lines": transcript.lines, "imports": sorted(transcript.imports)}


def own_error(error):
    """A mistake in checks.py or in the judge, for whoever mends it."""
    exception = traceback.TracebackException.from_exception(error)
    lines = [frame.lineno for frame in exception.stack if frame.filename == FILENAME]
    # From the first frame of checks.py on: what led there is the same every time.
    while lines and exception.stack[0].filename != FILENAME:
        del exception.stack[0]
    return {
        "type": type(error).__name__,
        "text": str(error),
        "traceback": "".join(exception.format()),
        **({"line": lines[-1]} if lines else {}),
    }
