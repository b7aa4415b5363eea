"""What a check knows of a Keras model that stays in the learner's runtime.

    layers = await layers_of(t, model)   each a Layer: what the model says of itself
    await model.call("set_weights", …)   then the check's own weights
    await model.call("predict", x, verbose=0)   and what it computes with them

What a model says of itself is hearsay, for its runtime is the learner's. So a check that reads layers also sets weights
of its own and holds the model's outputs against the engine's: whoever passes that has built the network.
"""

from dataclasses import dataclass

from . import compare
from .remote import MADE_OF
from .trial import CheckFailed

# Layers that only apply a function, and its name; Activation says it in its settings.
FUNCTIONS = {"ReLU": "relu", "Softmax": "softmax"}


@dataclass
class Layer:
    """`kind` is the class in keras.layers; (Name) in brackets is a class of the learner's own."""

    kind: str
    name: str
    settings: dict
    output: tuple | None
    weights: list
    learning: list

    @property
    def parameters(self):
        return sum(map(_product, self.weights))

    @property
    def learnt(self):
        """The parameters that training changes."""
        return sum(_product(shape) for shape, learns in zip(self.weights, self.learning) if learns)

    @property
    def activation(self):
        return self.settings.get("activation", "linear")


async def layers_of(t, model, name="model"):
    """The model's layers in order, those of models within it too, without inputs.

    A layer that only applies an activation function is folded into the one before, where that has none: Dense(3) and
    Softmax() are Dense(3, "softmax"), under the name of the first."""
    found = await t.call(MADE_OF, model)
    if not isinstance(found, dict) or not isinstance(found.get("kind"), str):
        raise CheckFailed(compare.Difference("unreadable_answer"))
    if found.get("layers") is None:
        fields = {"where": name, "expected": "keras.Model", "got": found["kind"]}
        raise CheckFailed(compare.Difference("type_differs", fields))
    folded = []
    for layer in map(_read, found["layers"]):
        function = FUNCTIONS.get(layer.kind) or (layer.kind == "Activation" and layer.activation)
        if function and folded and folded[-1].settings.get("activation") == "linear":
            folded[-1].settings["activation"] = function
        else:
            folded.append(layer)
    return folded


def _read(told):
    """A Layer, once its form is known to be right."""
    try:
        layer = Layer(told["class"], told["name"], dict(told["settings"]), told["output"], told["weights"], told["learning"])
        valid = type(layer.kind) is str and type(layer.name) is str and len(layer.weights) == len(layer.learning)
        valid = valid and (layer.output is None or isinstance(layer.output, tuple))
        valid = valid and all(type(size) is int for shape in layer.weights for size in shape)
    except (KeyError, TypeError, ValueError):
        valid = False
    if not valid:
        raise CheckFailed(compare.Difference("unreadable_answer"))
    return layer


def _product(shape):
    total = 1
    for size in shape:
        total *= size
    return total
