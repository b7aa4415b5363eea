// The rooms of the lab, in the order of its navigation. Only those that exist are listed.
//
// How a room is added: its page is a Svelte component in a folder of its own, `www/src/pages/lab/<room>/`, that takes no
// props; one line here names it, and `www/strings/{zh,en}/lab.json` (or an area of the room's own, see i18n/catalogue.ts)
// holds its sentences under `<room>-…`. What rooms share stands in `www/src/lab/`: the spec of a run and its address
// (spec, address), models to start from (presets), what is kept in the browser (database, records, datasets), the
// training worker as a client (worker; its calls in `www/workers/lab/protocol.ts`) and the run on the bench (bench).
import type { Component } from 'svelte';
import type { Key } from '../../i18n/index.svelte.ts';

export interface Room {
  /** The last part of its address: `#/lab/runs`. */
  id: string;
  load: () => Promise<{ default: Component }>;
  nav: Key;
}

export const rooms: Room[] = [
  { id: 'runs', load: () => import('./runs/RunsRoom.svelte'), nav: 'lab.room-runs' },
  { id: 'data', load: () => import('./data/DataRoom.svelte'), nav: 'data.room' },
  { id: 'models', load: () => import('./models/ModelsRoom.svelte'), nav: 'models.room' },
  { id: 'finetune', load: () => import('./finetune/FinetuneRoom.svelte'), nav: 'finetune.room' },
  { id: 'compression', load: () => import('./compression/CompressionRoom.svelte'), nav: 'compression.room' },
  { id: 'language', load: () => import('./language/LanguageRoom.svelte'), nav: 'lab.room-language' },
  { id: 'parallel', load: () => import('./parallel/ParallelRoom.svelte'), nav: 'parallel.room' },
];
