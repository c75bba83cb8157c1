import { expect, test } from 'vitest';
import { randomHex } from './random-hex.js';

test('no digits come twice, also when the pool is filled anew', () => {
  const ids = Array.from({ length: 5_000 }, () => randomHex(16));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[\da-f]{32}$/.test(id))).toBe(true);
});
