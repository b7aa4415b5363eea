"""numpy.typing: names for annotations; nothing is checked when a program runs."""

from typing import Any, TypeVar

from ._array import ndarray

ArrayLike = Any
DTypeLike = Any
_Scalar = TypeVar("_Scalar")


class NDArray(ndarray):
    """NDArray[np.float64] in an annotation."""

    __slots__ = ()

    def __class_getitem__(cls, item):
        return ndarray
