"""tf.TensorShape: a tuple of sizes that prints and compares as TensorFlow's."""


class TensorShape(tuple):
    __slots__ = ()

    def __new__(cls, dims):
        if dims is None:
            raise NotImplementedError("a shape of unknown rank is not in this TensorFlow; give its sizes")
        if isinstance(dims, int):
            dims = (dims,)
        return tuple.__new__(cls, dims)

    def __repr__(self):
        return f"TensorShape([{', '.join(map(str, self))}])"

    def __str__(self):
        return tuple.__repr__(tuple(self))

    def __getitem__(self, key):
        found = tuple.__getitem__(self, key)
        return TensorShape(found) if isinstance(key, slice) else found

    def __add__(self, other):
        return TensorShape(tuple(self) + tuple(other))

    def __radd__(self, other):
        return TensorShape(tuple(other) + tuple(self))

    def __eq__(self, other):
        try:
            return tuple(self) == tuple(other)
        except TypeError:
            return NotImplemented

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return tuple.__hash__(self)

    @property
    def rank(self):
        return len(self)

    ndims = rank

    @property
    def dims(self):
        return list(self)

    def as_list(self):
        return list(self)

    def num_elements(self):
        count = 1
        for n in self:
            if n is None:
                return None
            count *= n
        return count

    def is_fully_defined(self):
        return None not in self

    def is_compatible_with(self, other):
        other = tuple(other)
        return len(self) == len(other) and all(a is None or b is None or a == b for a, b in zip(self, other))

    def concatenate(self, other):
        return TensorShape(tuple(self) + tuple(other if not isinstance(other, int) else (other,)))
