import { recordLocator } from '@flight-booking/contracts';
import { describe, expect, it } from 'vitest';
import { newRecordLocator } from './record-locator.js';

describe('a record locator', () => {
  it('has six characters of the alphabet, the first a letter, and hardly ever comes twice', () => {
    const made = Array.from({ length: 2_000 }, newRecordLocator);
    expect(made.every((locator) => recordLocator.parse(locator) === locator)).toBe(true);
    expect(new Set(made).size).toBeGreaterThan(1_995);
  });
});
