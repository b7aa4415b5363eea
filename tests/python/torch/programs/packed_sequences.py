# Packed sequences give what each sequence gives by itself, and come apart as they were put together.
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence, pad_packed_sequence, pad_sequence, unpack_sequence

torch.manual_seed(0)
sequences = [torch.randn(n, 3, requires_grad=True) for n in (2, 5, 3)]
padded = pad_sequence(sequences, batch_first=True)
packed = pack_padded_sequence(padded, torch.tensor([2, 5, 3]), batch_first=True, enforce_sorted=False)
assert packed.batch_sizes.tolist() == [3, 3, 2, 1, 1] and packed.sorted_indices.tolist() == [1, 2, 0]
again, lengths = pad_packed_sequence(packed, batch_first=True)
assert torch.equal(again, padded) and lengths.tolist() == [2, 5, 3]
assert all(torch.equal(a, b) for a, b in zip(unpack_sequence(pack_sequence(sequences, enforce_sorted=False)), sequences))

for kind in (nn.RNN, nn.GRU, nn.LSTM):
    net = kind(3, 4, num_layers=2, bidirectional=True, batch_first=True)
    out, state = net(packed)
    out, _ = pad_packed_sequence(out, batch_first=True)
    total = 0.0
    for at, s in enumerate(sequences):
        alone, last = net(s.unsqueeze(0))
        assert torch.allclose(out[at, : len(s)], alone[0], atol=1e-6) and (out[at, len(s) :] == 0).all(), kind
        for mine, other in zip(state if kind is nn.LSTM else [state], last if kind is nn.LSTM else [last]):
            assert torch.allclose(mine[:, at], other[:, 0], atol=1e-6), kind
        total = total + alone.pow(2).sum()
    one = torch.autograd.grad(out.pow(2).sum(), [*net.parameters(), *sequences])
    two = torch.autograd.grad(total, [*net.parameters(), *sequences])
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(one, two)), kind

for wrong, part in (([2, 5, 3], "sorted in decreasing order"), ([9, 5, 3], "at most 5"), ([5, 3], "batch_size=3"), ([5, 3, 0], "greater than 0")):
    try:
        pack_padded_sequence(padded, wrong, batch_first=True)
    except RuntimeError as error:
        assert part in str(error), error
    else:
        raise AssertionError(wrong)

# What no state_dict wrote may lack the count of batches; the rest is missed.
norm = nn.BatchNorm1d(2)
assert norm.load_state_dict({"weight": torch.ones(2)}, strict=False).missing_keys == ["bias", "running_mean", "running_var"]
print("ok")
