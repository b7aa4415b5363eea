"""Whether operations are recorded: as a context, as a decorator, as a switch."""

import functools
import inspect

from danlu.tape import state


class _Mode:
    on = False

    def __enter__(self):
        self._before = state.on
        state.on = self.on

    def __exit__(self, *_):
        state.on = self._before

    def __call__(self, function):
        if inspect.isgeneratorfunction(function):
            @functools.wraps(function)
            def run(*args, **kwargs):
                made = function(*args, **kwargs)
                while True:
                    with type(self)():
                        try:
                            item = next(made)
                        except StopIteration:
                            return
                    yield item
        else:
            @functools.wraps(function)
            def run(*args, **kwargs):
                with self._again():
                    return function(*args, **kwargs)

        return run

    def _again(self):
        again = _Mode()
        again.on = self.on
        return again


class no_grad(_Mode):
    """Inside, nothing is recorded."""

    def __new__(cls, function=None):
        made = object.__new__(cls)
        return made if function is None else made(function)


class enable_grad(_Mode):
    """Inside, operations are recorded again."""

    on = True

    def __new__(cls, function=None):
        made = object.__new__(cls)
        return made if function is None else made(function)


class inference_mode(_Mode):
    """As no_grad."""

    def __new__(cls, mode=True):
        made = object.__new__(cls)
        if callable(mode):
            return made(mode)
        made.on = state.on if not mode else False
        return made


class set_grad_enabled(_Mode):
    """Switches at once; as a context, back at its end."""

    def __init__(self, mode):
        self.on = bool(mode)
        self._before = state.on
        state.on = self.on

    def __enter__(self):
        state.on = self.on


def is_grad_enabled():
    return state.on


def is_inference_mode_enabled():
    return not state.on
