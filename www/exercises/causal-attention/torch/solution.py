import torch


def swapped(a):
    return torch.swapaxes(a, -1, -2)


def attention_weights(q, k):
    scores = q @ swapped(k) * q.shape[-1] ** -0.5
    steps = q.shape[-2]
    future = torch.triu(torch.ones((steps, steps), dtype=torch.bool), 1)
    scores = torch.where(future, -torch.inf, scores)
    e = torch.exp(scores - scores.amax(dim=-1, keepdim=True))
    return e / e.sum(dim=-1, keepdim=True)


def causal_attention(q, k, v):
    return attention_weights(q, k) @ v


def causal_attention_backward(dy, q, k, v):
    p = attention_weights(q, k)
    dv = swapped(p) @ dy
    dp = dy @ swapped(v)
    ds = p * (dp - (p * dp).sum(dim=-1, keepdim=True))
    ds = ds * q.shape[-1] ** -0.5
    return ds @ k, swapped(ds) @ q, dv
