"""What a check did, as lines of plain Python with asserts: for a file that runs on the real libraries.

A value's way from a call to `t.equal` is known by identity, for what a call returned and for what stands in it. What a
check compares after working with it, and what needs a lent function, has no line here; such a check may have none.
"""

import math

from danlu import codec

from .remote import AS_ARRAY, LISTED, MADE_OF, REACHED, Lent, Reference

PLAIN_ENTRIES = 120  # up to which an array is written out, above which it is packed
LONGEST = 100_000  # characters of a check; a longer one is no reading and stays in the page
OPERATORS = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "pow": "**", "matmul": "@"}


class NoLine(Exception):
    """It can't be said in plain Python."""


class Transcript:
    def __init__(self, flavour="numpy"):
        self._tensors = flavour == "torch"
        self.lines = []
        self.imports = {"torch"} if self._tensors else set()
        self.asserts = 0
        self._written = {}  # id → (expression, the object, which must live for its id to mean it)
        self._passing = {}  # the same for small values, whose ids several share: of the last call only
        self._remotes = {}
        self._numbers = {}
        self._arrays = []

    @property
    def is_worth_it(self):
        return self.asserts > 0 and sum(map(len, self.lines)) <= LONGEST

    def called(self, target, calls, values, made):
        self._passing, results = {}, []
        for place, (args, kwargs) in enumerate(calls):
            call = self._call(target, args, kwargs)
            if made:
                name = self._name("o")
                self._remotes[made[place].text] = name
                self.lines.append(f"{name} = {call}")
            elif call is None or values[place] is None:
                self.lines.extend([call] if call else [])
            else:
                results.append((self._name("y"), values[place]))
                self.lines.append(f"{results[-1][0]} = {self._plain(call)}")
        for name, value in results:
            self._remember_all(name, value)

    def raised(self, exception, target, args, kwargs):
        if not exception.isidentifier():
            raise NoLine
        self.lines.append(f"raises({exception}, lambda: {self._call(target, args, kwargs)})")
        self.asserts += 1

    def equal(self, got, expected, rtol, atol):
        written = self._written.get(id(got)) or self._passing.get(id(got))
        if written is None:
            return
        # What is expected may be another answer: that one's own, and not what it was in this run.
        other = self._written.get(id(expected))
        wanted = other[0] if other else self._literal(expected)
        self.lines.append(f"close({written[0]}, {wanted}, rtol={rtol!r}, atol={atol!r})")
        self.asserts += 1

    def unchanged(self):
        for name, literal in self._arrays:
            self.lines.append(f"np.testing.assert_array_equal({self._plain(name)}, {literal})")
            self.asserts += 1

    def _remember_all(self, expression, value):
        """The value and what stands in it, at any depth: a list of dictionaries is an answer like any other."""
        self._remember(expression, value)
        if isinstance(value, (list, tuple)):
            for index, item in enumerate(value):
                self._remember_all(f"{expression}[{index}]", item)
        elif isinstance(value, dict):
            for key, item in value.items():
                self._remember_all(f"{expression}[{key!r}]", item)

    def _remember(self, expression, value):
        shared = value is None or isinstance(value, (bool, int, str, tuple))
        (self._passing if shared else self._written)[id(value)] = (expression, value)

    def _name(self, kind):
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return f"{kind}{self._numbers[kind]}"

    def _call(self, target, args, kwargs):
        self._arrays = []
        if isinstance(target, str):
            plain = self._builtin(target, args, kwargs)
            if plain is not None:
                return plain
            callee = self._dotted(target)
        else:
            callee = self._reference(target)
        written = [self._argument(arg) for arg in args] + [f"{key}={self._argument(arg)}" for key, arg in kwargs.items()]
        return f"{callee}({', '.join(written)})"

    def _builtin(self, target, args, kwargs):
        module, _, name = target.rpartition(".")
        if target == MADE_OF:
            raise NoLine
        if target == LISTED:
            return f"list({self._argument(args[0])})"
        if target == AS_ARRAY:
            return f"as_array({self._argument(args[0])})"
        if target == REACHED or (target == "builtins.getattr" and len(args) == 2):
            return f"{self._argument(args[0])}.{args[1]}"
        if target == "builtins.setattr":
            return f"setattr({', '.join(self._argument(arg) for arg in args)})"
        if module == "operator" and name in OPERATORS and len(args) == 2:
            left, right = map(self._argument, args)
            # -2 ** x would be -(2 ** x).
            return f"{f'({left})' if left.startswith('-') else left} {OPERATORS[name]} {right}"
        if target == "operator.neg":
            return f"-{self._argument(args[0])}"
        if target == "operator.getitem":
            return f"{self._argument(args[0])}[{self._argument(args[1])}]"
        return None

    def _dotted(self, name):
        module = name.rpartition(".")[0]
        if module == "builtins":
            return name.rpartition(".")[2]
        # `Value.zeros` begins with the learner's own name, which no import brings.
        if module and module[0].islower():
            self.imports.add(module)
        return name

    def _argument(self, value):
        np = codec._numpy()
        if np is not None and isinstance(value, np.ndarray):
            name, literal = self._name("x"), self._literal(value)
            self.lines.append(f"{name} = {self._tensor(literal)}")
            self._arrays.append((name, literal))
            return name
        return self._tensor(self._literal(value)) if self._holds_arrays(value) else self._literal(value)

    def _tensor(self, expression):
        """As the learner's code gets it: `tensors` and `plain` stand in the file's own asserts."""
        return f"tensors({expression})" if self._tensors else expression

    def _plain(self, expression):
        return f"plain({expression})" if self._tensors else expression

    def _holds_arrays(self, value):
        if isinstance(value, (list, tuple)):
            return any(map(self._holds_arrays, value))
        if isinstance(value, dict):
            return any(map(self._holds_arrays, value.values()))
        np = codec._numpy()
        return np is not None and isinstance(value, (np.ndarray, np.generic))

    def _reference(self, value):
        if isinstance(value, Lent):
            raise NoLine
        kind, _, rest = value.text.partition(":")
        if kind == "name":
            return self._dotted(rest)
        number, _, method = rest.partition(".")
        name = self._remotes[f"object:{number}"]
        return f"{name}.{method}" if method else name

    def _literal(self, value):
        np = codec._numpy()
        if isinstance(value, Reference):
            return self._reference(value)
        if np is not None and isinstance(value, np.ndarray):
            return _array(value)
        if np is not None and isinstance(value, np.generic):
            return f"np.{value.dtype.name}({_number(value.item())})" if str(value.dtype) != "bool" else repr(bool(value))
        if isinstance(value, float):
            return _number(value)
        if isinstance(value, list):
            return f"[{', '.join(map(self._literal, value))}]"
        if isinstance(value, tuple):
            return f"({', '.join(map(self._literal, value))}{',' if len(value) == 1 else ''})"
        if isinstance(value, dict):
            return f"{{{', '.join(f'{self._literal(key)}: {self._literal(item)}' for key, item in value.items())}}}"
        return repr(value)


def _number(value):
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return repr(value)


def _array(array):
    dtype = str(array.dtype)
    if array.size > PLAIN_ENTRIES or array.size == 0:
        import base64

        packed = base64.b64encode(array.tobytes()).decode()
        return f'unpack("{packed}", "{dtype}", {tuple(array.shape)})'
    return f"np.array({_nested(array.tolist())}, dtype=np.{'bool_' if dtype == 'bool' else dtype})"


def _nested(value):
    return f"[{', '.join(map(_nested, value))}]" if isinstance(value, list) else _number(value)
