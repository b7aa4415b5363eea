"""The module `given`: an exercise's given.py, which the reader sees and both runtimes can import."""

import linecache
import sys
import types

FILENAME = "given.py"


def install_given(source):
    module = types.ModuleType("given")
    module.__file__ = FILENAME
    linecache.cache[FILENAME] = (len(source), None, source.splitlines(True), FILENAME)
    sys.modules["given"] = module
    exec(compile(source, FILENAME, "exec", dont_inherit=True), module.__dict__)
