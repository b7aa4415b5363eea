import torch


def magnitude_mask(w, sparsity):
    if not 0 <= sparsity <= 1:
        raise ValueError(f"sparsity must lie in [0, 1], got {sparsity}")
    ranked = torch.argsort(torch.abs(w).ravel(), stable=True)
    mask = torch.ones(w.numel(), dtype=torch.bool)
    mask[ranked[: round(sparsity * w.numel())]] = False
    return mask.reshape(w.shape)


def global_masks(weights, sparsity):
    mask = magnitude_mask(torch.cat([w.ravel() for w in weights]), sparsity)
    ends = torch.cumsum(torch.tensor([w.numel() for w in weights]), 0).tolist()
    return [mask[end - w.numel() : end].reshape(w.shape) for w, end in zip(weights, ends)]


def masked_step(w, mask, dw, velocity, lr, momentum=0.9):
    velocity = (momentum * velocity + dw) * mask
    return (w - lr * velocity) * mask, velocity


def sparsity_at(step, begin, end, final):
    progress = min(max((step - begin) / (end - begin), 0.0), 1.0)
    return final * (1 - (1 - progress) ** 3)
