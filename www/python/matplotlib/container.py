"""What bar, errorbar and stem return: several artists under one label."""

__all__ = ["BarContainer", "Container", "ErrorbarContainer", "StemContainer"]


class Container(tuple):
    def __new__(cls, artists, *args, **kwargs):
        return super().__new__(cls, artists)

    def __init__(self, artists, label=""):
        self._label = label or ""

    def get_label(self):
        return self._label

    def set_label(self, s):
        self._label = str(s)

    def get_children(self):
        return list(self)

    def remove(self):
        for artist in self:
            if artist is not None:
                artist.remove()


class BarContainer(Container):
    def __init__(self, patches, errorbar=None, *, datavalues=None, orientation=None, label=""):
        super().__init__(patches, label)
        self.patches, self.errorbar = list(patches), errorbar
        self.datavalues, self.orientation = datavalues, orientation

    def key(self, out, x, y, w, h):
        if self.patches:
            self.patches[0].key(out, x, y, w, h)


class ErrorbarContainer(Container):
    def __init__(self, lines, has_xerr=False, has_yerr=False, label=""):
        super().__init__(lines, label)
        self.lines, self.has_xerr, self.has_yerr = lines, has_xerr, has_yerr

    def key(self, out, x, y, w, h):
        data, caps, bars = self.lines
        for bar in bars:
            paint, width = bar._paints()[0], bar.widths(1, 1.5)[0]
            if self.has_yerr:
                out.line([x + w / 2] * 2, [y - h * 0.3, y + h * 1.3], paint, width, (), None, False)
            else:
                out.line([x + w * 0.2, x + w * 0.8], [y + h / 2] * 2, paint, width, (), None, False)
        if data is not None:
            data.key(out, x, y, w, h)

    def remove(self):
        data, caps, bars = self.lines
        for artist in [data, *caps, *bars]:
            if artist is not None:
                artist.remove()


class StemContainer(Container):
    def __init__(self, markerline_stemlines_baseline, label=""):
        super().__init__(markerline_stemlines_baseline, label)
        self.markerline, self.stemlines, self.baseline = markerline_stemlines_baseline

    def key(self, out, x, y, w, h):
        paint = self.stemlines._paints()[0]
        out.line([x + w / 2] * 2, [y + h, y], paint, 1.5, (), None, False)
        style = self.markerline.marker_style()
        if style:
            outline, size, face, edge, width = style
            out.marks([x + w / 2], [y], outline, [size], [face], [edge], width, None, False)
