// Lines of equal value over a grid (marching squares, after Lorensen and Cline 1987 in two dimensions).

/** One path for all pieces, in units of cells: the middle of the first cell is (0.5, 0.5). */
export function contour(values: ArrayLike<number>, width: number, height: number, level: number): string {
  let path = '';
  const at = (column: number, row: number) => values[row * width + column]! - level;
  for (let row = 0; row + 1 < height; row += 1) {
    for (let column = 0; column + 1 < width; column += 1) {
      const corners = [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)];
      const spots = [[0, 0], [1, 0], [1, 1], [0, 1]] as const;
      const crossings = corners.flatMap((from, edge) => {
        const to = corners[(edge + 1) % 4]!;
        if (from < 0 === to < 0 || !Number.isFinite(from) || !Number.isFinite(to)) return [];
        const share = from / (from - to);
        const [a, b] = [spots[edge]!, spots[(edge + 1) % 4]!];
        return [[column + 0.5 + a[0] + share * (b[0] - a[0]), row + 0.5 + a[1] + share * (b[1] - a[1])] as const];
      });
      for (let k = 0; k + 1 < crossings.length; k += 2) {
        const [a, b] = [crossings[k]!, crossings[k + 1]!];
        path += `M${a[0].toFixed(2)} ${a[1].toFixed(2)}L${b[0].toFixed(2)} ${b[1].toFixed(2)}`;
      }
    }
  }
  return path;
}
