"""tf.TensorShape: a tuple of sizes that prints and compares as TensorFlow's."""


class TensorShape(tuple):
    __slots__ = ()

    def __new__(cls, dims):
        if dims is None or isinstance(dims, _Unknown):
            return tuple.__new__(_Unknown)
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
        return self.concatenate(other)

    def __radd__(self, other):
        return TensorShape(other).concatenate(self)

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
        other = TensorShape(other)
        return other.rank is None or len(self) == len(other) and all(a is None or b is None or a == b for a, b in zip(self, other))

    def assert_is_compatible_with(self, other):
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are incompatible")

    def merge_with(self, other):
        self.assert_is_compatible_with(other)
        other = TensorShape(other)
        return self if other.rank is None else TensorShape([b if a is None else a for a, b in zip(self, other)])

    def with_rank(self, rank):
        if len(self) != rank:
            raise ValueError(f"Shape {self} must have rank {rank}")
        return self

    def most_specific_compatible_shape(self, other):
        other = TensorShape(other)
        if other.rank != self.rank:
            return TensorShape(None)
        return TensorShape([a if a == b else None for a, b in zip(self, other)])

    def concatenate(self, other):
        other = TensorShape(other)
        return other if other.rank is None else TensorShape(tuple(self) + tuple(other))


class _Unknown(TensorShape):
    """A shape of which not even the rank is known."""

    __slots__ = ()
    rank = ndims = dims = None

    def __repr__(self):
        return "TensorShape(None)"

    def __str__(self):
        return "<unknown>"

    def __len__(self):
        raise ValueError("Cannot take the length of shape with unknown rank.")

    def __bool__(self):
        return False

    def __iter__(self):
        raise ValueError("Cannot iterate over a shape with unknown rank.")

    def __getitem__(self, key):
        return self if isinstance(key, slice) else None

    def __eq__(self, other):
        return isinstance(other, _Unknown) or other is None

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash(None)

    def as_list(self):
        raise ValueError("as_list() is not defined on an unknown TensorShape.")

    def num_elements(self):
        return None

    def is_fully_defined(self):
        return False

    def is_compatible_with(self, other):
        return True

    def merge_with(self, other):
        return TensorShape(other)

    def with_rank(self, rank):
        return TensorShape([None] * rank)

    def most_specific_compatible_shape(self, other):
        return self

    def concatenate(self, other):
        return self
