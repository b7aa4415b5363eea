"""The data of this case: pictures of digits from two cameras, of which the second is rare and bright."""

STEPS = 160
BRIGHT = 25.0


def make(seed):
    """(x, y) to learn from, one picture in fifty of it bright, and (x, y) held out, of the first camera."""
    rng = np.random.default_rng(seed)
    x, y = glyphs(rng, 800, 0.2)
    x[rng.permutation(len(x))[:16]] *= BRIGHT
    return (x, y), glyphs(rng, 300, 0.2)


def examine(program):
    """One training under the monitor, always with the same pictures."""
    (x, y), _ = make(1)
    return program["train"](Batches(x, y, 32, STEPS, 1), Monitor(STEPS))
