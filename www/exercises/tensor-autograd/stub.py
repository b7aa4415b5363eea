import numpy as np


class Tensor:
    def __init__(self, data):
        self.data = np.asarray(data, dtype=np.float64)
        self.grad = np.zeros(self.data.shape)

    # +, -, *, / and @ with Tensors, arrays and numbers on either side; ** a number; unary -
    # .sum(axis=None, keepdims=False)  .mean(axis=None, keepdims=False)
    # .exp()  .log()  .relu()  .reshape(shape)  .T

    def backward(self, gradient=None):
        raise NotImplementedError
