import math

from danlu.judge import check

CLOSE = {"rtol": 1e-10, "atol": 1e-13}


def cosine_at(step, base, total, floor=0.0):
    return floor if step >= total else floor + (base - floor) * (1.0 + math.cos(math.pi * step / total)) / 2.0


def warm_at(step, base, warmup, total, floor=0.0):
    return base * (step + 1) / warmup if step < warmup else cosine_at(step - warmup, base, total - warmup, floor)


async def at_each(t, function, steps, expected, *args):
    values = await t.call_each(function, [((step, *args), {}) for step in steps])
    for step, got in zip(steps, values):
        t.equal(got, float(expected(step)), name=f"{function}({step})", **CLOSE)
    return values


@check("step-decay", visible=True)
async def step_decay(t):
    await at_each(t, "step_decay", range(12), lambda s: 0.1 * 0.5 ** (s // 4), 0.1, 0.5, 4)


@check("step-boundaries", visible=True)
async def step_boundaries(t):
    for step, expected in [(0, 1.0), (29, 1.0), (30, 0.1), (59, 0.1), (60, 0.01), (90, 0.001)]:
        t.equal(await t.call("step_decay", step, 1.0, 0.1, 30), expected, name=f"step_decay({step})", **CLOSE)


@check("cosine", visible=True)
async def cosine(t):
    for step, expected in [(0, 0.2), (50, 0.1), (100, 0.0)]:
        t.equal(await t.call("cosine", step, 0.2, 100), expected, name=f"cosine({step})", **CLOSE)
    await at_each(t, "cosine", range(21), lambda s: cosine_at(s, 0.3, 20), 0.3, 20)


@check("floor", visible=True)
async def floor(t):
    await at_each(t, "cosine", range(17), lambda s: cosine_at(s, 1.0, 16, 0.2), 1.0, 16, 0.2)


@check("warmup", visible=True)
async def warmup(t):
    for step, expected in [(0, 0.02), (1, 0.04), (4, 0.1), (5, 0.1)]:
        got = await t.call("warmup_cosine", step, 0.1, 5, 25)
        t.equal(got, expected, name=f"warmup_cosine({step})", **CLOSE)


@check("warmup-then-cosine", visible=True)
async def warmup_then_cosine(t):
    await at_each(t, "warmup_cosine", range(31), lambda s: warm_at(s, 0.4, 6, 30, 0.04), 0.4, 6, 30, 0.04)


@check("past-the-end", visible=False)
async def past_the_end(t):
    for step in (10, 11, 15, 20, 1000):
        t.equal(await t.call("cosine", step, 1.0, 10, 0.1), 0.1, name=f"cosine({step})", **CLOSE)
        t.equal(await t.call("warmup_cosine", step, 1.0, 3, 10, 0.1), 0.1, name=f"warmup_cosine({step})", **CLOSE)


@check("short-warmup", visible=False)
async def short_warmup(t):
    await at_each(t, "warmup_cosine", range(9), lambda s: cosine_at(s, 0.5, 8), 0.5, 0, 8)
    await at_each(t, "warmup_cosine", range(9), lambda s: warm_at(s, 0.5, 1, 8), 0.5, 1, 8)
    await at_each(t, "warmup_cosine", range(9), lambda s: warm_at(s, 0.5, 7, 8), 0.5, 7, 8)


@check("bad-warmup", visible=False)
async def bad_warmup(t):
    for warmup in (10, 11, -1):
        await t.raises(ValueError, "warmup_cosine", 0, 0.1, warmup, 10)


@check("stateless", visible=False)
async def stateless(t):
    steps = t.rng.permutation(20).tolist() * 2
    await at_each(t, "warmup_cosine", steps, lambda s: warm_at(s, 0.3, 4, 16), 0.3, 4, 16)
    await at_each(t, "step_decay", steps, lambda s: 0.3 * 0.7 ** (s // 3), 0.3, 0.7, 3)


@check("no-jumps", visible=False)
async def no_jumps(t):
    total, warm = int(t.rng.integers(60, 90)), int(t.rng.integers(10, 30))
    rates = await t.call_each("warmup_cosine", [((s, 1.0, warm, total, 0.1), {}) for s in range(total + 5)])
    rates = [t.number(rate, name="rate") for rate in rates]
    steps = [after - before for before, after in zip(rates, rates[1:])]
    t.true(all(d > 0 for d in steps[: warm - 1]), got=rates)
    t.true(all(d <= 1e-15 for d in steps[warm - 1 :]), got=rates)
    t.true(max(map(abs, steps)) < 0.12, got=rates)


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        total = int(t.rng.integers(2, 500))
        warm, base = int(t.rng.integers(0, total)), float(t.rng.uniform(1e-4, 2.0))
        low = base * float(t.rng.uniform(0.0, 0.5))
        steps = [int(s) for s in t.rng.integers(0, 2 * total, size=20)] + [0, max(warm - 1, 0), warm, total - 1, total]
        await at_each(t, "cosine", steps, lambda s: cosine_at(s, base, total, low), base, total, low)
        await at_each(t, "warmup_cosine", steps, lambda s: warm_at(s, base, warm, total, low), base, warm, total, low)
        every, drop = int(t.rng.integers(1, 50)), float(t.rng.uniform(0.1, 0.9))
        few = [int(s) for s in t.rng.integers(0, 8 * every, size=20)]
        await at_each(t, "step_decay", few, lambda s: base * drop ** (s // every), base, drop, every)
