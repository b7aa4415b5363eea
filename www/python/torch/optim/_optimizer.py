"""Parameter groups, state, and what every optimiser does."""

from collections import defaultdict

from danlu import tape

from .._tensor import Tensor

_required = object()


class Optimizer:
    """Groups of parameters with settings, and a state for each parameter."""

    def __init__(self, params, defaults):
        if isinstance(params, Tensor):
            raise TypeError(
                f"params argument given to the optimizer should be an iterable of Tensors or dicts, but got {_kind(params)}"
            )
        self.defaults, self.state, self.param_groups = defaults, defaultdict(dict), []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, param_group):
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        group = dict(param_group)
        params = group["params"]
        group["params"] = [params] if isinstance(params, Tensor) else [p[1] if isinstance(p, tuple) else p for p in params]
        for p in group["params"]:
            if not isinstance(p, Tensor):
                raise TypeError(f"optimizer can only optimize Tensors, but one of the params is {_kind(p)}")
            if not p.is_leaf:
                raise ValueError("can't optimize a non-leaf Tensor")
        for name, default in self.defaults.items():
            group.setdefault(name, default)
        known = {id(p) for other in self.param_groups for p in other["params"]}
        if any(id(p) in known for p in group["params"]):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(group)

    def zero_grad(self, set_to_none=True):
        for group in self.param_groups:
            for p in group["params"]:
                if p._grad is not None:
                    if set_to_none:
                        p._grad = None
                    else:
                        p._grad.zero_()

    def step(self, closure=None):
        loss = None
        if closure is not None:
            with tape.recording(True):
                loss = closure()
        with tape.recording(False):
            for group in self.param_groups:
                for p in group["params"]:
                    if p._grad is not None:
                        self._update(p, p._grad, self.state[p], group)
        return loss

    def _update(self, p, g, state, group):
        raise NotImplementedError

    def state_dict(self):
        numbers, groups = {}, []
        for group in self.param_groups:
            for p in group["params"]:
                numbers.setdefault(id(p), len(numbers))
            kept = {name: value for name, value in group.items() if name != "params"}
            groups.append({**kept, "params": [numbers[id(p)] for p in group["params"]]})
        state = {numbers[id(p)] if isinstance(p, Tensor) else p: value for p, value in self.state.items()}
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict):
        groups = state_dict["param_groups"]
        if len(groups) != len(self.param_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        if any(len(a["params"]) != len(b["params"]) for a, b in zip(groups, self.param_groups)):
            raise ValueError("loaded state dict contains a parameter group that doesn't match the size of optimizer's group")
        numbers = {}
        for saved, group in zip(groups, self.param_groups):
            numbers.update(zip(saved["params"], group["params"]))
            group.update({name: value for name, value in saved.items() if name != "params"})
        self.state = defaultdict(dict)
        for number, value in state_dict["state"].items():
            copied = {k: v.clone() if isinstance(v, Tensor) else v for k, v in value.items()}
            self.state[numbers.get(number, number)] = copied

    def __repr__(self):
        text = type(self).__name__ + " ("
        for at, group in enumerate(self.param_groups):
            text += f"\nParameter Group {at}\n"
            text += "".join(f"    {name}: {group[name]}\n" for name in sorted(group) if name != "params")
        return text + ")"


def _kind(value):
    return "torch.FloatTensor" if isinstance(value, Tensor) else type(value).__name__


def check(name, value, valid):
    """Errs, as PyTorch words it, where a setting is out of range."""
    if not valid:
        raise ValueError(f"Invalid {name}: {value}")
