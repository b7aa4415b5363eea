// From strokes on a canvas to the 28×28 picture that MNIST's makers would have cut from them:
// scaled into a 20×20 box with its aspect kept, its centre of mass moved to the centre of the field, anti-aliased.
export const side = 28;
export const boxSide = 20;
/** Half the width of a stroke in the 28×28 field: MNIST's are about two and a half pixels wide. */
export const strokeRadius = 1.25;

export interface Point {
  x: number;
  y: number;
}

/** One stroke is the points the pointer went through; a tap is a stroke of one point. Any unit, y downwards. */
export type Stroke = readonly Point[];

/** Shape: strokes → [28·28], 0 paper to 1 ink; undefined where nothing is drawn. */
export function digitFromStrokes(strokes: readonly Stroke[]): Float32Array | undefined {
  const points = strokes.flat();
  if (points.length === 0) return undefined;
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const left = Math.min(...xs);
  const top = Math.min(...ys);
  const width = Math.max(...xs) - left;
  const height = Math.max(...ys) - top;

  // The strokes' own width belongs to the box; a mere dot keeps its size instead of growing to fill it.
  const longest = Math.max(width, height);
  const scale = longest > 0 ? (boxSide - 2 * strokeRadius) / longest : 0;
  const middle = { x: left + width / 2, y: top + height / 2 };
  const centred = strokes.map((stroke) =>
    stroke.map(({ x, y }) => ({ x: side / 2 + (x - middle.x) * scale, y: side / 2 + (y - middle.y) * scale })),
  );

  const mass = centreOfMass(rasterise(centred, { x: 0, y: 0 }));
  return rasterise(centred, { x: side / 2 - mass.x, y: side / 2 - mass.y });
}

/** The mean position of the ink; pixel (i, j) has its centre at (j + ½, i + ½). */
export function centreOfMass(image: Float32Array): Point {
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  image.forEach((ink, index) => {
    sum += ink;
    sumX += ink * ((index % side) + 0.5);
    sumY += ink * (Math.floor(index / side) + 0.5);
  });
  return sum > 0 ? { x: sumX / sum, y: sumY / sum } : { x: side / 2, y: side / 2 };
}

/** Ink of a pixel = how far its centre lies inside the nearest stroke, softened over one pixel at the edge. */
function rasterise(strokes: readonly Stroke[], shift: Point): Float32Array {
  const image = new Float32Array(side * side);
  for (const stroke of strokes) {
    stroke.forEach((end, index) => {
      const start = stroke[Math.max(0, index - 1)]!;
      if (index === 0 && stroke.length > 1) return;
      inkSegment(image, start.x + shift.x, start.y + shift.y, end.x + shift.x, end.y + shift.y);
    });
  }
  return image;
}

function inkSegment(image: Float32Array, x1: number, y1: number, x2: number, y2: number) {
  const reach = strokeRadius + 0.5;
  const firstRow = Math.max(0, Math.floor(Math.min(y1, y2) - reach));
  const lastRow = Math.min(side - 1, Math.ceil(Math.max(y1, y2) + reach));
  const firstColumn = Math.max(0, Math.floor(Math.min(x1, x2) - reach));
  const lastColumn = Math.min(side - 1, Math.ceil(Math.max(x1, x2) + reach));
  const length2 = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  for (let row = firstRow; row <= lastRow; row += 1) {
    for (let column = firstColumn; column <= lastColumn; column += 1) {
      const x = column + 0.5;
      const y = row + 0.5;
      const along = length2 > 0 ? Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length2)) : 0;
      const distance = Math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1));
      const ink = Math.min(1, Math.max(0, reach - distance));
      const at = row * side + column;
      image[at] = Math.max(image[at]!, ink);
    }
  }
}
