"""The table that `model.summary()` prints."""

import math

from ._tree import flatten

# Widths of the columns as Keras's table has them at its own line length of 80, by their number and
# whether the last says what is trainable.
_WIDTHS = {(3, False): (33, 24, 15), (4, False): (21, 19, 12, 19), (4, True): (29, 23, 12, 7), (5, True): (19, 17, 11, 16, 7)}


def counted(variables):
    return sum(math.prod(v.shape) for v in variables)


def size_text(count_of_bytes):
    """1536 as `1.50 KB`."""
    size = float(count_of_bytes)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1024 or unit == "GB":
            return f"{size:.2f} {unit}"
        size /= 1024


def bytes_of(variables):
    sizes = {"float64": 8, "int64": 8, "bool": 1, "uint8": 1, "int8": 1}
    return sum(math.prod(v.shape) * sizes.get(str(getattr(v.dtype, "name", v.dtype)), 4) for v in variables)


def _wrapped(text, width):
    """Lines of at most `width`; a word that is too long ends in an ellipsis."""
    lines = []
    for part in text.split("\n"):
        line = part[: len(part) - len(part.lstrip(" "))]
        for word in part.lstrip(" ").split(" "):
            if not line.strip(" "):
                line += word
            elif len(line) + 1 + len(word) <= width:
                line += " " + word
            else:
                lines.append(line)
                line = word
        lines.append(line)
    return [line if len(line) <= width else line[: width - 1] + "…" for line in lines]


def _cell(text, width, align):
    return f" {text:{align}{width - 2}} "


def table(head, rows, widths, aligns):
    inner = [w - 2 for w in widths]

    def border(left, cross, right, fill):
        return left + cross.join(fill * w for w in widths) + right

    def lines(cells, bar):
        wrapped = [_wrapped(text, w) for text, w in zip(cells, inner)]
        for i in range(max(map(len, wrapped))):
            parts = (part[i] if i < len(part) else "" for part in wrapped)
            yield bar + bar.join(_cell(t, w, a) for t, w, a in zip(parts, widths, aligns)) + bar

    out = [border("┏", "┳", "┓", "━"), *lines(head, "┃"), border("┡", "╇", "┩", "━")]
    for i, row in enumerate(rows):
        if i:
            out.append(border("├", "┼", "┤", "─"))
        out.extend(lines(row, "│"))
    out.append(border("└", "┴", "┘", "─"))
    return out


def _connections(operation, known):
    found = []
    for node in operation._inbound_nodes:
        if id(node) not in known:
            continue
        for x in node.inputs:
            source, index, place = x._keras_history
            if known and id(source._inbound_nodes[index]) in known:
                found.append(f"{source.name}[{index}][{place}]")
    return ",\n".join(found) if found else "-"


def _shape(layer):
    for node in getattr(layer, "_inbound_nodes", ()):
        shapes = [tuple(x.shape) for x in node.outputs]
        return str(shapes[0]) if len(shapes) == 1 else ", ".join(map(str, shapes))
    seen = layer.__dict__.get("_seen_output")
    return str(seen) if seen is not None else "?"


def summarise(model, line_length=None, positions=None, print_fn=None, expand_nested=False, show_trainable=False, layer_range=None):
    graph = model._graph_for_summary()
    connected = graph is not None and not model._is_chain()
    known = {id(node) for node in graph.nodes} if graph is not None else set()
    head = ["Layer (type)", "Output Shape", "Param #"] + (["Connected to"] if connected else [])
    aligns = ["<", "<", ">"] + (["<"] if connected else [])
    if show_trainable:
        head.append("Trai…")
        aligns.append("^")
    widths = list(_WIDTHS[len(head), show_trainable])
    if line_length and line_length != 80:
        total = max(line_length - 5, 40)
        widths = [max(6, round(w * total / (sum(widths) + len(widths)))) for w in widths]
        if show_trainable:
            head[-1] = "Trainable" if widths[-1] >= 11 else "Trai…"
    rows = []

    def add(layer, prefix):
        kind = getattr(layer, "kind", None) or type(layer).__name__
        built = getattr(layer, "built", True)
        weights = getattr(layer, "weights", [])
        params = f"{counted(weights):,}" if built else "0 (unbuilt)"
        row = [f"{prefix}{layer.name} ({kind})", _shape(layer), params]
        if connected:
            row.append(_connections(layer, known) if not prefix else "-")
        if show_trainable:
            row.append(("Y" if layer.trainable else "N") if weights else "-")
        rows.append(row)
        if expand_nested and hasattr(layer, "_graph_for_summary"):
            for inner in layer.layers:
                add(inner, "   " + (prefix if prefix else "") + "└ " if not prefix else "   " + prefix)

    for layer in model._operations_for_summary():
        add(layer, "")
    lines = [f'Model: "{model.name}"', *table(head, rows, widths, aligns)]
    trained, all_weights = model.trainable_weights, model.weights
    optimizer = getattr(model, "optimizer", None)
    state = optimizer._state_variables() if optimizer is not None and optimizer.built else []
    ids = {id(v) for v in trained}
    fixed = [v for v in all_weights if id(v) not in ids]
    everything = [*all_weights, *state]
    lines.append(f" Total params: {counted(everything):,} ({size_text(bytes_of(everything))})")
    lines.append(f" Trainable params: {counted(trained):,} ({size_text(bytes_of(trained))})")
    lines.append(f" Non-trainable params: {counted(fixed):,} ({size_text(bytes_of(fixed))})")
    if state:
        lines.append(f" Optimizer params: {counted(state):,} ({size_text(bytes_of(state))})")
    if print_fn is None:
        print("\n".join(lines))
    else:
        print_fn("\n".join(lines))


__all__ = ["summarise", "flatten"]
