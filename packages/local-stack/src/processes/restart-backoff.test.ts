import { expect, test } from 'vitest';
import { RestartBackoff } from './restart-backoff.js';

test('the wait doubles from 250 ms to 10 s and starts over after a life of 30 s', () => {
  const backoff = new RestartBackoff();
  const waits = Array.from({ length: 8 }, () => backoff.next(100));
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(backoff.next(30_000)).toBe(250);
  expect(backoff.next(100)).toBe(500);
});
