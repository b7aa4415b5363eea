"""Shares the optimiser among the workers where no stage is given."""

def layer_matrices(config):
    queries = config["heads"] * config["head_width"]
    keys = config["kv_heads"] * config["head_width"]
    return config["width"] * (2 * queries + 2 * keys + 3 * config["hidden"])


def parameters(config):
    table = config["vocabulary"] * config["width"]
    layer = layer_matrices(config) + 2 * config["width"]
    return config["layers"] * layer + config["width"] + table * (1 if config["tied"] else 2)


def training_bytes(count, workers=1, stage=1):
    share = -(-count // workers)
    return {
        "weights": 2 * (share if stage >= 3 else count),
        "gradients": 2 * (share if stage >= 2 else count),
        "optimiser": 12 * (share if stage >= 1 else count),
    }


def activation_bytes(config, batch, steps, flash=True, checkpoint=False):
    queries = config["heads"] * config["head_width"]
    keys = config["kv_heads"] * config["head_width"]
    entry = 2 * config["width"]
    rest = 2 * (3 * config["width"] + 2 * queries + 2 * keys + 3 * config["hidden"])
    rest += 4 * config["heads"] if flash else 2 * config["heads"] * steps
    end = 2 * 2 * config["width"] + 4 * config["vocabulary"]
    if checkpoint:
        token = config["layers"] * entry + max(rest, end)
    else:
        token = config["layers"] * (entry + rest) + end
    return batch * steps * token


def kv_cache_bytes(config, batch, steps, bytes_each=2):
    return 2 * config["layers"] * config["kv_heads"] * config["head_width"] * bytes_each * batch * steps


def largest_batch(config, memory, steps):
    left = memory - 2 * parameters(config)
    return max(left // kv_cache_bytes(config, 1, steps), 0)


def training_flops(config, batch, steps, checkpoint=False):
    tokens = batch * steps
    attention = 4 * steps * config["heads"] * config["head_width"]
    layers = config["layers"] * (2 * layer_matrices(config) + attention)
    head = 2 * config["vocabulary"] * config["width"]
    return tokens * ((4 if checkpoint else 3) * layers + 3 * head)
