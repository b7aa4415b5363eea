"""torchvision.utils: pictures side by side."""

import math

import torch


def make_grid(tensor, nrow=8, padding=2, normalize=False, value_range=None, scale_each=False, pad_value=0.0):
    """[N, C, H, W], or a list of pictures, as one picture of `nrow` in a row; one channel becomes three."""
    if not isinstance(tensor, (torch.Tensor, list)):
        raise TypeError(f"tensor or list of tensors expected, got {type(tensor)}")
    x = torch.stack(tensor) if isinstance(tensor, list) else tensor
    if x.dim() == 2:
        x = x.unsqueeze(0)
    if x.dim() == 3:
        x = (torch.cat((x, x, x), 0) if x.size(0) == 1 else x).unsqueeze(0)
    if x.dim() == 4 and x.size(1) == 1:
        x = torch.cat((x, x, x), 1)
    if normalize:
        x = x.clone()
        for part in x if scale_each else [x]:
            low, high = value_range if value_range is not None else (float(part.min()), float(part.max()))
            part.clamp_(low, high).sub_(low).div_(max(high - low, 1e-5))
    if x.size(0) == 1:
        return x.squeeze(0)
    n = x.size(0)
    columns = min(nrow, n)
    rows = math.ceil(n / columns)
    height, width = x.size(2) + padding, x.size(3) + padding
    grid = x.new_full((x.size(1), height * rows + padding, width * columns + padding), pad_value)
    for k in range(n):
        row, column = divmod(k, columns)
        top, left = row * height + padding, column * width + padding
        grid[:, top : top + height - padding, left : left + width - padding] = x[k]
    return grid


def save_image(tensor, fp, format=None, **settings):
    """A grid of pictures in a file, drawn by matplotlib."""
    import matplotlib.pyplot as plt

    plt.imsave(fp, make_grid(tensor, **settings).clamp(0, 1).permute(1, 2, 0).numpy())
