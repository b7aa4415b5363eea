"""Keeps one closure for each column and builds the result column by column, in plain Python."""

import math
import statistics

import numpy as np


def standardiser(values):
    known = [v for v in values if not math.isnan(v)]
    fill = statistics.median(known) if known else 0.0
    filled = [fill if math.isnan(v) else v for v in values]
    centre = math.fsum(filled) / len(filled)
    spread = math.sqrt(math.fsum((v - centre) ** 2 for v in filled) / len(filled))
    if len(set(filled)) == 1:
        centre, spread = filled[0], 1.0
    return lambda v: ((fill if math.isnan(v) else v) - centre) / spread


class Preprocessor:
    def fit(self, numbers, categories):
        self.maps = [standardiser(column) for column in numbers.T.tolist()]
        self.order = {}
        for name in sorted(categories):
            self.order.setdefault(name, len(self.order))

    def transform(self, numbers, categories):
        rows = []
        for values, name in zip(numbers.tolist(), categories):
            hot = [1.0 if other == name else 0.0 for other in self.order]
            rows.append([scale(v) for scale, v in zip(self.maps, values)] + hot)
        return np.array(rows).reshape(len(rows), len(self.maps) + len(self.order))
