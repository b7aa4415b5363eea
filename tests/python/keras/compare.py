"""Compares the recorded snippets as numpy's are compared, in float32's digits throughout.

TensorFlow pads the numbers of an array to one width; where a last digit differs, so do the blanks.
"""

import re

import evaluate
import numpy_compare
from numpy_compare import NUMBER, near


def same_text(got, expected, tolerance):
    if got == expected:
        return True
    shape = lambda text: re.sub(r"\s+", "", NUMBER.sub("#", text))  # noqa: E731
    if shape(got) != shape(expected):
        return False
    pairs = zip(NUMBER.findall(got), NUMBER.findall(expected))
    return all(near(float(a), float(b), tolerance) for a, b in pairs)


numpy_compare.tolerance_of = lambda made: 1e-10 if made.get("dtype") == "float64" and made["type"] == "Tensor" else 1e-5
numpy_compare.same_text = same_text
numpy_compare.run = lambda code, _: evaluate.run(code)
differences, main = numpy_compare.differences, numpy_compare.main
