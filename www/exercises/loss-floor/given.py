"""The data of this case: pictures of digits."""

STEPS = 200


def make(seed):
    """(x, y) to learn from and (x, y) held out."""
    rng = np.random.default_rng(seed)
    return glyphs(rng, 800, 0.25), glyphs(rng, 300, 0.25)


def examine(program):
    """One training under the monitor, always with the same pictures."""
    (x, y), _ = make(1)
    return program["train"](Batches(x, y, 32, STEPS, 1), Monitor(STEPS))
