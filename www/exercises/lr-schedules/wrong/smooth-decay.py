"""Divides with / and decays a little in every step."""

import math


def step_decay(step, base, drop, every):
    return base * drop ** (step / every)


def cosine(step, base, total, floor=0.0):
    progress = min(step / total, 1.0)
    return floor + 0.5 * (base - floor) * (1 + math.cos(math.pi * progress))


def warmup_cosine(step, base, warmup, total, floor=0.0):
    if not 0 <= warmup < total:
        raise ValueError(f"warmup must be at least 0 and below total, got {warmup} and {total}")
    if step < warmup:
        return base * (step + 1) / warmup
    return cosine(step - warmup, base, total - warmup, floor)
