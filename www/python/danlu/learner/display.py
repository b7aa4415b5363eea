"""Where matplotlib's figures go while a learner's code runs: to the page, in order with what is printed."""

import sys

# Takes a drawing as JSON. Set by the Runner; nothing sets it where Python runs without a page.
send = None


def begin():
    """Before a run: no figure is open, no setting is left over."""
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib._begin()


def end():
    """After a run: figures that were drawn and never shown appear."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot._end()
