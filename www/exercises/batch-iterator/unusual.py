"""Deals the shuffled numbers out like cards, from a list, and keeps a counter of epochs instead of a generator."""

import numpy as np


class Epoch:
    def __init__(self, owner, deck):
        self.owner, self.deck = owner, deck

    def __iter__(self):
        return self

    def __next__(self):
        hand, self.deck = self.deck[:self.owner.size], self.deck[self.owner.size:]
        if not hand or (self.owner.whole and len(hand) < self.owner.size):
            raise StopIteration
        return [np.stack([self.owner.x[i] for i in hand]), np.stack([self.owner.y[i] for i in hand])]


class Batches:
    def __init__(self, x, y, batch_size, seed, shuffle=True, drop_last=False):
        if x.shape[0] != y.shape[0] or batch_size <= 0:
            raise ValueError((x.shape, y.shape, batch_size))
        self.x, self.y, self.size, self.whole = x, y, batch_size, drop_last
        self.seed, self.mixed, self.epoch = seed, shuffle, 0

    def __len__(self):
        return len(self.x) // self.size if self.whole else -(-len(self.x) // self.size)

    def __iter__(self):
        deck = list(range(len(self.x)))
        if self.mixed:
            rng = np.random.default_rng([self.seed, self.epoch])
            for last in range(len(deck) - 1, 0, -1):
                other = int(rng.integers(0, last + 1))
                deck[last], deck[other] = deck[other], deck[last]
        self.epoch += 1
        return Epoch(self, deck)
