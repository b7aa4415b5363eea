"""The decay by repeated multiplication, the cosine by its half-angle square, and both parts of the warm-up in one formula."""

import math


def step_decay(step, base, drop, every):
    rate = base
    while step >= every:
        rate, step = rate * drop, step - every
    return rate


def cosine(step, base, total, floor=0.0):
    angle = 0.5 * math.pi * max(0.0, 1.0 - step / total)
    # ½ (1 + cos πu) = sin²(π (1 - u) / 2)
    share = math.sin(angle) ** 2
    return share * base + (1.0 - share) * floor


def warmup_cosine(step, base, warmup, total, floor=0.0):
    if warmup < 0 or warmup >= total:
        raise ValueError("warmup outside [0, total)")
    ramp = (step + 1) / warmup if warmup else math.inf
    return base * ramp if ramp <= 1.0 else cosine(max(step - warmup, 0), base, total - warmup, floor)
