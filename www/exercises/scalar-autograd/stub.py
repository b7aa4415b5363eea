import math


class Value:
    def __init__(self, data):
        self.data = float(data)
        self.grad = 0.0

    def __add__(self, other):
        raise NotImplementedError

    # Also: - * / ** (an exponent that is a plain number), unary minus,
    # numbers on either side, and the methods relu(), tanh(), exp().

    def backward(self):
        # Add d self / d v to v.grad, for every v that self was computed from.
        raise NotImplementedError
