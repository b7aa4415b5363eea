"""The page's own 10,000 handwritten digits, as the data sets of torch and keras read them.

The runtime puts two gzipped IDX files into FOLDER: MNIST's digits (Yann LeCun, Corinna Cortes,
Christopher J. C. Burges), in a fixed order.
"""

import gzip
import os

FOLDER = "/danlu/data"
IMAGES, LABELS = "mnist-images.idx.gz", "mnist-labels.idx.gz"


def read_idx(path):
    """An int64 array of an IDX file of bytes, gzipped or not."""
    import numpy as np
    from numpy._bridge import from_bytes
    from numpy._array import wrap

    with open(path, "rb") as file:
        data = file.read()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if len(data) < 4 or data[:2] != b"\0\0" or data[2] != 8:
        raise ValueError(f"{path} is no IDX file of bytes")
    rank = data[3]
    shape = tuple(int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(rank))
    body = data[4 + 4 * rank :]
    count = 1
    for n in shape:
        count *= n
    if len(body) != count:
        raise ValueError(f"{path} says {count} values, and holds {len(body)}")
    # Each byte with seven zeros behind it is an int64.
    wide = bytearray(8 * count)
    wide[::8] = body
    return wrap(from_bytes(np.dtype("int64").code, shape, bytes(wide)))


def find(name, folder=None):
    """Where a file is: in `folder`, in the working folder, or among the page's."""
    for place in (folder, ".", FOLDER):
        if place is None:
            continue
        for ending in (name, name.removesuffix(".gz")):
            path = os.path.join(place, ending)
            if os.path.exists(path):
                return path
    return None


def load():
    """(images [10000, 28, 28] of 0 to 255, labels [10000])."""
    images, labels = find(IMAGES), find(LABELS)
    if images is None or labels is None:
        raise FileNotFoundError(f"the page's digits are not here: expected {FOLDER}/{IMAGES} and {FOLDER}/{LABELS}")
    return read_idx(images), read_idx(labels)
