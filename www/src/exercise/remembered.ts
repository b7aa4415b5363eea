/** Small choices of the reader that outlive a visit; where storage is refused they last as long as the page. */
export function recall(key: string, fallback: number): number {
  try {
    const value = Number.parseFloat(localStorage.getItem(key) ?? '');
    return Number.isFinite(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

export function remember(key: string, value: number): void {
  try {
    localStorage.setItem(key, String(value));
  } catch {
    // The choice then lasts for this visit.
  }
}
