# Gradients of inverses and decompositions, and their own gradients, against finite differences.
import torch
from torch import linalg
from torch.autograd import gradcheck

torch.manual_seed(0)
double = torch.float64
tall, wide, square = (torch.randn(*shape, dtype=double, requires_grad=True) for shape in ((4, 3), (3, 4), (3, 3)))
batch = torch.randn(2, 3, 3, dtype=double, requires_grad=True)
eye = torch.eye(3, dtype=double)


def positive(x):
    return x @ x.transpose(-1, -2) + eye


# Signs of vectors are free, so only what does not depend on them is compared.
cases = {
    "inv": (linalg.inv, square, batch),
    "det": (linalg.det, square, batch),
    "slogdet": (lambda x: linalg.slogdet(positive(x))[1], square, batch),
    "logdet": (lambda x: torch.logdet(positive(x)), square),
    "solve": (lambda x: linalg.solve(x, torch.ones(3, 2, dtype=double)), square, batch),
    "solve of a vector": (lambda x: linalg.solve(x, torch.ones(3, dtype=double)), square),
    "cholesky": (lambda x: linalg.cholesky(positive(x)), square, batch),
    "eigh": (lambda x: torch.cat([part.abs().flatten() for part in linalg.eigh(x + x.transpose(-1, -2))]), square, batch),
    "svd": (lambda x: torch.cat([part.abs().flatten() for part in linalg.svd(x, full_matrices=False)]), tall, wide, batch),
    "svd of whole matrices": (lambda x: linalg.svd(x)[1], tall),
    "svdvals": (linalg.svdvals, tall, wide),
    "qr": (lambda x: torch.cat([part.flatten() for part in linalg.qr(x)]), tall, wide, square, batch),
    "R alone": (lambda x: linalg.qr(x)[1], tall, wide),
    "Q alone": (lambda x: linalg.qr(x)[0], tall, wide),
    "pinv": (linalg.pinv, tall, wide),
    "nuclear norm": (lambda x: linalg.matrix_norm(x, "nuc"), tall),
    "cond": (linalg.cond, square),
}
for name, (function, *inputs) in cases.items():
    for x in inputs:
        assert gradcheck(function, (x,)), name
        assert gradcheck(lambda x: torch.autograd.grad((function(x) ** 2).sum(), x, create_graph=True)[0], (x,), atol=1e-4), f"{name}, twice"

a = torch.tensor([[2.0, 1.0], [1.0, 3.0]], requires_grad=True)
assert linalg.cholesky(a).grad_fn.name() == "LinalgCholeskyExBackward0"
u, s, v = torch.svd(a)
assert torch.allclose(u @ torch.diag(s) @ v.T, a)
for wrong, of in ((torch.zeros(2, 2), linalg.inv), (-torch.eye(2), linalg.cholesky)):
    try:
        of(wrong)
    except linalg.LinAlgError:
        pass
    else:
        raise AssertionError(of)
print("ok")
