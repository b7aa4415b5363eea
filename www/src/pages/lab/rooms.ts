// The rooms of the lab, by what they are about, in the order of its navigation. Only those that exist are listed.
//
// How a room is added: its page is a Svelte component in a folder of its own, `www/src/pages/lab/<room>/`, that takes no
// props; one entry here names it, with a sentence for the overview, and `www/strings/{zh,en}/lab.json` (or an area of the room's own, see i18n/catalogue.ts)
// holds its sentences under `<room>-…`. What rooms share stands in `www/src/lab/`: the spec of a run and its address
// (spec, address), models to start from (presets), what is kept in the browser (database, records, datasets), the
// training worker as a client (worker; its calls in `www/workers/lab/protocol.ts`) and the run on the bench (bench).
import type { Component } from 'svelte';
import type { Key } from '../../i18n/index.svelte.ts';

export const groups = ['training', 'vision', 'compute', 'language'] as const;
export type Group = (typeof groups)[number];

export interface Room {
  /** The last part of its address: `#/lab/runs`. */
  id: string;
  group: Group;
  load: () => Promise<{ default: Component }>;
  nav: Key;
  /** What one does in it, for the overview. */
  says: Key;
}

export const rooms: Room[] = [
  { id: 'runs', group: 'training', load: () => import('./runs/RunsRoom.svelte'), nav: 'lab.room-runs', says: 'lab.says-runs' },
  { id: 'data', group: 'training', load: () => import('./data/DataRoom.svelte'), nav: 'data.room', says: 'lab.says-data' },
  { id: 'plane', group: 'training', load: () => import('./plane/PlaneRoom.svelte'), nav: 'plane.room', says: 'lab.says-plane' },
  { id: 'models', group: 'training', load: () => import('./models/ModelsRoom.svelte'), nav: 'models.room', says: 'lab.says-models' },
  { id: 'finetune', group: 'vision', load: () => import('./finetune/FinetuneRoom.svelte'), nav: 'finetune.room', says: 'lab.says-finetune' },
  { id: 'detection', group: 'vision', load: () => import('./detection/DetectionRoom.svelte'), nav: 'detection.room', says: 'lab.says-detection' },
  { id: 'precision', group: 'compute', load: () => import('./precision/PrecisionRoom.svelte'), nav: 'precision.room', says: 'precision.says' },
  { id: 'compression', group: 'compute', load: () => import('./compression/CompressionRoom.svelte'), nav: 'compression.room', says: 'lab.says-compression' },
  { id: 'parallel', group: 'compute', load: () => import('./parallel/ParallelRoom.svelte'), nav: 'parallel.room', says: 'lab.says-parallel' },
  { id: 'language', group: 'language', load: () => import('./language/LanguageRoom.svelte'), nav: 'lab.room-language', says: 'lab.says-language' },
  { id: 'preference', group: 'language', load: () => import('./preference/PreferenceRoom.svelte'), nav: 'preference.room', says: 'lab.says-preference' },
];

export const roomsOf = (group: Group): Room[] => rooms.filter((room) => room.group === group);
