import torch


def softmax_ce_backward(logits, targets, dloss=1.0):
    n = len(logits)
    e = torch.exp(logits - logits.amax(dim=1, keepdim=True))
    p = e / e.sum(dim=1, keepdim=True)
    if targets.ndim == 1:
        p[torch.arange(n), targets] -= 1
        dlogits = p
    else:
        dlogits = p * targets.sum(dim=1, keepdim=True) - targets
    return dlogits * (dloss / n)
