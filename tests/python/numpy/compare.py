"""Runs the recorded snippets on the numpy of this runtime and prints how each compares.

Ints and strings are equal, float32 within 1e-5 and float64 within 1e-10 of what NumPy gave; where
floats differ in their last bits, so may the digits in a text.
"""

import json
import re
import sys

import numpy as np
from evaluate import run

NUMBER = re.compile(r"-?\d+\.?\d*(?:e[+-]\d+)?")


def plain(x):
    return float(x) if isinstance(x, str) else x


def near(a, b, tolerance):
    a, b = plain(a), plain(b)
    if a == b or a != a and b != b:
        return True
    if isinstance(a, bool) or isinstance(b, bool):
        return False
    if isinstance(a, int) and isinstance(b, int):
        return False
    return abs(a - b) <= tolerance * max(1.0, abs(b))


def tolerance_of(made):
    return 1e-5 if "float32" in (made.get("dtype"), made["type"]) else 1e-10


def same_text(got, expected, tolerance):
    """Equal, or equal but for the last digits of its numbers."""
    if got == expected:
        return True
    shape = lambda text: re.sub(r"\s+", " ", NUMBER.sub("#", text))  # noqa: E731
    if shape(got) != shape(expected):
        return False
    pairs = zip(NUMBER.findall(got), NUMBER.findall(expected))
    return all(near(float(a), float(b), max(tolerance, 2e-8)) for a, b in pairs)


def differences(got, expected):
    for field in ("type", "class", "dtype", "shape"):
        if got.get(field) != expected.get(field):
            return f"{field}: {got.get(field)!r}, expected {expected.get(field)!r} {got.get('message', '')}"
    if "message" in expected and got["message"].strip() != expected["message"].strip():
        return f"message: {got['message']!r}, expected {expected['message']!r}"
    tolerance = tolerance_of(expected)
    exact = True
    if "values" in expected:
        if len(got["values"]) != len(expected["values"]):
            return f"{len(got['values'])} values, expected {len(expected['values'])}"
        for i, (a, b) in enumerate(zip(got["values"], expected["values"])):
            if not near(a, b, tolerance):
                return f"value {i}: {a!r}, expected {b!r}"
            exact = exact and (plain(a) == plain(b) or plain(a) != plain(a))
    for field in ("repr", "str", "printed"):
        if field in expected and got.get(field) != expected[field]:
            if exact or not same_text(got[field], expected[field], tolerance):
                return f"{field}:\n{got.get(field)}\nexpected\n{expected[field]}"
    if "items" in expected:
        if len(got["items"]) != len(expected["items"]):
            return f"{len(got['items'])} items, expected {len(expected['items'])}"
        for i, (a, b) in enumerate(zip(got["items"], expected["items"])):
            fault = differences(a, b)
            if fault:
                return f"item {i}: {fault}"
    if got.get("warnings") != expected.get("warnings"):
        return f"warnings: {got.get('warnings')}, expected {expected.get('warnings')}"
    return None


def main(path):
    with open(path, encoding="utf-8") as file:
        recorded = json.load(file)
    results = []
    for group, snippets in recorded["snippets"].items():
        for snippet in snippets:
            fault = differences(run(snippet["code"], np), snippet)
            results.append({"group": group, "code": snippet["code"], "fault": fault})
    return results


if __name__ == "__main__":
    import gc

    results = main(sys.argv[1])
    for r in results:
        if r["fault"] and (len(sys.argv) < 3 or sys.argv[2] == r["group"]):
            print(f"✗ [{r['group']}] {r['code']}\n    {r['fault']}")
    gc.collect()
    import _danlu

    failed = sum(1 for r in results if r["fault"])
    print(f"{len(results) - failed} passed, {failed} failed, {_danlu.np_live()} handles left")
