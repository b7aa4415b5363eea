"""Each pair is turned the other way round."""

import torch


def rope(x, positions, base=10000.0, halves=False):
    width = x.shape[-1]
    if width % 2 == 1:
        raise ValueError(f"rope turns pairs: D must be even, got {width}")
    frequencies = base ** (-torch.arange(0, width, 2).double() / width)
    angles = torch.as_tensor(positions).double()[:, None] * frequencies
    cos, sin = torch.cos(angles).to(x.dtype), torch.sin(angles).to(x.dtype)
    if halves:
        first, second = x[..., : width // 2], x[..., width // 2 :]
    else:
        first, second = x[..., 0::2], x[..., 1::2]
    turned = [first * cos + second * sin, second * cos - first * sin]
    if halves:
        return torch.cat(turned, dim=-1)
    return torch.stack(turned, dim=-1).reshape(x.shape)
