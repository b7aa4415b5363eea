import numpy as np
from given import conv2d

from danlu import ops
from danlu.judge import check, numeric_vjp, shape_of

CLOSE = {"rtol": 1e-9, "atol": 1e-11}


def draw(t, n, h, w, inputs, outputs, stride, projected=None):
    """x, params, dy; None of them near 0 on average, biases there are none."""
    params = {"w1": t.rng.normal(size=(3, 3, inputs, outputs)) * 0.4, "w2": t.rng.normal(size=(3, 3, outputs, outputs)) * 0.4}
    if projected if projected is not None else stride != 1 or inputs != outputs:
        params["wp"] = t.rng.normal(size=(1, 1, inputs, outputs))
    x = t.rng.normal(size=(n, h, w, inputs))
    return x, params, t.rng.normal(size=(n, (h - 1) // stride + 1, (w - 1) // stride + 1, outputs))


def block(names, stride):
    def run(x, *values):
        p = dict(zip(names, values))
        hidden = ops.relu(ops.conv2d(x, p["w1"], stride=stride, padding=1))
        branch = ops.conv2d(hidden, p["w2"], padding=1)
        shortcut = ops.conv2d(x, p["wp"], stride=stride) if "wp" in p else x
        return ops.relu(ops.add(branch, shortcut))

    return run


def engine(x, params, dy, stride):
    """y, dx and the gradients, from the tape."""
    names = list(params)
    y, pull = ops.vjp(block(names, stride), x, *params.values())
    dx, *slopes = pull(dy)
    return y, dx, dict(zip(names, slopes))


async def returned(t, made, dy, params):
    got = await made.call("backward", dy)
    t.true(isinstance(got, (tuple, list)) and len(got) == 2, got=got, expected=("dx", "gradients"))
    t.true(isinstance(got[1], dict) and set(got[1]) == set(params), got=got[1], expected=list(params))
    return got


async def agrees(t, x, params, dy, stride):
    y, dx, slopes = engine(x, params, dy, stride)
    made = await t.make("ResidualBlock", params, stride)
    t.equal(await made.call("forward", x), y, name="y", **CLOSE)
    got_dx, got = await returned(t, made, dy, params)
    t.equal(got_dx, dx, name="dx", **CLOSE)
    for name, slope in slopes.items():
        t.equal(got[name], slope, name=f"gradient of {name}", **CLOSE)


async def initial(t, inputs, outputs, stride, seed=1):
    rest = () if stride == 1 else (stride,)
    params = await t.call("init", await t.make("numpy.random.default_rng", seed), inputs, outputs, *rest)
    shapes = {"w1": (3, 3, inputs, outputs), "w2": (3, 3, outputs, outputs)}
    if stride != 1 or inputs != outputs:
        shapes["wp"] = (1, 1, inputs, outputs)
    t.true(isinstance(params, dict), got=params, expected=shapes)
    t.equal({name: shape_of(value) for name, value in params.items()}, shapes, name="shapes")
    return params


@check("forward", visible=True)
async def forward(t):
    one = np.zeros((3, 3, 1, 1))
    one[1, 1] = 1.0
    x = np.array([2.0, -3.0, 1.0]).reshape(1, 1, 3, 1)
    made = await t.make("ResidualBlock", {"w1": one, "w2": -0.5 * one})
    # The branch gives -½ relu(x) = [-1, 0, -½]; with x added [1, -3, ½].
    t.equal(await made.call("forward", x), np.array([1.0, 0.0, 0.5]).reshape(1, 1, 3, 1), name="y", **CLOSE)
    x, params, dy = draw(t, 2, 5, 4, 3, 3, 1)
    made = await t.make("ResidualBlock", params)
    t.equal(await made.call("forward", x), engine(x, params, dy, 1)[0], name="y", **CLOSE)


@check("identity-gradient", visible=True)
async def identity_gradient(t):
    await agrees(t, *draw(t, 2, 4, 5, 3, 3, 1), 1)


@check("projection", visible=True)
async def projection(t):
    await agrees(t, *draw(t, 2, 4, 4, 2, 4, 1), 1)
    await agrees(t, *draw(t, 2, 6, 6, 2, 3, 2), 2)


@check("starts-as-identity", visible=True)
async def starts_as_identity(t):
    params = await initial(t, 4, 4, 1)
    x = t.rng.normal(size=(2, 3, 3, 4))
    made = await t.make("ResidualBlock", params)
    t.equal(await made.call("forward", x), np.maximum(x, 0.0), name="y of a new block", rtol=0.0, atol=0.0)
    await initial(t, 4, 6, 1)
    await initial(t, 4, 4, 2)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    for sizes in [(1, 4, 4, 3, 3, 1), (1, 4, 4, 3, 2, 2)]:
        x, params, dy = draw(t, *sizes)
        made = await t.make("ResidualBlock", params, sizes[-1])
        await made.call("forward", x)
        t.unchanged("x")
        await returned(t, made, dy, params)
        t.unchanged("dy")


@check("mismatch-refused", visible=False)
async def mismatch_refused(t):
    # One channel would broadcast against any number of them.
    for inputs, outputs, stride, h in [(1, 4, 1, 4), (3, 4, 1, 4), (3, 3, 2, 4), (2, 2, 2, 2)]:
        x, params, _ = draw(t, 1, h, h, inputs, outputs, stride, projected=False)
        made = await t.make("ResidualBlock", params, stride)
        await t.raises(ValueError, made.method("forward"), x)


@check("spreads", visible=False)
async def spreads(t):
    params = await initial(t, 30, 40, 2)
    t.equal(params["w2"], np.zeros((3, 3, 40, 40)), rtol=0.0, atol=0.0, name="w2")
    # 10,800 and 1,200 numbers: the deviation is known to 1 % and 2 %.
    for name, spread, slack in [("w1", np.sqrt(2.0 / 270.0), 0.05), ("wp", np.sqrt(1.0 / 30.0), 0.1)]:
        got = float(np.asarray(params[name]).std())
        t.true(abs(got / spread - 1.0) < slack, got=got, expected=float(spread))
    again, other = await initial(t, 30, 40, 2), await initial(t, 30, 40, 2, seed=2)
    t.equal(again["w1"], params["w1"], rtol=0.0, atol=0.0, name="w1 of the same seed")
    t.true(bool((other["w1"] != params["w1"]).any()), got=other["w1"])


@check("odd-sizes", visible=False)
async def odd_sizes(t):
    for sizes in [(1, 1, 1, 1, 1, 1), (1, 1, 1, 2, 3, 2), (2, 5, 3, 2, 2, 2), (1, 7, 4, 1, 2, 3), (1, 3, 3, 2, 2, 1)]:
        await agrees(t, *draw(t, *sizes), sizes[-1])
    # A projection where none is needed is used all the same.
    await agrees(t, *draw(t, 1, 3, 4, 2, 2, 1, projected=True), 1)
    x, params, dy = draw(t, 2, 4, 4, 3, 3, 1)
    turned = np.ascontiguousarray(x.transpose(3, 2, 1, 0)).transpose(3, 2, 1, 0)
    await agrees(t, turned, params, dy, 1)


@check("float32", visible=False)
async def float32(t):
    loose = {"rtol": 1e-4, "atol": 1e-4}
    x, params, dy = draw(t, 2, 4, 4, 2, 3, 2)
    y, dx, slopes = engine(x, params, dy, 2)
    small = {name: value.astype(np.float32) for name, value in params.items()}
    made = await t.make("ResidualBlock", small, 2)
    t.equal(await made.call("forward", x.astype(np.float32)), y.astype(np.float32), name="y", **loose)
    got_dx, got = await returned(t, made, dy.astype(np.float32), params)
    t.equal(got_dx, dx.astype(np.float32), name="dx", **loose)
    for name, slope in slopes.items():
        t.equal(got[name], slope.astype(np.float32), name=f"gradient of {name}", **loose)


@check("latest-forward", visible=False)
async def latest_forward(t):
    x, params, dy = draw(t, 2, 4, 4, 2, 2, 1)
    other = t.rng.normal(size=x.shape)
    made = await t.make("ResidualBlock", params)
    beside = await t.make("ResidualBlock", params)
    await made.call("forward", other)
    await made.call("forward", x)
    await beside.call("forward", other)
    _, dx, slopes = engine(x, params, dy, 1)
    for _ in range(2):
        got_dx, got = await returned(t, made, dy, params)
        t.equal(got_dx, dx, name="dx", **CLOSE)
        for name, slope in slopes.items():
            t.equal(got[name], slope, name=f"gradient of {name}", **CLOSE)


@check("finite-differences", visible=False)
async def finite_differences(t):
    def run(x, w1, w2, wp):
        before = conv2d(x, w1, 2)
        total = conv2d(np.maximum(before, 0.0), w2) + conv2d(x, wp, 2)
        return before, total

    # Away from ReLU's kinks, where no quotient means anything.
    for _ in range(100):
        x, params, dy = draw(t, 1, 3, 3, 2, 2, 2)
        before, total = run(x, *params.values())
        if min(float(np.abs(before).min()), float(np.abs(total).min())) > 1e-2:
            break
    expected = numeric_vjp(lambda *each: np.maximum(run(*each)[1], 0.0), (x, *params.values()), dy)
    made = await t.make("ResidualBlock", params, 2)
    t.equal(shape_of(await made.call("forward", x)), dy.shape, name="shape of y")
    dx, slopes = await returned(t, made, dy, params)
    for name, got, numeric in zip(["x", *params], [dx, *(slopes[name] for name in params)], expected):
        t.equal(got, numeric, rtol=1e-6, atol=1e-7, name=f"gradient of {name}")


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        n, h, w, inputs, outputs, stride = (int(v) for v in t.rng.integers(1, [3, 7, 7, 4, 4, 3]))
        await agrees(t, *draw(t, n, h, w, inputs, outputs, stride), stride)
