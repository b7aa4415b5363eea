"""Nested lists, tuples and dicts as one flat list, and back."""


def flatten(tree):
    if isinstance(tree, dict):
        return [leaf for key in sorted(tree) for leaf in flatten(tree[key])]
    if isinstance(tree, (list, tuple)):
        return [leaf for part in tree for leaf in flatten(part)]
    return [tree]


def map_tree(function, tree):
    if isinstance(tree, dict):
        return {key: map_tree(function, part) for key, part in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(map_tree(function, part) for part in tree))
    if isinstance(tree, (list, tuple)):
        return type(tree)(map_tree(function, part) for part in tree)
    return function(tree)


def pack_as(tree, leaves):
    """`leaves` in the form of `tree`."""
    rest = iter(leaves)

    def put(part):
        if isinstance(part, dict):
            made = {key: put(part[key]) for key in sorted(part)}
            return {key: made[key] for key in part}
        if isinstance(part, (list, tuple)):
            return type(part)(put(p) for p in part)
        return next(rest)

    return put(tree)
