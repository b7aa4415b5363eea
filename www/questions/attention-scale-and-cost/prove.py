import numpy as np

rng = np.random.default_rng(0)


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


# {{variance}}
for d in (16, 64, 256):
    q, k = rng.normal(size=(200, d)), rng.normal(size=(64, d))
    raw = q @ k.T
    scaled = q @ k.T / np.sqrt(d)
    # {{gradient}}
    p, sharp = softmax(scaled), softmax(raw)
    slope, flat = (p * (1 - p)).sum(axis=1).mean(), (sharp * (1 - sharp)).sum(axis=1).mean()
    print(f"d = {d:3d}   {raw.std():5.1f} {scaled.std():.2f}   {p.max(axis=1).mean():.2f} {sharp.max(axis=1).mean():.2f}   {slope:.2f} {flat:.2f}")
    assert abs(scaled.std() - 1) < 0.1
    assert flat < slope

assert softmax(raw).max(axis=1).mean() > 0.85


# {{cost}}
def flop(h, t):
    return 2 * 12 * h * h, 2 * 2 * t * h


for t in (1024, 8192, 6 * 4096, 131072):
    dense, attention = flop(4096, t)
    print(f"T = {t:6d}   {attention / (dense + attention):.0%}")
dense, attention = flop(4096, 6 * 4096)
assert dense == attention
