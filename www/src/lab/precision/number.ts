// A number as somebody types it under the microscope: 0.1, 6e-8, 2^-24, 1+2^-11, 1+3*2^-11, -inf, nan.

const term = /^(?:(\d+\.?\d*(?:e[-+]?\d{1,3})?|\.\d+(?:e[-+]?\d{1,3})?)[*×·])?2\^([-+]?\d{1,4})$/;
const plain = /^(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/;

/** Null where it is no number. */
export function readNumber(text: string): number | null {
  const bare = text.toLowerCase().replaceAll(/\s/g, '').replaceAll('−', '-').replaceAll('∞', 'inf');
  if (/^[-+]?nan$/.test(bare)) return NaN;
  const infinite = /^([-+]?)inf(?:inity)?$/.exec(bare);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  // Signs between terms; one behind e or ^ belongs to the exponent.
  const pieces = bare.split(/(?<![e^])([-+])/).filter((piece) => piece !== '');
  let [sum, sign, open] = [0, 1, true];
  for (const piece of pieces) {
    if (piece === '+' || piece === '-') {
      if (open && sum !== 0) return null;
      sign = piece === '-' ? -1 : 1;
      open = true;
      continue;
    }
    const value = valueOf(piece);
    if (value === null || !open) return null;
    // A lone -0 keeps its sign.
    sum = pieces.length <= 2 ? sign * value : sum + sign * value;
    open = false;
  }
  return open ? null : sum;
}

function valueOf(piece: string): number | null {
  const power = term.exec(piece);
  if (power) return Number(power[1] ?? 1) * 2 ** Number(power[2]);
  return plain.test(piece) ? Number(piece) : null;
}
