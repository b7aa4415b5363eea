"""Lets an empty axis pass against any length if it comes second."""

def broadcast_shape(*shapes):
    ndim = max((len(shape) for shape in shapes), default=0)
    result = [1] * ndim
    for shape in shapes:
        offset = ndim - len(shape)
        for i, size in enumerate(shape):
            have = result[offset + i]
            if have == 1:
                result[offset + i] = size
            elif size > 1 and size != have:
                axis = offset + i - ndim
                raise ValueError(f"axis {axis}: lengths {have} and {size} don't fit in {shapes}")
    return tuple(result)


def summed_axes(shape, result):
    if broadcast_shape(shape, result) != tuple(result):
        raise ValueError(f"{shape} doesn't broadcast to {result}")
    offset = len(result) - len(shape)
    return tuple(i for i in range(len(result)) if i < offset or shape[i - offset] != result[i])
