"""keras.datasets.cifar10, from cifar-10's unpacked folder."""

from .._files import cifar


def load_data():
    batches = [f"data_batch_{i}" for i in range(1, 6)]
    return cifar("CIFAR-10", "cifar-10-python.tar.gz", "cifar-10-batches-py", batches, ["test_batch"], b"labels")


__all__ = ["load_data"]
