// Who sits where: shards, and a channel for each direction that the topology uses.
import type { LinkEnd, Place, Topology } from '../../../workers/parallel/protocol.ts';
import { shareOut } from '../../../workers/parallel/rounds.ts';

interface Options {
  topology: Topology;
  shards: number;
  patience_ms: number;
  /** What each phase's memory holds; null where none can be shared. */
  memory: { numbers: number; grid: boolean } | null;
}

export function places(names: string[], { topology, shards, patience_ms, memory }: Options): Place[] {
  const all = shareOut(shards, names.length).map((own, rank): Place => ({ rank, workers: names.length, topology, shards: own, to: [], from: [], patience_ms }));
  const phases = topology === 'ring' ? 2 : 1;
  const link = (from: number, to: number) => {
    const { port1, port2 } = new MessageChannel();
    const shared = memory && Array.from({ length: phases }, () => new SharedArrayBuffer(memory.numbers * (memory.grid ? 8 : 4)));
    const end = (name: string, port: MessagePort): LinkEnd => ({ name, port, memory: shared });
    all[from]!.to.push(end(names[to]!, port1));
    all[to]!.from.push(end(names[from]!, port2));
  };
  const others = names.map((_, rank) => rank).slice(1);
  if (names.length > 1 && topology === 'ring') all.forEach((_, rank) => link(rank, (rank + 1) % names.length));
  if (topology === 'star') {
    for (const rank of others) {
      link(rank, 0);
      link(0, rank);
    }
  }
  return all;
}
