// Which flavour of an exercise the reader writes: the address says it, or else what they chose last.
import type { Flavour } from '../python/types.ts';
import { recall, remember } from './remembered.ts';

const KEY = 'danlu.flavour.v1';
const FLAVOURS: Flavour[] = ['numpy', 'torch'];

export function flavourOf(wanted: string | null): Flavour {
  return FLAVOURS.find((each) => each === wanted) ?? FLAVOURS[recall(KEY, 0)] ?? 'numpy';
}

export const preferFlavour = (flavour: Flavour): void => remember(KEY, FLAVOURS.indexOf(flavour));
