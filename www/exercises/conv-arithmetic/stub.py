def output_size(size, kernel, stride=1, padding="valid", dilation=1):
    # -> int
    raise NotImplementedError


def parameters(kernel, c_in, c_out, groups=1, bias=True):
    # kernel: int or (KH, KW) -> int
    raise NotImplementedError


def receptive_field(layers):
    # layers: [(kernel, stride, dilation), ...], the first one next to the image -> (size, jump)
    raise NotImplementedError
