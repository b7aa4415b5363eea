"""Values as text, expected and got aligned so that the eye finds the difference."""

import math
import sys

LONGEST = 2000  # characters of one value
ROWS, COLUMNS = 8, 8  # of the window around the worst entry
WHOLE = 64  # entries up to which an array is shown whole


def show(value):
    """{text, dtype?, shape?} of any value that crossed."""
    np = sys.modules.get("numpy")
    if np is not None and isinstance(value, np.ndarray):
        return show_arrays(value, value, None)[0]
    text = _plain_text(value)
    return {"text": text if len(text) <= LONGEST else text[:LONGEST] + "…"}


def _plain_text(value):
    np = sys.modules.get("numpy")
    if np is not None and isinstance(value, np.ndarray):
        return f"array{tuple(value.shape)} {value.dtype}"
    if np is not None and isinstance(value, np.generic):
        return str(value)
    if isinstance(value, (list, tuple)):
        inside = ", ".join(_plain_text(item) for item in value[:50]) + (", …" if len(value) > 50 else "")
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_plain_text(item)}" for key, item in list(value.items())[:50]) + "}"
    return repr(value)


def show_arrays(expected, got, worst):
    """Both arrays, cut to the same window around the worst entry, their columns equally wide."""
    digits = _digits(expected, got, worst)
    columns = {}
    grids = []
    for array in (expected, got):
        grids.append(_cut(array, worst if _same_shape(expected, got) else None, digits))
    for _, rows in grids:
        for row in rows:
            for place, text in enumerate(row):
                columns[place] = max(columns.get(place, 0), len(text))
    shown = []
    for array, (head, rows) in zip((expected, got), grids):
        lines = ["  ".join(text.rjust(columns[place]) for place, text in enumerate(row)) for row in rows]
        shown.append(
            {
                "text": "\n".join(([head] if head else []) + lines),
                "dtype": str(array.dtype),
                "shape": list(array.shape),
            }
        )
        if worst is not None:
            shown[-1]["worst_index"] = list(worst)
    return shown


def _same_shape(a, b):
    return tuple(a.shape) == tuple(b.shape)


def _digits(expected, got, worst):
    """The fewest digits, from four, with which the worst entries look different."""
    if worst is None or not _same_shape(expected, got):
        return 6
    want, have = expected[worst].item(), got[worst].item()
    return next((digits for digits in (4, 6, 8, 10, 12, 15) if _text(want, digits) != _text(have, digits)), 17)


def _text(value, digits):
    if isinstance(value, float):
        if math.isnan(value):
            return "nan"
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        return f"{value:.{digits}g}"
    return str(value)


def _cut(array, worst, digits):
    """(head naming the part shown, rows of texts)."""
    shape = tuple(array.shape)
    count = math.prod(shape)
    if count == 0:
        return "", [["[]"]]
    flat = array.ravel().tolist()
    if not shape:
        return "", [[_text(flat[0], digits)]]
    if count <= WHOLE and len(shape) <= 2:
        width = shape[-1]
        return "", [[_text(v, digits) for v in flat[start : start + width]] for start in range(0, count, width)]
    worst = worst or (0,) * len(shape)
    height, width = (shape[-2], shape[-1]) if len(shape) > 1 else (1, shape[-1])
    row_at, column_at = (worst[-2], worst[-1]) if len(shape) > 1 else (0, worst[-1])
    rows, columns = _window(row_at, height, ROWS), _window(column_at, width, COLUMNS)
    base = 0
    for length, index in zip(shape[:-2], worst[:-2]):
        base = base * length + index
    base *= height * width
    head = ", ".join(
        [*(str(index) for index in worst[:-2]), *([_range_text(rows, height)] if len(shape) > 1 else [])]
        + [_range_text(columns, width)]
    )
    lines = []
    for row in range(*rows):
        start = base + row * width
        line = [_text(v, digits) for v in flat[start + columns[0] : start + columns[1]]]
        lines.append((["…"] if columns[0] else []) + line + (["…"] if columns[1] < width else []))
    return f"[{head}]", lines


def _window(at, length, size):
    start = max(0, min(at - size // 2, length - size))
    return start, min(length, start + size)


def _range_text(window, length):
    return ":" if window == (0, length) else f"{window[0]}:{window[1]}"
