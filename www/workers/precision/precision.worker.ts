// The worker of the room of mixed precision: digits by the engine that trains, sums by the one of the page's Python.
import { load } from 'danlu';
import { fetchDigits, splitDigits, type Digits } from '../digits.ts';
import { openDoor } from '../door.ts';
import { Arithmetic, fetchEngine } from './arithmetic.ts';
import { Precision, type Ground } from './precision.ts';
import type { PrecisionCalls, PrecisionEvent } from './protocol.ts';

// The page's own address reaches the worker as its name.
const page = (self as unknown as { name: string }).name;
const judged = 1000;

async function open(): Promise<Ground> {
  const [engine, reader, [images, labels]] = await Promise.all([fetchEngine(page), load({ variant: 'simd' }), fetchDigits(page)]);
  const { train, heldOut } = splitDigits(reader, images, labels);
  const samples = (digits: Digits, most: number) => ({ x: digits.images.subarray(0, most * 784), labels: digits.labels.subarray(0, most) });
  return { arithmetic: new Arithmetic(engine), train: samples(train, train.count), heldOut: samples(heldOut, judged) };
}

openDoor<PrecisionCalls, PrecisionEvent>((say) => {
  const precision = new Precision(open, say);
  return {
    get busy() {
      return precision.busy;
    },
    advance: () => precision.advance(),
    perform: async (request) => [await precision.perform(request), []],
  };
});
