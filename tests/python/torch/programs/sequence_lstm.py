"""An LSTM that continues a wave, and a classifier of sequences of different lengths."""

import math

import torch
import torch.nn as nn

torch.manual_seed(0)


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(input_size=1, hidden_size=16, num_layers=1, batch_first=True)
        self.fc = nn.Linear(16, 1)

    def forward(self, x):
        out, (h, c) = self.lstm(x)
        assert torch.allclose(out[:, -1], h[-1])
        return self.fc(out[:, -1])


wave = torch.sin(torch.arange(0, 60) * (2 * math.pi / 20))
X = torch.stack([wave[i : i + 10] for i in range(40)]).unsqueeze(-1)
y = torch.stack([wave[i + 10] for i in range(40)]).unsqueeze(-1)
model, criterion = Forecaster(), nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
for epoch in range(60):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()
assert loss.item() < 0.01, loss

sequences = [torch.tensor([1, 2, 1, 2]), torch.tensor([2, 1]), torch.tensor([1, 1, 1]), torch.tensor([2, 2, 2, 2, 2])]
labels = torch.tensor([0.0, 0.0, 1.0, 1.0])
padded = nn.utils.rnn.pad_sequence(sequences, batch_first=True)
embed, gru, head = nn.Embedding(3, 8, padding_idx=0), nn.GRU(8, 12, batch_first=True), nn.Linear(12, 1)
optimizer = torch.optim.Adam([*embed.parameters(), *gru.parameters(), *head.parameters()], lr=0.02)
last = torch.tensor([len(s) - 1 for s in sequences])
for _ in range(60):
    optimizer.zero_grad()
    out, _ = gru(embed(padded))
    logits = head(out[torch.arange(4), last]).squeeze(1)
    loss = nn.functional.binary_cross_entropy_with_logits(logits, labels)
    loss.backward()
    optimizer.step()
assert loss.item() < 0.1, loss
print("ok")
