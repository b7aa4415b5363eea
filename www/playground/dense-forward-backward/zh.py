# 两层全连接网络，前向和反向都手写，拟合两个月牙。
import matplotlib.pyplot as plt
import numpy as np

rng = np.random.default_rng(0)


def two_moons(n):
    angle = rng.uniform(0, np.pi, n)
    label = rng.integers(0, 2, n)
    x = np.where(label == 0, np.cos(angle), 1 - np.cos(angle))
    y = np.where(label == 0, np.sin(angle), 0.4 - np.sin(angle))
    return np.stack([x, y], axis=1) + 0.12 * rng.normal(size=(n, 2)), label


def forward(p, x):
    h = x @ p["w1"] + p["b1"]  # (N, 2) @ (2, H) -> (N, H)
    a = np.maximum(h, 0)
    z = a @ p["w2"] + p["b2"]  # (N, H) @ (H, 2) -> (N, 2)
    return h, a, z


def loss_and_gradients(p, x, y):
    n = len(x)
    h, a, z = forward(p, x)
    # 先减去每行最大值，指数才不会溢出。
    e = np.exp(z - z.max(axis=1, keepdims=True))
    prob = e / e.sum(axis=1, keepdims=True)
    loss = -np.log(prob[np.arange(n), y]).mean()
    # Softmax 与交叉熵合起来的梯度：预测减真值。
    dz = prob.copy()
    dz[np.arange(n), y] -= 1
    dz /= n
    da = dz @ p["w2"].T
    dh = da * (h > 0)
    return loss, {"w1": x.T @ dh, "b1": dh.sum(axis=0), "w2": a.T @ dz, "b2": dz.sum(axis=0)}


HIDDEN = 16
params = {
    "w1": rng.normal(size=(2, HIDDEN)) * np.sqrt(2 / 2),
    "b1": np.zeros(HIDDEN),
    "w2": rng.normal(size=(HIDDEN, 2)) * np.sqrt(2 / HIDDEN),
    "b2": np.zeros(2),
}
x, y = two_moons(300)

# 反向写对了吗？每个参数取一个元素，和数值梯度比一比。
_, grads = loss_and_gradients(params, x, y)
for name, value in params.items():
    flat, step = value.reshape(-1), 1e-6
    before = flat[1]
    flat[1] = before + step
    up, _ = loss_and_gradients(params, x, y)
    flat[1] = before - step
    down, _ = loss_and_gradients(params, x, y)
    flat[1] = before
    print(f"{name}: {grads[name].reshape(-1)[1]: .8f}  {(up - down) / (2 * step): .8f}")

losses = []
for epoch in range(400):
    loss, grads = loss_and_gradients(params, x, y)
    losses.append(loss)
    for name in params:
        params[name] -= 0.5 * grads[name]
accuracy = (forward(params, x)[2].argmax(axis=1) == y).mean()
print(f"loss {losses[0]:.3f} -> {losses[-1]:.3f}, accuracy {accuracy:.1%}")

fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4))
left.plot(losses)
left.set(title="loss", xlabel="epoch", ylabel="cross-entropy")
left.grid(alpha=0.3)
xx, yy = np.meshgrid(np.linspace(-1.6, 2.6, 120), np.linspace(-1.2, 1.6, 90))
z = forward(params, np.stack([xx.ravel(), yy.ravel()], axis=1))[2]
right.contourf(xx, yy, (z[:, 1] - z[:, 0]).reshape(xx.shape), levels=12, cmap="RdBu", alpha=0.7)
right.scatter(x[:, 0], x[:, 1], c=y, cmap="RdBu", s=14, edgecolors="k", linewidths=0.5)
right.set_title("decision function")
plt.tight_layout()
plt.show()
