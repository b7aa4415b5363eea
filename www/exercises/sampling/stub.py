import numpy as np


def probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    # logits: (..., V)  →  probabilities: (..., V), float64
    raise NotImplementedError


def sample(logits, rng, temperature=1.0, top_k=None, top_p=None):
    # logits: (V,), rng: a numpy Generator  →  the token's number, an int
    raise NotImplementedError
