import { expect, it } from 'vitest';
import { financialYear } from './invoice-number.js';

it.each([
  ['2027-03-31T18:29:59Z', '26-27'],
  ['2027-03-31T18:30:00Z', '27-28'],
  ['2026-12-31T23:59:59Z', '26-27'],
  ['2099-06-01T00:00:00Z', '99-00'],
])('puts %s into the financial year %s, by Indian clocks', (instant, year) => {
  expect(financialYear(new Date(instant))).toBe(year);
});
