import numpy as np

from danlu.judge import check

CLOSE = {"rtol": 1e-12, "atol": 1e-12}


def cut(length, size, number):
    small, extra = divmod(length, size)
    start = number * small + min(number, extra)
    return slice(start, start + small + (number < extra))


class Traffic:
    """How many entries each worker has sent, how many rounds there were, the longest message."""

    def __init__(self, size):
        self.rounds, self.sent, self.longest = 0, [0] * size, 0

    def note(self, messages):
        self.rounds += 1
        for worker, message in enumerate(messages):
            self.sent[worker] += message.size
            self.longest = max(self.longest, message.size)


async def run(t, name, arguments, tamper=None):
    """Drives each worker's generator here: a worker knows its own arguments and what the left one sent, and no more."""
    size = len(arguments)
    machines = await t.make_each("given.Machine", [((t.named(name), *args), {}) for args in arguments])
    traffic, received = Traffic(size), [None] * size
    while True:
        steps = await t.call("given.step_all", machines, received)
        done = [finished for finished, _ in steps]
        if all(done):
            return [value for _, value in steps], traffic
        # All must send in a round, or one waits for ever.
        t.true(not any(done), got=f"worker {done.index(True)} ends after {traffic.rounds} rounds" if any(done) else "")
        t.true(traffic.rounds < 4 * size + 4, got=f"more than {traffic.rounds} rounds")
        messages = [value for _, value in steps]
        for worker, message in enumerate(messages):
            right = isinstance(message, np.ndarray) and message.ndim == 1
            t.true(right, got=message, expected=f"an array (n,) from worker {worker}")
        if tamper is not None:
            tamper(traffic.rounds, messages)
        traffic.note(messages)
        received = messages[-1:] + messages[:-1]


def draw(t, size, length):
    return [t.rng.normal(size=length) for _ in range(size)]


def jobs(buffers):
    return [(rank, len(buffers), buffer) for rank, buffer in enumerate(buffers)]


async def all_reduced(t, buffers, **tolerance):
    results, traffic = await run(t, "all_reduce", jobs(buffers))
    for rank, result in enumerate(results):
        t.equal(result, sum(buffers), name=f"result of worker {rank}", **(tolerance or CLOSE))
    return results, traffic


@check("hand-example", visible=True)
async def hand_example(t):
    buffers = [np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0]), np.array([100.0, 200.0, 300.0])]
    chunks, _ = await run(t, "reduce_scatter", jobs(buffers))
    t.equal(chunks, [np.array([111.0]), np.array([222.0]), np.array([333.0])], name="chunks", **CLOSE)
    await all_reduced(t, buffers)


@check("reduce-scatter", visible=True)
async def reduce_scatter(t):
    for size, length in [(4, 8), (3, 12)]:
        buffers = draw(t, size, length)
        chunks, traffic = await run(t, "reduce_scatter", jobs(buffers))
        for rank, chunk in enumerate(chunks):
            t.equal(chunk, sum(buffers)[cut(length, size, rank)], name=f"chunk of worker {rank}", **CLOSE)
        t.equal(traffic.rounds, size - 1, name="rounds")


@check("all-gather", visible=True)
async def all_gather(t):
    for size, length in [(4, 8), (2, 6)]:
        whole = t.rng.normal(size=length)
        arguments = [(rank, size, whole[cut(length, size, rank)], length) for rank in range(size)]
        results, traffic = await run(t, "all_gather", arguments)
        for rank, result in enumerate(results):
            t.equal(result, whole, name=f"result of worker {rank}", **CLOSE)
        t.equal(traffic.rounds, size - 1, name="rounds")


@check("all-reduce", visible=True)
async def all_reduce(t):
    for size, length in [(4, 8), (5, 5), (2, 10)]:
        await all_reduced(t, draw(t, size, length))


@check("traffic", visible=True)
async def traffic_counted(t):
    _, traffic = await all_reduced(t, draw(t, 4, 12))
    t.equal(traffic.rounds, 6, name="rounds")
    t.equal(traffic.longest, 3, name="entries of the longest message")
    t.equal(traffic.sent, [18] * 4, name="entries sent by each worker")


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    buffers = draw(t, 3, 7)
    for name in ("reduce_scatter", "all_reduce"):
        # The arrays stay in the learner's runtime, where a worker could write into its own.
        kept = [await t.make("numpy.array", buffer) for buffer in buffers]
        await run(t, name, jobs(kept))
        for rank, array in enumerate(kept):
            t.equal(await t.call("numpy.array", array), buffers[rank], name=f"buffer {rank}", rtol=0.0, atol=0.0)
    chunk = await t.make("numpy.array", buffers[0])
    await run(t, "all_gather", [(0, 2, chunk, 14), (1, 2, buffers[1], 14)])
    t.equal(await t.call("numpy.array", chunk), buffers[0], name="chunk", rtol=0.0, atol=0.0)


@check("uneven", visible=False)
async def uneven(t):
    for size, length in [(3, 7), (5, 13)]:
        buffers = draw(t, size, length)
        _, traffic = await all_reduced(t, buffers)
        t.equal(sum(traffic.sent), 2 * (size - 1) * length, name="entries sent in all")
        t.true(traffic.longest <= -(-length // size), got=traffic.longest, expected=-(-length // size))
        chunks, _ = await run(t, "reduce_scatter", jobs(buffers))
        for rank, chunk in enumerate(chunks):
            t.equal(chunk, sum(buffers)[cut(length, size, rank)], name=f"chunk of worker {rank}", **CLOSE)


@check("short-buffers", visible=False)
async def short_buffers(t):
    for size, length in [(4, 2), (3, 1), (3, 0)]:
        _, traffic = await all_reduced(t, draw(t, size, length))
        t.equal(sum(traffic.sent), 2 * (size - 1) * length, name="entries sent in all")


@check("one-worker", visible=False)
async def one_worker(t):
    buffers = draw(t, 1, 5)
    _, traffic = await all_reduced(t, buffers)
    t.equal(traffic.rounds, 0, name="rounds")
    chunks, _ = await run(t, "reduce_scatter", jobs(buffers))
    t.equal(chunks[0], buffers[0], name="chunk")


@check("same-bits", visible=False)
async def same_bits(t):
    # Sizes so far apart that every order of adding gives other digits.
    buffers = [t.rng.normal(size=11) * 10.0 ** t.rng.integers(-9, 10, size=11) for _ in range(5)]
    results, _ = await run(t, "all_reduce", jobs(buffers))
    for rank in range(1, 5):
        t.equal(results[rank], results[0], rtol=0.0, atol=0.0, name=f"result of worker {rank}")
    t.equal(results[0], sum(buffers), rtol=1e-9, atol=1e-4)


@check("messages-are-used", visible=False)
async def messages_are_used(t):
    # A falsified message must show in everybody's sum: what doesn't travel can't have been added.
    buffers = draw(t, 4, 8)
    for when in (0, 2):

        def falsify(turn, messages):
            if turn == when:
                messages[2] = messages[2] + 1000.0

        results, _ = await run(t, "all_reduce", jobs(buffers), falsify)
        gap = np.round(t.like(results[0], sum(buffers)) - sum(buffers), 6)
        t.equal(sorted(gap.tolist()), [0.0] * 6 + [1000.0] * 2, name="difference", **CLOSE)
        for rank in range(1, 4):
            t.equal(results[rank], results[0], rtol=0.0, atol=0.0, name=f"result of worker {rank}")


@check("own-array", visible=False)
async def own_array(t):
    # Whoever writes into a result afterwards must not reach the buffer it came from.
    buffer = await t.make("numpy.array", np.arange(4.0))
    for name in ("reduce_scatter", "all_reduce"):
        machine = await t.make("given.Machine", t.named(name), 0, 1, buffer)
        result = await t.make("operator.getitem", await machine.make("step", None), 1)
        await t.call("numpy.copyto", result, 99.0)
        t.equal(await t.call("numpy.array", buffer), np.arange(4.0), name="buffer", rtol=0.0, atol=0.0)


@check("dtypes", visible=False)
async def dtypes(t):
    narrow = [b.astype(np.float32) for b in draw(t, 3, 8)]
    await all_reduced(t, narrow, rtol=1e-5, atol=1e-6)
    await all_reduced(t, [t.rng.integers(-99, 99, size=8) for _ in range(3)])
    # Every other entry of a larger array.
    await all_reduced(t, [t.rng.normal(size=14)[::2] for _ in range(3)])


@check("random", visible=False)
async def random(t):
    for _ in range(2):
        size, length = int(t.rng.integers(2, 6)), int(t.rng.integers(1, 15))
        _, traffic = await all_reduced(t, draw(t, size, length))
        t.equal(traffic.rounds, 2 * (size - 1), name="rounds")
        t.equal(sum(traffic.sent), 2 * (size - 1) * length, name="entries sent in all")
