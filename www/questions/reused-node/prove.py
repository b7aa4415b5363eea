import math


# {{value}}
class Value:
    def __init__(self, data, made_from=()):
        self.data, self.grad, self.made_from = data, 0.0, made_from

    def __add__(self, other):
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))

    def exp(self):
        y = math.exp(self.data)
        return Value(y, ((self, y),))

    # {{sweep}}
    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent, _ in node.made_from:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for out in reversed(order):
            for node, local in out.made_from:
                node.grad += local * out.grad


def f(x):
    y = x * x
    return y + y * x + x.exp()


x = Value(1.5)
f(x).backward()
h = 1e-6
numeric = (f(Value(1.5 + h)).data - f(Value(1.5 - h)).data) / (2 * h)
print(f"{{check}}: {x.grad:.6f} {numeric:.6f}")
assert abs(x.grad - numeric) < 1e-6
assert abs(x.grad - (2 * 1.5 + 3 * 1.5**2 + math.exp(1.5))) < 1e-12
