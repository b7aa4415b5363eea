"""Other ways to the same numbers: rounding by adding first, weights group by group, the field from the output backwards."""


def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    if padding == "same":
        return (size + stride - 1) // stride
    beyond = size + (0 if padding == "valid" else padding + padding) - dilation * (kernel - 1)
    if beyond < 1:
        raise ValueError("no position for the kernel")
    return (beyond + stride - 1) // stride


def parameters(kernel, c_in, c_out, groups=1, bias=True):
    cells = kernel**2 if isinstance(kernel, int) else kernel[0] * kernel[1]
    (ins, more_ins), (outs, more_outs) = divmod(c_in, groups), divmod(c_out, groups)
    if more_ins or more_outs:
        raise ValueError("groups of unequal size")
    return sum(ins * outs * cells for _ in range(groups)) + int(bias) * c_out


def receptive_field(layers):
    field, step = 1, 1
    for kernel, stride, dilation in reversed(layers):
        field = (field - 1) * stride + dilation * (kernel - 1) + 1
        step = step * stride
    return [field, step]
