import torch


def dpo_loss(chosen, rejected, ref_chosen, ref_rejected, beta):
    # all (N,): log-probabilities of whole answers  →  a float
    raise NotImplementedError


def dpo_backward(chosen, rejected, ref_chosen, ref_rejected, beta):
    # → dchosen, drejected: (N,)
    raise NotImplementedError


def advantages(rewards):
    # (P, G): G answers to each of P prompts  →  (P, G)
    raise NotImplementedError


def grpo_loss(logp, old, ref, mask, advantage, clip, beta):
    # logp, old, ref: (N, T) of tokens, mask: (N, T) bool, advantage: (N,)  →  a float
    raise NotImplementedError


def grpo_backward(logp, old, ref, mask, advantage, clip, beta):
    # → dlogp: (N, T)
    raise NotImplementedError
