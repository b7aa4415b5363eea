"""Where a library tells how far a training is. The runtime puts a listener here; without one nobody hears."""

import json
import math
import time

# A function of one JSON text: {step, epoch, metrics}, or {watch}.
listener = None
_PAUSE = 0.05
_last = 0.0


def tell(step, epoch, metrics, force=False):
    """`epoch` counts from 0 and has a fraction within; some twenty times a second at most, unless forced."""
    global _last
    if listener is None:
        return
    now = time.time()
    if not force and now - _last < _PAUSE:
        return
    _last = now
    finite = {name: float(value) for name, value in metrics.items() if math.isfinite(value)}
    listener(json.dumps({"step": int(step), "epoch": float(epoch), "metrics": finite}))


def watch(record):
    """A step of a training under the clinic's monitor. JSON knows no NaN, so that one is sent by its name."""
    if listener is not None:
        listener(json.dumps({"watch": _named(record)}, allow_nan=False))


def _named(value):
    if isinstance(value, dict):
        return {key: _named(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_named(each) for each in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
