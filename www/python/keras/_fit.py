"""The loops of fit, evaluate and predict, over a compiled plan or over steps on the tape."""

import numpy as np
from danlu.progress import tell
from tensorflow._core import as_tensor, to_numpy


from ._data import ArrayData, adapter, split_validation, unpack_x_y_sample_weight
from ._feed import Misfit, inputs_for, targets_for
from ._progress import Progress
from ._session import floats, from_floats, labels
from ._tree import flatten, map_tree
from .callbacks import CallbackList

# Samples that a plan judges or answers in one call.
_CHUNK = 512


def _logs(found):
    """Python's floats of a dict of results, by name."""
    made = {}
    for name in sorted(found):
        value = found[name]
        array = np.asarray(to_numpy(value))
        # Keras's results are float32.
        made[name] = float(np.float32(array.item())) if array.size == 1 else array
    return made


def _weighted(y, class_weight, sample_weight):
    """Weights of samples by their classes."""
    if class_weight is None:
        return sample_weight
    labels_ = np.asarray(to_numpy(flatten(y)[0]))
    if labels_.ndim > 1 and labels_.shape[-1] > 1:
        labels_ = np.argmax(labels_, axis=-1)
    rows = labels_.reshape(len(labels_), -1)[:, 0].astype(int)
    weights = np.array([float(class_weight.get(int(c), 1.0)) for c in rows], dtype=np.float32)
    return weights if sample_weight is None else weights * sample_weight


def _tensors(tree):
    return None if tree is None else map_tree(as_tensor, tree)


def _packed(x, y, w):
    """As a step of one's own unpacks it: x, (x, y), and weights only where there are some."""
    x, y, w = _tensors(x), _tensors(y), _tensors(w)
    if y is None and w is None:
        return (x,) if isinstance(x, (tuple, list)) else x
    return (x, y) if w is None else (x, y, w)


class TapeRunner:
    """Batches through the model's own steps."""

    def __init__(self, model, class_weight=None):
        self.model, self.class_weight = model, class_weight

    def begin(self):
        self.model.reset_metrics()

    def train(self, x, y, w):
        w = _weighted(y, self.class_weight, w)
        return self.model.train_step(_packed(x, y, w))

    def test(self, x, y, w):
        return self.model.test_step(_packed(x, y, w))


class PlanRunner:
    """Batches through a compiled plan; sums what Keras's trackers would."""

    def __init__(self, model, plan, target, class_weight=None):
        self.model, self.plan, self.target, self.class_weight = model, plan, target, class_weight
        self.is_labels = target.kind != "values"

    def begin(self):
        self.plan.push()
        optimizer = self.model.optimizer
        optimizer.build(self.model.trainable_variables)
        self.plan.push_optimizer(optimizer)
        if self.target.measured:
            self.model._compiled_metrics.reset()
        self.loss = self.right = 0.0
        self.seen = 0

    def _prepared(self, x, y):
        x = inputs_for(self.model, self.plan.layout, x)
        y = targets_for(self.target, self.plan.layout, self.model, y)
        return x, y

    def train(self, x, y, w):
        optimizer = self.model.optimizer
        self.plan.set_rate(optimizer._current_rate())
        n = len(x)
        if self.plan.layout.changes:
            x = np.asarray(x).reshape((n, *self.plan.layout.inputs[0]["shape"]))
            for layer in self.plan.layout.changes:
                x = to_numpy(layer(as_tensor(x), training=True))
        whole = _weighted(y, self.class_weight, w)
        self._measure(x, y, whole)
        w = w if self.target.weighs_classes else whole
        weights = None if w is None else floats(np.asarray(w))
        loss, right = self.plan.train(floats(x), labels(y) if self.is_labels else floats(y), self.is_labels, optimizer, weights)
        optimizer._count()
        return self._added(n, loss, right)

    def test(self, x, y, w):
        loss = right = 0.0
        for first in range(0, len(x), _CHUNK):
            part = slice(first, first + _CHUNK)
            a, b = x[part], y[part]
            self._measure(a, b)
            one, two = self.plan.evaluate(floats(a), labels(b) if self.is_labels else floats(b), self.is_labels)
            loss, right = loss + one * len(a), right + two * len(a)
        n = len(x)
        return self._added(n, loss / n, right / n)

    def _measure(self, x, y, w=None):
        """Metrics of the answers as they are before a step: the plan itself counts no more than an accuracy."""
        if not self.target.measured:
            return
        out = self.plan.layout.output_shape[1:]
        if self.target.kind == "one_hot":
            y = np.eye(out[-1], dtype=np.float32)[y.astype(int)]
        answers = from_floats(self.plan.predict(floats(x)), (len(x), *out))
        self.model._compiled_metrics.update([as_tensor(y)], [as_tensor(answers)], [w])

    def _added(self, n, loss, right):
        self.loss += loss * n
        self.right += right * n
        self.seen += n
        found = {"loss": self.loss / self.seen}
        if self.target.label:
            found[self.target.label] = self.right / self.seen
        if self.target.measured:
            found.update(self.model._compiled_metrics.results())
        return found


def _runner(model, data, class_weight=None, training=True, by_batch=False):
    """Who does the work, and the batches as it wants them: what is only judged in one piece, unless somebody watches."""
    weights = data.sample_weight if isinstance(data, ArrayData) else None
    by_tape = weights is not None and not (training and _one_each(weights))
    found = None if by_tape else model._plan_for_training(class_weight) if training else model._plan_for_evaluation()
    if found is None:
        return TapeRunner(model, class_weight), data.batches
    runner = PlanRunner(model, *found, class_weight)
    if isinstance(data, ArrayData):
        try:
            x, y = runner._prepared(data.x, data.y)
        except Misfit:
            return TapeRunner(model, class_weight), data.batches
        if not training and not by_batch:
            return runner, lambda: iter([(x, y, None)])
        prepared = ArrayData.__new__(ArrayData)
        prepared.x, prepared.y = x, y
        prepared.sample_weight = None if weights is None else weights.reshape(-1)
        prepared.count, prepared.batch_size, prepared.shuffle = data.count, data.batch_size, data.shuffle
        return runner, prepared.batches

    return _Mixed(runner, TapeRunner(model, class_weight)), data.batches


def _one_each(weights):
    """Whether there is one weight for each sample."""
    return isinstance(weights, np.ndarray) and (weights.ndim == 1 or weights.ndim == 2 and weights.shape[1] == 1)


class _Mixed:
    """Batches of a stream: the first tells whether the plan takes them."""

    def __init__(self, plan, tape):
        self.plan, self.tape, self.chosen = plan, tape, None

    def begin(self):
        self.plan.begin()
        self.tape.begin()

    def _do(self, name, x, y, w):
        if self.chosen is not self.tape and (w is None or name == "train" and _one_each(w)):
            try:
                x, y = self.plan._prepared(x, y)
                self.chosen = self.plan
                return getattr(self.plan, name)(x, y, None if w is None else w.reshape(-1))
            except Misfit:
                if self.chosen is self.plan:
                    raise
        self.chosen = self.tape
        return getattr(self.tape, name)(x, y, w)

    def train(self, x, y, w):
        return self._do("train", x, y, w)

    def test(self, x, y, w):
        return self._do("test", x, y, w)


def fit(model, x, y, batch_size, epochs, verbose, callbacks, validation_split, validation_data, shuffle, class_weight,
        sample_weight, initial_epoch, steps_per_epoch, validation_steps, validation_batch_size, validation_freq):  # fmt: skip
    if validation_split and validation_data is None:
        probe = ArrayData(x, y, sample_weight, several_inputs=_several(model, "inputs_tree"), several_outputs=_several(model, "outputs_tree"))
        (x, vx), (y, vy) = split_validation(probe.x, validation_split), split_validation(probe.y, validation_split) if y is not None else (None, None)
        vw = None
        if probe.sample_weight is not None:
            sample_weight, vw = split_validation(probe.sample_weight, validation_split)
        validation_data = (vx, vy, vw)
    data = adapter(x, y, sample_weight, batch_size, steps_per_epoch, bool(shuffle), model)
    validation = None
    if validation_data is not None:
        vx, vy, vw = unpack_x_y_sample_weight(validation_data) if isinstance(validation_data, (tuple, list)) else (validation_data, None, None)
        validation = adapter(vx, vy, vw, validation_batch_size or batch_size, validation_steps, False, model)
    _build(model, data)
    if class_weight is not None:
        if sample_weight is not None:
            raise ValueError("You cannot `class_weight` and `sample_weight` at the same time.")
        class_weight = {int(k): float(v) for k, v in class_weight.items()}
    runner, batches = _runner(model, data, class_weight)
    progress = Progress(verbose, epochs)
    watch = CallbackList(callbacks, model, {"verbose": progress.verbose, "epochs": epochs, "steps": data.steps})
    model.stop_training = False
    step = 0
    watch.call("on_train_begin", {})
    logs = {}
    for epoch in range(initial_epoch, epochs):
        watch.call("on_epoch_begin", epoch, {})
        runner.begin()
        progress.begin(epoch, data.steps)
        done, found = 0, None
        for batch in batches():
            if steps_per_epoch is not None and done >= steps_per_epoch:
                break
            if watch.has_batch_hooks:
                watch.call("on_train_batch_begin", done, {})
            found = runner.train(*batch)
            done += 1
            step += 1
            progress.step(done)
            if watch.has_batch_hooks:
                watch.call("on_train_batch_end", done - 1, _logs(found))
            tell(step, epoch + done / (data.steps or done), _scalars(found))
            if model.stop_training and watch.has_batch_hooks:
                break
        if found is None:
            raise ValueError("The data gave no batches: it is empty, or a generator that has run out.")
        if data.steps is None:
            data.steps = done
        logs = _logs(found)
        if validation is not None and (epoch + 1) % validation_freq == 0:
            seen = _evaluated(model, validation, watch)
            logs.update({f"val_{name}": value for name, value in seen.items()})
        progress.end({k: v for k, v in logs.items() if isinstance(v, float)})
        tell(step, epoch + 1, _scalars(logs), force=True)
        watch.call("on_epoch_end", epoch, logs)
        if model.stop_training:
            break
    watch.call("on_train_end", logs)
    model.history = watch.history
    return watch.history


def _scalars(found):
    return {name: value if isinstance(value, float) else float(np.asarray(to_numpy(value)).reshape(-1)[0]) for name, value in found.items()}


def _several(model, side):
    graph = model._graph
    return graph is None or isinstance(getattr(graph, side), (list, tuple))


def _build(model, data):
    """Makes the weights of a model that has none yet, by one call on the first batch."""
    if model.__dict__.get("built") and (model._graph is not None or model.weights):
        return
    # A step of one's own may never call the model itself.
    if isinstance(data, ArrayData) and not model._own_steps():
        first = map_tree(lambda a: a[: data.batch_size], data.x)
        model(_tensors(first), training=False)
        if model._compiled_losses is None:
            model._match_outputs()


def _evaluated(model, data, watch=None):
    runner, batches = _runner(model, data, None, False, watch is not None and watch.has_test_hooks)
    runner.begin()
    found = None
    if watch is not None:
        watch.call("on_test_begin", {})
    done = 0
    for batch in batches():
        if data.count is None and data._steps is not None and done >= data._steps:
            break
        if watch is not None and watch.has_test_hooks:
            watch.call("on_test_batch_begin", done, {})
        found = runner.test(*batch)
        done += 1
        if watch is not None and watch.has_test_hooks:
            watch.call("on_test_batch_end", done - 1, _logs(found))
    if found is None:
        raise ValueError("The data gave no batches: it is empty, or a generator that has run out.")
    logs = _logs(found)
    if data.steps is None:
        data.steps = done
    if watch is not None:
        watch.call("on_test_end", logs)
    return logs


def evaluate(model, data, verbose, callbacks):
    _build(model, data)
    progress = Progress(verbose, named=False)
    watch = CallbackList(callbacks, model, {"verbose": progress.verbose, "steps": data.steps}) if callbacks else None
    progress.begin(0, data.steps)
    logs = _evaluated(model, data, watch)
    progress.done = data.steps
    progress.end({k: v for k, v in logs.items() if isinstance(v, float)})
    return logs


def one_batch(model, x, y, sample_weight, class_weight, training):
    data = adapter(x, y, sample_weight, 1 << 30, None, False, model)
    _build(model, data)
    runner, batches = _runner(model, data, class_weight, training)
    runner.begin()
    batch = next(iter(batches()))
    return _logs(runner.train(*batch) if training else runner.test(*batch))


def predict(model, data, verbose, callbacks):
    progress = Progress(verbose, named=False)
    watch = CallbackList(callbacks, model, {"verbose": progress.verbose, "steps": data.steps}) if callbacks else None
    if watch:
        watch.call("on_predict_begin", {})
    progress.begin(0, data.steps)
    parts, done = [], 0
    watched = watch is not None and watch.has_predict_hooks
    for x, _, _ in _predict_batches(data, watched):
        if watched:
            watch.call("on_predict_batch_begin", done, {})
        parts.append(_answers(model, x))
        done += 1
        if watched:
            watch.call("on_predict_batch_end", done - 1, {"outputs": parts[-1]})
    if not parts:
        raise ValueError("The data gave no batches: it is empty, or a generator that has run out.")
    if data.steps is None:
        data.steps = done
    progress.done = data.steps
    progress.end({})
    if watch:
        watch.call("on_predict_end", {})
    if len(parts) == 1:
        return parts[0]
    joined = [np.concatenate(same, axis=0) for same in zip(*(flatten(p) for p in parts))]
    from ._tree import pack_as

    return pack_as(parts[0], joined)


def _predict_batches(data, watched=False):
    if not isinstance(data, ArrayData):
        yield from data.batches()
        return
    # Larger pieces than the batches that are told of: nothing is learnt here.
    size = data.batch_size if watched else max(data.batch_size, 32)
    for first in range(0, data.count, size):
        yield map_tree(lambda a: a[first : first + size], data.x), None, None


def _answers(model, x):
    plan = model._plan_for_inference()
    if plan is not None:
        try:
            flat = inputs_for(model, plan.layout, x)
            plan.push()
            return from_floats(plan.predict(floats(flat)), (len(flat), *plan.layout.output_shape[1:]))
        except Misfit:
            pass
    y = model.predict_step((_tensors(x),))
    return map_tree(lambda t: np.asarray(to_numpy(t)).copy(), y)


