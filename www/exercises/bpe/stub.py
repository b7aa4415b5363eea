from given import pieces


def train(counts, size):
    # counts: {piece: how often}, size: tokens in all  →  merges [(left, right), …]
    raise NotImplementedError


def encode(text, merges):
    # → token numbers [int, …]
    raise NotImplementedError


def decode(tokens, merges):
    # → text
    raise NotImplementedError
