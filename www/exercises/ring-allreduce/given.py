"""A ring of workers that run one after another in this process. `from given import run` works in the editor."""


class Machine:
    """One worker: its generator, driven round by round."""

    def __init__(self, function, *args):
        self._worker = function(*args)

    def step(self, received):
        """Hands over what came from the left: (False, what goes to the right) or (True, what the worker returns)."""
        try:
            return False, self._worker.send(received)
        except StopIteration as end:
            return True, end.value


def step_all(machines, received):
    """One round: each machine is handed its message, and says what it says."""
    return [machine.step(message) for machine, message in zip(machines, received)]


def run(function, arguments, watch=None):
    """Runs function(*arguments[r]) as worker r of a ring and returns what each of them returns.

    `watch(round, messages)`, where given, sees what is on its way in each round.
    """
    machines = [Machine(function, *args) for args in arguments]
    received, turn = [None] * len(machines), 0
    while True:
        steps = step_all(machines, received)
        done = [finished for finished, _ in steps]
        if all(done):
            return [value for _, value in steps]
        if any(done):
            raise RuntimeError(f"after {turn} rounds worker {done.index(True)} is done, worker {done.index(False)} waits")
        messages = [value for _, value in steps]
        if watch is not None:
            watch(turn, messages)
        # To the right: worker r receives what worker r - 1 sent.
        received, turn = messages[-1:] + messages[:-1], turn + 1
