import { expect, test } from 'vitest';
import { positiveRupees } from './money.js';
import { instant } from './scalars.js';

test.each(['0001-01-01T00:00:00Z', '2027-01-15T07:10:00+05:30', '9999-12-31T23:59:59Z'])(
  '%s is an instant',
  (text) => {
    expect(instant.safeParse(text).success).toBe(true);
  },
);

test.each([
  '2027-01-15T07:10:00',
  '2027-02-30T07:10:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-23:59',
])('%s is none that can be stored and written again', (text) => {
  expect(instant.safeParse(text).success).toBe(false);
});

test.each([0.01, 1, 99_999_999.99])('%d rupees can be paid', (amount) => {
  expect(positiveRupees.safeParse(amount).success).toBe(true);
});

test.each([0, -1, 1e-9, 0.001, 1.005, 1e300, Number.NaN])('%d rupees cannot', (amount) => {
  expect(positiveRupees.safeParse(amount).success).toBe(false);
});
