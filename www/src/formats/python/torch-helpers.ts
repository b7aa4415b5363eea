// Modules that a PyTorch model brings along where PyTorch has none that computes the same.

export type Helper = 'SelfAttention' | 'RotarySelfAttention' | 'PositionEmbedding' | 'average_inside';

export const helpers = new Map<Helper, string>([
  [
    'SelfAttention',
    `
class SelfAttention(nn.Module):
    """Heads of a size of their own: heads * key needs not be the width."""

    def __init__(self, width, heads, key, causal=False, bias=True):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.query = nn.Linear(width, heads * key, bias=bias)
        self.key = nn.Linear(width, heads * key, bias=bias)
        self.value = nn.Linear(width, heads * key, bias=bias)
        self.output = nn.Linear(heads * key, width, bias=bias)

    def forward(self, x):
        n, steps, _ = x.shape
        q, k, v = (
            linear(x).reshape(n, steps, self.heads, -1).transpose(1, 2)
            for linear in (self.query, self.key, self.value)
        )
        heard = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return self.output(heard.transpose(1, 2).reshape(n, steps, -1))
`,
  ],
  [
    'RotarySelfAttention',
    `
class RotarySelfAttention(SelfAttention):
    """Queries and keys are turned by their positions before they meet (RoFormer)."""

    def __init__(self, width, heads, key, base=10000.0, scale=1.0, start=0.0, **settings):
        super().__init__(width, heads, key, **settings)
        self.scale, self.start = scale, start
        self.frequencies = base ** (-torch.arange(0, key, 2, dtype=torch.float64) / key)

    def turned(self, x):
        positions = (torch.arange(x.shape[-2], dtype=torch.float64) + self.start) * self.scale
        angles = torch.outer(positions, self.frequencies)
        cos, sin = angles.cos().to(x), angles.sin().to(x)
        a, b = x.chunk(2, dim=-1)  # Halves form the pairs, as in LLaMA and GPT-NeoX.
        return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)

    def forward(self, x):
        n, steps, _ = x.shape
        q, k, v = (
            linear(x).reshape(n, steps, self.heads, -1).transpose(1, 2)
            for linear in (self.query, self.key, self.value)
        )
        q, k = self.turned(q), self.turned(k)
        heard = F.scaled_dot_product_attention(q, k, v, is_causal=self.causal)
        return self.output(heard.transpose(1, 2).reshape(n, steps, -1))
`,
  ],
  [
    'PositionEmbedding',
    `
class PositionEmbedding(nn.Module):
    """Adds to each step a row of its own."""

    def __init__(self, steps, width):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(steps, width))

    def forward(self, x):
        return x + self.weight
`,
  ],
  [
    'average_inside',
    `
def average_inside(x, size, stride, pad):
    """Means over windows that count only what lies inside the image."""
    inside = torch.ones_like(x[:1, :1])
    mean, share = (F.avg_pool2d(F.pad(part, pad), size, stride) for part in (x, inside))
    return mean / share
`,
  ],
]);
