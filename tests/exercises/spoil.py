"""Solutions with one thing changed: what spoil.mjs hands to the judge.

`mutants(source)` yields (place, before, after, spoilt source): the line, and that line's code before and after.
"""

import ast
import copy

SWAPPED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or,
    ast.Or: ast.And,
}
OTHER_NAME = {
    "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum", "sum": "mean", "mean": "sum", "argmax": "argmin",
    "argmin": "argmax", "floor": "ceil", "ceil": "floor", "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like",
    "ones_like": "zeros_like", "var": "std", "std": "var", "sin": "cos", "cos": "sin", "tril": "triu", "triu": "tril",
    "sqrt": "abs", "any": "all", "all": "any", "cumsum": "cumprod", "append": "extend", "round": "floor", "rint": "floor",
}
WITHOUT = {"T"}  # attributes and calls without arguments that may be left out
WITHOUT_CALL = {"copy", "astype", "clip", "abs", "float", "int", "list", "tuple", "asarray", "array", "exp", "sqrt", "log", "item", "detach"}


def constants(value):
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1] if value < 1 else [value + 1, value - 1]
    if isinstance(value, float):
        if value == float("inf"):
            return []
        return [value * 100, value / 100] if 0 < abs(value) < 1e-3 else [value * 1.01 if value else 0.01]
    return []


def changes(node):
    """What may stand in this node's place."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in SWAPPED:
            yield ast.BinOp(node.left, SWAPPED[type(node.op)](), node.right)
        if not isinstance(node.left, (ast.List, ast.Tuple)):
            yield node.left
            yield node.right
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(SWAPPED[type(node.op)](), node.values)
        for place in range(len(node.values)):
            rest = node.values[:place] + node.values[place + 1 :]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        if type(node.ops[0]) in SWAPPED:
            yield ast.Compare(node.left, [SWAPPED[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield node.operand
    elif isinstance(node, ast.Constant):
        for value in constants(node.value):
            yield ast.Constant(value)
    elif isinstance(node, ast.Attribute):
        if node.attr in WITHOUT:
            yield node.value
        elif node.attr in OTHER_NAME:
            yield ast.Attribute(node.value, OTHER_NAME[node.attr], node.ctx)
    elif isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in WITHOUT_CALL:
            module = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") in {"np", "math", "torch"}
            if isinstance(node.func, ast.Attribute) and not module:
                yield node.func.value
            elif node.args:
                yield node.args[0]
        if isinstance(node.func, ast.Name) and name in OTHER_NAME:
            yield ast.Call(ast.Name(OTHER_NAME[name], ast.Load()), node.args, node.keywords)
        for place, keyword in enumerate(node.keywords):
            if keyword.arg is not None:
                yield ast.Call(node.func, node.args, node.keywords[:place] + node.keywords[place + 1 :])
            if keyword.arg in {"axis", "dim"}:
                for axis in (0, -1):
                    other = ast.keyword(keyword.arg, ast.Constant(axis))
                    yield ast.Call(node.func, node.args, node.keywords[:place] + [other] + node.keywords[place + 1 :])
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.Slice):
        for part in ("lower", "upper", "step"):
            if getattr(node, part) is not None:
                yield ast.Slice(**{name: None if name == part else getattr(node, name) for name in ("lower", "upper", "step")})
    elif isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)
        if type(node.op) in SWAPPED:
            yield ast.AugAssign(node.target, SWAPPED[type(node.op)](), node.value)
        yield ast.Pass()
    elif isinstance(node, ast.If):
        yield ast.If(ast.Constant(True), node.body, node.orelse)
        yield ast.If(ast.Constant(False), node.body, node.orelse)
    elif isinstance(node, (ast.Continue, ast.Break)):
        yield ast.Pass()
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield ast.Pass()
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Subscript, ast.Attribute)):
        yield ast.Pass()


def places(node, path=()):
    """Every node's way from the root: (field, index or None), …; annotations and the words of errors are left out."""
    yield path
    if isinstance(node, (ast.JoinedStr, ast.Raise)):
        return
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "ctx", "op", "ops"}:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield from places(child, (*path, (name, index)))


def follow(node, path):
    for name, index in path:
        node = getattr(node, name) if index is None else getattr(node, name)[index]
    return node


def mutants(source):
    tree = ast.parse(source)
    whole = ast.unparse(tree)
    lines, seen = whole.splitlines(), {whole}
    for path in list(places(tree)):
        if not path:
            continue
        for changed in changes(follow(tree, path)):
            spoilt = copy.deepcopy(tree)
            name, index = path[-1]
            parent = follow(spoilt, path[:-1])
            if index is None:
                setattr(parent, name, copy.deepcopy(changed))
            else:
                getattr(parent, name)[index] = copy.deepcopy(changed)
            try:
                text = ast.unparse(ast.fix_missing_locations(spoilt))
                compile(text, "spoilt.py", "exec")
            except (SyntaxError, TypeError, ValueError, AttributeError):
                continue
            if text in seen:
                continue
            seen.add(text)
            now = text.splitlines()
            place = next((i for i, (a, b) in enumerate(zip(lines, now)) if a != b), min(len(lines), len(now)) - 1)
            if lines[place].strip().startswith(('"""', "'''")):
                continue
            yield place + 1, lines[place].strip(), now[place].strip(), text
