"""The exceptions that numpy adds to Python's."""


class AxisError(ValueError, IndexError):
    """An axis that the array does not have."""

    def __init__(self, axis, ndim=None, msg_prefix=None):
        self.axis, self.ndim = axis, ndim
        self._prefix = msg_prefix

    def __str__(self):
        if self.ndim is None:
            return str(self.axis)
        text = f"axis {self.axis} is out of bounds for array of dimension {self.ndim}"
        return text if self._prefix is None else f"{self._prefix}: {text}"


class VisibleDeprecationWarning(UserWarning):
    """Deprecation that a user should see."""


class ComplexWarning(RuntimeWarning):
    """The imaginary part was dropped."""


class RankWarning(RuntimeWarning):
    """A fit whose matrix has too small a rank."""


class TooHardError(RuntimeError):
    """A problem that would take too long."""


class DTypePromotionError(TypeError):
    """Dtypes that have no common one."""
