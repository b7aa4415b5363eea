"""Several axes, as plt.subplots yields them."""


class AxesArray:
    """What plt.subplots yields for several axes: it has the shape, the indexing and the loops of a NumPy array, whose
    elements can't be objects here."""

    def __init__(self, table):
        self._table = table

    @property
    def shape(self):
        if self._table and isinstance(self._table[0], list):
            return len(self._table), len(self._table[0])
        return (len(self._table),)

    ndim = property(lambda self: len(self.shape))
    size = property(lambda self: len(self.tolist_flat()))

    def tolist_flat(self):
        return [a for row in self._table for a in row] if self.ndim == 2 else list(self._table)

    def ravel(self, order="C"):
        return AxesArray(self.tolist_flat())

    def flatten(self, order="C"):
        flat = self.tolist_flat()
        if order == "F" and self.ndim == 2:
            rows, columns = self.shape
            flat = [self._table[i][j] for j in range(columns) for i in range(rows)]
        return AxesArray(flat)

    @property
    def flat(self):
        return iter(self.tolist_flat())

    def reshape(self, *shape):
        shape = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        flat = self.tolist_flat()
        if len(shape) == 1:
            return AxesArray(flat)
        rows, columns = shape
        rows = len(flat) // columns if rows == -1 else rows
        columns = len(flat) // rows if columns == -1 else columns
        if rows * columns != len(flat):
            raise ValueError(f"cannot reshape array of size {len(flat)} into shape {shape}")
        return AxesArray([flat[i * columns : (i + 1) * columns] for i in range(rows)])

    @property
    def T(self):
        return AxesArray([list(column) for column in zip(*self._table)]) if self.ndim == 2 else self

    def tolist(self):
        return [list(row) for row in self._table] if self.ndim == 2 else list(self._table)

    def __len__(self):
        return len(self._table)

    def __iter__(self):
        return (AxesArray(row) if isinstance(row, list) else row for row in self._table)

    def __getitem__(self, key):
        if not isinstance(key, tuple):
            got = self._table[_index(key)]
            return AxesArray(got) if isinstance(got, list) else got
        if len(key) == 1:
            return self[key[0]]
        if self.ndim != 2 or len(key) != 2:
            raise IndexError(f"too many indices for array: array is {self.ndim}-dimensional, but {len(key)} were indexed")
        rows, columns = _index(key[0]), _index(key[1])
        if isinstance(rows, slice):
            got = [row[columns] for row in self._table[rows]]
            return AxesArray(got)
        got = self._table[rows][columns]
        return AxesArray(got) if isinstance(got, list) else got

    def __repr__(self):
        return f"array({self.tolist()!r}, dtype=object)"


def _index(key):
    return key if isinstance(key, slice) else int(key)


def axes_array(table, squeeze):
    if squeeze and len(table) == 1:
        return AxesArray(table[0])
    if squeeze and len(table[0]) == 1:
        return AxesArray([row[0] for row in table])
    return AxesArray(table)
