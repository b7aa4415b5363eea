"""How long numpy's small operations take, and a two-layer network: one line of JSON, in microseconds.

It runs on any NumPy: in the page, in Node, natively.
"""

import json
import time

import numpy as np


def least(run, times, rounds=12):
    """The shortest of several rounds, for one run of it: what other processes took is in the longer ones."""
    found = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        for _ in range(times):
            run()
        found = min(found, (time.perf_counter() - started) / times)
    return found * 1e6


rng = np.random.default_rng(0)
a, b = rng.random((64, 32)), rng.random((64, 32))
p, q = rng.random((64, 64)), rng.random((64, 64))
PLACES = range(100)


def nothing():
    for _ in PLACES:
        pass


def read():
    for i in PLACES:
        a[i % 64, 3]


def write():
    for i in PLACES:
        a[i % 64, 3] = 1.5


def index():
    for i in PLACES:
        i % 64


def network(steps=300):
    """A two-layer network on 64 samples of 32 features: forward, backward, descent."""
    x = rng.standard_normal((64, 32))
    y = rng.integers(0, 10, 64)
    w1, b1 = rng.standard_normal((32, 64)) * 0.2, np.zeros(64)
    w2, b2 = rng.standard_normal((64, 10)) * 0.2, np.zeros(10)
    rows = np.arange(64)
    for _ in range(steps):
        h = np.maximum(x @ w1 + b1, 0)
        z = h @ w2 + b2
        z -= z.max(axis=1, keepdims=True)
        e = np.exp(z)
        d = e / e.sum(axis=1, keepdims=True)
        d[rows, y] -= 1
        d /= 64
        dh = d @ w2.T * (h > 0)
        w2 -= 0.5 * (h.T @ d)
        b2 -= 0.5 * d.sum(axis=0)
        w1 -= 0.5 * (x.T @ dh)
        b1 -= 0.5 * dh.sum(axis=0)


base = least(index, 20) / 100
print(
    json.dumps(
        {
            "add": least(lambda: a + b, 500),
            "matmul": least(lambda: p @ q, 50),
            "read": least(read, 20) / 100 - base,
            "write": least(write, 20) / 100 - base,
            "network": least(network, 1, 3),
        }
    )
)
