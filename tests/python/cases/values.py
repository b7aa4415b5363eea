"""How the judge compares plain values, and what it says of a difference."""

import math

from danlu.judge.compare import first_difference, unchanged_difference


def check_same(got, expected, **tolerance):
    difference = first_difference(got, expected, **tolerance)
    assert difference is None, difference


def check_differs(key, got, expected, fields=None, **tolerance):
    difference = first_difference(got, expected, **tolerance)
    assert difference is not None and difference.key == key, difference
    for name, value in (fields or {}).items():
        assert difference.fields[name] == value, difference


check_same(3, 3)
check_same(3, 3.0)  # an int says as much
check_same(0.1 + 0.2, 0.3)
check_same(1.0 + 1e-5, 1.0, rtol=1e-4)
check_same(math.inf, math.inf)
check_same([1, 2], (1, 2))
check_same({"a": 1.0, "b": "x"}, {"b": "x", "a": 1.0})
check_same(None, None)

check_differs("number_differs_by", 4, 3, {"expected": "3", "got": "4", "difference": "1"})
check_differs("number_differs_by", 1.0 + 1e-7, 1.0, {"expected": "1", "got": "1.0000001"})
check_differs("number_differs_by", 1.001, 1.0, {"difference": "0.001"}, rtol=1e-4)
check_differs("number_not_a_number", math.nan, 1.0)
check_differs("number_differs", math.inf, 1.0)
check_differs("number_differs", -math.inf, math.inf)
check_differs("dtype_differs", 3.0, 3, {"expected": "int64", "got": "float64"})
check_differs("dtype_differs", True, 1)
check_differs("dtype_differs", 1, True)
check_differs("returned_none", None, 3.0, {"where": "result", "expected": "float"})
check_differs("type_differs", "3", 3.0, {"expected": "float", "got": "str"})
check_differs("type_differs", 3.0, "3")
check_differs("type_differs", [3.0], 3.0)
check_differs("value_differs", "yes", "no")
check_differs("type_differs", 0, None)
check_differs("length_differs", [1], [1, 2], {"expected": 2, "got": 1})
check_differs("number_differs_by", [1, [2, 5]], [1, [2, 3]], {"where": "result[1][1]"})
check_differs("keys_differ", {"a": 1}, {"b": 1}, {"expected": "'b'", "got": "'a'"})
check_differs("number_differs_by", {"a": 2}, {"a": 1}, {"where": "result['a']"})
check_differs("number_differs_by", 10**30, 10**30 + 1)

# NaN equals nothing, not even the NaN that a careless check expects.
assert first_difference(math.nan, math.nan) is not None, "NaN passed"

assert unchanged_difference([1, math.nan], [1, math.nan], "x") is None
assert unchanged_difference([1, 2], [1, 3], "x").key == "argument_changed"
assert unchanged_difference((1,), [1], "x").key == "argument_changed"
print("ok")
