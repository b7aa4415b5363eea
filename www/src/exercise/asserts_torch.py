import torch


def tensors(value):
    if isinstance(value, (np.ndarray, np.generic)):
        return torch.from_numpy(np.array(value))
    if isinstance(value, (list, tuple)):
        return type(value)(map(tensors, value))
    return {key: tensors(item) for key, item in value.items()} if isinstance(value, dict) else value


def plain(value):
    if isinstance(value, torch.Tensor):
        return value.detach().numpy()[()]
    if isinstance(value, (list, tuple)):
        return type(value)(map(plain, value))
    return {key: plain(item) for key, item in value.items()} if isinstance(value, dict) else value
