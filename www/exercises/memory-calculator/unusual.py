"""Lists every array with its shape and adds the sizes up."""

import math


def matrices(config):
    c, m = config["width"], config["hidden"]
    q, k = config["heads"] * config["head_width"], config["kv_heads"] * config["head_width"]
    return [(c, q), (c, k), (c, k), (q, c), (c, m), (c, m), (m, c)]


def size(shapes):
    return sum(math.prod(shape) for shape in shapes)


def parameters(config):
    c, v = config["width"], config["vocabulary"]
    shapes = [(v, c), (c,)]
    for _ in range(config["layers"]):
        shapes += [*matrices(config), (c,), (c,)]
    if not config["tied"]:
        shapes.append((c, v))
    return size(shapes)


def training_bytes(count, workers=1, stage=0):
    bytes_of = {"weights": 2, "gradients": 2, "optimiser": 4 + 4 + 4}
    first_stage = {"weights": 3, "gradients": 2, "optimiser": 1}
    padded = count + (workers - count % workers) % workers
    return {k: b * (padded // workers if first_stage[k] <= stage else count) for k, b in bytes_of.items()}


def activation_bytes(config, batch, steps, flash=True, checkpoint=False):
    c, m, h, d, g = (config[k] for k in ("width", "hidden", "heads", "head_width", "kv_heads"))
    tokens = (batch, steps)
    kept = [(*tokens, c)] * 3 + [(*tokens, h, d)] * 2 + [(*tokens, g, d)] * 2 + [(*tokens, m)] * 3
    one = size(kept) * 2 + (size([(*tokens, h)]) * 4 if flash else size([(batch, h, steps, steps)]) * 2)
    first = size([(*tokens, c)]) * 2
    last = size([(*tokens, c)] * 2) * 2 + size([(*tokens, config["vocabulary"])]) * 4
    peaks = []
    for stage in range(config["layers"] + 1):
        # Stage 0 is the loss; then the layers from the last one down, all inputs still there in the first of them.
        if checkpoint:
            peaks.append(first * min(config["layers"], config["layers"] + 1 - stage) + (last if stage == 0 else one))
        else:
            peaks.append((first + one) * (config["layers"] - max(stage - 1, 0)) + (last if stage == 0 else 0))
    return max(peaks)


def kv_cache_bytes(config, batch, steps, bytes_each=2):
    pair = [(batch, config["kv_heads"], steps, config["head_width"])] * 2
    return size(pair * config["layers"]) * bytes_each


def largest_batch(config, memory, steps):
    weights = 2 * parameters(config)
    each = kv_cache_bytes(config, 1, steps)
    low, high = 0, memory // each + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if weights + middle * each <= memory else (low, middle)
    return low


def training_flops(config, batch, steps, checkpoint=False):
    total = 0
    rounds = 4 if checkpoint else 3
    for rows, columns in matrices(config) * config["layers"]:
        total += rounds * 2 * batch * steps * rows * columns
    scores = 2 * batch * config["heads"] * steps * steps * config["head_width"]
    total += rounds * config["layers"] * 2 * scores
    return total + 3 * 2 * batch * steps * config["width"] * config["vocabulary"]
