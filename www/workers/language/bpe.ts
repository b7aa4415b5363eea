// Byte-pair encoding by the rules of the exercise `bpe` (Sennrich, Haddow, Birch 2016; bytes: Radford et al. 2019): tokens
// 0 to 255 are UTF-8's bytes, each merge of two tokens makes the next number, and no merge crosses the border of a piece.
// Training keeps the counts of pairs up to date instead of counting anew: a merge touches its own places only.

export const BYTES = 256;

export type Pair = readonly [left: number, right: number];

/** White space as Python's `re` has it, which differs from JavaScript's in a few control characters and U+FEFF. */
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const PIECE = new RegExp(` ?[^${SPACE}]+|[${SPACE}]`, 'gu');

/** Words with the space before them, and other white space by itself; joined they are the text again. */
export const pieces = (text: string): string[] => text.match(PIECE) ?? [];

export function countPieces(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const piece of pieces(text)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return counts;
}

/** A pair as one number; pairs are in order as their numbers are. Vocabularies stay below 2^21. */
const SHIFT = 2 ** 21;
const pairNumber = (left: number, right: number) => left * SHIFT + right;
const pairOf = (number: number): Pair => [Math.floor(number / SHIFT), number % SHIFT];

/** As many bytes as TextEncoder makes of it; half a surrogate pair becomes U+FFFD. */
export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/** The different pieces of a text as one row of tokens, with the places and the count of every pair. */
export class Pieces {
  readonly counts = new Map<number, number>();
  /** Tokens of the whole text, each piece as often as it occurs. */
  length = 0;
  #pieces: string[];
  #tokens: Int32Array;
  /** The neighbours of a place within its piece; -1 at its ends. A place that a merge used up has the token -1. */
  #before: Int32Array;
  #after: Int32Array;
  #times: Int32Array;
  /**
   * Where a pair may stand, from left to right. A pair comes into being only while the newer of its two tokens is made,
   * from left to right, so the order comes by itself; places that other merges changed since are passed over.
   */
  #places = new Map<number, number[]>();

  constructor(counts: ReadonlyMap<string, number>) {
    const encoder = new TextEncoder();
    this.#pieces = [...counts.keys()];
    const words = [...counts].map(([piece, times]) => ({ bytes: encoder.encode(piece), times }));
    const size = words.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#tokens = new Int32Array(size);
    this.#before = new Int32Array(size).fill(-1);
    this.#after = new Int32Array(size).fill(-1);
    this.#times = new Int32Array(size);
    let place = 0;
    for (const { bytes, times } of words) {
      this.length += bytes.length * times;
      for (let at = 0; at < bytes.length; at++, place++) {
        this.#tokens[place] = bytes[at]!;
        this.#times[place] = times;
        if (at === 0) continue;
        this.#before[place] = place - 1;
        this.#after[place - 1] = place;
        this.#add(place - 1);
      }
    }
  }

  /** Merges this pair everywhere; `touched` hears of every pair whose count has grown. */
  merge([left, right]: Pair, made: number, touched: (pair: number) => void = () => {}): void {
    const pair = pairNumber(left, right);
    const places = this.#places.get(pair) ?? [];
    this.#places.delete(pair);
    const grown = new Set<number>();
    for (const place of places) {
      const next = this.#after[place]!;
      if (this.#tokens[place] !== left || next < 0 || this.#tokens[next] !== right) continue;
      const [first, last] = [this.#before[place]!, this.#after[next]!];
      if (first >= 0) this.#drop(first);
      this.#drop(place);
      if (last >= 0) this.#drop(next);
      this.#tokens[place] = made;
      this.#tokens[next] = -1;
      this.#after[place] = last;
      if (last >= 0) this.#before[last] = place;
      if (first >= 0) grown.add(this.#add(first));
      if (last >= 0) grown.add(this.#add(place));
      this.length -= this.#times[place]!;
    }
    grown.forEach(touched);
  }

  /** What each piece is cut into now. */
  tokens(): Map<string, number[]> {
    const cut = new Map<string, number[]>();
    let first = 0;
    for (const piece of this.#pieces) {
      const tokens: number[] = [];
      for (let place = first; place >= 0; place = this.#after[place]!) tokens.push(this.#tokens[place]!);
      cut.set(piece, tokens);
      first += utf8Length(piece);
    }
    return cut;
  }

  #pairAt(place: number): number {
    return pairNumber(this.#tokens[place]!, this.#tokens[this.#after[place]!]!);
  }

  #add(place: number): number {
    const pair = this.#pairAt(place);
    this.counts.set(pair, (this.counts.get(pair) ?? 0) + this.#times[place]!);
    const places = this.#places.get(pair);
    if (places) places.push(place);
    else this.#places.set(pair, [place]);
    return pair;
  }

  #drop(place: number) {
    const pair = this.#pairAt(place);
    const left = this.counts.get(pair)! - this.#times[place]!;
    if (left > 0) this.counts.set(pair, left);
    else this.counts.delete(pair);
  }
}

/** What has most counts first, of equals the smaller pair. Its counts may be too high, never too low. */
class Heap {
  #counts: number[] = [];
  #pairs: number[] = [];

  get size(): number {
    return this.#pairs.length;
  }

  push(count: number, pair: number) {
    let at = this.#pairs.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#precedes(count, pair, parent)) break;
      this.#put(at, this.#counts[parent]!, this.#pairs[parent]!);
      at = parent;
    }
    this.#put(at, count, pair);
  }

  pop(): { count: number; pair: number } {
    const top = { count: this.#counts[0]!, pair: this.#pairs[0]! };
    const [count, pair] = [this.#counts.pop()!, this.#pairs.pop()!];
    const size = this.#pairs.length;
    if (size === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#precedes(this.#counts[child + 1]!, this.#pairs[child + 1]!, child)) child += 1;
      if (this.#precedes(count, pair, child)) break;
      this.#put(at, this.#counts[child]!, this.#pairs[child]!);
      at = child;
    }
    this.#put(at, count, pair);
    return top;
  }

  #precedes(count: number, pair: number, other: number): boolean {
    const difference = count - this.#counts[other]!;
    return difference > 0 || (difference === 0 && pair < this.#pairs[other]!);
  }

  #put(at: number, count: number, pair: number) {
    this.#counts[at] = count;
    this.#pairs[at] = pair;
  }
}

export interface Merges {
  pairs: Pair[];
  /** How often each pair stood in the text when it was merged, overlapping ones too. */
  counts: number[];
  /** Tokens of the text before the first merge, and after each. */
  lengths: number[];
}

/** Until there are `size` tokens, 256 of them bytes, or no two stand beside each other: the most frequent pair becomes one. */
export function trainMerges(counts: ReadonlyMap<string, number>, size: number): Merges {
  const words = new Pieces(counts);
  const merges: Merges = { pairs: [], counts: [], lengths: [words.length] };
  const heap = new Heap();
  for (const [pair, count] of words.counts) heap.push(count, pair);
  while (BYTES + merges.pairs.length < size && heap.size > 0) {
    const { count, pair } = heap.pop();
    const now = words.counts.get(pair);
    if (now === undefined) continue;
    if (now < count) {
      heap.push(now, pair);
      continue;
    }
    const best = pairOf(pair);
    words.merge(best, BYTES + merges.pairs.length, (grown) => heap.push(words.counts.get(grown) ?? 0, grown));
    merges.pairs.push(best);
    merges.counts.push(count);
    merges.lengths.push(words.length);
  }
  return merges;
}

/** Tokens of another text before the first merge and after each. A merge makes pairs for later merges only. */
export function lengthsOf(text: string, pairs: readonly Pair[]): number[] {
  const words = new Pieces(countPieces(text));
  return [words.length, ...pairs.map((pair, number) => (words.merge(pair, BYTES + number), words.length))];
}

function joined(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Text to tokens and back by these merges. */
export class Bpe {
  /** The bytes of each token. */
  readonly spelling: Uint8Array[];

  constructor(readonly pairs: readonly Pair[]) {
    this.spelling = Array.from({ length: BYTES }, (_, byte) => Uint8Array.of(byte));
    for (const [left, right] of pairs) this.spelling.push(joined([this.spelling[left]!, this.spelling[right]!]));
  }

  encode(text: string): Uint32Array {
    return this.watch(text).tokens;
  }

  /**
   * The tokens of a text after the first `most` merges, and the merges among them that changed anything, in order. What
   * was learnt first is merged first; a merge makes pairs for later merges only, so one pass in their order is enough.
   */
  watch(text: string, most = this.pairs.length): { tokens: Uint32Array; used: number[] } {
    const all = pieces(text);
    const words = new Pieces(new Map(all.map((piece) => [piece, 1])));
    const used: number[] = [];
    for (let number = 0; number < most; number++) {
      const before = words.length;
      words.merge(this.pairs[number]!, BYTES + number);
      if (words.length < before) used.push(number);
    }
    const cut = words.tokens();
    const tokens = new Uint32Array(all.reduce((sum, piece) => sum + cut.get(piece)!.length, 0));
    let at = 0;
    for (const piece of all) {
      tokens.set(cut.get(piece)!, at);
      at += cut.get(piece)!.length;
    }
    return { tokens, used };
  }

  bytesOf(tokens: Iterable<number>): Uint8Array {
    return joined(Array.from(tokens, (token) => this.spelling[token]!));
  }

  /** Bytes that are no valid UTF-8 become U+FFFD. */
  decode(tokens: Iterable<number>): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.bytesOf(tokens));
  }
}
