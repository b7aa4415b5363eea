"""Gives subplots as much room as their words need."""

from ._draw import Drawing

# How near two neighbours' words may come, in points, before the grid is opened.
PAD = 10 * 1.08


def decorations(figure, axes):
    """How far an axes' words reach beyond its box: left, right, top, bottom, in pixels."""
    width, height = figure.pixel_size()
    out = Drawing(width, height, figure.dpi, 0)
    # The contents are clipped to the box; only what stands around it counts.
    axes.draw(out, contents=False)
    left, top, w, h = axes.pixel_box()
    reach = [0.0, 0.0, 0.0, 0.0]
    for x0, y0, x1, y1 in out.inked:
        reach = [max(reach[0], left - x0), max(reach[1], x1 - left - w), max(reach[2], top - y0), max(reach[3], y1 - top - h)]
    return reach


def needs(figure, pad=PAD):
    """(left, right, bottom, top, wspace, hspace) that leave room for every word; None without a grid."""
    gridded = [a for a in figure.axes_ if a._spec is not None and a._spec.gridspec.parent is None and a.get_visible()]
    if not gridded:
        return None
    width, height = figure.pixel_size()
    grid = max((a._spec.gridspec for a in gridded), key=lambda g: g.nrows * g.ncols)
    pad *= figure.pt
    rows, columns = grid.nrows, grid.ncols
    left, right, top, bottom = [0.0] * (columns + 1), [0.0] * (columns + 1), [0.0] * (rows + 1), [0.0] * (rows + 1)
    for axes in gridded:
        spec = axes._spec
        if (spec.gridspec.nrows, spec.gridspec.ncols) != (rows, columns):
            spec = _coarse(spec, rows, columns)
            if spec is None:
                continue
        around = decorations(figure, axes)
        for other in figure.axes_:
            if other.twin_of is axes:
                around = [max(a, b) for a, b in zip(around, decorations(figure, other))]
            elif getattr(other, "beside", None) is axes:
                around = _with_colorbar(figure, axes, other, around)
        c0, c1 = spec.colspan_
        r0, r1 = spec.rowspan_
        left[c0] = max(left[c0], around[0])
        right[c1 + 1] = max(right[c1 + 1], around[1])
        top[r0] = max(top[r0], around[2])
        bottom[r1 + 1] = max(bottom[r1 + 1], around[3])
    above = figure.suptitle_room()
    edge_left, edge_right = (left[0] + pad) / width, 1 - (right[columns] + pad) / width
    edge_top, edge_bottom = 1 - (top[0] + pad + above) / height, (bottom[rows] + pad) / height
    wgap = max([right[c] + left[c] for c in range(1, columns)], default=0.0) + pad
    hgap = max([bottom[r] + top[r] for r in range(1, rows)], default=0.0) + pad
    cell_w = ((edge_right - edge_left) * width - wgap * (columns - 1)) / columns
    cell_h = ((edge_top - edge_bottom) * height - hgap * (rows - 1)) / rows
    if cell_w <= 4 or cell_h <= 4:
        return None
    return {
        "left": edge_left, "right": edge_right, "top": edge_top, "bottom": edge_bottom, "wspace": wgap / cell_w,
        "hspace": hgap / cell_h,
    }  # fmt: skip


def _coarse(spec, rows, columns):
    """A spec of a grid of fewer cells in terms of the finer one."""
    if rows % spec.gridspec.nrows or columns % spec.gridspec.ncols:
        return None
    fr, fc = rows // spec.gridspec.nrows, columns // spec.gridspec.ncols

    class Spec:
        rowspan_ = (spec.rowspan_[0] * fr, (spec.rowspan_[1] + 1) * fr - 1)
        colspan_ = (spec.colspan_[0] * fc, (spec.colspan_[1] + 1) * fc - 1)

    return Spec


def _with_colorbar(figure, axes, bar, around):
    """The bar stands within the room taken from its axes; only its words reach beyond that."""
    words = decorations(figure, bar)
    width, height = figure.pixel_size()
    left, bottom, w, h = axes._spec.place(figure)
    cell = (left * width, (1 - bottom - h) * height, w * width, h * height)
    x, y, bw, bh = bar.pixel_box()
    box = axes.pixel_box()
    over = [
        cell[0] - (x - words[0]), (x + bw + words[1]) - (cell[0] + cell[2]), cell[1] - (y - words[2]),
        (y + bh + words[3]) - (cell[1] + cell[3]),
    ]  # fmt: skip
    own = [
        cell[0] - (box[0] - around[0]), (box[0] + box[2] + around[1]) - (cell[0] + cell[2]), cell[1] - (box[1] - around[2]),
        (box[1] + box[3] + around[3]) - (cell[1] + cell[3]),
    ]  # fmt: skip
    return [max(a, b, 0.0) for a, b in zip(over, own)]


def crowded(figure):
    """Whether words of one subplot reach into a neighbour's box or words."""
    gridded = [a for a in figure.axes_ if a._spec is not None and a.get_visible()]
    if len(gridded) < 2:
        return False
    boxes = []
    for axes in gridded:
        left, top, w, h = axes.pixel_box()
        around = decorations(figure, axes)
        boxes.append((left - around[0], top - around[2], left + w + around[1], top + h + around[3]))
    for i, (a, one) in enumerate(zip(boxes, gridded)):
        for b, other in zip(boxes[i + 1 :], gridded[i + 1 :]):
            if a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] < b[3] - 1 and b[1] < a[3] - 1 and not _overlaid(one, other):
                return True
    return False


def _overlaid(one, other):
    """Subplots whose very boxes overlap were meant to."""
    (l1, t1, w1, h1), (l2, t2, w2, h2) = one.pixel_box(), other.pixel_box()
    return l1 < l2 + w2 and l2 < l1 + w1 and t1 < t2 + h2 and t2 < t1 + h1


def settle(figure, pad=PAD):
    """Two turns: with other room come other ticks."""
    for _ in range(2):
        found = needs(figure, pad)
        if found is None:
            return
        figure.subplotpars.update(**found)
