"""How wide a text is, about, and the little of TeX that labels use ($x^2$, $\\alpha_{ij}$), as runs of plain text.

A line is a list of runs (text, level, italic): level 1 is raised, -1 lowered, 0 on the line.
"""

import re

# Advances of the printable ASCII characters in hundredths of the font's size.
_ADVANCES = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
    84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61,
    69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59,
    82, 59, 59, 52, 64, 34, 64, 84,
]  # fmt: skip
RAISED_SIZE = 0.7
LINE_HEIGHT = 1.2
ASCENT, DESCENT, MIDDLE = 0.76, 0.24, 0.36

_SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "times": "×", "cdot": "·", "div": "÷", "pm": "±", "mp": "∓", "leq": "≤", "le": "≤",
    "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "approx": "≈", "sim": "∼", "equiv": "≡", "propto": "∝", "in": "∈",
    "notin": "∉", "subset": "⊂", "cup": "∪", "cap": "∩", "infty": "∞", "partial": "∂", "nabla": "∇", "sum": "∑",
    "prod": "∏", "int": "∫", "to": "→", "rightarrow": "→", "leftarrow": "←", "Rightarrow": "⇒", "leftrightarrow": "↔",
    "ldots": "…", "dots": "…", "cdots": "⋯", "circ": "∘", "degree": "°", "ell": "ℓ", "hbar": "ℏ", "forall": "∀",
    "exists": "∃", "langle": "⟨", "rangle": "⟩", "odot": "⊙", "otimes": "⊗", "oplus": "⊕", "mid": "|", "prime": "′",
    "star": "⋆", "ast": "∗", "bullet": "•", "ll": "≪", "gg": "≫", "top": "⊤", "perp": "⊥", "neg": "¬", "emptyset": "∅",
    "quad": "\u2003", "qquad": "\u2003\u2003", ",": "\u2009", ";": "\u2005", ":": "\u2005", "!": "", " ": " ",
    "{": "{", "}": "}", "%": "%", "_": "_", "$": "$", "#": "#", "&": "&", "|": "‖", "\\": "\n",
}  # fmt: skip
_FUNCTIONS = {"log", "ln", "exp", "sin", "cos", "tan", "max", "min", "arg", "lim", "det", "tanh", "sinh", "cosh", "dim", "Pr", "sup", "inf"}
_UPRIGHT = {"mathrm", "text", "mathdefault", "rm", "operatorname", "mathbf", "mathsf", "mathtt", "boldsymbol", "bf"}
_SLANTED = {"mathit", "mathcal", "mathbb", "it", "cal", "mathnormal", "mathregular"}
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307", "vec": "\u20d7", "overline": "\u0304", "widehat": "\u0302", "ddot": "\u0308"}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|\s+|.", re.DOTALL)


def _group(tokens):
    """The tokens of one argument: a group in braces, or a single token; they are taken off the list."""
    while tokens and tokens[0].isspace():
        tokens.pop(0)
    if not tokens:
        return []
    first = tokens.pop(0)
    if first != "{":
        return [first]
    depth, inside = 1, []
    while tokens:
        token = tokens.pop(0)
        depth += (token == "{") - (token == "}")
        if depth == 0:
            break
        inside.append(token)
    return inside


def _set(tokens, level, italic, runs):
    tokens = list(tokens)
    while tokens:
        token = tokens.pop(0)
        if token in "^_" and len(token) == 1:
            _set(_group(tokens), 1 if token == "^" else -1, italic, runs)
        elif token == "{":
            tokens.insert(0, token)
            _set(_group(tokens), level, italic, runs)
        elif token.isspace() or token == "}":
            continue
        elif token[0] == "\\":
            name = token[1:]
            if name in _UPRIGHT:
                _set(_group(tokens), level, False, runs)
            elif name in _SLANTED:
                _set(_group(tokens), level, name != "mathregular", runs)
            elif name in _ACCENTS:
                before = len(runs)
                _set(_group(tokens), level, italic, runs)
                if len(runs) > before:
                    runs[-1] = (runs[-1][0] + _ACCENTS[name], *runs[-1][1:])
            elif name in ("frac", "dfrac", "tfrac"):
                top, bottom = _group(tokens), _group(tokens)
                for part, closing in ((top, "/"), (bottom, "")):
                    several = len(part) > 1 and not all(t.isdigit() for t in part)
                    runs += [("(", level, False)] * several
                    _set(part, level, italic, runs)
                    runs += [(")", level, False)] * several + [(closing, level, False)]
            elif name == "sqrt":
                inside = _group(tokens)
                runs.append(("√", level, False))
                runs += [("(", level, False)] * (len(inside) > 1)
                _set(inside, level, italic, runs)
                runs += [(")", level, False)] * (len(inside) > 1)
            elif name in ("left", "right", "displaystyle", "limits"):
                if tokens and tokens[0] == ".":
                    tokens.pop(0)
            elif name in _FUNCTIONS:
                runs.append((name + ("\u2009" if not tokens or tokens[0] not in "^_(" else ""), level, False))
            elif name in _SYMBOLS:
                runs.append((_SYMBOLS[name], level, italic and name.islower() and _SYMBOLS[name].isalpha()))
            else:
                raise ValueError(f"Unknown symbol: {token}; labels here know Greek letters, ^, _, \\frac, \\sqrt and such")
        elif token == "-":
            runs.append(("\N{MINUS SIGN}", level, False))
        elif token in "=<>+" and level == 0:
            runs.append((f"\u2009{token}\u2009", level, False))
        else:
            runs.append((token, level, italic and token.isalpha()))


def lines(text):
    """The lines of a label, each a list of runs."""
    return [_line(line) for line in str(text).split("\n")]


def _line(line):
    parts = re.split(r"(?<!\\)\$", line)
    if len(parts) % 2 == 0 or len(parts) == 1:
        return [(line.replace("\\$", "$"), 0, False)]
    runs = []
    for i, part in enumerate(parts):
        if i % 2:
            _set(_TOKEN.findall(part), 0, True, runs)
        elif part:
            runs.append((part.replace("\\$", "$"), 0, False))
    joined = []
    for text, level, italic in runs:
        if not text:
            continue
        if joined and joined[-1][1:] == (level, italic):
            joined[-1] = (joined[-1][0] + text, level, italic)
        else:
            joined.append((text, level, italic))
    return joined or [("", 0, False)]


def plain(text):
    """What a label says, without its mark-up."""
    return " ".join("".join(run[0] for run in line) for line in lines(text))


def _advance(letter):
    code = ord(letter)
    if 32 <= code < 127:
        return _ADVANCES[code - 32] / 100
    if 0x300 <= code < 0x370 or code == 0x20D7:
        return 0.0
    return 1.0 if code > 0x2E7F else 0.63


def width(line, size):
    """Of a line of runs, in the unit of `size`."""
    return size * sum(sum(map(_advance, text)) * (RAISED_SIZE if level else 1) for text, level, _ in line)


def measure(text_lines, size):
    """(width, height) of lines of runs."""
    widest = max((width(line, size) for line in text_lines), default=0.0)
    return widest, size * (ASCENT + DESCENT + LINE_HEIGHT * (len(text_lines) - 1))
