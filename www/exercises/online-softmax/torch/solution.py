import torch


def partial(q, k, v, allowed):
    scores = torch.where(allowed, q @ k.T * q.shape[1] ** -0.5, -torch.inf)
    # amax needs something to look at, even where no key is there.
    m = torch.cat([scores, torch.full((len(q), 1), -torch.inf, dtype=q.dtype)], dim=1).amax(dim=1)
    e = torch.exp(scores - torch.where(m == -torch.inf, 0, m)[:, None])
    return m, e.sum(dim=1), e @ v


def merge(a, b):
    m = torch.maximum(a[0], b[0])
    top = torch.where(m == -torch.inf, 0, m)
    shrink_a, shrink_b = torch.exp(a[0] - top), torch.exp(b[0] - top)
    s = a[1] * shrink_a + b[1] * shrink_b
    o = a[2] * shrink_a[:, None] + b[2] * shrink_b[:, None]
    return m, s, o


def finish(state):
    _, s, o = state
    return o / torch.where(s == 0, 1, s)[:, None]


def tiled_attention(q, k, v, block, window=None):
    steps = len(q)
    y = torch.zeros(v.shape, dtype=v.dtype)
    for top in range(0, steps, block):
        bottom = min(top + block, steps)
        first = 0 if window is None else max(0, top - window + 1)
        state = None
        for left in range(first // block * block, bottom, block):
            right = min(left + block, steps)
            behind = torch.arange(top, bottom)[:, None] - torch.arange(left, right)
            allowed = behind >= 0
            if window is not None:
                allowed &= behind < window
            tile = partial(q[top:bottom], k[left:right], v[left:right], allowed)
            state = tile if state is None else merge(state, tile)
        y[top:bottom] = finish(state)
    return y
