"""Data sets in files of the working folder."""

import os
import pickle

import numpy as np
from danlu.digits import find, read_idx

_FOUR = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")


def four_files(prefix, folders):
    """MNIST's four IDX files, or None where they are not all there."""
    for folder in (".", *folders):
        paths = [find(name, folder) for name in _FOUR]
        if all(path is not None and os.path.dirname(path) in (folder, ".") for path in paths):
            a, b, c, d = (read_idx(path) for path in paths)
            return (a, b), (c, d)
    return None


def absent(name, wanted):
    return FileNotFoundError(
        f"the {name} data are not in this page, which fetches nothing: put {wanted} into the working folder"
    )


def cifar(name, archive, folder, training, testing, key):
    """(images [N, 32, 32, 3], labels [N, 1]) twice, of pickled batches in a folder."""
    if os.path.isdir(folder):
        read = lambda file: open(os.path.join(folder, file), "rb").read()  # noqa: E731
    else:
        raise absent(name, f"the folder {folder} of {archive}, unpacked,")

    def load(files):
        images, labels = [], []
        for file in files:
            batch = pickle.loads(read(file), encoding="bytes")
            data = batch[b"data"]
            images.append(np.asarray(data).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
            labels += list(batch[key])
        return np.concatenate(images).copy(), np.array(labels).reshape(-1, 1)

    return load(training), load(testing)
