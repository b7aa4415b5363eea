"""What to say about a name of NumPy's that is not here."""

import difflib

# Names of NumPy's that are left out, with what does nearly the same here.
_INSTEAD = {
    "fft": "np.convolve for small signals", "ma": "boolean masks", "matrix": "np.array with @", "memmap": "np.load or np.fromfile, which read a file whole", "char": "Python's str", "rec": "one array a field",
    "recarray": "one array a field", "polynomial": "np.polyval", "strings": "Python's str", "ctypeslib": "np.frombuffer",
    "histogram2d": "np.histogram", "histogramdd": "np.histogram", 
    "unwrap": "np.diff", "real": "the array itself",
    "imag": "np.zeros_like", "angle": "np.arctan2", "packbits": "Python's int.to_bytes", "spacing": "np.nextafter",
    "isreal": "np.isfinite", "i0": "np.exp", "lookfor": "help",
    "msort": "np.sort", "in1d": "np.isin", "trapz": "np.trapezoid",
}  # fmt: skip
# What is here and yet not the same.
DIFFERENCES = (
    "Arrays hold bool, int64, float32 and float64; every other dtype is refused by name.",
    "np.frombuffer, np.fromfile and np.load read uint8, int32, float16 and their kin, and widen them, with a warning.",
    "There are no complex numbers, structured dtypes, arrays of strings or of objects; eig and roots tell real results.",
    "svd and eigh give NumPy's signs up to 25 rows or columns, beyond that signs of their own.",
    "Arrays have at most 31 axes, and all of them together about 1 GB.",
    "np.partition sorts; np.einsum contracts from left to right.",
    "np.nditer walks element by element and allocates nothing.",
    "Single values of int64 are Python ints as well: 1.5 - np.int64(1) is a float.",
    "default_rng and the legacy functions give NumPy's own streams, for the distributions that are here.",
)
_GONE = {
    "float": "float", "int": "int", "object": "object", "str": "str", "float_": "np.float64", "Inf": "np.inf",
    "NaN": "np.nan", "product": "np.prod", "alltrue": "np.all", "sometrue": "np.any", "cumproduct": "np.cumprod",
    "round_": "np.round",
}  # fmt: skip


def nearest(name):
    """The exception for `np.<name>`."""
    import numpy

    if name.startswith("__"):
        return AttributeError(f"module 'numpy' has no attribute {name!r}")
    if name in _GONE:
        return AttributeError(f"module 'numpy' has no attribute {name!r}: NumPy 2 has {_GONE[name]} instead")
    if name in _INSTEAD:
        return NotImplementedError(f"np.{name} is not in this numpy; nearest here: {_INSTEAD[name]}")
    close = difflib.get_close_matches(name, [n for n in vars(numpy) if not n.startswith("_")], 1, 0.5)
    hint = f"; nearest here: np.{close[0]}" if close else ""
    return NotImplementedError(f"np.{name} is not in this numpy{hint}")
