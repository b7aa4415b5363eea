"""The checks that a checks.py declares, in its order."""

import inspect
from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Check:
    name: str
    visible: bool
    run: Callable


declared: list[Check] = []


def check(name, *, visible):
    """Declares the decorated `async def (t)` as a check. Its sentence stands in exercise.toml under [checks.<name>]."""

    def declare(run):
        if not inspect.iscoroutinefunction(run):
            raise TypeError(f"the check {name} must be an async def")
        if any(other.name == name for other in declared):
            raise ValueError(f"two checks are named {name}")
        declared.append(Check(name, visible, run))
        return run

    return declare
