"""The box that says which line is which."""

import math

from . import _text
from ._rc import points, rcParams
from .colors import to_rgba
from .container import Container
from .text import Text, rounded

__all__ = ["Legend"]

CODES = {
    "best": 0, "upper right": 1, "upper left": 2, "lower left": 3, "lower right": 4, "right": 5, "center left": 6,
    "center right": 7, "lower center": 8, "upper center": 9, "center": 10,
}  # fmt: skip
_SHARES = {1: (1, 0), 2: (0, 0), 3: (0, 1), 4: (1, 1), 5: (1, 0.5), 6: (0, 0.5), 7: (1, 0.5), 8: (0.5, 1), 9: (0.5, 0), 10: (0.5, 0.5)}


def labelled(many_axes):
    """(handles, labels) of all that carries a label."""
    handles, labels = [], []
    for axes in many_axes:
        members = {id(a) for c in axes.containers for a in _flat(c)}
        candidates = [c for c in axes.children if id(c) not in members or c.p["label"] not in ("", "_nolegend_")]
        for thing in [*candidates, *axes.containers]:
            label = thing.get_label() if isinstance(thing, Container) else thing.p["label"]
            if label and not str(label).startswith("_") and hasattr(thing, "key"):
                handles.append(thing)
                labels.append(str(label))
    return handles, labels


def _flat(container):
    for each in container:
        if isinstance(each, (tuple, list)):
            yield from _flat(each)
        elif each is not None:
            yield each


def legend_of(owner, args, kwargs, many_axes=None):
    kwargs = dict(kwargs)
    many_axes = many_axes or [owner]
    handles, labels = kwargs.pop("handles", None), kwargs.pop("labels", None)
    if len(args) == 2:
        handles, labels = args
    elif len(args) == 1:
        if args[0] and not isinstance(args[0][0], str):
            handles = args[0]
        else:
            labels = args[0]
    elif len(args) > 2:
        raise TypeError(f"legend() takes at most 2 positional arguments, not {len(args)}")
    if handles is None and labels is not None:
        found = [c for axes in many_axes for c in [*(k for k in axes.children if hasattr(k, "key")), *axes.containers]]
        members = {id(a) for axes in many_axes for c in axes.containers for a in _flat(c)}
        handles = [c for c in found if id(c) not in members and not str(_label(c)).startswith("_child")]
        handles, labels = list(handles)[: len(labels)], list(labels)
    elif handles is not None and labels is None:
        handles = list(handles)
        labels = [_label(h) for h in handles]
    elif handles is None:
        handles, labels = labelled(many_axes)
        if not handles:
            import warnings

            warnings.warn("No artists with labels found to put in legend.  Note that artists whose label start with an "
                          "underscore are ignored when legend() is called with no argument.", UserWarning, stacklevel=3)  # fmt: skip
    flat = [h[0] if isinstance(h, list) and h else h for h in handles]
    return Legend(owner, flat, [str(label) for label in labels], **kwargs)


def _label(thing):
    return thing.get_label() if isinstance(thing, Container) else thing.p["label"]


class Legend:
    def __init__(self, owner, handles, labels, loc=None, bbox_to_anchor=None, ncols=1, ncol=None, fontsize=None, title=None,
                 title_fontsize=None, frameon=None, framealpha=None, facecolor=None, edgecolor=None, labelcolor=None,
                 handlelength=2.0, handletextpad=0.8, columnspacing=2.0, labelspacing=None, borderpad=0.4, borderaxespad=None,
                 fancybox=None, shadow=None, mode=None, markerscale=None, numpoints=None, scatterpoints=None, prop=None,
                 handleheight=0.7, alignment="center", bbox_transform=None, markerfirst=True, draggable=False,
                 reverse=False, handler_map=None):  # fmt: skip
        self.owner = owner
        pairs = [(h, t) for h, t in zip(handles, labels) if hasattr(h, "key")]
        self.handles, self.labels = [p[0] for p in pairs], [p[1] for p in pairs]
        if reverse:
            self.handles.reverse()
            self.labels.reverse()
        loc = rcParams["legend.loc"] if loc is None else loc
        if isinstance(loc, str) and loc not in CODES:
            raise ValueError(f"{loc!r} is not a valid value for loc; supported values are {', '.join(map(repr, CODES))}")
        if isinstance(loc, int) and loc not in CODES.values():
            raise ValueError(f"loc must be one of the numbers 0 to 10, not {loc}")
        self.loc = CODES[loc] if isinstance(loc, str) else loc
        self.anchor = tuple(bbox_to_anchor) if bbox_to_anchor is not None else None
        self.columns = max(1, ncol or ncols)
        size = fontsize if fontsize is not None else (prop or {}).get("size", rcParams["legend.fontsize"])
        self.size = points(size)
        self.title, self.title_size = title, points(title_fontsize if title_fontsize is not None else rcParams["legend.title_fontsize"] or self.size)
        self.frame = rcParams["legend.frameon"] if frameon is None else frameon
        self.alpha = rcParams["legend.framealpha"] if framealpha is None else framealpha
        face = rcParams["legend.facecolor"] if facecolor is None else facecolor
        self.face = rcParams["axes.facecolor"] if face == "inherit" else face
        self.edge = rcParams["legend.edgecolor"] if edgecolor is None else edgecolor
        self.text_colour = labelcolor
        self.handle, self.gap, self.column_gap, self.pad = handlelength, handletextpad, columnspacing, borderpad
        self.line_gap = rcParams["legend.labelspacing"] if labelspacing is None else labelspacing
        self.away = 0.5 if borderaxespad is None else borderaxespad
        self.round = rcParams["legend.fancybox"] if fancybox is None else fancybox
        self.visible = True
        colour = rcParams["text.color"] if labelcolor in (None, "linecolor") else labelcolor
        self.texts = [Text(0, 0, label, fontsize=self.size, color=colour) for label in self.labels]

    legend_handles = property(lambda self: self.handles)

    def set_title(self, title, prop=None):
        self.title = title

    def get_title(self):
        return self.title

    def set_visible(self, b):
        self.visible = bool(b)

    def get_texts(self):
        return list(self.texts)

    def remove(self):
        if getattr(self.owner, "legend_", None) is self:
            self.owner.legend_ = None
        else:
            self.owner.legends.remove(self)

    def draw(self, view, out, box=None):
        if not self.handles and not self.title or not self.visible:
            return
        # Over a picture the samples look as what they stand for does there.
        before, out.lit = out.lit, out.lit or view is not None and view.literal
        try:
            self._draw(view, out, box)
        finally:
            out.lit = before

    def _draw(self, view, out, box):
        em = self.size * out.pt
        cells = list(zip(self.handles, self.texts))
        per_column = math.ceil(len(cells) / self.columns) if cells else 0
        columns = [cells[i : i + per_column] for i in range(0, len(cells), per_column)] if per_column else []
        sizes = [[_text.measure(_text.lines(t.get_text()), t.size * out.pt) for _, t in column] for column in columns]
        widths = [self.handle * em + self.gap * em + max(w for w, _ in column) for column in sizes]
        heights = [sum(h for _, h in column) + self.line_gap * em * (len(column) - 1) for column in sizes]
        inner_w = sum(widths) + self.column_gap * em * (len(widths) - 1 if widths else 0)
        inner_h = max(heights, default=0.0)
        title_em = self.title_size * out.pt
        title_w, title_h = _text.measure(_text.lines(self.title), title_em) if self.title else (0.0, 0.0)
        body_w = max(inner_w, title_w)
        width = body_w + 2 * self.pad * em
        height = inner_h + 2 * self.pad * em + (title_h + (self.line_gap * em if inner_h else 0) if self.title else 0)
        x, y = self._corner(view, box or view.box, width, height, em)
        if self.frame:
            loop = rounded(x, y, x + width, y + height, 0.2 * em) if self.round else [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
            face = to_rgba(self.face, self.alpha)
            out.shape([loop], face, to_rgba(self.edge, self.alpha), rcParams["patch.linewidth"], (), None, False)
        top = y + self.pad * em
        if self.title:
            out.text(x + width / 2, top, self.title, self.title_size, to_rgba(rcParams["text.color"]), "center", "top")
            top += title_h + self.line_gap * em
        left = x + self.pad * em + (body_w - inner_w) / 2
        for column, measured, column_width in zip(columns, sizes, widths):
            at = top
            for (handle, words), (_, row_h) in zip(column, measured):
                middle = at + row_h / 2
                handle.key(out, left, middle - 0.35 * em, self.handle * em, 0.7 * em)
                style = {**words.style(), "ha": "left", "va": "center_baseline"}
                if self.text_colour == "linecolor" and hasattr(handle, "rgba"):
                    style["rgba"] = handle.rgba()
                out.text(left + (self.handle + self.gap) * em, middle, words.get_text(), **style)
                at += row_h + self.line_gap * em
            left += column_width + self.column_gap * em

    def _corner(self, view, box, width, height, em):
        """The legend's top left, in pixels."""
        left, top, w, h = box
        if not isinstance(self.loc, int):
            x, y = self.loc
            return left + x * w, top + (1 - y) * h - height
        if self.anchor is not None:
            ax, ay = self.anchor[:2]
            aw, ah = self.anchor[2:] if len(self.anchor) == 4 else (0, 0)
            left, top, w, h = left + ax * w, top + (1 - ay - ah) * h, aw * w, ah * h
        away = self.away * em

        def at(code):
            across, down = _SHARES[code]
            return (
                left + away + across * (w - 2 * away - width),
                top + away + down * (h - 2 * away - height),
            )

        if self.loc:
            return at(self.loc)
        if self.anchor is not None:
            return at(1)
        taken = self._taken(view)
        best = None
        for code in range(1, 11):
            x, y = at(code)
            bad = sum(x < px < x + width and y < py < y + height for px, py in taken)
            if best is None or bad < best[0]:
                best = (bad, (x, y))
            if bad == 0:
                break
        return best[1]

    def _taken(self, view):
        """Pixels where there is something to see."""
        places = []
        for child in view.axes.children:
            if not child.p["visible"] or getattr(child, "covers", False):
                continue
            if hasattr(child, "points"):
                xs, ys = child.points()
                step = max(1, len(xs) // 2000)
                px, py = view.pixels(xs[::step], ys[::step], child.in_axes_units)
                places += zip(px, py)
                places += _filled_in(list(zip(px, py)))
            elif hasattr(child, "_sizes"):
                step = max(1, len(child._x) // 2000)
                places += zip(*view.pixels(child._x[::step], child._y[::step], child.in_axes_units))
            elif hasattr(child, "outline"):
                for loop in child.outline():
                    px, py = view.pixels([p[0] for p in loop], [p[1] for p in loop], child.in_axes_units)
                    x0, x1, y0, y1 = min(px), max(px), min(py), max(py)
                    places += [(x0 + (x1 - x0) * i / 4, y0 + (y1 - y0) * j / 4) for i in range(5) for j in range(5)]
            elif hasattr(child, "_loops"):
                for loop in child._loops:
                    places += zip(*view.pixels([p[0] for p in loop], [p[1] for p in loop]))
            elif hasattr(child, "_segments"):
                for segment in child._segments:
                    places += zip(*view.pixels([p[0] for p in segment], [p[1] for p in segment]))
        return [(x, y) for x, y in places if x - x == 0 == y - y]


def _filled_in(points):
    """More points on the long pieces of a line."""
    more = []
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        length = math.hypot(x1 - x0, y1 - y0)
        if 8 < length < 4000:
            n = int(length // 8)
            more += [(x0 + (x1 - x0) * i / n, y0 + (y1 - y0) * i / n) for i in range(1, n)]
    return more
