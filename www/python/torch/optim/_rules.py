"""The update of each optimiser, in place on numpy's arrays: nothing is recorded here."""

import math

import numpy as np

from danlu import tape

from .._base import wrap
from ._optimizer import Optimizer, check


def _zeros(p):
    return wrap(np.zeros(p._a.shape, p._a.dtype))


def _betas(betas):
    for at, beta in enumerate(betas):
        check(f"beta parameter at index {at}", beta, 0.0 <= beta < 1.0)


def _descend(p, change):
    """p -= change."""
    p._a -= change
    tape.bump(p)


def _gradient(p, g, group):
    """The gradient to follow: of the loss and of the penalty on weights."""
    g = g._a
    if group.get("maximize"):
        g = -g
    decay = group["weight_decay"]
    return g + p._a * decay if decay else g


def _step(state):
    """Counts; the count is a tensor in a state's dictionary, as in PyTorch."""
    if "step" not in state:
        state["step"] = wrap(np.asarray(0.0, np.float32))
    state["step"]._a += 1
    return state["step"].item()


def _mean(old, new, share):
    """old = share · old + (1 - share) · new, in place."""
    old *= share
    old += new * (1 - share)


class SGD(Optimizer):
    """Gradient descent, with momentum."""

    def __init__(self, params, lr=1e-3, momentum=0, dampening=0, weight_decay=0, nesterov=False, *, maximize=False,
                 foreach=None, differentiable=False, fused=None):  # fmt: skip
        check("learning rate", lr, lr >= 0.0)
        check("momentum value", momentum, momentum >= 0.0)
        check("weight_decay value", weight_decay, weight_decay >= 0.0)
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        super().__init__(params, dict(
            lr=lr, momentum=momentum, dampening=dampening, weight_decay=weight_decay, nesterov=nesterov, maximize=maximize,
            foreach=foreach, differentiable=differentiable, fused=fused,
        ))  # fmt: skip

    def _update(self, p, g, state, group):
        g = _gradient(p, g, group)
        if group["momentum"]:
            if state.get("momentum_buffer") is None:
                state["momentum_buffer"] = wrap(g.copy())
            else:
                held = state["momentum_buffer"]._a
                held *= group["momentum"]
                held += g * (1 - group["dampening"])
            held = state["momentum_buffer"]._a
            g = g + held * group["momentum"] if group["nesterov"] else held
        _descend(p, g * float(group["lr"]))


class Adam(Optimizer):
    """Kingma and Ba 2015."""

    _decoupled = False

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, amsgrad=False, *, foreach=None,
                 maximize=False, capturable=False, differentiable=False, fused=None,
                 decoupled_weight_decay=False):  # fmt: skip
        check("learning rate", lr, lr >= 0.0)
        check("epsilon value", eps, eps >= 0.0)
        _betas(betas)
        check("weight_decay value", weight_decay, weight_decay >= 0.0)
        super().__init__(params, dict(
            lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, amsgrad=amsgrad, maximize=maximize, foreach=foreach,
            capturable=capturable, differentiable=differentiable, fused=fused,
            decoupled_weight_decay=self._decoupled or decoupled_weight_decay,
        ))  # fmt: skip

    def _update(self, p, g, state, group):
        lr, (first, second) = float(group["lr"]), group["betas"]
        decoupled = group.get("decoupled_weight_decay")
        g = _gradient(p, g, {**group, "weight_decay": 0} if decoupled else group)
        step = _step(state)
        if "exp_avg" not in state:
            state["exp_avg"], state["exp_avg_sq"] = _zeros(p), _zeros(p)
            if group["amsgrad"]:
                state["max_exp_avg_sq"] = _zeros(p)
        if decoupled and group["weight_decay"]:
            p._a *= 1 - lr * group["weight_decay"]
        m, v = state["exp_avg"]._a, state["exp_avg_sq"]._a
        _mean(m, g, first)
        _mean(v, g * g, second)
        if group["amsgrad"]:
            np.maximum(state["max_exp_avg_sq"]._a, v, state["max_exp_avg_sq"]._a)
            v = state["max_exp_avg_sq"]._a
        below = np.sqrt(v) / math.sqrt(1 - second**step) + group["eps"]
        _descend(p, m / below * (lr / (1 - first**step)))


class AdamW(Adam):
    """Adam with the decay of weights apart from the gradient (Loshchilov and Hutter 2019)."""

    _decoupled = True

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2, amsgrad=False, **settings):
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, **settings)


class NAdam(Optimizer):
    """Adam with Nesterov's momentum (Dozat 2016)."""

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3, **_):
        check("learning rate", lr, lr >= 0.0)
        _betas(betas)
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, momentum_decay=momentum_decay))

    def _update(self, p, g, state, group):
        first, second = group["betas"]
        g = _gradient(p, g, group)
        step = _step(state)
        if "exp_avg" not in state:
            state.update(exp_avg=_zeros(p), exp_avg_sq=_zeros(p), mu_product=wrap(np.asarray(1.0, np.float32)))
        m, v = state["exp_avg"]._a, state["exp_avg_sq"]._a
        mu = first * (1 - 0.5 * 0.96 ** (step * group["momentum_decay"]))
        later = first * (1 - 0.5 * 0.96 ** ((step + 1) * group["momentum_decay"]))
        state["mu_product"]._a *= mu
        product = state["mu_product"].item()
        _mean(m, g, first)
        _mean(v, g * g, second)
        below = np.sqrt(v / (1 - second**step)) + group["eps"]
        _descend(p, g / below * (group["lr"] * (1 - mu) / (1 - product)))
        _descend(p, m / below * (group["lr"] * later / (1 - product * later)))


class RAdam(Optimizer):
    """Adam with its variance rectified (Liu et al. 2020)."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, **_):
        check("learning rate", lr, lr >= 0.0)
        _betas(betas)
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    def _update(self, p, g, state, group):
        first, second = group["betas"]
        g = _gradient(p, g, group)
        step = _step(state)
        if "exp_avg" not in state:
            state.update(exp_avg=_zeros(p), exp_avg_sq=_zeros(p))
        m, v = state["exp_avg"]._a, state["exp_avg_sq"]._a
        _mean(m, g, first)
        _mean(v, g * g, second)
        mean = m / (1 - first**step)
        longest = 2 / (1 - second) - 1
        length = longest - 2 * step * second**step / (1 - second**step)
        if length > 5:
            rectified = math.sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length))
            mean = mean * rectified * (math.sqrt(1 - second**step) / (np.sqrt(v) + group["eps"]))
        _descend(p, mean * group["lr"])


class Adamax(Optimizer):
    """Adam by the largest gradient instead of the mean of squares."""

    def __init__(self, params, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, **_):
        check("learning rate", lr, lr >= 0.0)
        _betas(betas)
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay))

    def _update(self, p, g, state, group):
        first, second = group["betas"]
        g = _gradient(p, g, group)
        step = _step(state)
        if "exp_avg" not in state:
            state.update(exp_avg=_zeros(p), exp_inf=_zeros(p))
        _mean(state["exp_avg"]._a, g, first)
        top = np.maximum(state["exp_inf"]._a * second, np.abs(g) + group["eps"])
        state["exp_inf"] = wrap(np.asarray(top))
        _descend(p, state["exp_avg"]._a / top * (group["lr"] / (1 - first**step)))


class Adagrad(Optimizer):
    """Duchi et al. 2011."""

    def __init__(self, params, lr=1e-2, lr_decay=0, weight_decay=0, initial_accumulator_value=0, eps=1e-10, foreach=None, *,
                 maximize=False, differentiable=False, fused=None):  # fmt: skip
        check("learning rate", lr, lr >= 0.0)
        check("lr_decay value", lr_decay, lr_decay >= 0.0)
        super().__init__(params, dict(
            lr=lr, lr_decay=lr_decay, eps=eps, weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value, foreach=foreach, maximize=maximize,
            differentiable=differentiable, fused=fused,
        ))  # fmt: skip
        for group in self.param_groups:
            for p in group["params"]:
                start = np.full(p._a.shape, float(initial_accumulator_value), p._a.dtype)
                self.state[p].update(step=wrap(np.asarray(0.0, np.float32)), sum=wrap(np.asarray(start)))

    def _update(self, p, g, state, group):
        g = _gradient(p, g, group)
        step = _step(state)
        state["sum"]._a += g * g
        rate = group["lr"] / (1 + (step - 1) * group["lr_decay"])
        _descend(p, g / (np.sqrt(state["sum"]._a) + group["eps"]) * rate)


class Adadelta(Optimizer):
    """Zeiler 2012."""

    def __init__(self, params, lr=1.0, rho=0.9, eps=1e-6, weight_decay=0, foreach=None, *, capturable=False, maximize=False,
                 differentiable=False):  # fmt: skip
        check("learning rate", lr, lr >= 0.0)
        check("rho value", rho, 0.0 <= rho <= 1.0)
        super().__init__(params, dict(
            lr=lr, rho=rho, eps=eps, weight_decay=weight_decay, maximize=maximize, capturable=capturable, foreach=foreach,
            differentiable=differentiable,
        ))  # fmt: skip

    def _update(self, p, g, state, group):
        g, rho, eps = _gradient(p, g, group), group["rho"], group["eps"]
        _step(state)
        if "square_avg" not in state:
            state.update(square_avg=_zeros(p), acc_delta=_zeros(p))
        v, moved = state["square_avg"]._a, state["acc_delta"]._a
        _mean(v, g * g, rho)
        change = np.sqrt(moved + eps) / np.sqrt(v + eps) * g
        _mean(moved, change * change, rho)
        _descend(p, change * float(group["lr"]))


class RMSprop(Optimizer):
    """Hinton's lecture 6e, by PyTorch's reading."""

    def __init__(self, params, lr=1e-2, alpha=0.99, eps=1e-8, weight_decay=0, momentum=0, centered=False, capturable=False,
                 foreach=None, maximize=False, differentiable=False):  # fmt: skip
        check("learning rate", lr, lr >= 0.0)
        check("epsilon value", eps, eps >= 0.0)
        check("momentum value", momentum, momentum >= 0.0)
        check("alpha value", alpha, alpha >= 0.0)
        super().__init__(params, dict(
            lr=lr, momentum=momentum, alpha=alpha, eps=eps, centered=centered, weight_decay=weight_decay,
            capturable=capturable, foreach=foreach, maximize=maximize, differentiable=differentiable,
        ))  # fmt: skip

    def _update(self, p, g, state, group):
        g = _gradient(p, g, group)
        _step(state)
        if "square_avg" not in state:
            state["square_avg"] = _zeros(p)
            if group["momentum"] > 0:
                state["momentum_buffer"] = _zeros(p)
            if group["centered"]:
                state["grad_avg"] = _zeros(p)
        v = state["square_avg"]._a
        _mean(v, g * g, group["alpha"])
        if group["centered"]:
            mean = state["grad_avg"]._a
            _mean(mean, g, group["alpha"])
            v = v - mean * mean
        change = g / (np.sqrt(v) + group["eps"])
        if group["momentum"] > 0:
            held = state["momentum_buffer"]._a
            held *= group["momentum"]
            held += change
            change = held
        _descend(p, change * float(group["lr"]))


class Rprop(Optimizer):
    """Steps by the signs of gradients alone (Riedmiller and Braun 1993)."""

    def __init__(self, params, lr=1e-2, etas=(0.5, 1.2), step_sizes=(1e-6, 50), **_):
        check("learning rate", lr, lr >= 0.0)
        super().__init__(params, dict(lr=lr, etas=etas, step_sizes=step_sizes, weight_decay=0))

    def _update(self, p, g, state, group):
        g = g._a.copy()
        _step(state)
        if "prev" not in state:
            state.update(prev=_zeros(p), step_size=wrap(np.full(p._a.shape, float(group["lr"]), p._a.dtype)))
        sign = np.sign(g * state["prev"]._a)
        down, up = group["etas"]
        factor = np.where(sign > 0, up, np.where(sign < 0, down, 1.0)).astype(g.dtype)
        sizes = np.clip(state["step_size"]._a * factor, *group["step_sizes"])
        g = np.where(sign < 0, np.asarray(0.0, g.dtype), g)
        state["step_size"], state["prev"] = wrap(np.asarray(sizes)), wrap(np.asarray(g))
        _descend(p, np.sign(g) * sizes)


def _single(value):
    """A number as float32 holds it, as PyTorch keeps this one."""
    return np.float32(value).item()


class ASGD(Optimizer):
    """Gradient descent whose parameters are averaged."""

    def __init__(self, params, lr=1e-2, lambd=1e-4, alpha=0.75, t0=1e6, weight_decay=0, **_):
        check("learning rate", lr, lr >= 0.0)
        super().__init__(params, dict(lr=lr, lambd=lambd, alpha=alpha, t0=t0, weight_decay=weight_decay))

    def _update(self, p, g, state, group):
        g = _gradient(p, g, group)
        if "ax" not in state:
            state.update(eta=_single(group["lr"]), mu=1.0, ax=_zeros(p))
        step = _step(state)
        p._a *= 1 - group["lambd"] * state["eta"]
        _descend(p, g * state["eta"])
        if state["mu"] == 1:
            state["ax"]._a[...] = p._a
        else:
            state["ax"]._a += (p._a - state["ax"]._a) * state["mu"]
        state["eta"] = _single(group["lr"] / (1 + group["lambd"] * group["lr"] * step) ** group["alpha"])
        state["mu"] = 1 / max(1, step - group["t0"])


class LBFGS(Optimizer):
    """Quasi-Newton steps from the last gradients; `step` takes a closure that computes the loss anew."""

    def __init__(self, params, lr=1, max_iter=20, max_eval=None, tolerance_grad=1e-7, tolerance_change=1e-9,
                 history_size=100, line_search_fn=None):  # fmt: skip
        if line_search_fn is not None:
            raise NotImplementedError(f"LBFGS with line_search_fn={line_search_fn!r} is not here; nearest: None with a smaller lr")
        super().__init__(params, dict(
            lr=lr, max_iter=max_iter, max_eval=max_eval or max_iter * 5 // 4, tolerance_grad=tolerance_grad,
            tolerance_change=tolerance_change, history_size=history_size, line_search_fn=None,
        ))  # fmt: skip

    def _flat_gradient(self):
        parts = []
        for p in self.param_groups[0]["params"]:
            g = p._grad._a if p._grad is not None else p._a * 0
            parts.append(g.reshape(-1).astype(np.float64))
        return np.concatenate(parts)

    def _move(self, direction, t):
        at = 0
        for p in self.param_groups[0]["params"]:
            n = p._a.size
            _descend(p, (direction[at : at + n].reshape(p._a.shape) * -t).astype(p._a.dtype))
            at += n

    def _direction(self, g, held):
        q, factors = -g, []
        for y, s, rho in held["pairs"][::-1]:
            a = float(s.dot(q)) * rho
            factors.append(a)
            q = q - y * a
        q = q * held["scale"]
        for (y, s, rho), a in zip(held["pairs"], factors[::-1]):
            q = q + s * (a - float(y.dot(q)) * rho)
        return q

    def step(self, closure):
        group = self.param_groups[0]
        held = self.state[group["params"][0]]

        def evaluate():
            with tape.recording(True):
                loss = closure()
            return loss, float(loss)

        with tape.recording(False):
            first, loss = evaluate()
            evaluations = 1
            g = self._flat_gradient()
            if float(np.abs(g).max()) <= group["tolerance_grad"]:
                return first
            for iteration in range(1, group["max_iter"] + 1):
                held["n_iter"] = held.get("n_iter", 0) + 1
                if held["n_iter"] == 1:
                    held.update(pairs=[], scale=1.0)
                    direction = -g
                else:
                    y, s = g - held["last"], held["direction"] * held["t"]
                    ys = float(y.dot(s))
                    if ys > 1e-10:
                        held["pairs"] = [*held["pairs"], (y, s, 1.0 / ys)][-group["history_size"] :]
                        held["scale"] = ys / float(y.dot(y))
                    direction = self._direction(g, held)
                held["last"], before = g, loss
                t = min(1.0, 1.0 / float(np.abs(g).sum())) * group["lr"] if held["n_iter"] == 1 else group["lr"]
                slope = float(g.dot(direction))
                if slope > -group["tolerance_change"]:
                    break
                self._move(direction, t)
                held["direction"], held["t"] = direction, t
                if iteration != group["max_iter"]:
                    _, loss = evaluate()
                    g = self._flat_gradient()
                    evaluations += 1
                if evaluations >= group["max_eval"] or float(np.abs(g).max()) <= group["tolerance_grad"]:
                    break
                if float(np.abs(direction * t).max()) <= group["tolerance_change"] or abs(loss - before) < group["tolerance_change"]:
                    break
        return first
