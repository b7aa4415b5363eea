// What each way keeps its numbers in.
import type { WayName } from './protocol.ts';
import type { Kept } from './rounding.ts';

export const keptOf = (way: WayName): Kept => (way === 'f32' || way === 'bf16' ? way : 'f16');
