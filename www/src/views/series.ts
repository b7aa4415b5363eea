// Eight inks for runs that lie over one another, told apart by colour-blind eyes too (after Okabe and Ito 2008), dark
// enough on paper and light enough on the dark ground; a dash for those beyond the first four.
const inks = {
  light: ['#c2410c', '#0f766e', '#1d4ed8', '#a21caf', '#806a00', '#334155', '#0e7490', '#9f1239'],
  dark: ['#fb923c', '#2dd4bf', '#93c5fd', '#f0abfc', '#fde047', '#cbd5e1', '#67e8f9', '#fda4af'],
};
const dashes: (number[] | undefined)[] = [undefined, [8, 4], [2, 3], [10, 3, 2, 3]];

export const inkCount = inks.light.length;

export function ink(slot: number, theme: 'light' | 'dark'): string {
  return inks[theme][slot % inkCount]!;
}

export function dashOf(slot: number): number[] {
  return dashes[slot % dashes.length] ?? [];
}
