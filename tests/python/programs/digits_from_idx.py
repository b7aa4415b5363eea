"""Reads the digits as IDX files are read everywhere, and classifies them by the nearest mean image."""

import gzip
import struct
import sys

import numpy as np

folder = sys.argv[1] if len(sys.argv) > 1 else "/data"

with gzip.open(f"{folder}/mnist-labels.idx.gz", "rb") as file:
    magic, count = struct.unpack(">II", file.read(8))
    labels = np.frombuffer(file.read(), dtype=np.uint8)
with gzip.open(f"{folder}/mnist-images.idx.gz", "rb") as file:
    header = np.frombuffer(file.read(16), dtype=np.dtype(np.uint32).newbyteorder(">"))
    images = np.frombuffer(file.read(2000 * 28 * 28), dtype=np.uint8).reshape(2000, 28, 28)

print(magic, count, header.tolist(), labels.shape, images.shape)
print(np.bincount(labels, minlength=10))
x = images.reshape(len(images), -1).astype(np.float32) / 255.0
y = labels[: len(x)].astype(np.int64)
train, test = slice(0, 1500), slice(1500, 2000)
means = np.array([x[train][y[train] == digit].mean(axis=0) for digit in range(10)])
gaps = ((x[test][:, np.newaxis, :] - means[np.newaxis, :, :]) ** 2).sum(axis=2)
print("accuracy %.3f" % np.mean(gaps.argmin(axis=1) == y[test]))
