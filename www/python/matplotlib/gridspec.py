"""Figures cut into rows and columns."""

from ._values import floats

__all__ = ["GridSpec", "GridSpecFromSubplotSpec", "SubplotSpec"]


class GridSpec:
    def __init__(self, nrows, ncols, figure=None, *, left=None, bottom=None, right=None, top=None, wspace=None, hspace=None,
                 width_ratios=None, height_ratios=None):  # fmt: skip
        for name, n in (("rows", nrows), ("columns", ncols)):
            if not isinstance(n, int) or n <= 0:
                raise ValueError(f"Number of {name} must be a positive integer, not {n!r}")
        self.nrows, self.ncols, self.figure = nrows, ncols, figure
        self.own = {"left": left, "bottom": bottom, "right": right, "top": top, "wspace": wspace, "hspace": hspace}
        self.width_ratios = [1.0] * ncols if width_ratios is None else floats(width_ratios)
        self.height_ratios = [1.0] * nrows if height_ratios is None else floats(height_ratios)
        if len(self.width_ratios) != ncols:
            raise ValueError("Expected the given number of width ratios to match the number of columns of the grid")
        if len(self.height_ratios) != nrows:
            raise ValueError("Expected the given number of height ratios to match the number of rows of the grid")
        # Set where this grid lies inside a cell of another.
        self.parent = None

    def get_geometry(self):
        return self.nrows, self.ncols

    def update(self, **kwargs):
        self.own.update(kwargs)

    def __getitem__(self, key):
        if isinstance(key, tuple):
            if len(key) != 2:
                raise ValueError("Unrecognized subplot spec")
            rows, columns = _range(key[0], self.nrows), _range(key[1], self.ncols)
            return SubplotSpec(self, rows, columns)
        first, last = _range(key, self.nrows * self.ncols)
        (r0, c0), (r1, c1) = divmod(first, self.ncols), divmod(last, self.ncols)
        return SubplotSpec(self, (min(r0, r1), max(r0, r1)), (min(c0, c1), max(c0, c1)))

    def __iter__(self):
        return (self[i] for i in range(self.nrows * self.ncols))

    def subplots(self, *, sharex=False, sharey=False, squeeze=True, subplot_kw=None):
        return self.figure.subplots_of(self, sharex, sharey, squeeze, subplot_kw or {})

    def area(self, figure):
        """(left, bottom, right, top, wspace, hspace)."""
        params = figure.subplotpars
        got = {key: getattr(params, key) if value is None else value for key, value in self.own.items()}
        if self.parent is not None:
            left, bottom, width, height = self.parent.place(figure)
            got.update(left=left, bottom=bottom, right=left + width, top=bottom + height)
        return got

    def lines(self, figure):
        """Lists of (start, end) of the columns, and of the rows from the top."""
        area = self.area(figure)

        def cut(total, ratios, space):
            n = len(ratios)
            cell = total / (n + space * (n - 1))
            gap = space * cell
            lengths = [cell * n * r / sum(ratios) for r in ratios]
            starts = [sum(lengths[:i]) + gap * i for i in range(n)]
            return [(s, s + length) for s, length in zip(starts, lengths)]

        across = cut(area["right"] - area["left"], self.width_ratios, area["wspace"])
        down = cut(area["top"] - area["bottom"], self.height_ratios, area["hspace"])
        return ([(area["left"] + a, area["left"] + b) for a, b in across], [(area["top"] - b, area["top"] - a) for a, b in down])


def _range(key, n):
    if isinstance(key, slice):
        start, stop, step = key.indices(n)
        if step != 1 or stop <= start:
            raise IndexError(f"GridSpec slice would result in no space allocated for subplot: {key}")
        return start, stop - 1
    at = key + n if key < 0 else key
    if not 0 <= at < n:
        raise IndexError(f"index {key} is out of bounds for axis 0 with size {n}")
    return at, at


class GridSpecFromSubplotSpec(GridSpec):
    def __init__(self, nrows, ncols, subplot_spec, wspace=None, hspace=None, height_ratios=None, width_ratios=None):
        super().__init__(nrows, ncols, subplot_spec.gridspec.figure, wspace=wspace, hspace=hspace,
                         width_ratios=width_ratios, height_ratios=height_ratios)  # fmt: skip
        self.parent = subplot_spec


class SubplotSpec:
    def __init__(self, gridspec, rows, columns):
        self.gridspec, self.rowspan_, self.colspan_ = gridspec, rows, columns
        self.rowspan, self.colspan = range(rows[0], rows[1] + 1), range(columns[0], columns[1] + 1)

    def key(self):
        return self.gridspec.nrows, self.gridspec.ncols, self.rowspan_, self.colspan_

    def place(self, figure):
        """(left, bottom, width, height) in shares of the figure."""
        columns, rows = self.gridspec.lines(figure)
        left, right = columns[self.colspan_[0]][0], columns[self.colspan_[1]][1]
        top, bottom = rows[self.rowspan_[0]][1], rows[self.rowspan_[1]][0]
        return left, bottom, right - left, top - bottom

    def subgridspec(self, nrows, ncols, **kwargs):
        return GridSpecFromSubplotSpec(nrows, ncols, self, **kwargs)

    def get_gridspec(self):
        return self.gridspec

    def is_first_row(self):
        return self.rowspan_[0] == 0

    def is_last_row(self):
        return self.rowspan_[1] == self.gridspec.nrows - 1

    def is_first_col(self):
        return self.colspan_[0] == 0

    def is_last_col(self):
        return self.colspan_[1] == self.gridspec.ncols - 1
