"""torchvision.transforms, as far as the usual tutorials go: on pictures, arrays and tensors."""

import math

import numpy as np
import torch
from torch import nn

from ._image import Image


class Compose:
    """Transforms, one after another."""

    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, img):
        for transform in self.transforms:
            img = transform(img)
        return img

    def __repr__(self):
        return "Compose(\n" + "".join(f"    {transform}\n" for transform in self.transforms) + ")"


class ToTensor:
    """A picture, or an array [H, W, C] of 0 to 255, as a float tensor [C, H, W] of 0 to 1."""

    def __call__(self, pic):
        return to_tensor(pic)

    def __repr__(self):
        return "ToTensor()"


def to_tensor(pic):
    if isinstance(pic, torch.Tensor):
        raise TypeError("pic should be PIL Image or ndarray. Got <class 'torch.Tensor'>")
    values = np.asarray(pic)
    if values.ndim not in (2, 3):
        raise ValueError(f"pic should be 2/3 dimensional. Got {values.ndim} dimensions.")
    if values.ndim == 2:
        values = values[:, :, None]
    made = torch.from_numpy(values.transpose(2, 0, 1).copy())
    # Whole numbers are bytes here, there being no uint8.
    return made.float() / 255 if isinstance(pic, Image) or not made.is_floating_point() else made


class PILToTensor:
    """A picture as a tensor [C, H, W] of 0 to 255."""

    def __call__(self, pic):
        values = np.asarray(pic)
        return torch.from_numpy((values[None] if values.ndim == 2 else values.transpose(2, 0, 1)).copy())

    def __repr__(self):
        return "PILToTensor()"


def _planes(img):
    """A picture as a tensor [C, H, W], and how to make of one what came."""
    if isinstance(img, torch.Tensor):
        return img, lambda made: made
    values = np.asarray(img)
    planes = torch.from_numpy((values[None] if values.ndim == 2 else values.transpose(2, 0, 1)).copy())

    def back(made):
        array = made.numpy()
        return Image(array[0] if values.ndim == 2 else array.transpose(1, 2, 0))

    return planes, back


class Normalize(nn.Module):
    """(x - mean) / std, a channel at a time."""

    def __init__(self, mean, std, inplace=False):
        super().__init__()
        self.mean, self.std, self.inplace = mean, std, inplace

    def forward(self, tensor):
        return normalize(tensor, self.mean, self.std, self.inplace)

    def __repr__(self):
        return f"Normalize(mean={self.mean}, std={self.std})"


def normalize(tensor, mean, std, inplace=False):
    if not isinstance(tensor, torch.Tensor):
        raise TypeError(f"img should be Tensor Image. Got {type(tensor)}")
    if not tensor.is_floating_point():
        raise TypeError(f"Input tensor should be a float tensor. Got {tensor.dtype}.")
    if tensor.ndim < 3:
        raise ValueError(
            f"Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = {tensor.size()}"
        )
    mean, std = (torch.as_tensor(v, dtype=tensor.dtype).reshape(-1, 1, 1) for v in (mean, std))
    if (std == 0).any():
        raise ValueError("std evaluated to zero after conversion to torch.float32, leading to division by zero.")
    return tensor.sub_(mean).div_(std) if inplace else (tensor - mean) / std


class ToPILImage:
    """A tensor [C, H, W] as a picture."""

    def __call__(self, pic):
        values = pic if isinstance(pic, torch.Tensor) else torch.from_numpy(np.asarray(pic).transpose(2, 0, 1))
        if values.ndim == 2:
            values = values[None]
        if values.is_floating_point():
            values = (values * 255).long()
        array = values.numpy()
        return Image(array[0] if array.shape[0] == 1 else array.transpose(1, 2, 0))

    def __repr__(self):
        return "ToPILImage()"


class Lambda:
    def __init__(self, lambd):
        if not callable(lambd):
            raise TypeError(f"Argument lambd should be callable, got {type(lambd).__name__!r}")
        self.lambd = lambd

    def __call__(self, img):
        return self.lambd(img)

    def __repr__(self):
        return "Lambda()"


def _size(size):
    return (size, size) if isinstance(size, int) else tuple(size)


class Resize:
    """To a size (height, width), or the shorter side to a number; linearly."""

    def __init__(self, size, interpolation="bilinear", max_size=None, antialias=True):
        self.size, self.interpolation = size, interpolation

    def __call__(self, img):
        planes, back = _planes(img)
        h, w = planes.shape[-2:]
        if isinstance(self.size, int):
            size = (self.size, int(self.size * w / h)) if h <= w else (int(self.size * h / w), self.size)
        else:
            size = _size(self.size)
        whole = not planes.is_floating_point()
        made = nn.functional.interpolate(planes.float()[None], size, mode="bilinear")[0]
        return back(made.round().long() if whole else made)

    def __repr__(self):
        return f"Resize(size={self.size}, interpolation={self.interpolation}, max_size=None, antialias=True)"


class CenterCrop:
    def __init__(self, size):
        self.size = _size(size)

    def __call__(self, img):
        planes, back = _planes(img)
        h, w = planes.shape[-2:]
        top, left = int(round((h - self.size[0]) / 2.0)), int(round((w - self.size[1]) / 2.0))
        return back(planes[..., top : top + self.size[0], left : left + self.size[1]])

    def __repr__(self):
        return f"CenterCrop(size={self.size})"


class Pad:
    def __init__(self, padding, fill=0, padding_mode="constant"):
        self.padding, self.fill, self.padding_mode = padding, fill, padding_mode

    def __call__(self, img):
        planes, back = _planes(img)
        p = self.padding
        left, top, right, bottom = (p,) * 4 if isinstance(p, int) else (p[0], p[1]) * 2 if len(p) == 2 else p
        return back(nn.functional.pad(planes, (left, right, top, bottom), self.padding_mode, self.fill))

    def __repr__(self):
        return f"Pad(padding={self.padding}, fill={self.fill}, padding_mode={self.padding_mode})"


class RandomCrop:
    def __init__(self, size, padding=None, pad_if_needed=False, fill=0, padding_mode="constant"):
        self.size, self.padding, self.fill, self.padding_mode = _size(size), padding, fill, padding_mode

    def __call__(self, img):
        if self.padding is not None:
            img = Pad(self.padding, self.fill, self.padding_mode)(img)
        planes, back = _planes(img)
        h, w = planes.shape[-2:]
        if h < self.size[0] or w < self.size[1]:
            raise ValueError(f"Required crop size {self.size} is larger than input image size {(h, w)}")
        top = int(torch.randint(0, h - self.size[0] + 1, (1,)))
        left = int(torch.randint(0, w - self.size[1] + 1, (1,)))
        return back(planes[..., top : top + self.size[0], left : left + self.size[1]])

    def __repr__(self):
        return f"RandomCrop(size={self.size}, padding={self.padding})"


class _Flip:
    def __init__(self, p=0.5):
        self.p = p

    def __call__(self, img):
        if float(torch.rand(1)) >= self.p:
            return img
        planes, back = _planes(img)
        return back(planes.flip(self._axis))

    def __repr__(self):
        return f"{type(self).__name__}(p={self.p})"


class RandomHorizontalFlip(_Flip):
    _axis = -1


class RandomVerticalFlip(_Flip):
    _axis = -2


class Grayscale:
    def __init__(self, num_output_channels=1):
        self.num_output_channels = num_output_channels

    def __call__(self, img):
        planes, back = _planes(img)
        if planes.shape[-3] == 3:
            r, g, b = planes.float().unbind(-3)
            grey = (0.2989 * r + 0.587 * g + 0.114 * b)[None]
            planes = grey if planes.is_floating_point() else grey.long()
        planes = planes.repeat(self.num_output_channels, 1, 1)
        if isinstance(img, torch.Tensor):
            return planes
        return Image(planes[0].numpy() if self.num_output_channels == 1 else planes.permute(1, 2, 0).numpy().copy())

    def __repr__(self):
        return f"Grayscale(num_output_channels={self.num_output_channels})"


class RandomRotation:
    """Turns by a random angle, each pixel from the nearest one."""

    def __init__(self, degrees, fill=0, **_):
        self.degrees, self.fill = ([-degrees, degrees] if isinstance(degrees, (int, float)) else list(degrees)), fill

    def __call__(self, img):
        angle = math.radians(float(torch.empty(1).uniform_(*map(float, self.degrees))))
        planes, back = _planes(img)
        h, w = planes.shape[-2:]
        y, x = np.indices((h, w))
        dy, dx = y - (h - 1) / 2, x - (w - 1) / 2
        # Where each pixel comes from: the turn backwards; y runs down.
        from_x = np.rint(math.cos(angle) * dx - math.sin(angle) * dy + (w - 1) / 2).astype(np.int64)
        from_y = np.rint(math.sin(angle) * dx + math.cos(angle) * dy + (h - 1) / 2).astype(np.int64)
        inside = (from_x >= 0) & (from_x < w) & (from_y >= 0) & (from_y < h)
        rows, columns = (torch.from_numpy(np.where(inside, v, 0)) for v in (from_y, from_x))
        made = planes[..., rows, columns].clone()
        made[..., torch.from_numpy(~inside)] = self.fill
        return back(made)

    def __repr__(self):
        return f"RandomRotation(degrees={self.degrees}, interpolation=nearest, expand=False, fill={self.fill})"


class ConvertImageDtype:
    def __init__(self, dtype):
        self.dtype = dtype

    def __call__(self, img):
        if img.is_floating_point() == self.dtype.is_floating_point:
            return img.to(self.dtype)
        return img.to(self.dtype) / 255 if self.dtype.is_floating_point else (img * 255.999).to(self.dtype)

    def __repr__(self):
        return "ConvertImageDtype()"


class RandomApply:
    def __init__(self, transforms, p=0.5):
        self.transforms, self.p = transforms, p

    def __call__(self, img):
        if self.p < float(torch.rand(1)):
            return img
        for transform in self.transforms:
            img = transform(img)
        return img


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'torchvision.transforms' has no attribute {name!r}")
    raise NotImplementedError(
        f"torchvision.transforms.{name} is not here; nearest here: Compose, ToTensor, Normalize, Resize, RandomCrop, "
        "RandomHorizontalFlip, RandomRotation, or transforms.Lambda of your own"
    )
