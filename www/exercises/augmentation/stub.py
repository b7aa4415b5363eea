import numpy as np


def augment(images, labels, seed, shift=2, flip=0.5, no_flip=()):
    # images: (N, H, W, C)   labels: (N,) integers -> (images, labels), shaped as given
    raise NotImplementedError
