"""Writes the block as one list of steps, each with its way back, and projects by a matrix product on strided pixels."""

import numpy as np
from given import conv2d, conv2d_backward


def init(rng, inputs, outputs, stride=1):
    needed = (inputs, 1) != (outputs, stride)
    shortcut = {"wp": rng.normal(0.0, inputs**-0.5, size=(1, 1, inputs, outputs))} if needed else {}
    return {"w1": rng.normal(0.0, (4.5 * inputs) ** -0.5, size=(3, 3, inputs, outputs)), "w2": np.zeros((3, 3) + 2 * (outputs,)), **shortcut}


class ResidualBlock:
    def __init__(self, params, stride=1):
        self.p, self.s = params, stride

    def forward(self, x):
        self.x, s = x, self.s
        self.before1 = conv2d(x, self.p["w1"], s)
        self.after1 = np.where(self.before1 > 0, self.before1, 0)
        total = conv2d(self.after1, self.p["w2"])
        if "wp" in self.p:
            total = total + x[:, ::s, ::s] @ self.p["wp"][0, 0]
        elif s != 1 or x.shape[-1] != total.shape[-1]:
            raise ValueError("identity doesn't fit")
        else:
            total = total + x
        self.total = total
        return np.where(total > 0, total, 0)

    def backward(self, dy):
        s = self.s
        g = np.where(self.total > 0, dy, 0)
        dafter, dw2 = conv2d_backward(g, self.after1, self.p["w2"])
        dx, dw1 = conv2d_backward(np.where(self.before1 > 0, dafter, 0), self.x, self.p["w1"], s)
        grads = {"w1": dw1, "w2": dw2}
        dx = dx.copy()
        if "wp" in self.p:
            seen = self.x[:, ::s, ::s]
            grads["wp"] = np.einsum("nhwc,nhwo->co", seen, g)[None, None]
            dx[:, ::s, ::s] += g @ self.p["wp"][0, 0].T
        else:
            dx += g
        return [dx, grads]
