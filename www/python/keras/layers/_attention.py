"""Attention."""

import math

from .. import _names, constraints, initializers, ops, regularizers
from .._symbolic import KerasTensor
from ._base import Layer
from ._regularization import Dropout


class _Projection(Layer):
    """An einsum with a kernel and a bias, as the parts of MultiHeadAttention are."""

    def __init__(self, equation, kernel_shape, bias_shape, owner, name):
        super().__init__(name=name)
        self._equation, self._kernel_shape, self._bias_shape, self._owner_settings = equation, kernel_shape, bias_shape, owner

    def build(self, input_shape=None):
        settings = self._owner_settings
        self.kernel = self.add_weight(self._kernel_shape, settings["kernel_initializer"].clone()
                                      if hasattr(settings["kernel_initializer"], "clone") else settings["kernel_initializer"],
                                      regularizer=settings["kernel_regularizer"],
                                      constraint=settings["kernel_constraint"], name="kernel")  # fmt: skip
        self.bias = None
        if settings["use_bias"]:
            self.bias = self.add_weight(self._bias_shape, settings["bias_initializer"],
                                        regularizer=settings["bias_regularizer"], name="bias")  # fmt: skip

    def call(self, inputs):
        y = ops.einsum(self._equation, inputs, self.kernel)
        return y if self.bias is None else y + self.bias


class MultiHeadAttention(Layer):
    """softmax(QKᵀ / √d) V in several heads (Vaswani et al. 2017)."""

    def __init__(self, num_heads, key_dim, value_dim=None, dropout=0.0, use_bias=True, output_shape=None,
                 attention_axes=None, flash_attention=None, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
                 bias_constraint=None, seed=None, **kwargs):  # fmt: skip
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        if attention_axes is not None:
            raise NotImplementedError("attention_axes is not in this Keras; nearest here: Reshape to [batch, steps, width]")
        self.num_heads, self.key_dim, self.value_dim = num_heads, key_dim, value_dim or key_dim
        self.dropout, self.use_bias, self._output_width = dropout, use_bias, output_shape
        self._settings = {
            "use_bias": use_bias, "kernel_initializer": initializers.get(kernel_initializer),
            "bias_initializer": initializers.get(bias_initializer), "kernel_regularizer": regularizers.get(kernel_regularizer),
            "bias_regularizer": regularizers.get(bias_regularizer), "kernel_constraint": constraints.get(kernel_constraint),
        }  # fmt: skip
        self._dropout = Dropout(dropout, seed=seed, name="dropout")

    def _build_for(self, args, kwargs):
        if self.built:
            return
        query = args[0] if args else kwargs["query"]
        value = args[1] if len(args) > 1 else kwargs.get("value", query)
        key = args[2] if len(args) > 2 else kwargs.get("key")
        self._build_with(*(tuple(x.shape) for x in (query, value, key if key is not None else value)))

    def build(self, query_shape, value_shape=None, key_shape=None):
        value_shape = value_shape or query_shape
        key_shape = key_shape or value_shape
        heads, width, value_width = self.num_heads, self.key_dim, self.value_dim
        out = self._output_width
        out = query_shape[-1] if out is None else out if isinstance(out, int) else out[-1]
        settings = self._settings
        # Keras makes its softmax and its dropout here, which take names.
        _names.auto_name("softmax")
        _names.auto_name("dropout")
        self._query_dense = _Projection("abc,cde->abde", (query_shape[-1], heads, width), (heads, width), settings, "query")
        self._key_dense = _Projection("abc,cde->abde", (key_shape[-1], heads, width), (heads, width), settings, "key")
        self._value_dense = _Projection(
            "abc,cde->abde", (value_shape[-1], heads, value_width), (heads, value_width), settings, "value"
        )
        self._output_dense = _Projection("abcd,cde->abe", (heads, value_width, out), (out,), settings, "attention_output")
        for part in (self._query_dense, self._key_dense, self._value_dense, self._output_dense):
            part._build_with(None)

    def call(self, query, value, key=None, query_mask=None, value_mask=None, key_mask=None, attention_mask=None,
             return_attention_scores=False, training=None, use_causal_mask=False):  # fmt: skip
        key = value if key is None else key
        q, k, v = self._query_dense(query), self._key_dense(key), self._value_dense(value)
        scores = ops.einsum("aecd,abcd->acbe", k, q * (1.0 / math.sqrt(self.key_dim)))
        mask = None
        if attention_mask is not None:
            mask = ops.cast(attention_mask, "bool")
            while mask.ndim < scores.ndim:
                mask = ops.expand_dims(mask, -scores.ndim + 1 if mask.ndim == scores.ndim - 1 else 0)
        if use_causal_mask:
            steps, seen = scores.shape[-2], scores.shape[-1]
            causal = ops.cast(ops.tril(ops.ones((1, 1, steps, seen))), "bool")
            mask = causal if mask is None else ops.logical_and(mask, causal)
        # By rows of the question, and by columns of what is looked at.
        for steps, axis in ((query_mask, -1), (value_mask, -2), (key_mask, -2)):
            if steps is not None:
                own = ops.expand_dims(ops.expand_dims(ops.cast(steps, "bool"), axis), 1)
                mask = own if mask is None else ops.logical_and(mask, own)
        if mask is not None:
            scores = ops.where(mask, scores, -1e9)
        weights = ops.softmax(scores, axis=-1)
        dropped = self._dropout(weights, training=training)
        y = self._output_dense(ops.einsum("acbe,aecd->abcd", dropped, v))
        return (y, weights) if return_attention_scores else y

    def compute_output_spec(self, query, value, key=None, return_attention_scores=False, **kwargs):
        out = self._output_width
        out = query.shape[-1] if out is None else out if isinstance(out, int) else out[-1]
        y = KerasTensor((*query.shape[:-1], out), self._dtype)
        if return_attention_scores:
            return y, KerasTensor((query.shape[0], self.num_heads, query.shape[1], value.shape[1]), self._dtype)
        return y

    def _plan(self):
        if self.dropout or self.value_dim != self.key_dim or not self._inbound_nodes:
            return None
        return {"type": "multi_head_attention", "num_heads": self.num_heads, "key_dim": self.key_dim, "use_bias": self.use_bias}

    def get_config(self):
        return {**super().get_config(), "num_heads": self.num_heads, "key_dim": self.key_dim, "value_dim": self.value_dim,
                "dropout": self.dropout, "use_bias": self.use_bias, "output_shape": self._output_width}  # fmt: skip


class Attention(Layer):
    """Dot-product attention without weights of its own, of [query, value] or [query, value, key]."""

    def __init__(self, use_scale=False, score_mode="dot", dropout=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        if score_mode not in ("dot", "concat"):
            raise ValueError(f"Invalid value for argument score_mode. Expected one of {{'dot', 'concat'}}. Received: score_mode={score_mode}")
        self.use_scale, self.score_mode, self.dropout = use_scale, score_mode, dropout
        self._drop = Dropout(dropout, seed=seed, name="dropout")

    def build(self, input_shape):
        self.scale = self.add_weight((), "ones", name="scale") if self.use_scale else None
        self.concat_score_weight = None
        if self.score_mode == "concat":
            self.concat_score_weight = self.add_weight((), "ones", name="concat_score_weight")

    def _scores(self, query, key):
        if self.score_mode == "dot":
            scores = ops.matmul(query, ops.swapaxes(key, -2, -1))
            return scores if self.scale is None else scores * self.scale
        both = ops.expand_dims(query, -2) + ops.expand_dims(key, -3)
        both = both if self.scale is None else both * self.scale
        return self.concat_score_weight * ops.sum(ops.tanh(both), axis=-1)

    def call(self, inputs, mask=None, return_attention_scores=False, training=None, use_causal_mask=False):
        query, value = inputs[0], inputs[1]
        scores = self._scores(query, inputs[2] if len(inputs) > 2 else value)
        if use_causal_mask:
            causal = ops.cast(ops.tril(ops.ones(tuple(scores.shape[-2:]))), "bool")
            scores = ops.where(causal, scores, -1e9)
        weights = ops.softmax(scores, axis=-1)
        y = ops.matmul(self._drop(weights, training=training), value)
        return (y, weights) if return_attention_scores else y

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], input_shape[1][-1])


class AdditiveAttention(Attention):
    """Bahdanau's attention: Σ scale · tanh(query + key)."""

    def __init__(self, use_scale=True, dropout=0.0, **kwargs):
        super().__init__(use_scale=use_scale, dropout=dropout, **kwargs)

    def build(self, input_shape):
        self.scale = self.add_weight((input_shape[0][-1],), "glorot_uniform", name="scale") if self.use_scale else None

    def _scores(self, query, key):
        both = ops.tanh(ops.expand_dims(query, -2) + ops.expand_dims(key, -3))
        return ops.sum(both if self.scale is None else self.scale * both, axis=-1)
