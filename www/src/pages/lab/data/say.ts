// Sentences that several parts of the room say.
import { n, t, tError } from '../../../i18n/index.svelte.ts';
import { sizeOf } from '../models/say.ts';
import type { About } from '../../../lab/own-data.ts';
import type { Trouble } from './room.svelte.ts';

export const shapeOf = (shape: readonly number[]): string => (shape.length === 1 ? t('data.features', { n: n(shape[0]!) }) : shape.join(' × '));

export const factsOf = ({ count, classes, shape, size }: About): string =>
  t('data.facts', { count: n(count), classes: n(classes.length), shape: shapeOf(shape), size: sizeOf(size) });

export const troubleOf = (trouble: Trouble): string =>
  'failure' in trouble ? tError(trouble.failure.code, trouble.failure.fields) : t(trouble.keeping === 'full' ? 'data.full' : 'data.denied');
