import { expect, test } from 'vitest';
import { Clock, clockText, parseClock } from './clock.ts';

function store(): Storage {
  const map = new Map<string, string>();
  return { getItem: (key: string) => map.get(key) ?? null, setItem: (key: string, value: string) => void map.set(key, value) } as unknown as Storage;
}

function counted(clock: Clock, seconds: number, inView = true, from = 0): void {
  for (let second = 0; second <= seconds; second += 1) clock.tick((from + second) * 1000, inView);
}

test('it counts the seconds in view and goes on after a reload', () => {
  const storage = store();
  const clock = new Clock(storage, 'conv');
  clock.touch(0);
  counted(clock, 10);
  expect(new Clock(storage, 'conv').ms).toBe(10_000);
});

test('neither a hidden page, nor sleep, nor an idle reader counts', () => {
  const clock = new Clock(store(), 'conv');
  clock.touch(0);
  counted(clock, 10, false);
  clock.tick(3_600_000, true);
  counted(clock, 10, true, 3600);
  expect(clock.ms).toBe(0);
});

test('a pass ends it, and only the starting code begins it anew', () => {
  const clock = new Clock(store(), 'conv');
  clock.touch(0);
  counted(clock, 5);
  expect(clock.finish()).toBe(5000);
  counted(clock, 5, true, 5);
  expect([clock.finish(), clock.ms]).toEqual([null, 5000]);
  clock.restart();
  counted(clock, 3, true, 10);
  expect(clock.finish()).toBe(3000);
});

test('with the solution put in there is no time to speak of', () => {
  const clock = new Clock(store(), 'conv');
  clock.aid();
  expect(clock.finish()).toBeNull();
});

test('damaged notes are as none', () => {
  expect(['{', '{"ms":-1,"state":"counting"}', '{"ms":3}', 'null'].map(parseClock)).toEqual([null, null, null, null]);
});

test('times are written as clocks write them', () => {
  expect([0, 59_999, 187_000, 3_765_000].map(clockText)).toEqual(['0:00', '0:59', '3:07', '1:02:45']);
});
