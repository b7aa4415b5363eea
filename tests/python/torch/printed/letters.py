# A text by its letters: an LSTM of two layers whose state goes on from batch to batch, then a cell by hand.
import math
import string

import torch
import torch.nn as nn

torch.manual_seed(0)
text = "a small net reads a small text letter by letter and learns which letter follows. " * 5
letters = sorted(set(text))
number = {c: i for i, c in enumerate(letters)}
data = torch.tensor([number[c] for c in text], dtype=torch.long)
print(data.shape, data.dtype, len(letters), data[:12])


class Letters(nn.Module):
    def __init__(self, count, hidden=24, layers=2):
        super().__init__()
        self.hidden, self.layers = hidden, layers
        self.table = nn.Embedding(count, 10)
        self.lstm = nn.LSTM(10, hidden, layers, batch_first=True)
        self.out = nn.Linear(hidden, count)

    def forward(self, x, state=None):
        y, state = self.lstm(self.table(x), state)
        return self.out(y.contiguous().view(-1, self.hidden)), state

    def start(self, batch):
        like = next(self.parameters()).data
        return tuple(like.new(self.layers, batch, self.hidden).zero_() for _ in range(2))


net = Letters(len(letters))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
loss_of = nn.CrossEntropyLoss()
rows = data[: len(data) // 4 * 4].view(4, -1)
for epoch in range(3):
    state = net.start(4)
    for first in range(0, rows.size(1) - 17, 16):
        x, y = rows[:, first : first + 16], rows[:, first + 1 : first + 17]
        state = tuple(s.detach() for s in state)
        logits, state = net(x, state)
        loss = loss_of(logits, y.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
    print(f"epoch {epoch} loss {loss.item():.4f} perplexity {math.exp(loss):.3f} norm {norm:.4f}")
net.eval()
written, state, at = "a", None, torch.tensor([[number["a"]]])
with torch.no_grad():
    for _ in range(24):
        logits, state = net(at, state)
        p, best = torch.softmax(logits, dim=1).data.topk(3)
        at = best[:, :1]
        written += letters[best.numpy().squeeze()[0].item()]
print(written, p.numpy().round(3), best.tolist())

cell, out = nn.Linear(26 + 8, 8), nn.Linear(8, 2)
parameters = [*cell.parameters(), *out.parameters()]
for word, label in [("anna", 0), ("bob", 1), ("eve", 0)] * 2:
    line = torch.zeros(len(word), 1, 26)
    for i, c in enumerate(word):
        line[i][0][string.ascii_lowercase.find(c)] = 1
    h = torch.zeros(1, 8)
    for i in range(line.size()[0]):
        h = torch.tanh(cell(torch.cat((line[i], h), 1)))
    loss = nn.functional.nll_loss(torch.log_softmax(out(h), 1), torch.tensor([label]))
    for p in parameters:
        p.grad = None
    loss.backward()
    for p in parameters:
        p.data.add_(p.grad.data, alpha=-0.2)
    value, place = out(h).topk(1)
    print(word, f"{loss.item():.4f}", place[0].item(), value)
