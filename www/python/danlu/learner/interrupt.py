"""Stop: the page writes to Pyodide's interrupt buffer, and the learner's code meets KeyboardInterrupt."""

import signal

# Writes to the interrupt buffer again. Set by the Runner; None where the page can end a runtime only by force.
again = None
_armed = False


def arm():
    """The learner's code begins."""
    global _armed
    if again is not None:
        # At each run anew: the learner's code may have put a handler of its own there.
        signal.signal(signal.SIGINT, _interrupt)
        _armed = True


def disarm():
    global _armed
    _armed = False


def _interrupt(_number, frame):
    # What stands around the learner's code is about to end anyway, and must not be broken off in the middle.
    if not _armed:
        return
    while frame is not None:
        # Python prints what is raised in __del__ and forgets it, so the next instructions are asked instead.
        if frame.f_code.co_name == "__del__":
            again()
            return
        frame = frame.f_back
    raise KeyboardInterrupt
