import numpy as np


def quantise(x, axis=None):
    # x: any shape  →  codes: int64 of the same shape, scale: a float, or an array that broadcasts against x
    raise NotImplementedError


def dequantise(codes, scale):
    raise NotImplementedError


def quantise_affine(x):
    # x: any shape  →  codes: int64, scale: a float, zero_point: an int
    raise NotImplementedError


def dequantise_affine(codes, scale, zero_point):
    raise NotImplementedError
