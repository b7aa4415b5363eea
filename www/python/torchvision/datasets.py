"""torchvision.datasets: MNIST on the page's digits, and others from files where they are."""

import os
import pickle

import numpy as np
import torch
from torch.utils.data import Dataset

from danlu import digits

from ._image import Image

TRAINING = 8000
_DIGITS = [f"{i} - {word}" for i, word in enumerate("zero one two three four five six seven eight nine".split())]
_CLOTHES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
_FILES = {True: ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"), False: ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")}


class VisionDataset(Dataset):
    """Pictures with labels, each changed by the transforms when it is asked for."""

    def __init__(self, root=None, transforms=None, transform=None, target_transform=None):
        self.root, self.transform, self.target_transform = root, transform, target_transform

    def _transformed(self, picture, label):
        if self.transform is not None:
            picture = self.transform(picture)
        if self.target_transform is not None:
            label = self.target_transform(label)
        return picture, label

    def extra_repr(self):
        return ""

    def __repr__(self):
        lines = [f"Number of datapoints: {len(self)}"]
        if self.root is not None:
            lines.append(f"Root location: {self.root}")
        lines += self.extra_repr().splitlines()
        text = [f"Dataset {type(self).__name__}"] + ["    " + line for line in lines]
        if self.transform is not None:
            first, *rest = repr(self.transform).splitlines()
            text += ["StandardTransform", "Transform: " + first, *["           " + line for line in rest]]
        return "\n".join(text)


def _four(root, name, train):
    """(images, labels) of MNIST's kind of files under a folder, or None."""
    found = []
    for file in _FILES[train]:
        for folder in (os.path.join(root, name, "raw"), os.path.join(root, name), root):
            path = digits.find(file + ".gz", folder)
            if path is not None and os.path.dirname(path) == folder:
                found.append(digits.read_idx(path))
                break
    return found if len(found) == 2 else None


class MNIST(VisionDataset):
    """Handwritten digits: from MNIST's files under `root` where they are, else the page's 10,000, of
    which 8,000 are to train and 2,000 to test."""

    classes = _DIGITS

    def __init__(self, root, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self.train = train
        pair = _four(str(root), type(self).__name__, train) or self._of_page()
        self.data, self.targets = torch.from_numpy(pair[0]), torch.from_numpy(pair[1])

    def _of_page(self):
        images, labels = digits.load()
        part = slice(None, TRAINING) if self.train else slice(TRAINING, None)
        return images[part].copy(), labels[part].copy()

    @property
    def class_to_idx(self):
        return {name: i for i, name in enumerate(self.classes)}

    def __getitem__(self, index):
        return self._transformed(Image(self.data[index].numpy()), int(self.targets[index]))

    def __len__(self):
        return len(self.data)

    def extra_repr(self):
        return "Split: " + ("Train" if self.train else "Test")


class FashionMNIST(MNIST):
    """Pictures of clothes, from the four files of Fashion-MNIST under `root`."""

    classes = _CLOTHES

    def _of_page(self):
        raise _absent("FashionMNIST", self.root, "FashionMNIST/raw/train-images-idx3-ubyte.gz and its three kin")


class KMNIST(FashionMNIST):
    """Japanese letters, from their four files."""

    classes = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"]

    def _of_page(self):
        raise _absent("KMNIST", self.root, "KMNIST/raw/train-images-idx3-ubyte.gz and its three kin")


def _absent(name, root, wanted):
    return RuntimeError(f"Dataset not found: the page fetches nothing, so put {wanted} into {root!r} for {name}")


class CIFAR10(VisionDataset):
    """Small colour pictures of ten kinds, from the unpacked cifar-10-batches-py under `root`."""

    base_folder = "cifar-10-batches-py"
    classes = "airplane automobile bird cat deer dog frog horse ship truck".split()
    _training, _testing, _key = [f"data_batch_{i}" for i in range(1, 6)], ["test_batch"], "labels"

    def __init__(self, root, train=True, transform=None, target_transform=None, download=False):
        super().__init__(root, None, transform, target_transform)
        self.train = train
        folder = os.path.join(str(root), self.base_folder)
        if not os.path.isdir(folder):
            raise _absent(type(self).__name__, root, f"the unpacked folder {self.base_folder}")
        parts, self.targets = [], []
        for file in self._training if train else self._testing:
            with open(os.path.join(folder, file), "rb") as opened:
                batch = pickle.load(opened, encoding="latin1")
            parts.append(np.asarray(batch["data"]).reshape(-1, 3, 32, 32))
            self.targets += list(batch[self._key])
        self.data = np.concatenate(parts).transpose(0, 2, 3, 1).copy()

    @property
    def class_to_idx(self):
        return {name: i for i, name in enumerate(self.classes)}

    def __getitem__(self, index):
        return self._transformed(Image(self.data[index]), int(self.targets[index]))

    def __len__(self):
        return len(self.data)

    def extra_repr(self):
        return "Split: " + ("Train" if self.train else "Test")


class FakeData(VisionDataset):
    """Random pictures, to try a program with."""

    def __init__(self, size=1000, image_size=(3, 224, 224), num_classes=10, transform=None, target_transform=None,
                 random_offset=0):  # fmt: skip
        super().__init__(None, None, transform, target_transform)
        self.size, self.image_size, self.num_classes, self.random_offset = size, image_size, num_classes, random_offset

    def __getitem__(self, index):
        if not 0 <= index < self.size:
            raise IndexError(f"{type(self).__name__} index out of range")
        drawn = torch.Generator().manual_seed(index + self.random_offset)
        picture = torch.randint(0, 256, self.image_size, generator=drawn).numpy()
        label = int(torch.randint(0, self.num_classes, (1,), generator=drawn))
        return self._transformed(Image(picture.transpose(1, 2, 0)), label)

    def __len__(self):
        return self.size


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'torchvision.datasets' has no attribute {name!r}")
    raise NotImplementedError(
        f"torchvision.datasets.{name} is not here; nearest here: MNIST, FashionMNIST, CIFAR10, FakeData, or your own Dataset"
    )
