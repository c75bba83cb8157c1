import { expect, test } from 'vitest';
import { randomHex } from '../context/random-hex.js';
import { isSampled } from './sampling.js';

test('all traces are kept, or none, or about the share that is asked for, and always the same ones', () => {
  const traces = Array.from({ length: 4_000 }, () => randomHex(16));
  const kept = (rate: number) => traces.filter((trace) => isSampled(trace, rate));
  expect(kept(1)).toHaveLength(traces.length);
  expect(kept(0)).toHaveLength(0);
  expect(kept(0.25).length / traces.length).toBeCloseTo(0.25, 1);
  expect(kept(0.25)).toEqual(kept(0.25));
  expect(kept(0.5)).toEqual(expect.arrayContaining(kept(0.25)));
});
