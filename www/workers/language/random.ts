// A seeded generator for windows and samples: the same seed, the same text. (Steele, Lea and Flood 2014, "Fast splittable
// pseudorandom number generators": SplitMix's increment with a 32-bit finaliser.)

/** Numbers in [0, 1). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return ((z ^ (z >>> 16)) >>> 0) / 2 ** 32;
  };
}
