"""The outlines of markers, for a size of one: x to the right, y down, the centre at 0, 0."""

import math


class Outline:
    """`loops` of points, or None for a circle; a marker of lines alone has no face."""

    def __init__(self, loops, filled=True, scale=1.0):
        self.loops, self.filled, self.scale = loops, filled, scale


def _turned(points, quarter_turns):
    for _ in range(quarter_turns):
        points = [(-y, x) for x, y in points]
    return points


def _polygon(n, radius=0.5, start=-90.0, inner=None):
    points = []
    for i in range(n if inner is None else 2 * n):
        r = radius if inner is None or i % 2 == 0 else inner
        angle = math.radians(start + i * 360 / (n if inner is None else 2 * n))
        points.append((r * math.cos(angle), r * math.sin(angle)))
    return points


_TRIANGLE = [(0, -0.5), (0.5, 0.5), (-0.5, 0.5)]
_PLUS = [
    (-1, -3), (1, -3), (1, -1), (3, -1), (3, 1), (1, 1), (1, 3), (-1, 3), (-1, 1), (-3, 1), (-3, -1), (-1, -1),
]  # fmt: skip
_CROSS = [
    (0, -1), (1, -2), (2, -1), (1, 0), (2, 1), (1, 2), (0, 1), (-1, 2), (-2, 1), (-1, 0), (-2, -1), (-1, -2),
]  # fmt: skip
_LEG = [[(0, 0), (0, 0.5)], [(0, 0), (0.43, -0.25)], [(0, 0), (-0.43, -0.25)]]

_MARKERS = {
    "o": Outline(None), ".": Outline(None, scale=0.5), ",": Outline([[(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]], scale=0.17),
    "s": Outline([[(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]]),
    "^": Outline([_TRIANGLE]), ">": Outline([_turned(_TRIANGLE, 1)]), "v": Outline([_turned(_TRIANGLE, 2)]),
    "<": Outline([_turned(_TRIANGLE, 3)]), "D": Outline([_polygon(4, 0.7071)]),
    "d": Outline([[(0, -0.7071), (0.4243, 0), (0, 0.7071), (-0.4243, 0)]]), "p": Outline([_polygon(5)]),
    "*": Outline([_polygon(5, 0.5, inner=0.191)]), "h": Outline([_polygon(6)]), "H": Outline([_polygon(6, start=0)]),
    "8": Outline([_polygon(8, start=22.5)]), "P": Outline([[(x / 6, y / 6) for x, y in _PLUS]]),
    "X": Outline([[(x / 4, y / 4) for x, y in _CROSS]]),
    "+": Outline([[(-0.5, 0), (0.5, 0)], [(0, -0.5), (0, 0.5)]], False),
    "x": Outline([[(-0.5, -0.5), (0.5, 0.5)], [(-0.5, 0.5), (0.5, -0.5)]], False),
    "|": Outline([[(0, -0.5), (0, 0.5)]], False), "_": Outline([[(-0.5, 0), (0.5, 0)]], False),
    "1": Outline(_LEG, False), "2": Outline([_turned(leg, 2) for leg in _LEG], False),
    "3": Outline([_turned(leg, 1) for leg in _LEG], False), "4": Outline([_turned(leg, 3) for leg in _LEG], False),
}  # fmt: skip
NAMES = frozenset(_MARKERS)
_NONE = ("None", "none", "", " ", None)


def outline(marker):
    """The marker's outline, or None for no marker."""
    if isinstance(marker, str) and marker in _MARKERS:
        return _MARKERS[marker]
    if marker in _NONE:
        return None
    if isinstance(marker, str) and marker.startswith("$"):
        raise NotImplementedError(f"marker {marker!r}: text as a marker is not here; nearest: plt.text")
    raise ValueError(f"Unrecognized marker style {marker!r}; styles here are {' '.join(sorted(NAMES))}")
