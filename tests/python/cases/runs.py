"""A compiled run from Python, and that its engine starts at the first use of one of its names."""

import json

import _danlu
import numpy as np
from js import BigInt, Float32Array, Uint32Array

names = dir(_danlu)
assert {"np_zeros", "ag_call", "Session", "parseIdx", "stratifiedSplit"} <= set(names), names
assert "initSync" not in names

SPEC = {
    "model": {
        "input": [2],
        "layers": [
            {"type": "dense", "units": 8, "activation": "relu"},
            {"type": "dense", "units": 2, "activation": "softmax"},
        ],
    },
    "optimizer": {"type": "adam", "learning_rate": 0.05},
    "batch_size": 8,
}


def learns_which_side_of_a_line():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 2)).astype(np.float32)
    labels = (x[:, 0] > x[:, 1]).astype(int).tolist()
    session = _danlu.Session.new(json.dumps(SPEC), BigInt(3), 1, 1, 0)
    session.setData("train", Float32Array.new(x.ravel().tolist()), Uint32Array.new(labels))
    first = session.runSteps(8).loss
    session.runSteps(100)
    report = session.evaluate("train")
    assert report.loss < first / 4, (first, report.loss)
    probabilities = np.array(session.predict(Float32Array.new(x[:4].ravel().tolist())).to_py()).reshape(4, 2)
    assert probabilities.argmax(axis=1).tolist() == labels[:4], probabilities
    session.free()


def mistakes_carry_their_code():
    try:
        _danlu.Session.new("{}", BigInt(1), 1, 1, 0)
    except Exception as error:
        assert error.js_error.code == "missing_field", error
    else:
        raise AssertionError("a run without a model was taken")


learns_which_side_of_a_line()
mistakes_carry_their_code()
# The arrays of the other module go on.
assert np.arange(4).sum() == 6
print("ok")
