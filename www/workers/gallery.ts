// A few held-out digits to watch: of each label one written as most people write it and one written oddly.
import { pixels, type Digits } from './digits.ts';
import { heldOutDigit } from './evaluation.ts';
import type { HeldOutDigit } from './protocol.ts';

/** Labels in the order shown; `true` asks for the odd one. */
const order: [label: number, odd: boolean][] = [
  [7, false], [2, true], [1, false], [0, false], [4, true], [9, false], [5, true], [8, false], [6, true], [3, false],
  [3, true], [0, true], [8, true], [5, false], [1, true], [6, false], [9, true], [2, false], [4, false], [7, true],
];

export function galleryOf(digits: Digits): HeldOutDigit[] {
  const byLabel = Array.from({ length: 10 }, (_, label) => fromUsualToOdd(digits, label));
  return order.map(([label, odd]) => {
    const indices = byLabel[label]!;
    // The very oddest few are scrawls that tell nobody anything.
    return heldOutDigit(digits, indices[Math.floor((indices.length - 1) * (odd ? 0.96 : 0.1))]!);
  });
}

/** The indices of one label, by their distance from the mean picture of that label. */
function fromUsualToOdd({ images, labels }: Digits, label: number): number[] {
  const indices = [...labels.keys()].filter((index) => labels[index] === label);
  const mean = new Float64Array(pixels);
  for (const index of indices) {
    for (let at = 0; at < pixels; at += 1) mean[at]! += images[index * pixels + at]! / indices.length;
  }
  const distance = new Map<number, number>();
  for (const index of indices) {
    let sum = 0;
    for (let at = 0; at < pixels; at += 1) sum += (images[index * pixels + at]! - mean[at]!) ** 2;
    distance.set(index, sum);
  }
  return indices.sort((a, b) => distance.get(a)! - distance.get(b)!);
}
