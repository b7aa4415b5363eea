"""Graphs to try your Value on. The checks use them too."""


def chain(x, length):
    """x after `length` small steps: a graph as deep as it is long."""
    for _ in range(length):
        x = x * 0.999 + 0.001
    return x


def doubled(x, times):
    """2 ** times · x over `times` nodes, each used twice by the next."""
    for _ in range(times):
        x = x + x
    return x


# Inputs and targets of exclusive or.
XOR = [((-1.0, -1.0), -1.0), ((-1.0, 1.0), 1.0), ((1.0, -1.0), 1.0), ((1.0, 1.0), -1.0)]


def xor_loss(p):
    """The mean squared error of a 2-3-1 net with tanh; p: 6 weights, 3 biases, 3 weights, 1 bias."""
    loss = 0.0
    for (x0, x1), target in XOR:
        hidden = [(p[i] * x0 + p[3 + i] * x1 + p[6 + i]).tanh() for i in range(3)]
        y = p[9] * hidden[0] + p[10] * hidden[1] + p[11] * hidden[2] + p[12]
        loss = loss + (y - target) ** 2
    return loss / len(XOR)


def train_xor(Value, start, steps, learning_rate=0.2):
    """Gradient descent from the 13 numbers in `start`: the loss before each step."""
    numbers, losses = list(start), []
    for _ in range(steps):
        p = [Value(number) for number in numbers]
        loss = xor_loss(p)
        loss.backward()
        losses.append(loss.data)
        numbers = [v.data - learning_rate * v.grad for v in p]
    return losses
