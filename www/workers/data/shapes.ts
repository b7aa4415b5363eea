// A set that the page draws by itself: circles, squares and triangles, so that nobody needs a file to begin.

/** Uniform in [0, 1): a linear congruential generator (Numerical Recipes), mixed so that its low bits are as good. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** How far (x, y) lies outside the outline of a shape of radius 1 about 0; negative inside. */
const outlines: ((x: number, y: number) => number)[] = [
  (x, y) => Math.hypot(x, y) - 1,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) - 0.85,
  // Three half-planes at 120°, half a radius from the middle.
  (x, y) => Math.max(y, -0.866 * x - 0.5 * y, 0.866 * x - 0.5 * y) - 0.5,
];

export const shapeKinds = outlines.length;
export const shapeSide = 28;

/** `perClass` of each, in turn: turned, shifted, large or small, outlined or filled, with a little noise. */
export function drawShapes(perClass: number, seed: number): { values: Uint8Array<ArrayBuffer>; labels: Uint32Array<ArrayBuffer> } {
  const random = generator(seed);
  const between = (least: number, most: number) => least + (most - least) * random();
  const count = perClass * shapeKinds;
  const area = shapeSide * shapeSide;
  const values = new Uint8Array(count * area);
  const labels = Uint32Array.from({ length: count }, (_, at) => at % shapeKinds);
  for (let sample = 0; sample < count; sample += 1) {
    const outline = outlines[labels[sample]!]!;
    const radius = between(5, 9);
    const [middleX, middleY] = [between(radius + 2, shapeSide - radius - 2), between(radius + 2, shapeSide - radius - 2)];
    const turn = between(0, 2 * Math.PI);
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const filled = random() < 0.5;
    const ink = between(0.6, 1);
    const noise = between(0, 0.15);
    for (let at = 0; at < area; at += 1) {
      const x = ((at % shapeSide) + 0.5 - middleX) / radius;
      const y = (Math.floor(at / shapeSide) + 0.5 - middleY) / radius;
      const distance = outline(cos * x - sin * y, sin * x + cos * y) * radius;
      const depth = filled ? -distance : 1.2 - Math.abs(distance);
      const covered = Math.min(1, Math.max(0, depth + 0.5));
      values[sample * area + at] = Math.round(255 * Math.min(1, covered * ink + noise * random()));
    }
  }
  return { values, labels };
}
