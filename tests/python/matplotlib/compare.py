"""Runs the snippets of tests/fixtures/matplotlib on our matplotlib and holds them to what the real one gave."""

import json
import math
import sys

fixtures = sys.argv[1]
sys.path.insert(0, fixtures)

import matplotlib  # noqa: E402
import numpy as np  # noqa: E402
from snippets import COLORMAPS, SNIPPETS, evaluate  # noqa: E402

with open(f"{fixtures}/recorded.json", encoding="utf-8") as file:
    recorded = json.load(file)


def equal(ours, theirs, near=1e-12):
    if isinstance(theirs, (list, tuple)):
        return isinstance(ours, (list, tuple)) and len(ours) == len(theirs) and all(equal(a, b, near) for a, b in zip(ours, theirs))
    if isinstance(theirs, bool) or not isinstance(theirs, (int, float)):
        return ours == theirs
    if isinstance(ours, str) or ours is None:
        return False
    return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=near) or ours != ours and theirs != theirs


def main():
    differing = []
    known = dict(recorded["snippets"])
    for code in SNIPPETS:
        ours = json.loads(json.dumps(evaluate(code)))
        # A continuous map is interpolated between some of its colours.
        near = 1 / 255 if any(word in code for word in ("viridis", "Blues", "to_rgba([", "get_facecolor")) else 1e-12
        if not equal(ours, known[code], near):
            differing.append(f"{code}\n    real {json.dumps(known[code])}\n    ours {json.dumps(ours)}")
    for name in COLORMAPS:
        ours = matplotlib.colormaps[name](np.linspace(0, 1, 33)).tolist()
        for i, (row, digits) in enumerate(zip(ours, recorded["maps"][name])):
            off = max(abs(255 * v - int(digits[2 * k : 2 * k + 2], 16)) for k, v in enumerate(row[:3]))
            # Half a level is the record's own rounding.
            if off > 1.5:
                differing.append(f"{name} at {i}/32 is {off:.2f} of 255 off")
    print("\n".join(differing))
    print(f"{len(SNIPPETS)} snippets, {len(COLORMAPS)} colour maps, {len(differing)} differ")


main()
