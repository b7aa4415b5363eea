"""TensorFlow's exceptions, as far as anything here raises them."""


class OpError(Exception):
    def __init__(self, *args):
        # TensorFlow gives (node, op, message); one text alone is taken too.
        self.message = str(args[-1]) if args else ""
        super().__init__(self.message)


class InvalidArgumentError(OpError):
    pass


class NotFoundError(OpError):
    pass


class OutOfRangeError(OpError):
    pass


class UnimplementedError(OpError):
    pass


class FailedPreconditionError(OpError):
    pass


class ResourceExhaustedError(OpError):
    pass
