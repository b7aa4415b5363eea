import numpy as np

rng = np.random.default_rng(0)

# {{world}}
truth = rng.normal(size=(20, 6))


def sample(n, task):
    x = rng.normal(size=(n, 20))
    features = np.maximum(x @ truth, 0)
    return x, ((features - features.mean(axis=0)) @ task > 0).astype(int)


task_a = rng.normal(size=(6, 8))
task_b = rng.normal(size=6)
x, many = sample(4000, task_a)
small, test = sample(24, task_b), sample(2000, task_b)


def fresh(outputs):
    return [rng.normal(size=(20, 64)) * np.sqrt(2 / 20), np.zeros(64), np.zeros((64, outputs)), np.zeros(outputs)]


def logits(net, x):
    w1, b1, w2, b2 = net
    h = np.maximum(x @ w1 + b1, 0)
    return h, h @ w2 + b2


# {{train}}
def train(net, data, frozen=False, rate=0.1, steps=600, batch=64):
    net = [p.copy() for p in net]
    x, y = data
    y = np.eye(2)[y] if y.ndim == 1 else y
    for _ in range(steps):
        pick = rng.integers(0, len(x), batch)
        h, z = logits(net, x[pick])
        dy = (1 / (1 + np.exp(-z)) - y[pick]) / batch
        dh = (dy @ net[2].T) * (h > 0)
        net[2] -= rate * (h.T @ dy + 1e-3 * net[2])
        net[3] -= rate * dy.sum(axis=0)
        if not frozen:
            net[0] -= rate * x[pick].T @ dh
            net[1] -= rate * dh.sum(axis=0)
    return net


def accuracy(net):
    return (logits(net, test[0])[1].argmax(axis=1) == test[1]).mean()


# {{pretrain}}
pretrained = train(fresh(8), (x, many), rate=0.5, steps=3000)
base = pretrained[:2] + fresh(2)[2:]

scratch = train(fresh(2), small)
tuned = train(base, small, frozen=True)
whole = train(tuned, small, rate=0.01)
print(f"{{scratch}}  {accuracy(scratch):.3f}")
print(f"{{frozen}}  {accuracy(tuned):.3f}")
print(f"{{all}}  {accuracy(whole):.3f}")
assert accuracy(tuned) > accuracy(scratch) + 0.03

# {{same}}
assert tuned[0].tobytes() == pretrained[0].tobytes()
assert whole[0].tobytes() != pretrained[0].tobytes()
