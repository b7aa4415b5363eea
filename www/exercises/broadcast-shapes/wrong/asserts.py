"""Asserts: an AssertionError is no ValueError, and python -O leaves it out."""

def broadcast_shape(*shapes):
    ndim = max((len(shape) for shape in shapes), default=0)
    result = [1] * ndim
    for shape in shapes:
        offset = ndim - len(shape)
        for i, size in enumerate(shape):
            have = result[offset + i]
            if have == 1:
                result[offset + i] = size
            else:
                assert size in (1, have), (have, size)
    return tuple(result)


def summed_axes(shape, result):
    if broadcast_shape(shape, result) != tuple(result):
        raise ValueError(f"{shape} doesn't broadcast to {result}")
    offset = len(result) - len(shape)
    return tuple(i for i in range(len(result)) if i < offset or shape[i - offset] != result[i])
