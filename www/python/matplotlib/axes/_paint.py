"""Draws axes: ground, grid, contents, frame, ticks, words."""

from ..colors import to_rgba
from ..lines import dashes
from ._view import View


class Painting:
    def draw(self, out, contents=True):
        if not self._visible:
            return
        self.widen_to_aspect()
        view = View(self, out)
        face = to_rgba(self.facecolor)
        children = sorted((c for c in self.children if c.p["visible"]), key=lambda c: c.zorder)
        # On a picture or a ground of its own colour, colours mean what they say in either theme of the page.
        own_ground = face[3] > 0 and face[:3] != (1.0, 1.0, 1.0)
        covered = any(getattr(c, "covers", False) for c in children)
        view.literal = own_ground or covered or any(
            getattr(c, "covers", False) for other in self.figure.axes_ if other.twin_of is self for c in other.children
        )
        left, top, width, height = view.box
        if self.frame_on and self.axison and face[3] > 0:
            corners = [(left, top), (left + width, top), (left + width, top + height), (left, top + height)]
            out.shape([corners], face, None, 0, (), view.clip, own_ground)
        grid_at = {True: 0.5, "line": 1.5, False: 2.5}.get(self.axisbelow, 1.5)
        gridded = not self.axison
        for child in children if contents else ():
            if not gridded and child.zorder > grid_at:
                self._draw_grids(view, out)
                gridded = True
            child.draw(view, out)
        if not gridded:
            self._draw_grids(view, out)
        if self.axison:
            self._draw_frame(view, out)
            for axis in (self.xaxis, self.yaxis):
                axis.draw(view, out)
            for axis in (self.xaxis, self.yaxis):
                axis.draw_label(view, out)
        self._draw_titles(view, out)
        if self.legend_ is not None and contents:
            self.legend_.draw(view, out)
        self._describe(out, children)

    def _draw_grids(self, view, out):
        for axis in (self.xaxis, self.yaxis):
            if axis.visible:
                axis.draw_grid(view, out)

    def _draw_frame(self, view, out):
        left, top, width, height = view.box
        for side, spine in self.spines.items():
            if not spine.visible or not self.frame_on:
                continue
            place = {"left": left, "right": left + width, "top": top, "bottom": top + height}[side]
            upright = side in ("left", "right")
            if spine.position is not None:
                kind, amount = spine.position
                if kind == "outward":
                    place += amount * out.pt * (-1 if side in ("left", "top") else 1)
                else:
                    own = kind == "axes"
                    xs, ys = view.pixels([amount], [amount], (own, own))
                    place = xs[0] if upright else ys[0]
            xs, ys = ([place, place], [top, top + height]) if upright else ([left, left + width], [place, place])
            pattern = dashes(spine.linestyle, spine.linewidth)
            if pattern is not None:
                out.line(xs, ys, to_rgba(spine.color), spine.linewidth, pattern, None, False)

    def _draw_titles(self, view, out):
        left, top, width, _ = view.box
        above = self.xaxis.__dict__.get("_reach", {}).get("top", 0.0) if self.axison and self.xaxis.params["labeltop"] else 0.0
        if self.axison and self.xaxis.label_side == "top" and self.xaxis.label.get_text():
            above += (self.xaxis.label.size * 1.2 + self.xaxis.labelpad) * out.pt
        for loc, title in self._titles.items():
            text = title.get_text()
            if not text:
                continue
            x = left + {"left": 0.0, "center": 0.5, "right": 1.0}[loc] * width
            share = title.__dict__.get("share")
            base = top - above if share is None else top + (1 - share) * view.box[3]
            rows = text.count("\n")
            y = base - title.pad * out.pt - rows * 1.2 * title.size * out.pt
            title.draw_at(out, x, y)

    def _describe(self, out, children):
        """What a reader who doesn't see the picture is told."""
        from .._text import plain

        series = []
        for child in children:
            label = str(child.p["label"])
            kind = type(child).__name__
            count = len(child.points()[0]) if kind == "Line2D" else len(getattr(child, "_x", ())) if kind == "PathCollection" else 0
            series.append({"kind": kind, "label": "" if label.startswith("_") else plain(label), "points": count})
        grouped = {}
        for one in series:
            key = (one["kind"], one["label"])
            if key in grouped and one["kind"] not in ("Line2D", "PathCollection", "AxesImage"):
                grouped[key]["count"] += 1
            else:
                grouped[key if key not in grouped else (*key, len(grouped))] = {**one, "count": 1}

        def ends(span):
            return [float(f"{v:.4g}") for v in span.limits()]

        out.about["axes"].append({
            "title": plain(self.get_title() or self.get_title("left") or self.get_title("right")),
            "xlabel": plain(self.get_xlabel()), "ylabel": plain(self.get_ylabel()),
            "xlim": ends(self.xaxis.span), "ylim": ends(self.yaxis.span), "axis": self.axison,
            "xnames": list(self.xaxis.span.categories or ()), "ynames": list(self.yaxis.span.categories or ()),
            "series": list(grouped.values())[:20], "colorbar": self._label == "<colorbar>",
        })  # fmt: skip
