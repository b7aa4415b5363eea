import torch


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def same_padding(size, kernel, stride, dilation):
    out = -(-size // stride)
    total = max((out - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


def conv2d(x, w, b=None, stride=1, padding="valid", dilation=1, groups=1):
    n, h, width, c = x.shape
    kh, kw, c_group, o = w.shape
    (sh, sw), (dh, dw) = pair(stride), pair(dilation)
    o_group = o // groups

    if padding == "valid":
        padding = ((0, 0), (0, 0))
    elif padding == "same":
        padding = (same_padding(h, kh, sh, dh), same_padding(width, kw, sw, dw))
    (top, bottom), (left, right) = padding
    padded = torch.zeros((n, h + top + bottom, width + left + right, c), dtype=x.dtype)
    padded[:, top:top + h, left:left + width, :] = x

    oh = (padded.shape[1] - (kh - 1) * dh - 1) // sh + 1
    ow = (padded.shape[2] - (kw - 1) * dw - 1) // sw + 1
    y = torch.zeros((n, oh, ow, o), dtype=x.dtype)
    for g in range(groups):
        cs = slice(g * c_group, (g + 1) * c_group)
        os = slice(g * o_group, (g + 1) * o_group)
        for i in range(oh):
            for j in range(ow):
                for p in range(kh):
                    for q in range(kw):
                        pixel = padded[:, i * sh + p * dh, j * sw + q * dw, cs]
                        y[:, i, j, os] += pixel @ w[p, q, :, os]
    return y if b is None else y + b
