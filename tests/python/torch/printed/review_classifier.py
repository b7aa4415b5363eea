import math
from collections import Counter

import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset, random_split

torch.manual_seed(3)
sentences = [("i loved this film", 1), ("what a terrible movie", 0), ("great acting and a great story", 1), ("boring and far too long", 0),
             ("the best thing i saw this year", 1), ("i want my two hours back", 0), ("simply wonderful", 1), ("awful awful awful", 0)] * 4  # fmt: skip
counter = Counter(w for s, _ in sentences for w in s.split())
vocab = {"<pad>": 0, "<unk>": 1, **{w: i + 2 for i, (w, _) in enumerate(counter.most_common())}}


class Sentences(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, idx):
        s, y = self.rows[idx]
        return torch.tensor([vocab.get(w, 1) for w in s.split()]), y


def padded(batch):
    xs, ys = zip(*batch)
    lengths = torch.tensor([len(x) for x in xs])
    return pad_sequence(xs, batch_first=True, padding_value=0), torch.tensor(ys, dtype=torch.float32), lengths


class Places(nn.Module):
    def __init__(self, d_model, dropout=0.0, max_len=64):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        place = torch.arange(max_len).unsqueeze(1)
        rates = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(1, max_len, d_model)
        pe[0, :, 0::2] = torch.sin(place * rates)
        pe[0, :, 1::2] = torch.cos(place * rates)
        self.register_buffer("pe", pe)

    def forward(self, x):
        x = x + self.pe[:, : x.size(1)]
        return self.dropout(x)


class Classifier(nn.Module):
    def __init__(self, n_vocab, d_model=16):
        super().__init__()
        self.embedding = nn.Embedding(n_vocab, d_model, padding_idx=0)
        self.pos = Places(d_model)
        layer = nn.TransformerEncoderLayer(d_model, nhead=4, dim_feedforward=32, dropout=0.0, batch_first=True, norm_first=False)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2)
        self.out = nn.Linear(d_model, 1)
        self.d_model = d_model

    def forward(self, tokens):
        mask = tokens == 0
        h = self.pos(self.embedding(tokens) * math.sqrt(self.d_model))
        h = self.encoder(h, src_key_padding_mask=mask)
        keep = (~mask).unsqueeze(-1).float()
        pooled = (h * keep).sum(1) / keep.sum(1).clamp(min=1)
        return self.out(pooled).squeeze(-1)


full = Sentences(sentences)
train_set, test_set = random_split(full, [24, 8], generator=torch.Generator().manual_seed(42))
train_loader = DataLoader(train_set, batch_size=8, shuffle=True, collate_fn=padded, drop_last=True)
test_loader = DataLoader(test_set, batch_size=8, collate_fn=padded)
model = Classifier(len(vocab))
print(model)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)
scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, steps_per_epoch=len(train_loader), epochs=4)
for epoch in range(4):
    model.train()
    total = 0.0
    for tokens, y, lengths in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(tokens), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.5)
        optimizer.step()
        scheduler.step()
        total += loss.item() * len(y)
    print(f"epoch {epoch + 1}: {total / len(train_set):.4f} lr {optimizer.param_groups[0]['lr']:.5f}")
correct = 0
with torch.inference_mode():
    for tokens, y, lengths in test_loader:
        print(tokens.shape, lengths.tolist())
        correct += ((torch.sigmoid(model(tokens)) > 0.5) == y.bool()).sum().item()
print("done", correct <= 8)
mask = nn.Transformer.generate_square_subsequent_mask(4)
print(mask)
causal = model.encoder(torch.randn(2, 4, 16), mask=mask, is_causal=True)
print(causal.shape, causal.mean().abs() < 1)
