// What a run is called: its own name, else its number.
import type { RunRecord } from '../../../lab/records.ts';

export const labelOf = ({ name, number }: RunRecord): string => name || `#${number}`;
