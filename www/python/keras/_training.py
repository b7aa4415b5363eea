"""compile, fit, evaluate, predict: on the engine's compiled plan where it has words for the model, else on the tape."""

import numpy as np
from tensorflow._core import as_tensor, to_numpy
from tensorflow._tape import GradientTape

from . import _fit, _random, optimizers
from ._compile import CompiledLosses, CompiledMetrics
from ._data import adapter
from ._plan import Layout, Untranslatable, optimizer_spec, target_of
from ._session import Compiled, Refused
from ._tree import flatten, map_tree
from .metrics._base import Mean, Metric


class Training:
    """What a Model can do besides being called."""

    def _begin_training(self):
        fields = self.__dict__
        fields.update(
            optimizer=None, compiled=False, stop_training=False, history=None, run_eagerly=False, jit_compile=False,
            _loss=None, _compiled_losses=None, _compiled_metrics=None, _metric_objects=[], _train_plan=None,
            _inference_plan=None, _plan_keys={}, _loss_tracker=Mean(name="loss"),
        )  # fmt: skip

    def _track(self, value):
        if isinstance(value, Metric):
            self.__dict__.setdefault("_metric_objects", []).append(value)
        else:
            super()._track(value)

    # ── compile ────────────────────────────────────────────────────────────────────────────────

    def compile(self, optimizer="rmsprop", loss=None, loss_weights=None, metrics=None, weighted_metrics=None,
                run_eagerly=False, steps_per_execution=1, jit_compile="auto", auto_scale_loss=True, **kwargs):  # fmt: skip
        for old in ("lr", "learning_rate"):
            if old in kwargs:
                raise TypeError(f"compile() got an unexpected keyword argument {old!r}: give it to the optimizer, as in optimizer=keras.optimizers.Adam({old}=…)")
        if kwargs:
            raise TypeError(f"Trainer.compile() got an unexpected keyword argument {sorted(kwargs)[0]!r}")
        self.optimizer = optimizers.get(optimizer)
        fields = self.__dict__
        fields.update(
            compiled=True, _loss=loss, stop_training=False, run_eagerly=run_eagerly,
            _settings={"loss": loss, "loss_weights": loss_weights, "metrics": metrics, "weighted_metrics": weighted_metrics},
            _compiled_losses=None, _compiled_metrics=None, _loss_tracker=Mean(name="loss"),
        )  # fmt: skip
        self.loss = loss
        self._forget_plan()
        self._match_outputs()

    def _match_outputs(self):
        """Losses and metrics, once it is known how many outputs there are."""
        graph = self._graph
        if graph is not None:
            names = self.output_names
            if isinstance(graph.outputs_tree, dict):
                names = sorted(graph.outputs_tree)
            self._set_outputs(names)

    def _set_outputs(self, names):
        s = self._settings
        # A name that two outputs share gets a number.
        names = [n if names.count(n) == 1 else f"{n}_{i}" for i, n in enumerate(names)]
        self.__dict__["_compiled_losses"] = CompiledLosses(s["loss"], s["loss_weights"], names) if s["loss"] is not None else None
        self.__dict__["_compiled_metrics"] = CompiledMetrics(s["metrics"], s["weighted_metrics"], names)

    def _assert_compiled(self):
        if not self.compiled:
            raise ValueError("You must call `compile()` before using the model.")

    @property
    def metrics(self):
        found = [self._loss_tracker] if self.compiled else []
        if self._compiled_losses is not None:
            found += [t for t in self._compiled_losses.trackers if t is not None]
        if self._compiled_metrics is not None:
            found += [m for _, _, m in self._compiled_metrics.metrics or []]
        for layer in self._all_layers():
            found += [m for m in layer.__dict__.get("_metric_objects", []) if all(m is not x for x in found)]
        return found

    @property
    def metrics_names(self):
        own = {id(m) for _, _, m in (self._compiled_metrics.metrics or [])} if self._compiled_metrics is not None else set()
        names = [m.name for m in self.metrics if id(m) not in own]
        # Keras holds what `compile` was given in one metric of metrics.
        given = self.compiled and any(self._settings[key] for key in ("metrics", "weighted_metrics"))
        return [*names[:1], *(["compile_metrics"] if given else []), *names[1:]]

    def reset_metrics(self):
        for metric in self.metrics:
            metric.reset_state()

    # ── one step on the tape ───────────────────────────────────────────────────────────────────

    def _as_lists(self, y, y_pred):
        """Targets, one for each output, and answers."""
        answers = flatten(y_pred)
        if self._compiled_losses is None and self._compiled_metrics is None:
            self._set_outputs([f"output_{i + 1}" for i in range(len(answers))] if len(answers) > 1 else ["output"])
        if y is None:
            return [None] * len(answers), answers
        if isinstance(y, dict) and not isinstance(y_pred, dict):
            names = (self._compiled_losses or self._compiled_metrics).names
            return [y.get(name) for name in names], answers
        targets = flatten(y)
        if len(targets) != len(answers) and len(targets) == 1:
            targets = targets * len(answers)
        if len(targets) != len(answers):
            raise ValueError(f"The model has {len(answers)} outputs, and y has {len(targets)} arrays")
        return targets, answers

    def _weights_as_list(self, sample_weight, count):
        if sample_weight is None:
            return [None] * count
        if isinstance(sample_weight, dict):
            return [sample_weight.get(name) for name in self._compiled_losses.names]
        weights = flatten(sample_weight)
        return weights if len(weights) == count else weights * count

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        total = None
        self.__dict__["_batch"] = len(flatten(y_pred)[0]._a) if y_pred is not None else None
        if self._settings["loss"] is not None and y is not None:
            targets, answers = self._as_lists(y, y_pred)
            if self._compiled_losses is None:
                self._set_outputs(["output"])
            targets = [None if t is None else as_tensor(t) for t in targets]
            total = self._compiled_losses(targets, answers, self._weights_as_list(sample_weight, len(answers)))
            self._compiled_losses.track(self._batch)
        for loss in self.losses:
            total = loss if total is None else total + loss
        if total is None:
            raise ValueError(
                "No loss to compute. Provide a `loss` argument in `compile()`, or call `self.add_loss()` in a layer."
            )
        return total

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        if y is not None and self._compiled_metrics is not None:
            targets, answers = self._as_lists(y, y_pred)
            self._compiled_metrics.update(targets, answers, self._weights_as_list(sample_weight, len(answers)))
        return self.get_metrics_result()

    def get_metrics_result(self):
        found = {"loss": self._loss_tracker.result()} if self._settings["loss"] is not None or self._tracked_loss else {}
        if self._compiled_losses is not None:
            found.update({t.name: t.result() for t in self._compiled_losses.trackers if t is not None})
        if self._compiled_metrics is not None:
            found.update(self._compiled_metrics.results())
        known = {id(m) for _, _, m in (self._compiled_metrics.metrics or [])} if self._compiled_metrics is not None else set()
        for metric in self.metrics:
            if metric is not self._loss_tracker and id(metric) not in known and not (
                self._compiled_losses is not None and any(metric is t for t in self._compiled_losses.trackers)
            ):  # fmt: skip
                found[metric.name] = metric.result()
        return found

    _tracked_loss = False

    def train_step(self, data):
        from ._data import unpack_x_y_sample_weight

        x, y, sample_weight = unpack_x_y_sample_weight(data)
        self._clear_losses()
        with GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self._computed_loss(x, y, y_pred, sample_weight)
        self._loss_tracker.update_state(to_numpy(loss), sample_weight=np.asarray(float(len(flatten(x)[0]))))
        self.__dict__["_tracked_loss"] = True
        variables = self.trainable_variables
        if variables:
            self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def _computed_loss(self, x, y, y_pred, sample_weight):
        return self.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight)

    def test_step(self, data):
        from ._data import unpack_x_y_sample_weight

        x, y, sample_weight = unpack_x_y_sample_weight(data)
        self._clear_losses()
        y_pred = self(x, training=False)
        loss = self._computed_loss(x, y, y_pred, sample_weight)
        self._loss_tracker.update_state(to_numpy(loss), sample_weight=np.asarray(float(len(flatten(x)[0]))))
        self.__dict__["_tracked_loss"] = True
        return self.compute_metrics(x, y, y_pred, sample_weight)

    def predict_step(self, data):
        from ._data import unpack_x_y_sample_weight

        return self(unpack_x_y_sample_weight(data)[0], training=False)

    # ── the plan ───────────────────────────────────────────────────────────────────────────────

    def _forget_plan(self):
        for name in ("_train_plan", "_inference_plan"):
            plan = self.__dict__.get(name)
            if plan is not None:
                plan.free()
            self.__dict__[name] = None
        self.__dict__["_plan_keys"] = {}

    def _own_steps(self):
        """Whether a subclass has steps, losses or metrics of its own, which only the tape can do."""
        kind = type(self)
        return any(
            getattr(kind, name) is not getattr(Training, name)
            for name in ("train_step", "test_step", "predict_step", "compute_loss", "compute_metrics")
        ) or bool(self.__dict__.get("_metric_objects"))

    def _structure(self):
        """What a plan depends on besides weights."""
        return tuple((id(layer), layer.trainable) for layer in self._all_layers())

    def _plan_for_training(self, class_weight=None):
        """(plan, target), or None where the tape must train."""
        weights = tuple(sorted(class_weight.items())) if class_weight else None
        return self._plan_by_key((self._structure(), id(self.optimizer), weights), class_weight)

    def _plan_for_evaluation(self):
        """The plan that trains, whose classes weigh nothing outside of training."""
        known = self._plan_keys.get("train")
        key = (self._structure(), id(self.optimizer))
        return self._plan_by_key(known if known is not None and known[:2] == key else (*key, None), None)

    def _plan_by_key(self, key, class_weight):
        if self._plan_keys.get("train") == key:
            return self._train_plan and (self._train_plan, self._target)
        if self._train_plan is not None:
            self._train_plan.free()
        self.__dict__["_train_plan"] = None
        self._plan_keys["train"] = key
        try:
            if self.run_eagerly or self._own_steps() or self._compiled_losses is None:
                raise Untranslatable("steps of its own")
            label = self._compiled_metrics.only_accuracy()
            if len(self._compiled_losses.losses) != 1 or self._compiled_losses.weights != [1.0]:
                raise Untranslatable("metrics")
            if any(layer._losses for layer in self._all_layers()) or self._adds_losses():
                raise Untranslatable("losses of layers")
            layout = Layout(self)
            target = target_of(self._compiled_losses.losses[0], layout, class_weight)
            target.measured = label is None
            if target.measured and (target.end or layout.draws()):
                raise Untranslatable("metrics of answers that only training gives")
            if label and target.spec["type"] not in ("categorical_cross_entropy", "binary_cross_entropy"):
                raise Untranslatable("accuracy of numbers")
            target.label = label or ""
            run = {
                "model": layout.model(target.end), "loss": target.spec, "optimizer": optimizer_spec(self.optimizer),
                "regularizers": layout.regularizers, "batch_size": 1,
            }  # fmt: skip
            self.__dict__["_train_plan"] = Compiled(layout, run, _random.next_seed())
            self.__dict__["_target"] = target
        except (Untranslatable, Refused) as reason:
            self.__dict__["_why_tape"] = str(reason)
            return None
        return self._train_plan, self._target

    def _adds_losses(self):
        from .layers._base import Layer

        return any(type(layer).add_loss is not Layer.add_loss for layer in self._all_layers())

    def _plan_for_inference(self):
        """A plan that only answers, or None."""
        key = self._structure()
        if self._plan_keys.get("inference") == key:
            return self._inference_plan
        self._plan_keys["inference"] = key
        try:
            if self._own_steps():
                raise Untranslatable("steps of its own")
            layout = Layout(self)
            end = [n for n in layout.nodes if n["name"] == layout.output]
            loss = "categorical_cross_entropy" if layout.ends_in("softmax") else "binary_cross_entropy" if layout.ends_in("sigmoid") else "mean_squared_error"
            run = {"model": layout.model(), "loss": loss, "optimizer": {"type": "sgd"}, "batch_size": 1}
            if not end:
                raise Untranslatable("no end")
            self.__dict__["_inference_plan"] = Compiled(layout, run, 0)
        except (Untranslatable, Refused) as reason:
            self.__dict__["_why_tape"] = str(reason)
            self.__dict__["_inference_plan"] = None
        return self._inference_plan

    # ── the calls ──────────────────────────────────────────────────────────────────────────────

    def fit(self, x=None, y=None, batch_size=None, epochs=1, verbose="auto", callbacks=None, validation_split=0.0,
            validation_data=None, shuffle=True, class_weight=None, sample_weight=None, initial_epoch=0, steps_per_epoch=None,
            validation_steps=None, validation_batch_size=None, validation_freq=1):  # fmt: skip
        self._assert_compiled()
        return _fit.fit(
            self, x, y, batch_size, epochs, verbose, callbacks, validation_split, validation_data, shuffle, class_weight,
            sample_weight, initial_epoch, steps_per_epoch, validation_steps, validation_batch_size, validation_freq,
        )  # fmt: skip

    def evaluate(self, x=None, y=None, batch_size=None, verbose="auto", sample_weight=None, steps=None, callbacks=None,
                 return_dict=False, **kwargs):  # fmt: skip
        self._assert_compiled()
        logs = _fit.evaluate(self, adapter(x, y, sample_weight, batch_size, steps, model=self), verbose, callbacks)
        if return_dict:
            return logs
        ordered = [logs[name] for name in self._log_order(logs)]
        return ordered[0] if len(ordered) == 1 else ordered

    def _log_order(self, logs):
        """The loss, the losses of outputs, then metrics as they were given."""
        known = ["loss"]
        if self._compiled_losses is not None:
            known += [t.name for t in self._compiled_losses.trackers if t is not None]
        if self._compiled_metrics is not None:
            known += self._compiled_metrics.labels
        return [n for n in known if n in logs] + [n for n in logs if n not in known]

    def predict(self, x, batch_size=None, verbose="auto", steps=None, callbacks=None):
        return _fit.predict(self, adapter(x, None, None, batch_size, steps, model=self), verbose, callbacks)

    def train_on_batch(self, x, y=None, sample_weight=None, class_weight=None, return_dict=False):
        self._assert_compiled()
        return self._on_batch(_fit.one_batch(self, x, y, sample_weight, class_weight, True), return_dict)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        self._assert_compiled()
        return self._on_batch(_fit.one_batch(self, x, y, sample_weight, None, False), return_dict)

    def _on_batch(self, logs, return_dict):
        if return_dict:
            return logs
        ordered = [logs[name] for name in self._log_order(logs)]
        return ordered[0] if len(ordered) == 1 else ordered

    def predict_on_batch(self, x):
        y = self.predict_step((map_tree(as_tensor, x) if isinstance(x, (tuple, dict)) else x,))
        return map_tree(lambda t: np.asarray(to_numpy(t)).copy(), y)
