"""What crosses between the two runtimes arrives as it was, and nothing else crosses."""

import math

from danlu import codec
from danlu.judge.trial import CheckFailed, _checked


def check_crosses(value):
    back = codec.decode(codec.encode(value))
    assert back == value and type(back) is type(value), (value, back)


def check_refused(value, where):
    try:
        codec.encode(value)
    except codec.Unsendable as error:
        assert error.danlu_message[1]["where"] == where, error.danlu_message
    else:
        raise AssertionError(f"{value!r} crossed")


def check_malformed(data):
    try:
        value = codec.decode(data)
    except codec.Malformed:
        return
    raise AssertionError(f"{data!r} was read as {value!r}")


for value in [None, True, False, 0, -1, 255, -256, 10**40, -(10**40), 0.1, -0.0, math.inf, "", "丹炉 🔥", "\ud800"]:
    check_crosses(value)
for value in [[], (), {}, [1, [2.5, (None,)]], {"a": [1], 2: (3,), (1, "b"): {}}]:
    check_crosses(value)
assert math.isnan(codec.decode(codec.encode(math.nan)))


# A subclass arrives as the plain data it holds, whatever its methods say.
class Liar(float):
    def __eq__(self, other):
        return True

    def __float__(self):
        return 1.0

    __hash__ = float.__hash__


class LyingList(list):
    def __iter__(self):
        return iter([9, 9])

    def __len__(self):
        return 2


assert type(codec.decode(codec.encode(Liar(3.0)))) is float
assert codec.decode(codec.encode(Liar(3.0))) == 3.0
assert codec.decode(codec.encode(LyingList([1]))) == [1]

check_refused(object(), "")
check_refused([1, {"x": {2, 3}}], "[1]['x']")
check_refused(b"bytes", "")
check_refused(1j, "")

whole = codec.encode({"a": [1, 2.5, "x", None]})
for length in range(len(whole)):
    check_malformed(whole[:length])
check_malformed(whole + b"N")
check_malformed(b"D1?")
check_malformed(b"D1d" + (1).to_bytes(4, "little") + b"l\0\0\0\0N")  # a list as a key
check_malformed(b"D1" + b"l\x01\0\0\0" * 100 + b"N")
check_malformed(b"D1l" + b"\xff" * 4)

# References go to the learner's runtime only: whoever reads without resolving takes none.
refer = lambda value: codec.reference("name:f") if callable(value) else None
referring = codec.encode([1, {"f": len}], refer)
assert codec.decode(referring, lambda text: text) == [1, {"f": "name:f"}]
check_malformed(referring)

deep = []
for _ in range(50):
    deep = [deep]
try:
    codec.encode(deep)
except codec.TooLarge:
    pass
else:
    raise AssertionError("a very deep list crossed")


# The judge takes an answer only in the form that the learner's side gives it.
def check_unreadable(answer):
    try:
        _checked(answer if isinstance(answer, bytes) else codec.encode(answer))
    except CheckFailed as failed:
        assert failed.difference.key == "unreadable_answer"
        return
    raise AssertionError(f"{answer!r} was taken")


ERROR = {"type": "E", "text": "", "traceback": "", "mro": ["E"], "line": 3}
assert _checked(codec.encode({"status": "ok", "values": [1], "arguments": ((), {})}))["values"] == [1]
assert _checked(codec.encode({"status": "error", "error": ERROR}))["error"] == ERROR
odd = ERROR | {"message": {"key": "pass", "fields": {}}, "extra": 1}
assert _checked(codec.encode({"status": "error", "error": odd}))["error"] == ERROR
for answer in [
    b"", b"{}", None, [], {}, {"status": "pass"}, {"status": "ok"}, {"status": "ok", "values": 3, "arguments": ((), {})},
    {"status": "ok", "values": [], "arguments": ([], {})}, {"status": "ok", "values": [], "arguments": None},
    {"status": "error", "error": None}, {"status": "error", "error": ERROR | {"type": 3}},
    {"status": "unsendable", "type": 1, "where": ""},
]:
    check_unreadable(answer)
print("ok")
