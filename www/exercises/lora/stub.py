import numpy as np


def lora_init(rng, inputs, outputs, rank):
    # → a: (inputs, rank), b: (rank, outputs)
    raise NotImplementedError


def lora_forward(x, w, a, b, alpha):
    # x: (..., I), w: (I, O), a: (I, r), b: (r, O)  →  y: (..., O)
    raise NotImplementedError


def lora_backward(dy, x, w, a, b, alpha):
    # dy: (..., O)  →  dx: (..., I), da: (I, r), db: (r, O)
    raise NotImplementedError


def merge(w, a, b, alpha):
    # → one weight: (I, O)
    raise NotImplementedError
