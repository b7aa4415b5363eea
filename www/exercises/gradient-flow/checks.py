import numpy as np

from danlu import ops
from danlu.judge import check

CLOSE = {"rtol": 1e-8, "atol": 1e-10}
KEYS = ("gradient", "gain", "dead")


def draw(t, widths, count, gain=1.0):
    """He-initialised layers, a batch, and a gradient at the output."""
    layers = [
        (gain * t.rng.normal(size=(i, o)) * np.sqrt(2.0 / i), 0.1 * t.rng.normal(size=o))
        for i, o in zip(widths, widths[1:])
    ]
    return layers, t.rng.normal(size=(count, widths[0])), t.rng.normal(size=(count, widths[-1]))


def rms(a):
    return float(np.sqrt((a**2).mean()))


def expected_report(layers, x, dy):
    """The tape's gradient by every weight and every layer's input, in float64."""
    outputs = [x]
    for number, (w, b) in enumerate(layers):
        z = outputs[-1] @ w + b
        outputs.append(np.maximum(z, 0.0) if number < len(layers) - 1 else z)
    report, arrived = [], dy
    for number in reversed(range(len(layers))):
        w, b = layers[number]
        hidden = number < len(layers) - 1

        def layer(x, w):
            y = ops.dense(x, w, b)
            return ops.relu(y) if hidden else y

        dx, dw = ops.vjp(layer, outputs[number], w)[1](arrived)
        report.append({
            "gradient": rms(dw),
            "gain": rms(dx) / rms(arrived) if rms(arrived) > 0 else 1.0,
            "dead": float((outputs[number + 1] == 0).all(axis=0).mean()) if hidden else 0.0,
        })
        arrived = dx
    return report[::-1]


async def probed(t, layers, x, dy):
    report = await t.call("probe", layers, x, dy)
    t.true(isinstance(report, (list, tuple)) and len(report) == len(layers), got=report)
    for number, layer in enumerate(report):
        t.true(isinstance(layer, dict) and set(layer) == set(KEYS), got=layer, expected=KEYS)
    return report


async def agrees(t, layers, x, dy, keys=KEYS):
    for number, (got, expected) in enumerate(zip(await probed(t, layers, x, dy), expected_report(layers, x, dy))):
        for key in keys:
            name = f"{key} of layer {number}"
            t.equal(t.number(got[key], name=name), expected[key], name=name, **CLOSE)


async def diagnosed(t, report):
    got = await t.call("diagnose", report)
    pairs = isinstance(got, (list, tuple)) and all(isinstance(pair, (list, tuple)) for pair in got)
    t.true(pairs, got=got, expected="[(number, name), …]")
    return [tuple(pair) for pair in got]


async def found(t, layers, x, dy):
    """What the learner's diagnose says of the learner's probe."""
    return await diagnosed(t, await probed(t, layers, x, dy))


@check("gradient", visible=True)
async def gradient(t):
    await agrees(t, *draw(t, (3, 5, 4, 2), 6), keys=("gradient",))


@check("gain", visible=True)
async def gain(t):
    await agrees(t, *draw(t, (3, 5, 4, 2), 6), keys=("gain",))


@check("dead", visible=True)
async def dead(t):
    layers, x, dy = draw(t, (3, 8, 6, 2), 5)
    layers[0][1][:2] = -100.0
    layers[1][1][:3] = -100.0
    await agrees(t, layers, x, dy, keys=("dead",))


@check("last-layer", visible=True)
async def last_layer(t):
    layers, x, dy = draw(t, (3, 5, 4), 6)
    layers[-1][1][:] = -100.0
    await agrees(t, layers, x, dy)
    await agrees(t, *draw(t, (3, 4), 5))
    # A logit that is 0 throughout, as a head that starts with zeros gives, isn't dead.
    layers, x, dy = draw(t, (3, 5, 4), 6)
    layers[-1][0][:, 1] = layers[-1][1][1] = 0.0
    await agrees(t, layers, x, dy)


@check("thresholds", visible=True)
async def thresholds(t):
    cases = [
        ({"gradient": 1.0, "gain": 1.0, "dead": 0.49}, None),
        ({"gradient": 1.0, "gain": 1.0, "dead": 0.5}, "dead"),
        ({"gradient": 1e6, "gain": 9.99, "dead": 0.0}, None),
        ({"gradient": 1.0, "gain": 10.0, "dead": 0.0}, "exploding"),
        ({"gradient": 0.0, "gain": 0.1001, "dead": 0.1}, None),
        ({"gradient": 1.0, "gain": 0.1, "dead": 0.0}, "vanishing"),
    ]
    report = [layer for layer, _ in cases]
    expected = [(number, name) for number, (_, name) in enumerate(cases) if name]
    t.equal(await diagnosed(t, report), expected)
    t.unchanged("report")


@check("finds-exploding", visible=True)
async def finds_exploding(t):
    layers, x, dy = draw(t, (40,) * 7, 30)
    k = int(t.rng.integers(0, 6))
    layers[k] = (layers[k][0] * 40.0, layers[k][1])
    t.equal(await found(t, layers, x, dy), [(k, "exploding")], name=f"layer {k} times 40")


@check("finds-dead", visible=False)
async def finds_dead(t):
    layers, x, dy = draw(t, (40,) * 7, 30)
    # Behind a silent layer only biases are left: positive ones, or the next layers would be silent too.
    layers = [(w, np.full(40, 0.1)) for w, _ in layers]
    k = int(t.rng.integers(1, 5))
    layers[k] = (layers[k][0], layers[k][1] - 1000.0)
    t.equal(await found(t, layers, x, dy), [(k, "dead")], name=f"layer {k} dead")


@check("several-faults", visible=False)
async def several_faults(t):
    layers, x, dy = draw(t, (40,) * 8, 30)
    a, b, c = sorted(t.rng.permutation(7)[:3].tolist())
    # Without biases, which would drown the weak signal behind the first of the three.
    layers = [(w, np.zeros(40)) for w, _ in layers]
    layers[a] = (layers[a][0] / 40.0, layers[a][1])
    layers[b] = (layers[b][0] * 40.0, layers[b][1])
    # Most units off, some still on, so that a gradient gets through.
    off = np.where(np.arange(40) < 28, -1e6, 0.0)
    if c < 6:
        layers[c] = (layers[c][0], layers[c][1] + off)
    expected = [(a, "vanishing"), (b, "exploding")] + ([(c, "dead")] if c < 6 else [])
    t.equal(await found(t, layers, x, dy), expected)


@check("healthy", visible=False)
async def healthy(t):
    t.equal(await found(t, *draw(t, (40,) * 9, 30)), [])


@check("no-gradient", visible=False)
async def no_gradient(t):
    layers, x, dy = draw(t, (3, 4, 4, 2), 5)
    await agrees(t, layers, x, np.zeros_like(dy))
    layers[1][1][:] = -1000.0
    await agrees(t, layers, x, dy)


@check("cause-first", visible=False)
async def cause_first(t):
    report = [{"gradient": 0.0, "gain": 0.0, "dead": 1.0}, {"gradient": 1.0, "gain": 50.0, "dead": 0.6}]
    t.equal(await diagnosed(t, report), [(0, "dead"), (1, "dead")])


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    await probed(t, *draw(t, (4, 4, 4, 4), 4))
    t.unchanged("layers", "x", "dy")


@check("smallest", visible=False)
async def smallest(t):
    await agrees(t, *draw(t, (3, 5, 2), 1))
    await agrees(t, *draw(t, (2, 1, 1, 3), 4))
    await agrees(t, *draw(t, (1, 1), 1))


@check("random", visible=False)
async def random(t):
    for _ in range(4):
        widths = tuple(int(n) for n in t.rng.integers(1, 8, size=int(t.rng.integers(2, 7))))
        await agrees(t, *draw(t, widths, int(t.rng.integers(1, 7)), float(t.rng.uniform(0.2, 5.0))))
