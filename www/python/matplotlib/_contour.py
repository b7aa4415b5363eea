"""Contours of a grid of heights: lines of one height, and the areas between two.

A point on an edge of the grid is named by that edge and the height, so that neighbouring cells agree on it exactly:
lines are chained, and the borders that cells share cancel out, by names instead of by nearly equal numbers.
"""


class Grid:
    def __init__(self, xs, ys, zs):
        """xs and ys: one value a column and a row, or one for each height; zs: rows of heights."""
        self.z = zs
        self.rows, self.columns = len(zs), len(zs[0])
        self.x = xs if isinstance(xs[0], list) else [xs] * self.rows
        self.y = ys if isinstance(ys[0], list) else [[y] * self.columns for y in ys]
        self._places = {}

    def corner(self, i, j):
        key = (i, j)
        if key not in self._places:
            self._places[key] = (self.x[i][j], self.y[i][j])
        return key

    def crossing(self, i, j, k, m, height):
        """The name of the point between corners (i, j) and (k, m) that has the height."""
        if (i, j) > (k, m):
            i, j, k, m = k, m, i, j
        key = (i, j, k, m, height)
        if key not in self._places:
            a, b = self.z[i][j], self.z[k][m]
            t = (height - a) / (b - a)
            xa, ya, xb, yb = self.x[i][j], self.y[i][j], self.x[k][m], self.y[k][m]
            self._places[key] = (xa + (xb - xa) * t, ya + (yb - ya) * t)
        return key

    def place(self, name):
        return self._places[name]

    def lines(self, height):
        """Lists of points, closed where the first is the last."""
        z = self.z
        follows = {}

        def link(a, b):
            follows.setdefault(a, []).append(b)
            follows.setdefault(b, []).append(a)

        for i in range(self.rows - 1):
            low, high = z[i], z[i + 1]
            for j in range(self.columns - 1):
                a, b, c, d = low[j], low[j + 1], high[j + 1], high[j]
                above = (a >= height) + 2 * (b >= height) + 4 * (c >= height) + 8 * (d >= height)
                if above in (0, 15) or a + b + c + d != a + b + c + d:
                    continue
                ends = []
                if (above & 1) != (above >> 1 & 1):
                    ends.append(self.crossing(i, j, i, j + 1, height))
                if (above >> 1 & 1) != (above >> 2 & 1):
                    ends.append(self.crossing(i, j + 1, i + 1, j + 1, height))
                if (above >> 2 & 1) != (above >> 3 & 1):
                    ends.append(self.crossing(i + 1, j, i + 1, j + 1, height))
                if (above >> 3 & 1) != (above & 1):
                    ends.append(self.crossing(i, j, i + 1, j, height))
                if len(ends) == 4:
                    # A saddle: the mean decides which corners hang together.
                    if ((a + b + c + d) / 4 >= height) == bool(above & 1):
                        link(ends[0], ends[1])
                        link(ends[2], ends[3])
                    else:
                        link(ends[0], ends[3])
                        link(ends[1], ends[2])
                else:
                    link(*ends)
        return self._chained(follows)

    def _chained(self, follows):
        chains = []

        def walk(start):
            chain, at = [start], start
            while follows.get(at):
                after = follows[at].pop()
                follows[after].remove(at)
                chain.append(after)
                at = after
            chains.append([self._places[name] for name in chain])

        for name in [n for n, others in follows.items() if len(others) == 1]:
            if follows[name]:
                walk(name)
        for name in list(follows):
            if follows[name]:
                walk(name)
        return chains

    def areas(self, levels):
        """For each interval of levels the loops around where heights lie in it; holes are loops of their own."""
        z = self.z
        count = len(levels) - 1
        lowest, highest = levels[0], levels[-1]

        def band(v):
            """-1 below, count above; the topmost level itself belongs to the last interval."""
            if v != v:
                return None
            if v == highest:
                return count - 1
            low, high = 0, len(levels)
            while low < high:
                middle = (low + high) // 2
                if v < levels[middle]:
                    high = middle
                else:
                    low = middle + 1
            return low - 1

        del lowest
        bands = [[band(v) for v in row] for row in z]
        borders = [{} for _ in range(count)]

        def edge(k, a, b):
            """Adds a border from a to b, or strikes out the same one in the other direction."""
            if a == b:
                return
            border = borders[k]
            back = border.get(b)
            if back is not None and a in back:
                back.remove(a)
                if not back:
                    del border[b]
            else:
                border.setdefault(a, []).append(b)

        def polygon(k, names):
            for a, b in zip(names, names[1:] + names[:1]):
                edge(k, a, b)

        whole = self._whole_cells(bands)
        for i in range(self.rows - 1):
            row = whole[i]
            for j in range(self.columns - 1):
                k = row[j]
                if k is None:
                    self._split(i, j, bands, levels, polygon)
                elif 0 <= k < count:
                    # Only the sides towards other cells: those between two whole cells would cancel anyway.
                    a, b, c, d = (i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)
                    for name in (a, b, c, d):
                        self.corner(*name)
                    if i == 0 or whole[i - 1][j] != k:
                        edge(k, a, b)
                    if j == self.columns - 2 or row[j + 1] != k:
                        edge(k, b, c)
                    if i == self.rows - 2 or whole[i + 1][j] != k:
                        edge(k, c, d)
                    if j == 0 or row[j - 1] != k:
                        edge(k, d, a)
        return [self._loops(border) for border in borders]

    def _whole_cells(self, bands):
        """The band of each cell that lies in one, None for others."""
        whole = []
        for low, high in zip(bands, bands[1:]):
            whole.append([a if a == b == c == d else None for a, b, c, d in zip(low, low[1:], high[1:], high)])
        return whole

    def _split(self, i, j, bands, levels, polygon):
        corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)]
        kinds = [bands[a][b] for a, b in corners]
        if None in kinds:
            return
        heights = [self.z[a][b] for a, b in corners]
        for k in range(max(0, min(kinds)), min(len(levels) - 2, max(kinds)) + 1):
            names, inside = [], []
            for at in range(4):
                (i0, j0), (i1, j1) = corners[at], corners[(at + 1) % 4]
                from_kind, to_kind = kinds[at], kinds[(at + 1) % 4]
                if from_kind == k:
                    names.append(self.corner(i0, j0))
                    inside.append(True)
                crossed = []
                if (from_kind < k) != (to_kind < k):
                    crossed.append(levels[k])
                if (from_kind > k) != (to_kind > k):
                    crossed.append(levels[k + 1])
                if from_kind > to_kind:
                    crossed.reverse()
                for height in crossed:
                    names.append(self._crossing_or_corner(i0, j0, i1, j1, height))
                    inside.append(False)
            self._cut_saddle(k, names, heights, kinds, corners, levels, polygon)

    def _crossing_or_corner(self, i, j, k, m, height):
        return self.crossing(i, j, k, m, height)

    def _cut_saddle(self, k, names, heights, kinds, corners, levels, polygon):
        """One polygon, or two where the opposite corners lie outside and the middle does too."""
        mean = sum(heights) / 4
        outside = [kind < k for kind in kinds], [kind > k for kind in kinds]
        middle_out = mean < levels[k], mean >= levels[k + 1]
        for out, apart in zip(outside, middle_out):
            if apart and out in ([True, False, True, False], [False, True, False, True]):
                # Each of the two corners that are not outside is cut off by itself.
                for at in range(4):
                    if not out[at]:
                        near = [n for n in names if self._beside(n, corners, at)]
                        ordered = self._around(near, corners, at)
                        if len(ordered) > 2:
                            polygon(k, ordered)
                return
        if len(names) > 2:
            polygon(k, names)

    def _beside(self, name, corners, at):
        if len(name) == 2:
            return name == corners[at]
        return corners[at] in (name[:2], name[2:4])

    def _around(self, near, corners, at):
        """The points of one corner, in the cell's direction: those on the side before it, it, those after."""
        before = corners[at - 1]
        first = [n for n in near if len(n) > 2 and before in (n[:2], n[2:4])]
        own = [n for n in near if len(n) == 2]
        after = [n for n in near if n not in first and n not in own]
        cx, cy = self._places.get(corners[at]) or (self.x[corners[at][0]][corners[at][1]], self.y[corners[at][0]][corners[at][1]])

        def far(name):
            px, py = self._places[name]
            return (px - cx) ** 2 + (py - cy) ** 2

        return sorted(first, key=far, reverse=True) + own + sorted(after, key=far)

    def _loops(self, border):
        loops = []
        while border:
            start = next(iter(border))
            loop, at = [], start
            while True:
                nexts = border[at]
                after = nexts.pop()
                if not nexts:
                    del border[at]
                loop.append(self._places[at])
                at = after
                if at == start or at not in border:
                    break
            loops.append(loop)
        return loops
