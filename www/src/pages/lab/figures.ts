// Large numbers in few digits, as papers write them.

/** `433 k`, `1.2 M`. */
export function brief(value: number): string {
  const units = ['', ' k', ' M', ' G', ' T'];
  let unit = 0;
  let size = value;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 99.95 ? Math.round(size) : size.toPrecision(size >= 9.995 ? 3 : 2)}${units[unit]}`;
}
