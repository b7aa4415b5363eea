"""What `fit` prints: Keras's lines, one for each epoch, as a place that is no terminal has them.

In a terminal Keras draws each line over and over; here it comes when the epoch is done, and the page
hears of the steps in between by danlu.progress.
"""

import sys
import time

_WIDTH = 20


def number(value):
    return f"{value:.4f}" if abs(value) > 1e-3 or value == 0 else f"{value:.4e}"


def logs_text(logs):
    return "".join(f" - {name}: {number(value)}" for name, value in logs.items())


def duration(seconds):
    seconds = int(seconds)
    if seconds > 3600:
        return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"
    if seconds > 60:
        return f"{seconds // 60}:{seconds % 60:02d}"
    return f"{seconds}s"


def per_step(seconds):
    if seconds >= 1 or seconds == 0:
        return f"{seconds:.0f}s/step"
    if seconds >= 1e-3:
        return f"{seconds * 1e3:.0f}ms/step"
    return f"{seconds * 1e6:.0f}us/step"


class Progress:
    """The lines of one run of `fit`, `evaluate` or `predict`."""

    def __init__(self, verbose, epochs=1, named=True):
        self.verbose, self.epochs, self.named = 1 if verbose == "auto" else int(verbose), epochs, named

    def begin(self, epoch, steps):
        self.steps, self.done, self.begun, self._told = steps, 0, time.time(), 0.0
        self.first = None
        if self.verbose and self.named and self.epochs > 1:
            print(f"Epoch {epoch + 1}/{self.epochs}")

    def step(self, done):
        self.done = done
        if self.first is None:
            self.first = time.time()

    def end(self, logs):
        if not self.verbose:
            return
        steps = self.steps if self.steps is not None else self.done
        taken = time.time() - self.begun
        each = taken / max(self.done, 1)
        count = f"{steps}/{steps}"
        if self.verbose == 1:
            line = f"{count} {'━' * _WIDTH} {duration(taken)} {per_step(each)}{logs_text(logs)}"
        else:
            line = f"{count} - {duration(taken)} - {per_step(each)}{logs_text(logs)}"
        print(line)
        sys.stdout.flush()
