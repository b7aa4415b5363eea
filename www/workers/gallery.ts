// A few held-out digits to watch: two of each label, in an order that is not the digits' own.
import type { Digits } from './digits.ts';
import { heldOutDigit } from './evaluation.ts';
import type { HeldOutDigit } from './protocol.ts';

const order = [7, 2, 1, 0, 4, 9, 5, 8, 6, 3, 3, 0, 8, 5, 1, 6, 9, 2, 4, 7];

export function galleryOf(digits: Digits): HeldOutDigit[] {
  const taken = new Set<number>();
  return order.map((label) => {
    const index = digits.labels.findIndex((one, at) => one === label && !taken.has(at));
    taken.add(index);
    return heldOutDigit(digits, index);
  });
}
