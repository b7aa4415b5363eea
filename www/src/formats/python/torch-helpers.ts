// Modules that a PyTorch model brings along where PyTorch has none that computes the same.

export type Helper = 'SelfAttention' | 'PositionEmbedding' | 'average_inside';

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
