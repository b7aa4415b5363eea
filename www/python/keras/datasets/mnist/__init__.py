"""keras.datasets.mnist: from MNIST's own files or mnist.npz where they are, else the page's 10,000 digits.

The page's digits are 8,000 to train and 2,000 to test, where the whole MNIST has 60,000 and 10,000.
"""

from danlu import digits

TRAINING = 8000


def load_data(path="mnist.npz"):
    from .._files import four_files

    whole = four_files("", ("MNIST", "mnist", "MNIST/raw"))
    if whole is not None:
        return whole
    images, labels = digits.load()
    return (images[:TRAINING].copy(), labels[:TRAINING].copy()), (images[TRAINING:].copy(), labels[TRAINING:].copy())


__all__ = ["load_data"]
