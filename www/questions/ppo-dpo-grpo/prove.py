import numpy as np

beta = 0.1


# {{dpo}}
def dpo(chosen, rejected, ref_chosen, ref_rejected):
    margin = beta * ((chosen - ref_chosen) - (rejected - ref_rejected))
    return np.log(1 + np.exp(-margin))


start = dpo(-12.0, -9.0, -12.0, -9.0)
h = 1e-5
up = (dpo(-12.0 + h, -9.0, -12.0, -9.0) - dpo(-12.0 - h, -9.0, -12.0, -9.0)) / (2 * h)
down = (dpo(-12.0, -9.0 + h, -12.0, -9.0) - dpo(-12.0, -9.0 - h, -12.0, -9.0)) / (2 * h)
print(f"{start:.4f} {up:.4f} {down:.4f}")
assert np.isclose(start, np.log(2))
assert np.isclose(up, -beta / 2) and np.isclose(down, beta / 2)


# {{grpo}}
def advantages(rewards):
    r = np.asarray(rewards, dtype=float)
    return (r - r.mean()) / (r.std() + 1e-6)


print(advantages([1, 0, 0, 1]).round(2), advantages([1, 1, 1, 1]))
assert not advantages([1, 1, 1, 1]).any()
assert np.isclose(advantages([3, 0, 0, 1]).sum(), 0)


# {{clip}}
def surrogate(ratio, advantage, eps=0.2):
    return np.minimum(ratio * advantage, np.clip(ratio, 1 - eps, 1 + eps) * advantage)


for ratio in (0.7, 1.0, 1.3):
    print(ratio, surrogate(ratio, 1.0), surrogate(ratio, -1.0))
assert surrogate(1.3, 1.0) == surrogate(1.5, 1.0) == 1.2
assert surrogate(1.3, -1.0) < surrogate(1.2, -1.0)
