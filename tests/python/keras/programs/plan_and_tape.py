# One fit on the compiled plan and one on the tape tell the same: losses, metrics, and what the optimiser remembers.
import keras
import numpy as np
from keras import layers, metrics, optimizers

x = np.cos(np.arange(64 * 6) * 0.7).reshape(64, 6).astype("float32")
y = np.arange(64) % 3


def network(units, activation, *inner):
    keras.backend.clear_session()
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((6,)), layers.Dense(5, activation="relu"), *inner, layers.Dense(units, activation=activation)])


def both(build, targets, why=None, **settings):
    """The histories of both ways, and the models. `why`: that the first one, too, goes by the tape."""
    made = []
    for eagerly in (False, True):
        model = build()
        model.run_eagerly = eagerly
        history = model.fit(x, targets, epochs=3, batch_size=16, shuffle=False, verbose=0, validation_split=0.25, **settings).history
        evaluated = model.evaluate(x, targets, verbose=0, return_dict=True)
        made.append((model, {**history, **{f"evaluated {k}": [v] for k, v in evaluated.items()}}))
        if not eagerly:
            assert model.__dict__.get("_why_tape") == why, model.__dict__.get("_why_tape")
    (plan, one), (tape, two) = made
    assert list(one) == list(two), (list(one), list(two))
    for key in one:
        assert np.allclose(one[key], two[key], atol=1e-5), (key, one[key], two[key])
    return plan, tape


remembering = {
    "momentum": (lambda: optimizers.SGD(0.1, momentum=0.9), None),
    "gathered": (lambda: optimizers.SGD(0.1, nesterov=True, momentum=0.9, gradient_accumulation_steps=3), None),
    "adam": (lambda: optimizers.Adam(0.01, amsgrad=True), None),
    "adamw": (lambda: optimizers.AdamW(0.01, global_clipnorm=0.5), None),
    "rmsprop": (lambda: optimizers.RMSprop(0.01, momentum=0.5, centered=True), None),
    "adagrad": (lambda: optimizers.Adagrad(0.05), None),
    "adadelta": (lambda: optimizers.Adadelta(1.0), None),
    "lion": (lambda: optimizers.Lion(0.01), None),
    "corrected by batches": (lambda: optimizers.Adam(0.01, gradient_accumulation_steps=2), "gathered gradients with Adam"),
}
for name, (optimizer, why) in remembering.items():
    def build(optimizer=optimizer):
        model = network(3, "softmax", layers.BatchNormalization())
        model.compile(optimizer(), "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    plan, tape = both(build, y, why)
    arrays = [m.optimizer._arrays() for m in (plan, tape)]
    for mine, other in zip(*arrays, strict=True):
        assert np.allclose(mine, other, atol=1e-5), (name, mine, other)
    # What the plan remembers goes with the optimiser: frozen layers make it another plan.
    for model in (plan, tape):
        model.layers[0].trainable = False
        model.fit(x, y, epochs=1, batch_size=16, shuffle=False, verbose=0)
    assert np.allclose(plan.predict(x, verbose=0), tape.predict(x, verbose=0), atol=1e-5), name

cases = {
    "top k": (3, "softmax", "sparse_categorical_crossentropy", lambda: ["accuracy", metrics.SparseTopKCategoricalAccuracy(k=2)], y, None),
    "one hot": (3, "softmax", "categorical_crossentropy", lambda: [metrics.Precision(), metrics.Recall(), metrics.AUC()], np.eye(3)[y], {1: 2.0, 2: 0.5}),
    "binary": (1, "sigmoid", "binary_crossentropy", lambda: ["accuracy", metrics.Precision(), metrics.AUC()], y % 2, None),
    "numbers": (1, None, "mse", lambda: ["mae", metrics.RootMeanSquaredError()], x @ np.arange(6.0), None),
    "weighted classes": (3, "softmax", "sparse_categorical_crossentropy", lambda: ["accuracy"], y, {0: 1.0, 1: 2.0, 2: 0.5}),
}  # fmt: skip
for units, activation, loss, measured, targets, weights in cases.values():
    def build():
        model = network(units, activation)
        model.compile("adam", loss, metrics=measured())
        return model

    both(build, targets, class_weight=weights)

# Weights of samples, and of classes where the loss is no cross-entropy of classes.
for case, weights in (("top k", {}), ("binary", {0: 2.0, 1: 0.5}), ("numbers", {}), ("weighted classes", {})):
    units, activation, loss, measured, targets, _ = cases[case]

    def build():
        model = network(units, activation)
        model.compile("adam", loss, metrics=measured(), weighted_metrics=["mse"] if units == 1 else None)
        return model

    both(build, targets, **({"class_weight": weights} if weights else {"sample_weight": np.linspace(0.0, 2.0, 64)}))

# With dropout the answers in training are nobody else's: then the tape trains.
model = network(3, "softmax", layers.Dropout(0.5))
model.compile("adam", "sparse_categorical_crossentropy", metrics=[metrics.SparseTopKCategoricalAccuracy(k=2)])
model.fit(x, y, epochs=1, verbose=0)
assert model.__dict__["_why_tape"] == "metrics of answers that only training gives"
print("ok")
