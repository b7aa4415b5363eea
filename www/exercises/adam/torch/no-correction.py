"""The moments are used as they are, without bias correction."""
import torch


class Adam:
    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        self.lr, self.betas, self.eps = lr, betas, eps
        self.state = {}

    def step(self, params, grads):
        return [p if g is None else self._moved(i, p, g) for i, (p, g) in enumerate(zip(params, grads))]

    def _moved(self, i, p, g):
        beta1, beta2 = self.betas
        t, m, v = self.state.get(i, (0, torch.zeros_like(p), torch.zeros_like(p)))
        t += 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        self.state[i] = t, m, v
        m_hat = m
        v_hat = v
        return p - self.lr * m_hat / (v_hat.sqrt() + self.eps)
