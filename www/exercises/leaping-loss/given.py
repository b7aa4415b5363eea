"""The data of this case: sequences of numbers, and their sums."""

STEPS, LENGTH = 120, 16


def sequences(rng, count):
    """(x, y): x [count, LENGTH, 1] between -1 and 1, y [count] the sum of each."""
    x = rng.uniform(-1, 1, size=(count, LENGTH, 1)).astype(np.float32)
    return x, x[:, :, 0].sum(axis=1)


def make(seed):
    """(x, y) to learn from and (x, y) held out."""
    rng = np.random.default_rng(seed)
    return sequences(rng, 600), sequences(rng, 300)


def examine(program):
    """One training under the monitor, always with the same sequences."""
    (x, y), _ = make(1)
    return program["train"](Batches(x, y, 32, STEPS, 1), Monitor(STEPS))
