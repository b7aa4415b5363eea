"""What to say about names of TensorFlow's that are not here."""

import difflib

_INSTEAD = {
    "Session": "eager code: operations compute at once, and a tensor's .numpy() is its value",
    "placeholder": "a function's argument, or tf.keras.Input", "get_variable": "tf.Variable",
    "global_variables_initializer": "nothing: variables have their values from the start",
    "estimator": "tf.keras.Model.fit", "contrib": "tf.keras", "layers": "tf.keras.layers", "losses": "tf.keras.losses",
    "saved_model": "model.save('model.keras')", "lite": "model.save('model.keras')", "distribute": "model.fit on this machine",
    "SparseTensor": "a dense tensor", "RaggedTensor": "a padded dense tensor", "strings": "Python's str",
    "while_loop": "Python's while", "cond": "Python's if", "map_fn": "a Python loop and tf.stack", "scan": "a Python loop",
    "py_function": "the function itself", "TensorArray": "a Python list and tf.stack", "raw_ops": "tf.nn and tf.math",
    "summary": "History of model.fit", "lookup": "a Python dict", "complex": "two real tensors", "signal": "np.convolve",
    "sets": "Python's set", "tpu": "the CPU", "quantization": "tf.float32", "mixed_precision": "tf.float32",
    "nce_loss": "tf.nn.sparse_softmax_cross_entropy_with_logits", "ctc_loss": "tf.nn.sparse_softmax_cross_entropy_with_logits",
    "conv3d": "tf.nn.conv2d", "max_pool3d": "tf.nn.max_pool2d", "xw_plus_b": "tf.matmul(x, w) + b",
    "rnn_cell": "tf.keras.layers.LSTMCell", "dynamic_rnn": "tf.keras.layers.LSTM",
}  # fmt: skip


def module_attribute(module, known, name):
    if name.startswith("__"):
        return AttributeError(f"module '{module}' has no attribute {name!r}")
    if name in _INSTEAD:
        return NotImplementedError(f"{module}.{name} is not in this TensorFlow; nearest here: {_INSTEAD[name]}")
    close = difflib.get_close_matches(name, [n for n in known if not n.startswith("_")], 1, 0.5)
    hint = f"; nearest here: {module}.{close[0]}" if close else ""
    return AttributeError(f"module '{module}' has no attribute {name!r} in this TensorFlow{hint}")


def _object(kind, name, hints, owner):
    if name.startswith("_"):
        return AttributeError(f"{kind!r} object has no attribute {name!r}")
    if name in hints:
        return AttributeError(
            f"{kind!r} object has no attribute {name!r}. TensorFlow writes {hints[name]}."
        )
    close = difflib.get_close_matches(name, [n for n in dir(owner) if not n.startswith("_")], 1, 0.6)
    return AttributeError(f"{kind!r} object has no attribute {name!r}" + (f"; nearest here: {close[0]}" if close else ""))


_TENSOR = {
    "reshape": "tf.reshape(x, shape)", "astype": "tf.cast(x, dtype)", "T": "tf.transpose(x)", "transpose": "tf.transpose(x)",
    "mean": "tf.reduce_mean(x)", "sum": "tf.reduce_sum(x)", "max": "tf.reduce_max(x)", "min": "tf.reduce_min(x)",
    "item": "float(x) or x.numpy()", "flatten": "tf.reshape(x, [-1])", "ravel": "tf.reshape(x, [-1])", "tolist": "x.numpy().tolist()",
    "size": "tf.size(x)", "backward": "tf.GradientTape", "grad": "tape.gradient(loss, variables)", "eval": "x.numpy()",
    "detach": "tf.stop_gradient(x)", "argmax": "tf.argmax(x)", "squeeze": "tf.squeeze(x)", "clip": "tf.clip_by_value(x, low, high)",
    "view": "tf.reshape(x, shape)", "assign": "tf.Variable for what changes",
}  # fmt: skip


def tensor_attribute(name):
    from ._core import Tensor

    return _object("tensorflow.python.framework.ops.EagerTensor", name, _TENSOR, Tensor)


def variable_attribute(name):
    from ._variable import Variable

    return _object("ResourceVariable", name, _TENSOR, Variable)
