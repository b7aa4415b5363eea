"""The data of this case: six measurements, and one number to predict from them."""

STEPS = 200


def measurements(rng, count):
    """(x, y): x [count, 6], y [count], a smooth function of x and a little noise."""
    x = rng.normal(size=(count, 6)).astype(np.float32)
    y = 2 * np.sin(x[:, 0]) + x[:, 1] * x[:, 2] + x[:, 3] + 0.1 * rng.normal(size=count)
    return x, y.astype(np.float32)


def make(seed):
    """(x, y) to learn from and (x, y) held out."""
    rng = np.random.default_rng(seed)
    return measurements(rng, 800), measurements(rng, 300)


def examine(program):
    """One training under the monitor, always with the same measurements."""
    (x, y), _ = make(1)
    return program["train"](Batches(x, y, 32, STEPS, 1), Monitor(STEPS))
