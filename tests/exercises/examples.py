"""Runs an example statement by statement and holds what it gives to the comments beside it.

`blocks` is set before this runs: the example's pieces of code. What doesn't agree is printed, a line for each.
"""

import ast
import contextlib
import io
import re

NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan)(?![\w])", re.IGNORECASE)


def numbers(text):
    """(value, what its last digit may be off by) of each number in a text."""
    found = []
    for word in NUMBER.findall(text.replace("−", "-")):
        mantissa, _, exponent = word.lower().partition("e")
        decimals = len(mantissa.partition(".")[2])
        found.append((float(word), 0.51 * 10.0 ** (int(exponent or 0) - decimals)))
    return found


def is_said(line):
    """Whether a comment line is a sentence that leads on to the next statement, and not an answer."""
    words = re.match(r"[A-Z][\w']* (\S+ ){3,}\S+[.:]$", line) is not None
    return words or line.endswith((":", "：")) or re.search(r"[一-鿿]{2}.*[。，]", line) is not None


def stated(lines, first, last, following):
    """The comment at the end of a statement, or the lines below it."""
    beside = re.search(r"#\s?(.*)$", lines[last - 1])
    if beside and first == last:
        return [beside[1].strip()]
    told = []
    for line in lines[last:following]:
        if not line.strip().startswith("#"):
            break
        told.append(line.strip()[1:].strip())
        if is_said(told[-1]):
            return told[:-1]
    return told


def agree(told, got):
    if re.sub(r"\s", "", told) == re.sub(r"\s", "", got):
        return True
    # What stands behind a value explains it.
    told = "\n".join(re.split(r"，|：|；|;|, that |, of |: (?=the |\d)", line)[0] for line in told.split("\n"))
    want, have = numbers(told), numbers(got)
    if not want or not have:
        # Words, or a value that the comment doesn't repeat.
        return not (want or have) or not want
    have = have[: len(want)]
    return len(have) == len(want) and all(a == b or abs(a - b) <= margin for (a, margin), (b, _) in zip(want, have))


def run(block, namespace):
    tree, lines = ast.parse(block), block.splitlines()
    for place, statement in enumerate(tree.body):
        following = tree.body[place + 1].lineno - 1 if place + 1 < len(tree.body) else len(lines)
        told = stated(lines, statement.lineno, statement.end_lineno, following)
        text = "\n".join(told)
        source = ast.unparse(statement)
        out = io.StringIO()
        error = re.match(r"(\w+Error)(?:: (.*))?", text)
        try:
            with contextlib.redirect_stdout(out):
                if isinstance(statement, ast.Expr):
                    value = eval(compile(source, "example", "eval"), namespace)
                    got = out.getvalue() if value is None else out.getvalue() + str(value)
                else:
                    exec(compile(source, "example", "exec"), namespace)
                    got = out.getvalue()
        except Exception as raised:
            if not error or type(raised).__name__ != error[1] or (error[2] and str(raised) != error[2]):
                print(f"{source.splitlines()[0]}: raised {type(raised).__name__}: {raised}")
            continue
        if error:
            print(f"{source.splitlines()[0]}: stated {text}, got {got}")
        elif got and text and not agree(text, got):
            print(f"{source.splitlines()[0]}: stated {text!r}, got {got!r}")


for block in blocks:
    run(block, globals())
