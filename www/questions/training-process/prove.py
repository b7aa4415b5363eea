import numpy as np

rng = np.random.default_rng(0)

# {{data}}
angle = rng.uniform(0, 2 * np.pi, 900)
label = rng.integers(0, 2, 900)
radius = np.where(label == 0, 1.0, 2.0) + 0.25 * rng.normal(size=900)
data = np.stack([radius * np.cos(angle), 1000 * radius * np.sin(angle) + 5000], axis=1)
train, valid, test = slice(0, 500), slice(500, 700), slice(700, 900)
mean, std = data[train].mean(axis=0), data[train].std(axis=0)
scaled = (data - mean) / std


# {{model}}
def new_net():
    r = np.random.default_rng(1)
    return [r.normal(size=(2, 32)), np.zeros(32), r.normal(size=(32, 2)) * np.sqrt(2 / 32), np.zeros(2)]


def forward(net, x):
    w1, b1, w2, b2 = net
    h = np.maximum(x @ w1 + b1, 0)
    z = h @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    return h, z - np.log(np.exp(z).sum(axis=1, keepdims=True))


# {{step}}
def step(net, x, y, rate):
    h, log_p = forward(net, x)
    dy = np.exp(log_p)
    dy[np.arange(len(y)), y] -= 1
    dy /= len(y)
    dh = (dy @ net[2].T) * (h > 0)
    for p, g in zip(net, [x.T @ dh, dh.sum(axis=0), h.T @ dy, dy.sum(axis=0)]):
        p -= rate * g


def scores(net, x, y):
    log_p = forward(net, x)[1]
    return -log_p[np.arange(len(y)), y].mean(), (log_p.argmax(axis=1) == y).mean()


# {{loop}}
def fit(x, rate=1.2, epochs=40):
    net, best = new_net(), (np.inf, 0, None)
    for epoch in range(epochs):
        order = rng.permutation(500)
        for start in range(0, 500, 32):
            batch = order[start:start + 32]
            step(net, x[train][batch], label[train][batch], rate)
        loss, accuracy = scores(net, x[valid], label[valid])
        if loss < best[0]:
            best = (loss, epoch, [p.copy() for p in net])
        if epoch % 10 == 0:
            print(f"{{epoch}} {epoch:2d}  {loss:8.3f}  {accuracy:.3f}")
    return best


loss, epoch, net = fit(scaled)
print(f"{{kept}}: {epoch}")
accuracy = scores(net, scaled[test], label[test])[1]
print(f"{{test}}: {accuracy:.3f}")
assert accuracy > 0.93
assert np.isclose(scores(net, scaled[valid], label[valid])[0], loss)

print("{{raw}}")
with np.errstate(all="ignore"):
    raw_loss, _, raw = fit(data)
assert not raw_loss < 0.6
