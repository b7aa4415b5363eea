"""keras.datasets.cifar100, from cifar-100's unpacked folder."""

from .._files import cifar


def load_data(label_mode="fine"):
    if label_mode not in ("fine", "coarse"):
        raise ValueError(f"`label_mode` must be one of `'fine'`, `'coarse'`. Received: label_mode={label_mode}.")
    return cifar("CIFAR-100", "cifar-100-python.tar.gz", "cifar-100-python", ["train"], ["test"], f"{label_mode}_labels".encode())


__all__ = ["load_data"]
