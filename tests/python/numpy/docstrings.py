"""Runs the recorded examples of NumPy's docstrings on ours and says where the text differs."""

import json
import re

from examples import play

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")


def same(ours, theirs):
    """Equal text, but for the last digits of a float: sums and exponentials may round otherwise there."""
    if ours == theirs:
        return True
    if NUMBER.sub("#", ours).split() != NUMBER.sub("#", theirs).split():
        return False
    pairs = zip(NUMBER.findall(ours), NUMBER.findall(theirs))
    return all(a == b or _close(a, b) for a, b in pairs)


def _close(a, b):
    if not set(".e") & set(a) or not set(".e") & set(b):
        return False
    digits = min(len(re.sub(r"e.*|\D", "", text).lstrip("0")) for text in (a, b))
    # Ten digits of a number printed in full; all but the last of one that was rounded for printing.
    limit = 1e-10 if digits > 10 else 1.01 * 10.0 ** (1 - max(digits, 1))
    return abs(float(a) - float(b)) <= max(limit * abs(float(b)), 1e-15 if digits > 10 else 0.0)


def main(path):
    """[[name, index, source, ours, theirs], …] of the examples that differ, and how many there are."""
    with open(path) as file:
        docstrings = json.load(file)["docstrings"]
    differing, count = [], 0
    for name, examples in docstrings.items():
        texts = play([source for source, _ in examples])
        for at, ((source, theirs), ours) in enumerate(zip(examples, texts)):
            if theirs is None:
                continue
            count += 1
            if not same(ours, theirs):
                differing.append([name, at, source, ours, theirs])
    return differing, count
