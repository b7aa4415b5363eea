# A config is a dict with the keys layers, width, heads, kv_heads, head_width, hidden, vocabulary, tied.


def parameters(config):
    raise NotImplementedError


def training_bytes(count, workers=1, stage=0):
    # → {"weights": …, "gradients": …, "optimiser": …}, bytes on one worker
    raise NotImplementedError


def activation_bytes(config, batch, steps, flash=True, checkpoint=False):
    raise NotImplementedError


def kv_cache_bytes(config, batch, steps, bytes_each=2):
    raise NotImplementedError


def largest_batch(config, memory, steps):
    raise NotImplementedError


def training_flops(config, batch, steps, checkpoint=False):
    raise NotImplementedError
