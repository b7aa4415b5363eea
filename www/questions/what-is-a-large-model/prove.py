import numpy as np


# {{count}}
def parameters(layers, h, vocabulary, context):
    # {{blocks}}
    attention = 4 * h * h + 4 * h
    feed_forward = 8 * h * h + 5 * h
    norms = 2 * 2 * h
    return vocabulary * h + context * h + layers * (attention + feed_forward + norms) + 2 * h


gpt2 = parameters(12, 768, 50257, 1024)
gpt3 = parameters(96, 12288, 50257, 2048)
print(f"GPT-2: {gpt2:,}")
print(f"GPT-3: {gpt3:,}")
assert gpt2 == 124_439_808
assert abs(gpt3 / 175e9 - 1) < 0.01


# {{law}}
def loss(n, d):
    return 1.8172 + 482.01 / n**0.3478 + 2085.43 / d**0.3658


for n in (1e8, 1e9, 1e10, 1e11):
    print(f"{n:.0e}  {loss(n, 20 * n):.3f}")
assert np.all(np.diff([loss(n, 20 * n) for n in (1e8, 1e9, 1e10, 1e11)]) < 0)

# {{budget}}
flop = 6 * 70e9 * 1400e9
sizes = np.logspace(9, 12, 400)
losses = loss(sizes, flop / (6 * sizes))
best = sizes[losses.argmin()]
print(f"{best / 1e9:.0f}  {{best}}")
print(f"{flop / (6 * best) / 1e9:.0f}  {{tokens}}")

# {{same}}
assert 50e9 < best < 100e9
assert loss(280e9, flop / (6 * 280e9)) > losses.min()
assert loss(1000e9, flop / (6 * 1000e9)) > loss(280e9, flop / (6 * 280e9))
