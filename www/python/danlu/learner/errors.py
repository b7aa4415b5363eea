"""A learner's exception as data: only the frames that they can see, with CPython's carets."""

import traceback


def describe(error, filename, visible):
    """{type, mro, text, traceback, line?, message?}; never raises, whatever the exception's own methods do.

    `visible` are the files whose frames are kept; `line` is the last one in `filename`."""
    kind = type(error)
    described = {
        "type": kind.__name__,
        "mro": [base.__name__ for base in type.mro(kind)],
        "text": _text(error),
        "traceback": "",
    }
    message = getattr(error, "danlu_message", None)
    if isinstance(message, tuple) and len(message) == 2:
        described["message"] = {"key": message[0], "fields": message[1]}
    try:
        exception = traceback.TracebackException.from_exception(error, lookup_lines=True)
        line = _keep_frames(exception, filename, visible, set())
        if isinstance(error, SyntaxError) and error.filename == filename:
            line = error.lineno
        if line is not None:
            described["line"] = line
        described["traceback"] = "".join(exception.format())[:20_000]
    except Exception:
        described["traceback"] = f"{kind.__name__}: {described['text']}\n"
    return described


def _text(error):
    try:
        return str(error)[:4000]
    except Exception:
        return ""


def _keep_frames(exception, filename, visible, seen):
    """Drops the frames of libraries and of Danlu from the exception and from those that caused it."""
    if exception is None or id(exception) in seen:
        return None
    seen.add(id(exception))
    frames = [frame for frame in exception.stack if frame.filename in visible]
    exception.stack = traceback.StackSummary.from_list(frames)
    for chained in (exception.__cause__, exception.__context__, *(exception.exceptions or ())):
        _keep_frames(chained, filename, visible, seen)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == filename), None)
