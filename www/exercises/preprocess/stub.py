import numpy as np


class Preprocessor:
    def fit(self, numbers, categories):
        # numbers: (N, I) with NaN where missing   categories: a list of N strings
        raise NotImplementedError

    def transform(self, numbers, categories):
        # → (N, I + K), float64
        raise NotImplementedError
