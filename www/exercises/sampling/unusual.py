"""Python's own sort decides who stays; the token is drawn by adding Gumbel noise and taking the largest."""

import math

import numpy as np


def one_row(logits, temperature, top_k, top_p):
    ranked = sorted(range(len(logits)), key=lambda token: (-logits[token], token))
    if temperature == 0:
        return {ranked[0]: 1.0}
    weights = {token: math.exp((logits[token] - logits[ranked[0]]) / temperature) for token in ranked[:top_k]}
    total = sum(weights.values())
    kept, mass = {}, 0.0
    for token, weight in weights.items():
        if top_p is not None and mass / total >= top_p:
            break
        kept[token] = weight
        mass += weight
    return {token: weight / mass for token, weight in kept.items()}


def probabilities(logits, temperature=1.0, top_k=None, top_p=None):
    if temperature < 0 or (top_k is not None and top_k < 1) or (top_p is not None and not 0 < top_p <= 1):
        raise ValueError("temperature, top_k or top_p out of range")
    logits = np.asarray(logits)
    out = np.zeros(logits.shape)
    for where in np.ndindex(*logits.shape[:-1]):
        for token, weight in one_row(logits[where].tolist(), temperature, top_k, top_p).items():
            out[where + (token,)] = weight
    return out


def sample(logits, rng, temperature=1.0, top_k=None, top_p=None):
    p = probabilities(logits, temperature, top_k, top_p)
    allowed = [token for token in range(len(p)) if p[token] > 0]
    noise = rng.gumbel(size=len(allowed))
    return max(zip(allowed, noise), key=lambda pair: math.log(p[pair[0]]) + pair[1])[0]
