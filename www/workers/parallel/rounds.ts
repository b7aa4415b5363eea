// Who sends what to whom in one all-reduce, and how many bytes that is by the formula.
//
// Ring: Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations", 2009. The array is
// cut into as many chunks as there are workers. In W − 1 rounds each sends one chunk on and adds the one that comes:
// then worker r holds the sum of chunk r. In W − 1 further rounds the sums go round.
import type { Topology } from './protocol.ts';

/** The chunk's first number, and the first behind it. Sizes differ by at most one. */
export function chunkOf(chunk: number, workers: number, numbers: number): [from: number, to: number] {
  const bound = (at: number) => Math.floor((numbers * at) / workers);
  return [bound(chunk), bound(chunk + 1)];
}

export interface Round {
  send: number;
  receive: number;
  /** What comes is added to the own; else it takes its place. */
  add: boolean;
}

const modulo = (a: number, n: number) => ((a % n) + n) % n;

/** The rounds of worker `rank`: which chunk goes to the next, which comes from the one before. */
export function ringRounds(rank: number, workers: number): Round[] {
  const rounds: Round[] = [];
  for (let k = 0; k < workers - 1; k++) rounds.push({ send: modulo(rank - 1 - k, workers), receive: modulo(rank - 2 - k, workers), add: true });
  for (let k = 0; k < workers - 1; k++) rounds.push({ send: modulo(rank - k, workers), receive: modulo(rank - 1 - k, workers), add: false });
  return rounds;
}

/** The bytes that worker `rank` sends in one step, by the formula: exact where the workers divide the numbers. */
export function sentByFormula(topology: Topology, rank: number, workers: number, bytes: number): number {
  if (topology === 'ring') return ringBytes(workers, bytes);
  return rank === 0 ? (workers - 1) * bytes : workers > 1 ? bytes : 0;
}

/** 2(W − 1)/W of the array. */
export function ringBytes(workers: number, bytes: number): number {
  return (2 * (workers - 1) * bytes) / workers;
}

/** Contiguous shards for each of the workers, in numbers that differ by at most one. */
export function shareOut(shards: number, workers: number): number[][] {
  return Array.from({ length: workers }, (_, rank) => {
    const [from, to] = chunkOf(rank, workers, shards);
    return Array.from({ length: to - from }, (_, at) => from + at);
  });
}
