# Files that real Keras and h5py wrote are read; what is written here is read again.
import json
import os
import tempfile

import keras
import numpy as np
from keras import _hdf5, layers

files = "tests/fixtures/keras/files"
expected = json.load(open(f"{files}/expected.json"))
samples = np.cos(np.arange(3 * 36) * 0.7).reshape(3, 6, 6, 1).astype("float32")
labels = np.array([0, 1, 0])


def holds(model):
    assert np.allclose(model.predict(samples, verbose=0), expected["predictions"], atol=1e-6)


model = keras.models.load_model(f"{files}/small.keras")
holds(model)
assert np.allclose(model.evaluate(samples, labels, verbose=0), expected["evaluated"], atol=1e-5)
assert model.optimizer.get_config()["learning_rate"] == np.float32(0.1)
holds(keras.models.load_model(f"{files}/small.h5"))

fresh = keras.models.clone_model(model)
assert not np.allclose(fresh.predict(samples, verbose=0), expected["predictions"], atol=1e-3)
fresh.load_weights(f"{files}/small.weights.h5")
holds(fresh)

folder = tempfile.mkdtemp()
fresh.save(os.path.join(folder, "again.keras"))
holds(keras.models.load_model(os.path.join(folder, "again.keras")))
for name in ("again.weights.h5", "again.safetensors"):
    fresh.save_weights(os.path.join(folder, name))
    other = keras.models.clone_model(model)
    if name.endswith("safetensors"):
        assert all(a.path == b.path for a, b in zip(other.weights, fresh.weights))
    other.load_weights(os.path.join(folder, name))
    holds(other)

# What the optimiser remembers goes both ways: training goes on as it did there, on the plan and on the tape.
x, y = np.cos(np.arange(48 * 4) * 0.7).reshape(48, 4).astype("float32"), np.arange(48) % 3
for name, history in json.load(open(f"{files}/went_on.json")).items():
    again = os.path.join(folder, "optimizer.keras")
    keras.models.load_model(f"{files}/{name}.keras").save(again)
    for path, eagerly in ((f"{files}/{name}.keras", False), (again, True)):
        model = keras.models.load_model(path)
        model.run_eagerly = eagerly
        epochs = [model.fit(x, y, batch_size=16, epochs=n, shuffle=False, verbose=0).history for n in (1, 2)]
        for key, values in history.items():
            assert np.allclose(epochs[0][key] + epochs[1][key], values, atol=2e-6), (name, eagerly, key, epochs, values)
        if not eagerly:
            # The moments that the plan made, and those of the file that is read again.
            model.save(again)
            arrays = keras.models.load_model(again).optimizer._arrays()
            assert all((np.asarray(a) == np.asarray(b)).all() for a, b in zip(arrays, model.optimizer._arrays(), strict=True))
            keras.models.load_model(f"{files}/{name}.keras").save(again)

pretrained = keras.Sequential([keras.Input((8, 8, 3)), layers.Conv2D(2, 3, name="other_name"), layers.MaxPooling2D()])
pretrained.load_weights(f"{files}/pretrained.h5")
kernel, bias = pretrained.get_weights()
assert (kernel == np.arange(54.0).reshape(3, 3, 3, 2)).all() and bias.tolist() == [1.0, -1.0]

found = _hdf5.File(open(f"{files}/chunked.h5", "rb").read())
array = np.arange(35.0).reshape(5, 7)
assert (found.read("deflated") == array).all() and (found.read("doubles") == array).all()
assert found.read("bytes").tolist() == list(range(6))
assert [float(found.read(f"many/of_{n}")) for n in range(40)] == list(range(40))
written = _hdf5.File(_hdf5.write({f"g/{n}": np.array([float(n)], np.float32) for n in range(300)}))
assert [float(written.read(f"g/{n}")[0]) for n in range(300)] == list(range(300))

# A file of another model says what it lacks, and nothing has changed.
other = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
before = other.get_weights()
for name, part in ((f"{files}/small.weights.h5", "the model has (4, 3)"), (f"{files}/expected.json", "is no weights file")):
    try:
        other.load_weights(name)
    except ValueError as error:
        assert part in str(error), error
    else:
        raise AssertionError(name)
assert all((a == b).all() for a, b in zip(before, other.get_weights()))
print("ok")
