"""Losses as modules, made from a table of what each is told."""

from .. import _losses
from .._losses import _reduction
from ._module import Module


def _loss(name, function, arguments=None, first=()):
    """`first` are the arguments that stand before PyTorch's older size_average and reduce."""
    arguments = arguments or {}
    names = [*first, "size_average", *[a for a in arguments if a == "ignore_index"], "reduce", "reduction",
             *[a for a in arguments if a not in first and a != "ignore_index"]]  # fmt: skip

    class Loss(Module):
        def __init__(self, *args, **kwargs):
            super().__init__()
            given = dict(zip(names, args)) | kwargs
            for key in given:
                if key not in names:
                    raise TypeError(f"{name}.__init__() got an unexpected keyword argument '{key}'")
            self.reduction = _reduction(given.get("reduction", "mean"), given.get("size_average"), given.get("reduce"))
            for key, default in arguments.items():
                value = given.get(key, default)
                if key in ("weight", "pos_weight"):
                    self.register_buffer(key, value)
                else:
                    setattr(self, key, value)

        def forward(self, input, *targets):
            try:
                return function(input, *targets, reduction=self.reduction, **{key: getattr(self, key) for key in arguments})
            except (RuntimeError, ValueError, IndexError) as error:
                if not getattr(error, "__notes__", None):
                    error.add_note(
                        f"in {name}: the input has shape {list(input.shape)}, the target "
                        + ", ".join(str(list(t.shape)) for t in targets if hasattr(t, "shape"))
                    )
                raise

    Loss.__name__ = Loss.__qualname__ = name
    Loss.__module__ = "torch.nn.modules.loss"
    return Loss


CrossEntropyLoss = _loss(
    "CrossEntropyLoss", _losses.cross_entropy, {"weight": None, "ignore_index": -100, "label_smoothing": 0.0}, ("weight",)
)
NLLLoss = _loss("NLLLoss", _losses.nll_loss, {"weight": None, "ignore_index": -100}, ("weight",))
MSELoss, L1Loss = _loss("MSELoss", _losses.mse_loss), _loss("L1Loss", _losses.l1_loss)
SmoothL1Loss = _loss("SmoothL1Loss", _losses.smooth_l1_loss, {"beta": 1.0})
BCELoss = _loss("BCELoss", _losses.binary_cross_entropy, {"weight": None}, ("weight",))
BCEWithLogitsLoss = _loss(
    "BCEWithLogitsLoss", _losses.binary_cross_entropy_with_logits, {"weight": None, "pos_weight": None}, ("weight",)
)
HingeEmbeddingLoss = _loss("HingeEmbeddingLoss", _losses.hinge_embedding_loss, {"margin": 1.0}, ("margin",))
MarginRankingLoss = _loss("MarginRankingLoss", _losses.margin_ranking_loss, {"margin": 0.0}, ("margin",))
SoftMarginLoss = _loss("SoftMarginLoss", _losses.soft_margin_loss)
MultiMarginLoss = _loss("MultiMarginLoss", _losses.multi_margin_loss, {"p": 1, "margin": 1.0, "weight": None}, ("p", "margin", "weight"))
MultiLabelSoftMarginLoss = _loss("MultiLabelSoftMarginLoss", _losses.multilabel_soft_margin_loss, {"weight": None}, ("weight",))
CosineEmbeddingLoss = _loss("CosineEmbeddingLoss", _losses.cosine_embedding_loss, {"margin": 0.0}, ("margin",))
TripletMarginLoss = _loss(
    "TripletMarginLoss", _losses.triplet_margin_loss, {"margin": 1.0, "p": 2.0, "eps": 1e-6, "swap": False},
    ("margin", "p", "eps", "swap"),
)  # fmt: skip
KLDivLoss = _loss("KLDivLoss", _losses.kl_div, {"log_target": False})
PoissonNLLLoss = _loss(
    "PoissonNLLLoss", _losses.poisson_nll_loss, {"log_input": True, "full": False, "eps": 1e-8}, ("log_input", "full")
)


class HuberLoss(Module):
    def __init__(self, reduction="mean", delta=1.0):
        super().__init__()
        self.reduction, self.delta = reduction, delta

    def forward(self, input, target):
        return _losses.huber_loss(input, target, self.reduction, self.delta)


class GaussianNLLLoss(Module):
    def __init__(self, *, full=False, eps=1e-6, reduction="mean"):
        super().__init__()
        self.full, self.eps, self.reduction = full, eps, reduction

    def forward(self, input, target, var):
        return _losses.gaussian_nll_loss(input, target, var, self.full, self.eps, self.reduction)
