"""Where a shown figure goes: to the page, when the page runs this; else a line says what there is to see."""

import json
import sys


# A page with more elements than this crawls.
ITEMS_MOST = 20_000


def page():
    """What takes a drawing as JSON, or None where there is no page."""
    display = sys.modules.get("danlu.learner.display")
    return display and display.send


def show(figure, live=False):
    send = page()
    if send is None:
        print(repr(figure))
    else:
        drawing = figure.drawing()
        drawing.live = live
        if len(drawing.items) > ITEMS_MOST:
            raise ValueError(
                f"a figure of {len(drawing.items)} separate shapes, more than {ITEMS_MOST}: draw many marks by one scatter, many "
                "lines by one plot with NaN between them, many cells by imshow"
            )
        send(json.dumps(drawing.data(), separators=(",", ":"), ensure_ascii=False, allow_nan=False))
