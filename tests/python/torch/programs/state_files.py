# State dicts in files: every length of a header, pieces of a large tensor, and files that are not whole.
import io
import os
import tempfile

import torch
from torch import nn


def again(value):
    file = io.BytesIO()
    torch.save(value, file)
    file.seek(0)
    return torch.load(file)


# The length of the header stands first, and its first byte may be that of a pickle.
for length in range(260):
    (name,) = again({"x" * length: torch.ones(1)})
    assert len(name) == length

folder = tempfile.mkdtemp()
path = os.path.join(folder, "net.pt")
# More numbers than are read at once.
net = nn.Linear(1200, 1100)
torch.save(net.state_dict(), path)
found = torch.load(path)
assert list(found) == ["weight", "bias"]
assert all(torch.equal(found[name], value) for name, value in net.state_dict().items())
whole = {"epoch": 3, "sizes": (1, 2), "parts": [torch.tensor([True, False]), torch.tensor(2.5, dtype=torch.float64), torch.zeros(0, 3)]}
found = again(whole)
assert found["epoch"] == 3 and found["sizes"] == (1, 2) and found["parts"][2].shape == (0, 3)
assert found["parts"][0].dtype == torch.bool and found["parts"][1] == 2.5


def refusal(data):
    try:
        torch.load(io.BytesIO(data))
    except (RuntimeError, NotImplementedError) as error:
        return str(error)


with open(path, "rb") as file:
    data = file.read()
assert refusal(data[: len(data) // 2]) == "the file ends within weight: it was not copied or downloaded whole"
assert "pickle" in refusal(b"PK\x03\x04") and "pickle" in refusal(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.")
assert "first 8 bytes" in refusal(b"abc")
print("ok")
