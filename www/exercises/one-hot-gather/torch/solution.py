import torch


def checked(indices, size):
    wrong = indices[(indices < 0) | (indices >= size)]
    if len(wrong) > 0:
        raise IndexError(f"index {wrong[0].item()} is outside 0 … {size - 1}")
    return indices


def one_hot(labels, classes):
    return (checked(labels, classes)[..., None] == torch.arange(classes)).double()


def pick(x, labels):
    return x.gather(-1, checked(labels, x.shape[-1])[..., None])[..., 0]


def embedding_grad(dy, tokens, rows):
    grad = torch.zeros(rows, dy.shape[-1], dtype=dy.dtype)
    grad.index_add_(0, checked(tokens, rows).reshape(-1), dy.reshape(-1, dy.shape[-1]))
    return grad
