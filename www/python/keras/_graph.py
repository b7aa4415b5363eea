"""The graph between a model's inputs and outputs: its operations in order, and a run through it."""

from ._symbolic import KerasTensor, node_of
from ._tree import flatten, map_tree, pack_as


class Graph:
    def __init__(self, inputs, outputs):
        self.inputs_tree, self.outputs_tree = inputs, outputs
        self.inputs, self.outputs = flatten(inputs), flatten(outputs)
        for kind, tensors in (("inputs", self.inputs), ("outputs", self.outputs)):
            for x in tensors:
                if not isinstance(x, KerasTensor):
                    raise ValueError(
                        f"All `{kind}` values must be KerasTensors. Received: {kind}={tensors} including invalid value "
                        f"{x} of type {type(x)}"
                    )
        self._find_nodes()
        self._order()

    def _find_nodes(self):
        """Nodes in the order in which a walk from the outputs finishes them, and operations in which it meets them."""
        given = {id(x) for x in self.inputs}
        finished, order, self._met = set(), [], []
        met = set()

        def meet(node):
            if id(node.operation) not in met:
                met.add(id(node.operation))
                self._met.append(node.operation)

        for output in self.outputs:
            stack = [(output, False)]
            while stack:
                tensor, done = stack.pop()
                node = node_of(tensor)
                if done:
                    if id(node) not in finished:
                        finished.add(id(node))
                        order.append(node)
                    continue
                if id(node) in finished:
                    continue
                meet(node)
                stack.append((tensor, True))
                if id(tensor) in given:
                    continue
                if not node.inputs:
                    raise ValueError(
                        f"Output with path `` is not connected to `inputs`: it comes from '{node.operation.name}', "
                        "which is not among the inputs."
                    )
                stack.extend((x, False) for x in reversed(node.inputs))
        for x in self.inputs:
            node = node_of(x)
            if id(node) not in finished:
                finished.add(id(node))
                order.append(node)
                meet(node)
        self._post_order = order

    def _order(self):
        """Nodes from the inputs on, those that lie equally far from the outputs by the order of the walk."""
        given = {id(x) for x in self.inputs}
        depth = {}
        for node in reversed(self._post_order):
            at = depth.setdefault(id(node), 0)
            if any(id(x) in given for x in node.outputs):
                continue
            for x in node.inputs:
                source = node_of(x)
                depth[id(source)] = max(depth.get(id(source), 0), at + 1)
        place = {id(operation): i for i, operation in enumerate(self._met)}
        deepest = {}
        for node in self._post_order:
            key = id(node.operation)
            deepest[key] = max(deepest.get(key, 0), depth[id(node)])
        self.operations = sorted(self._met, key=lambda op: (-deepest[id(op)], place[id(op)]))
        self.nodes = sorted(
            self._post_order, key=lambda node: (-depth[id(node)], place[id(node.operation)], node.index)
        )
        self._given = given

    def run(self, inputs, call):
        """The outputs for values of the inputs; `call(operation, args, kwargs)` makes each."""
        values = {id(x): value for x, value in zip(self.inputs, flatten(inputs))}
        for node in self.nodes:
            if all(id(x) in values for x in node.outputs):
                continue
            args, kwargs = node.filled(values)
            made = call(node.operation, args, kwargs)
            for x, value in zip(node.outputs, flatten(made)):
                values[id(x)] = value
        return pack_as(self.outputs_tree, [values[id(x)] for x in self.outputs])

    def output_specs(self):
        return map_tree(lambda x: KerasTensor(x.shape, x.dtype), self.outputs_tree)
