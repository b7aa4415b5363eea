from danlu.judge import check

LLAMA = {
    "layers": 32, "width": 4096, "heads": 32, "kv_heads": 8, "head_width": 128,
    "hidden": 14336, "vocabulary": 128256, "tied": False,
}  # fmt: skip
GEMMA = {
    "layers": 28, "width": 3072, "heads": 16, "kv_heads": 16, "head_width": 256,
    "hidden": 24576, "vocabulary": 256000, "tied": True,
}  # fmt: skip


def counted(config):
    """Array by array."""
    c, m, v = config["width"], config["hidden"], config["vocabulary"]
    q, k = config["heads"] * config["head_width"], config["kv_heads"] * config["head_width"]
    layer = [c, c * q, c * k, c * k, q * c, c, c * m, c * m, m * c]
    return sum(layer) * config["layers"] + c + v * c + (0 if config["tied"] else c * v)


def kept(config, batch, steps, flash, checkpoint):
    """The peak in bytes, line by line of the task's table."""
    c, m, v, h = config["width"], config["hidden"], config["vocabulary"], config["heads"]
    q, k = h * config["head_width"], config["kv_heads"] * config["head_width"]
    row = [2 * c, 2 * q, 2 * k, 2 * k, 4 * h if flash else 2 * h * steps, 2 * q, 2 * c, 2 * c, 2 * m, 2 * m, 2 * m]
    end = 2 * c + 2 * c + 4 * v
    if checkpoint:
        return batch * steps * (2 * c * config["layers"] + max(sum(row), end))
    return batch * steps * ((2 * c + sum(row)) * config["layers"] + end)


def spent(config, batch, steps, checkpoint):
    c, m = config["width"], config["hidden"]
    q, k = config["heads"] * config["head_width"], config["kv_heads"] * config["head_width"]
    products = 2 * (c * q + 2 * c * k + q * c + 3 * c * m) * batch * steps + 4 * batch * steps * steps * q
    head = 2 * c * config["vocabulary"] * batch * steps
    return (4 if checkpoint else 3) * products * config["layers"] + 3 * head


def draw(t):
    def number(high):
        return int(t.rng.integers(1, high))

    kv_heads = number(5)
    return {
        "layers": number(7), "width": number(40), "heads": kv_heads * number(5), "kv_heads": kv_heads,
        "head_width": number(12), "hidden": number(90), "vocabulary": number(300), "tied": bool(t.rng.integers(0, 2)),
    }  # fmt: skip


@check("parameters", visible=True)
async def parameters(t):
    t.equal(await t.call("parameters", LLAMA), 8_030_261_248, name="Llama 3 8B")
    t.equal(await t.call("parameters", GEMMA), counted(GEMMA), name="Gemma 7B")


@check("training", visible=True)
async def training(t):
    expected = {"weights": 14_000, "gradients": 14_000, "optimiser": 84_000}
    t.equal(await t.call("training_bytes", 7000), expected)
    # Workers that share nothing hold everything each; a share among one is the whole.
    t.equal(await t.call("training_bytes", 7000, 7), expected, name="7 workers")
    t.equal(await t.call("training_bytes", 7000, stage=3), expected, name="stage 3 alone")


@check("zero-stages", visible=True)
async def zero_stages(t):
    for stage, (weights, gradients, optimiser) in enumerate([(7, 7, 7), (7, 7, 1), (7, 1, 1), (1, 1, 1)]):
        expected = {"weights": 2000 * weights, "gradients": 2000 * gradients, "optimiser": 12_000 * optimiser}
        t.equal(await t.call("training_bytes", 7000, 7, stage), expected, name=f"stage {stage}")


@check("activations", visible=True)
async def activations(t):
    for config, batch, steps in [(LLAMA, 1, 8192), (LLAMA, 4, 2048), (GEMMA, 2, 1000)]:
        got = await t.call("activation_bytes", config, batch, steps)
        t.equal(got, kept(config, batch, steps, True, False))


@check("score-matrix", visible=True)
async def score_matrix(t):
    got = await t.call("activation_bytes", LLAMA, 2, 3000, flash=False)
    t.equal(got, kept(LLAMA, 2, 3000, False, False))


@check("checkpointing", visible=True)
async def checkpointing(t):
    # With a large vocabulary the peak is at the logits, without flash it is in a layer.
    for config, batch, steps, flash in [(GEMMA, 1, 4096, True), (LLAMA, 1, 8192, False)]:
        got = await t.call("activation_bytes", config, batch, steps, flash=flash, checkpoint=True)
        t.equal(got, kept(config, batch, steps, flash, True))


@check("cache", visible=True)
async def cache(t):
    t.equal(await t.call("kv_cache_bytes", LLAMA, 1, 8192), 1 << 30)
    t.equal(await t.call("kv_cache_bytes", LLAMA, 16, 100, 1), 16 * 100 * 65536)


@check("batch", visible=True)
async def batch(t):
    t.equal(await t.call("largest_batch", LLAMA, 80_000_000_000, 8192), 59)
    t.equal(await t.call("largest_batch", LLAMA, 24_000_000_000, 8192), 7)


@check("flops", visible=True)
async def flops(t):
    for config, batch, steps, checkpoint in [(LLAMA, 1, 8192, False), (LLAMA, 3, 500, False), (LLAMA, 2, 1024, True)]:
        got = await t.call("training_flops", config, batch, steps, checkpoint=checkpoint)
        t.equal(got, spent(config, batch, steps, checkpoint))


@check("wide-heads", visible=False)
async def wide_heads(t):
    config = {**LLAMA, "head_width": 256}
    t.equal(await t.call("parameters", config), counted(config), name="parameters")
    t.equal(await t.call("kv_cache_bytes", config, 2, 10), 2 * 10 * 262144, name="cache")
    t.equal(await t.call("training_flops", config, 2, 10), spent(config, 2, 10, False), name="flops")
    t.equal(await t.call("activation_bytes", config, 2, 10), kept(config, 2, 10, True, False), name="activations")


@check("tied", visible=False)
async def tied(t):
    both = [{**LLAMA, "tied": value} for value in (True, False)]
    counts = [await t.call("parameters", config) for config in both]
    t.equal(counts, [counted(config) for config in both], name="parameters")
    # The head multiplies by the table all the same.
    costs = [await t.call("training_flops", config, 1, 64) for config in both]
    t.equal(costs, [spent(LLAMA, 1, 64, False)] * 2, name="flops")


@check("uneven-shards", visible=False)
async def uneven_shards(t):
    for count, workers in [(10, 3), (7, 8), (1_000_001, 64)]:
        share = -(-count // workers)
        for stage in (1, 2, 3):
            expected = {
                "weights": 2 * (share if stage == 3 else count),
                "gradients": 2 * (share if stage >= 2 else count),
                "optimiser": 12 * share,
            }
            t.equal(await t.call("training_bytes", count, workers, stage), expected, name=f"stage {stage}")


@check("does-not-fit", visible=False)
async def does_not_fit(t):
    weights = 2 * counted(LLAMA)
    each = 1 << 30
    for memory, expected in [
        (weights - 1, 0), (weights, 0), (weights + each - 1, 0), (weights + each, 1), (weights + 5 * each, 5), (1000, 0),
    ]:  # fmt: skip
        t.equal(await t.call("largest_batch", LLAMA, memory, 8192), expected, name=f"batch in {memory} bytes")


@check("whole-numbers", visible=False)
async def whole_numbers(t):
    # Beyond 2⁵³ a float has lost the last digits.
    odd = {**LLAMA, "width": 4097, "hidden": 14337, "vocabulary": 128257}
    t.equal(await t.call("training_flops", odd, 3337, 8191), spent(odd, 3337, 8191, False), name="flops")
    t.equal(await t.call("kv_cache_bytes", LLAMA, 99_999_999, 3_333), 99_999_999 * 3_333 * 131072, name="cache")


@check("config-unchanged", visible=False)
async def config_unchanged(t):
    for name, args in [("parameters", ()), ("activation_bytes", (2, 8)), ("training_flops", (2, 8))]:
        await t.call(name, dict(LLAMA), *args)
        t.unchanged("config")


@check("random", visible=False)
async def random(t):
    for _ in range(6):
        config = draw(t)
        batch, steps = int(t.rng.integers(1, 9)), int(t.rng.integers(1, 60))
        count = counted(config)
        t.equal(await t.call("parameters", config), count, name="parameters")
        for flash in (True, False):
            for checkpoint in (True, False):
                got = await t.call("activation_bytes", config, batch, steps, flash, checkpoint)
                t.equal(got, kept(config, batch, steps, flash, checkpoint), name="activations")
                got = await t.call("training_flops", config, batch, steps, checkpoint)
                t.equal(got, spent(config, batch, steps, checkpoint), name="flops")
        pair = 2 * config["layers"] * config["kv_heads"] * config["head_width"]
        t.equal(await t.call("kv_cache_bytes", config, batch, steps), pair * batch * steps * 2, name="cache")
        memory = 2 * count + int(t.rng.integers(0, pair * steps * 20))
        expected = (memory - 2 * count) // (pair * steps * 2)
        t.equal(await t.call("largest_batch", config, memory, steps), expected, name="batch")
