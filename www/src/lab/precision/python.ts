// The room's step as PyTorch writes it: torch.amp's autocast and GradScaler
// (https://docs.pytorch.org/docs/stable/notes/amp_examples.html).
import type { Settings } from './settings.ts';

export function torchStep({ optimizer, rate, weight, first_scale, interval, network }: Settings): string {
  const loss = network === 'autoencoder' ? 'F.mse_loss(model(x).float(), x)' : 'F.cross_entropy(model(x).float(), y)';
  const update = optimizer === 'adam' ? `torch.optim.Adam(model.parameters(), lr=${rate})` : `torch.optim.SGD(model.parameters(), lr=${rate}, momentum=0.9)`;
  return `optimizer = ${update}
scaler = torch.amp.GradScaler("cuda", init_scale=2.0**${first_scale}, growth_interval=${interval})

for x, y in batches:
    optimizer.zero_grad()
    with torch.autocast("cuda", dtype=torch.float16):
        loss = ${weight === 0 ? '' : `2.0**${weight} * `}${loss}
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    scaler.step(optimizer)
    scaler.update()`;
}
