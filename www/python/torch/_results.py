"""The named pairs that functions with two answers give."""

_types = {}


def pair_type(name, *fields):
    """A tuple type that prints as PyTorch's `torch.return_types.name`."""
    if name in _types:
        return _types[name]

    class Answer(tuple):
        __slots__ = ()

        def __new__(cls, *values):
            return tuple.__new__(cls, values)

        def __repr__(self):
            parts = [f"{field}={value!r}" for field, value in zip(fields, self)]
            return f"torch.return_types.{name}(\n" + ",\n".join(parts) + ")"

    for at, field in enumerate(fields):
        setattr(Answer, field, property(lambda self, at=at: self[at]))
    Answer.__name__ = Answer.__qualname__ = name
    _types[name] = Answer
    return Answer
