def broadcast_shape(*shapes):
    # (4, 1, 3), (5, 3)  →  (4, 5, 3), or ValueError
    raise NotImplementedError


def summed_axes(shape, result):
    # (5, 1) broadcast to (4, 5, 3)  →  (0, 2)
    raise NotImplementedError
