// What the room calls its boxes, and the figures of them.
import { n } from '../../../i18n/index.svelte.ts';
import type { Box } from '../../../../workers/detect/boxes.ts';

/** Written alike in every language. */
export const names = { iou: 'IoU', giou: 'GIoU', map: 'mAP', map50: 'mAP@.5', mapAll: 'mAP@[.5:.95]', all: '@[.5:.95]' };

/** A to Z, then AA: boxes by falling score. Digits are what they show, so boxes have letters. */
export function letters(place: number): string {
  const last = String.fromCharCode(65 + (place % 26));
  return place < 26 ? last : letters(Math.floor(place / 26) - 1) + last;
}

export const px = (value: number): string => n(value, 1);
export const boxText = (box: Box): string => `(${box.map((edge) => n(edge, 1)).join(', ')})`;
