"""The learner's side: runs their code, shows their mistakes as CPython would, and answers the judge's calls.

Nothing here is trusted. Code that tampers with this module only changes which values the judge is sent.
"""

from .runner import Runner

__all__ = ["Runner"]
