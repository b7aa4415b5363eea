"""How an exercise's arrays look to the learner: NumPy's, as the judge sends them, or PyTorch's tensors.

The judge knows arrays only. In PyTorch's flavour they become tensors of the same dtype and shape on their way in, and
tensors become arrays on their way out, so one set of checks judges both. An array that comes back is refused: the
exercise is then to be written in torch.
"""

from danlu import codec


class NotATensor(TypeError):
    def __init__(self, value):
        name = codec.type_name(value)
        super().__init__(f"{name} came back where a tensor was expected")
        self.danlu_message = ("not_a_tensor", {"type": name})


class NumPy:
    """What the judge sends is what the learner gets."""

    def taken(self, value):
        return value

    def given(self, value):
        return value

    def piece(self, value, strict):
        return None


class PyTorch:
    def __init__(self):
        import numpy
        import torch

        self._numpy, self._torch = numpy, torch

    def taken(self, value):
        """A decoded value on its way to the learner's code."""
        if isinstance(value, (self._numpy.ndarray, self._numpy.generic)):
            return self._torch.from_numpy(self._numpy.asarray(value))
        return self._inside(value, self.taken)

    def given(self, value):
        """A value on its way to a function of the judge's."""
        if isinstance(value, self._torch.Tensor):
            return self._array(value)
        return self._inside(value, self.given)

    def piece(self, value, strict):
        """The bytes of a tensor, for codec.encode; `strict` refuses arrays."""
        if isinstance(value, self._torch.Tensor):
            return codec.encode(self._array(value))[len(codec.MAGIC) :]
        if strict and isinstance(value, (self._numpy.ndarray, self._numpy.generic)):
            raise NotATensor(value)
        return None

    def _array(self, tensor):
        """A number where the tensor has no axes: losses are numbers to the judge."""
        return tensor.detach().numpy()[()]

    def _inside(self, value, convert):
        if type(value) in (list, tuple):
            return type(value)(map(convert, value))
        if type(value) is dict:
            return {key: convert(item) for key, item in value.items()}
        return value


FLAVOURS = {"numpy": NumPy, "torch": PyTorch}
