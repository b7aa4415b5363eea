"""Keeps a last position that hangs over the edge."""

def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "same":
        return -(-size // stride)
    pad = 0 if padding == "valid" else padding
    reach = (kernel - 1) * dilation + 1
    room = size + 2 * pad - reach
    if room < 0:
        raise ValueError(f"a kernel that spans {reach} does not fit into {size + 2 * pad}")
    return -(-room // stride) + 1


def parameters(kernel, c_in, c_out, groups=1, bias=True):
    if c_in % groups or c_out % groups:
        raise ValueError(f"{groups} groups do not divide {c_in} and {c_out} channels")
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    return kh * kw * (c_in // groups) * c_out + (c_out if bias else 0)


def receptive_field(layers):
    size, jump = 1, 1
    for kernel, stride, dilation in layers:
        size += (kernel - 1) * dilation * jump
        jump *= stride
    return size, jump
