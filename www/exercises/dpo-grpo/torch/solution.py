import torch


def margin(chosen, rejected, ref_chosen, ref_rejected, beta):
    return beta * ((chosen - ref_chosen) - (rejected - ref_rejected))


def dpo_loss(chosen, rejected, ref_chosen, ref_rejected, beta):
    m = margin(chosen, rejected, ref_chosen, ref_rejected, beta)
    return float(((-m).clamp(min=0) + torch.log1p(torch.exp(-m.abs()))).mean())


def dpo_backward(chosen, rejected, ref_chosen, ref_rejected, beta):
    m = margin(chosen, rejected, ref_chosen, ref_rejected, beta)
    e = torch.exp(-torch.abs(m))
    wrong = torch.where(m > 0, e, 1) / (1 + e)
    dchosen = -beta * wrong / len(m)
    return dchosen, -dchosen


def advantages(rewards):
    if not rewards.is_floating_point():
        rewards = rewards.double()
    gap = rewards - rewards.mean(dim=1, keepdim=True)
    equal = rewards.amax(dim=1, keepdim=True) == rewards.amin(dim=1, keepdim=True)
    spread = rewards.std(dim=1, correction=0, keepdim=True)
    return torch.where(equal, 0, gap) / torch.where(equal, 1, spread)


def cleaned(mask, *arrays):
    return [torch.where(mask, a, 0) for a in arrays]


def token_weights(mask, dtype):
    lengths = mask.sum(dim=1, keepdim=True)
    return mask.to(dtype) / lengths.clamp(min=1) / len(mask)


def grpo_loss(logp, old, ref, mask, advantage, clip, beta):
    logp, old, ref = cleaned(mask, logp, old, ref)
    ratio = torch.exp(logp - old)
    a = advantage[:, None]
    surrogate = torch.minimum(ratio * a, ratio.clamp(1 - clip, 1 + clip) * a)
    kl = torch.exp(ref - logp) - (ref - logp) - 1
    return float(-((surrogate - beta * kl) * token_weights(mask, logp.dtype)).sum())


def grpo_backward(logp, old, ref, mask, advantage, clip, beta):
    logp, old, ref = cleaned(mask, logp, old, ref)
    ratio = torch.exp(logp - old)
    a = advantage[:, None]
    held = ((a > 0) & (ratio > 1 + clip)) | ((a < 0) & (ratio < 1 - clip))
    slope = torch.where(held, 0, ratio * a) - beta * (1 - torch.exp(ref - logp))
    return -slope * token_weights(mask, logp.dtype)
