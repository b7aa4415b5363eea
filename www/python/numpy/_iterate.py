"""Walking arrays: ndenumerate, ndindex, nditer, flat, flags, vectorize, apply_along_axis."""

import itertools

from . import _engine
from ._array import ndarray
from ._convert import array, asarray


def ndindex(*shape):
    if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
        shape = shape[0]
    return itertools.product(*map(range, shape))


def ndenumerate(arr):
    a = asarray(arr)
    return zip(ndindex(a.shape), a.ravel())


class flatiter:
    """`a.flat`: the elements in C order, readable and writable."""

    def __init__(self, base):
        self.base = base

    def __iter__(self):
        return iter(self.base.ravel())

    def __len__(self):
        return self.base.size

    def __getitem__(self, key):
        return self.base.ravel()[key]

    def __setitem__(self, key, value):
        flat = self.base.reshape(-1)
        flat[key] = value
        if not _engine.shares_storage(flat._h, self.base._h):
            self.base[...] = flat.reshape(self.base.shape)

    def copy(self):
        return self.base.flatten()

    def __array__(self, dtype=None, copy=None):
        return self.base.ravel()


class flagsobj:
    """`a.flags`."""

    def __init__(self, a):
        object.__setattr__(self, "_a", a)

    @property
    def c_contiguous(self):
        return _engine.is_contiguous(self._a._h)

    @property
    def f_contiguous(self):
        turned = self._a.T
        return _engine.is_contiguous(turned._h)

    contiguous = c_contiguous
    aligned = True

    @property
    def owndata(self):
        return self._a.base is None

    @property
    def writeable(self):
        return not _engine.read_only(self._a._h)

    @writeable.setter
    def writeable(self, value):
        self._a.setflags(write=value)

    def __getitem__(self, name):
        return getattr(self, {"C": "c_contiguous", "F": "f_contiguous"}.get(name, name.lower()))

    def __setitem__(self, name, value):
        setattr(self, name.lower(), value)

    def __repr__(self):
        return (
            f"  C_CONTIGUOUS : {self.c_contiguous}\n  F_CONTIGUOUS : {self.f_contiguous}\n"
            f"  OWNDATA : {self.owndata}\n  WRITEABLE : {self.writeable}\n"
            "  ALIGNED : True\n  WRITEBACKIFCOPY : False\n"
        )


def setflags(self, write=None, align=None, uic=None):
    if uic:
        raise ValueError("cannot set WRITEBACKIFCOPY flag to True")
    if write is not None:
        _engine.set_read_only(self._h, not write)


class nditer:
    """Element by element, with their places when flags hold "multi_index"."""

    def __init__(self, op, flags=(), op_flags=(), op_dtypes=None, order="K", **more):
        if op_dtypes is not None or isinstance(op, (list, tuple)) and any(a is None for a in op):
            raise NotImplementedError("np.nditer here walks the arrays that it is given: it converts and allocates none")
        if "external_loop" in flags or "buffered" in flags or more.get("op_axes") is not None:
            raise NotImplementedError("np.nditer here gives element by element, without external_loop, buffers or op_axes")
        if isinstance(op, (list, tuple)) and op and isinstance(op[0], ndarray):
            from ._shape import broadcast_arrays

            self.operands = tuple(broadcast_arrays(*op))
        else:
            self.operands = (asarray(op),)
        flat = [f for one in op_flags for f in (one if isinstance(one, (list, tuple)) else (one,))]
        self._writes = "readwrite" in flat or "writeonly" in flat
        self._flags = tuple(flags)
        self.shape = self.operands[0].shape
        self.ndim = len(self.shape)
        self.itersize = self.operands[0].size
        self.reset()

    def reset(self):
        self._places = list(ndindex(self.shape))
        self.iterindex = 0
        self._started = False

    @property
    def finished(self):
        return self.iterindex >= len(self._places)

    @property
    def multi_index(self):
        return self._places[min(self.iterindex, len(self._places) - 1)]

    @property
    def index(self):
        return self.iterindex

    @property
    def value(self):
        key = self.multi_index
        views = tuple(a[(*key, ...)] for a in self.operands)
        return views[0] if len(views) == 1 else views

    def __getitem__(self, i):
        return self.operands[i][(*self.multi_index, ...)]

    def __setitem__(self, i, value):
        self.operands[i][self.multi_index] = value

    def iternext(self):
        self.iterindex += 1
        return not self.finished

    def __iter__(self):
        return self

    def __next__(self):
        if self._started:
            self.iterindex += 1
        self._started = True
        if self.finished:
            raise StopIteration
        return self.value

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def close(self):
        pass


class vectorize:
    """A function of single values, of arrays element by element."""

    def __init__(self, pyfunc=None, otypes=None, doc=None, excluded=None, cache=False, signature=None):
        if signature is not None:
            raise NotImplementedError("np.vectorize here takes no signature; loop over the leading axes with np.ndindex")
        self.otypes, self.excluded, self._doc = otypes, set(excluded or ()), doc
        if pyfunc is not None:
            self._take(pyfunc)

    def _take(self, pyfunc):
        self.pyfunc = pyfunc
        self.__name__ = getattr(pyfunc, "__name__", "vectorize")
        self.__doc__ = getattr(pyfunc, "__doc__", None) if self._doc is None else self._doc

    def __call__(self, *args, **kwargs):
        from ._shape import broadcast_arrays

        if not hasattr(self, "pyfunc"):
            # As a decorator with arguments.
            self._take(args[0])
            return self
        args, kwargs = list(args), dict(kwargs)
        spots = [i for i in range(len(args)) if i not in self.excluded]
        names = [name for name in kwargs if name not in self.excluded]
        arrays = broadcast_arrays(*(asarray(args[i]) for i in spots), *(asarray(kwargs[name]) for name in names))
        shape, values = arrays[0].shape, []
        for each in zip(*(a.ravel() for a in arrays)):
            for i, value in zip(spots, each):
                args[i] = value
            kwargs.update(zip(names, each[len(spots) :]))
            values.append(self.pyfunc(*args, **kwargs))
        if not values:
            if self.otypes is None:
                raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
            return array([], self.otypes[0]).reshape(shape)
        if isinstance(values[0], tuple):
            return tuple(array([v[i] for v in values]).reshape(shape) for i in range(len(values[0])))
        made = array(values, self.otypes[0] if self.otypes else None).reshape(shape)
        return made


def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    from ._shape import moveaxis

    a = moveaxis(arr, axis, -1)
    rows = [asarray(func1d(a[key], *args, **kwargs)) for key in ndindex(a.shape[:-1])]
    made = array(rows).reshape(a.shape[:-1] + rows[0].shape)
    return moveaxis(made, -1, axis) if rows[0].ndim else made


def apply_over_axes(func, a, axes):
    from ._shape import expand_dims

    for axis in axes if isinstance(axes, (tuple, list)) else (axes,):
        made = asarray(func(a, axis))
        a = expand_dims(made, axis) if made.ndim < asarray(a).ndim else made
    return a


ndarray.setflags = setflags


def iterable(y):
    """Whether something can be iterated over."""
    try:
        iter(y)
    except TypeError:
        return False
    return True
