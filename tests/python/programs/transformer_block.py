"""A transformer block: causal multi-head attention, layer norm, GELU, positions; float32 and einsum."""
import numpy as np

rng = np.random.default_rng(1234)
B, T, D, H = 2, 5, 16, 4


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x ** 3)))


def layer_norm(x, g, b, eps=1e-5):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) * g + b


def positions(T, D):
    pos, i = np.arange(T)[:, None], np.arange(D)[None, :]
    angle = pos / np.power(10000, 2 * (i // 2) / D)
    out = np.empty((T, D))
    out[:, 0::2], out[:, 1::2] = np.sin(angle[:, ::2]), np.cos(angle[:, 1::2])
    return out


def attention(x, Wqkv, Wo):
    q, k, v = np.split(x @ Wqkv, 3, axis=-1)
    heads = lambda m: m.reshape(B, T, H, D // H).transpose(0, 2, 1, 3)
    q, k, v = map(heads, (q, k, v))
    s = np.einsum("bhid,bhjd->bhij", q, k) / np.sqrt(D // H)
    mask = np.triu(np.ones((T, T), dtype=bool), k=1)
    s = np.where(mask, -np.inf, s)
    p = softmax(s)
    y = np.matmul(p, v).swapaxes(1, 2).reshape(B, T, D)
    return y @ Wo, p


for dtype in (np.float64, np.float32):
    x = (rng.standard_normal((B, T, D)) + positions(T, D)).astype(dtype)
    Wqkv, Wo = (rng.normal(0, 0.2, s).astype(dtype) for s in ((D, 3 * D), (D, D)))
    W1, W2 = rng.normal(0, 0.2, (D, 4 * D)).astype(dtype), rng.normal(0, 0.2, (4 * D, D)).astype(dtype)
    g, b = np.ones(D, dtype), np.zeros(D, dtype)
    y, p = attention(layer_norm(x, g, b), Wqkv, Wo)
    x = x + y
    x = x + gelu(layer_norm(x, g, b) @ W1) @ W2
    print(x.dtype, x.shape, p.shape, np.isnan(p).any())
    print(x[0, :2, :4].round(3))
    print(p[0, 0].round(3), p.sum(-1).min().round(4))
vocab = rng.normal(size=(10, D))
logits = x[:, -1].astype(float) @ vocab.T
top = np.argpartition(-logits, 3, axis=-1)[:, :3]
print(np.sort(top, axis=1), np.take_along_axis(logits, top, axis=1).max(1).round(4))
kept = np.full_like(logits, -np.inf)
np.put_along_axis(kept, top, np.take_along_axis(logits, top, 1), 1)
print(softmax(kept).round(3))
print([rng.choice(10, p=row) for row in softmax(kept)])
