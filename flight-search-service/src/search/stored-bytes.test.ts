import { beforeEach, describe, expect, it } from 'vitest';
import { bytesInRedis, StoredBytes } from './stored-bytes.js';

const NOW = 1_234_567.8;

describe('the bytes that a process may have in Redis', () => {
  let stored: StoredBytes;

  beforeEach(() => {
    stored = new StoredBytes(1_000);
  });

  it('are given out until they are used up', () => {
    expect([600, 500, 400, 1].map((bytes) => stored.take(bytes, NOW))).toEqual([true, false, true, false]);
    expect(stored.at(NOW)).toBe(1_000);
  });

  it('come back when what took them is dead, within a second and never before', () => {
    stored.take(600, NOW);
    stored.take(400, NOW);
    stored.giveBack(600, NOW + 60_000);
    stored.giveBack(400, NOW + 2_000);
    expect([1_999, 3_000, 59_999, 61_000].map((ms) => stored.at(NOW + ms))).toEqual([1_000, 600, 600, 0]);
    expect(stored.take(1_000, NOW + 61_000)).toBe(true);
  });

  it('come back within a second when nothing was stored, or the end was long ago', () => {
    stored.take(600, NOW);
    stored.giveBack(600, NOW);
    stored.take(400, NOW);
    stored.giveBack(400, NOW - 5_000);
    expect(stored.at(NOW + 1_000)).toBe(0);
  });

  it('count what is written in other letters as it is stored, and every list that names it', () => {
    expect(bytesInRedis('दिल्ली', 2)).toBeGreaterThan(bytesInRedis('Delhi!', 2));
    expect(bytesInRedis('Delhi!', 3)).toBeGreaterThan(bytesInRedis('Delhi!', 2));
  });
});
