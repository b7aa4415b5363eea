import math


def step_decay(step, base, drop, every):
    raise NotImplementedError


def cosine(step, base, total, floor=0.0):
    raise NotImplementedError


def warmup_cosine(step, base, warmup, total, floor=0.0):
    raise NotImplementedError
