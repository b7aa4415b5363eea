import { expect, test } from 'vitest';
import { pack, unpack } from './share.ts';

test('a program comes back from an address as it was', async () => {
  for (const text of ['', 'print(1)\n', '# 损失曲线 🔥\nplt.plot([1, 2])\n', 'x = 1\n'.repeat(5000)]) {
    const packed = await pack(text);
    expect(packed).toMatch(/^[\w-]*$/);
    expect(new URLSearchParams({ code: packed }).toString()).toBe(`code=${packed}`);
    expect(await unpack(packed)).toBe(text);
  }
});

test('a usual program of 2,000 characters takes less than 1,200', async () => {
  const program = Array.from({ length: 50 }, (_, n) => `loss_${n} = np.mean((y_pred - y_true) ** 2)`).join('\n');
  expect((await pack(program)).length).toBeLessThan(program.length * 0.6);
});

test('what is damaged, no text, or endless is refused', async () => {
  const packed = await pack('print("a longer program, so that there is something to damage")');
  for (const text of ['%', 'AAAA', packed.slice(0, 20), `${packed.slice(0, 8)}____${packed.slice(12)}`]) expect(await unpack(text), text).toBeNull();
  expect(await unpack(await pack('x'.repeat(200_001)))).toBeNull();
  expect(await unpack(await pack('x'.repeat(5_000_000)))).toBeNull();
});
