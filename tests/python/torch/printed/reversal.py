import random

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1)
random.seed(1)
SOS, EOS, V, H = 0, 1, 12, 16


class Reader(nn.Module):
    def __init__(self, input_size, hidden_size, dropout_p=0.0):
        super(Reader, self).__init__()
        self.embedding = nn.Embedding(input_size, hidden_size)
        self.gru = nn.GRU(hidden_size, hidden_size, batch_first=True)
        self.dropout = nn.Dropout(dropout_p)

    def forward(self, input):
        return self.gru(self.dropout(self.embedding(input)))


class Additive(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.of_query = nn.Linear(hidden_size, hidden_size)
        self.of_keys = nn.Linear(hidden_size, hidden_size)
        self.score = nn.Linear(hidden_size, 1)

    def forward(self, query, keys):
        scores = self.score(torch.tanh(self.of_query(query) + self.of_keys(keys)))
        scores = scores.squeeze(2).unsqueeze(1)
        weights = F.softmax(scores, dim=-1)
        return torch.bmm(weights, keys), weights


class Writer(nn.Module):
    def __init__(self, hidden_size, output_size):
        super().__init__()
        self.embedding = nn.Embedding(output_size, hidden_size)
        self.attention = Additive(hidden_size)
        self.gru = nn.GRU(2 * hidden_size, hidden_size, batch_first=True)
        self.out = nn.Linear(hidden_size, output_size)

    def forward(self, reader_outputs, reader_hidden, target=None, steps=5):
        batch = reader_outputs.size(0)
        writer_input = torch.empty(batch, 1, dtype=torch.long).fill_(SOS)
        writer_hidden = reader_hidden
        outs, attentions = [], []
        for i in range(steps):
            embedded = self.embedding(writer_input)
            query = writer_hidden.permute(1, 0, 2)
            context, w = self.attention(query, reader_outputs)
            output, writer_hidden = self.gru(torch.cat((embedded, context), dim=2), writer_hidden)
            output = self.out(output)
            outs.append(output)
            attentions.append(w)
            if target is not None:
                writer_input = target[:, i].unsqueeze(1)
            else:
                _, best = output.topk(1)
                writer_input = best.squeeze(-1).detach()
        return F.log_softmax(torch.cat(outs, dim=1), dim=-1), writer_hidden, torch.cat(attentions, dim=1)


src = torch.randint(2, V, (20, 4))
tgt = torch.cat([src.flip(1), torch.full((20, 1), EOS)], dim=1)
enc, dec = Reader(V, H), Writer(H, V)
eo = torch.optim.Adam(enc.parameters(), lr=0.01)
do = torch.optim.Adam(dec.parameters(), lr=0.01)
criterion = nn.NLLLoss()
for epoch in range(5):
    eo.zero_grad()
    do.zero_grad()
    reader_outputs, reader_hidden = enc(src)
    writer_outputs, _, _ = dec(reader_outputs, reader_hidden, tgt)
    loss = criterion(writer_outputs.view(-1, writer_outputs.size(-1)), tgt.view(-1))
    loss.backward()
    eo.step()
    do.step()
    print(f"{epoch} {loss.item():.5f}")
with torch.no_grad():
    outputs, h, attn = dec(*enc(src[:2]))
    print(outputs.topk(1)[1].squeeze(), attn.shape, attn[0, 0])
print(enc, dec)
