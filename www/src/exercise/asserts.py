import base64
import math

import numpy as np


def close(got, expected, rtol, atol):
    if isinstance(expected, np.ndarray):
        got = np.asarray(got)
        assert got.shape == expected.shape, (got.shape, expected.shape)
        assert got.dtype == expected.dtype, (got.dtype, expected.dtype)
        np.testing.assert_allclose(got, expected, rtol=rtol, atol=atol, equal_nan=False)
    elif isinstance(expected, dict):
        assert got.keys() == expected.keys(), (got.keys(), expected.keys())
        for key in expected:
            close(got[key], expected[key], rtol, atol)
    elif isinstance(expected, (list, tuple)):
        assert len(got) == len(expected), (len(got), len(expected))
        for have, want in zip(got, expected):
            close(have, want, rtol, atol)
    elif isinstance(expected, (float, np.floating)) and math.isfinite(expected):
        assert abs(got - expected) <= atol + rtol * abs(expected), (got, expected)
    else:
        assert got == expected, (got, expected)


def raises(exception, call):
    try:
        value = call()
    except exception:
        return
    raise AssertionError((value, exception.__name__))


def as_array(tensor):
    return (tensor.detach() if hasattr(tensor, "detach") else tensor).numpy()


def unpack(data, dtype, shape):
    return np.frombuffer(base64.b64decode(data), dtype=dtype).reshape(shape).copy()
