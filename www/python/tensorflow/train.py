"""tf.train: TensorFlow 1's optimisers as far as they go with eager code."""

from ._core import Tensor


def _tensor_loss(kind, modern):
    return ValueError(
        f"tf.train.{kind}.minimize got a tensor. TensorFlow 1 built a graph first and ran it later, so a loss could be a "
        "tensor; since TensorFlow 2 a tensor is a number that is already computed and knows no variables. Write the loss as "
        "a function without arguments:\n"
        f"    optimizer.minimize(lambda: loss_of(w, b))\n"
        f"or with tf.keras.optimizers.{modern} and a tape:\n"
        "    with tf.GradientTape() as tape:\n"
        "        loss = loss_of(w, b)\n"
        "    optimizer.apply_gradients(zip(tape.gradient(loss, [w, b]), [w, b]))"
    )


def _optimizer(name, modern, order, renamed=None):
    class Version1:
        def __init__(self, *args, use_locking=False, **kwargs):
            kwargs.pop("name", None)
            given = {**dict(zip(order, args)), **kwargs}
            if "learning_rate" not in given and order[0] == "learning_rate" and name not in ("AdamOptimizer", "AdadeltaOptimizer"):
                raise TypeError(f"{name}.__init__() missing 1 required positional argument: 'learning_rate'")
            import keras

            self._settings = {(renamed or {}).get(key, key): value for key, value in given.items()}
            self._optimizer = getattr(keras.optimizers, modern)(**self._settings)

        def minimize(self, loss, global_step=None, var_list=None, gate_gradients=None, aggregation_method=None,
                     colocate_gradients_with_ops=False, name=None, grad_loss=None):  # fmt: skip
            """One step of every trainable variable that `loss`, a function without arguments, reads."""
            if not callable(loss) or isinstance(loss, Tensor):
                raise _tensor_loss(type(self).__name__, modern)
            return self._optimizer.minimize(loss, var_list)

        def compute_gradients(self, loss, var_list=None, **kwargs):
            from ._tape import GradientTape

            if not callable(loss) or isinstance(loss, Tensor):
                raise _tensor_loss(type(self).__name__, modern)
            with GradientTape() as tape:
                value = loss()
            variables = list(var_list or tape.watched_variables())
            return list(zip(tape.gradient(value, variables), variables))

        def apply_gradients(self, grads_and_vars, global_step=None, name=None):
            return self._optimizer.apply_gradients(grads_and_vars)

    Version1.__name__ = Version1.__qualname__ = name
    return Version1


GradientDescentOptimizer = _optimizer("GradientDescentOptimizer", "SGD", ["learning_rate"])
MomentumOptimizer = _optimizer("MomentumOptimizer", "SGD", ["learning_rate", "momentum"], {"use_nesterov": "nesterov"})
AdamOptimizer = _optimizer("AdamOptimizer", "Adam", ["learning_rate", "beta_1", "beta_2", "epsilon"], {"beta1": "beta_1", "beta2": "beta_2"})
AdagradOptimizer = _optimizer("AdagradOptimizer", "Adagrad", ["learning_rate", "initial_accumulator_value"])
RMSPropOptimizer = _optimizer("RMSPropOptimizer", "RMSprop", ["learning_rate", "rho", "momentum", "epsilon"], {"decay": "rho"})
AdadeltaOptimizer = _optimizer("AdadeltaOptimizer", "Adadelta", ["learning_rate", "rho", "epsilon"])


def __getattr__(name):
    from ._missing import module_attribute

    raise module_attribute("tf.train", globals(), name)
