import { expect, it } from 'vitest';
import { readConfig } from '../config.js';
import { isGstin } from './gstin.js';

it.each(['27AAPFU0939F1ZV', '29AAGCB7383J1Z4', '07ZZZCZ0000Z1Z3'])('takes %s for a GSTIN', (text) => {
  expect(isGstin(text)).toBe(true);
});

it.each([
  ['another check character', '27AAPFU0939F1ZW'],
  ['two digits swapped', '27AAPFU0993F1ZV'],
  ['a state that there is not', '99AAPFU0939F1ZV'],
  ['lower case', '27aapfu0939f1zv'],
  ['one character too few', '27AAPFU0939F1Z'],
  ['nothing', ''],
])('refuses %s', (_, text) => {
  expect(isGstin(text)).toBe(false);
});

it('refuses to start with a GSTIN or a series that no invoice may carry', () => {
  const environment = { SUPPLIER_GSTIN: '27AAPFU0939F1ZW', INVOICE_SERIES: 'LONG' };
  expect(() => readConfig(environment)).toThrow(/SUPPLIER_GSTIN: must be a GSTIN/);
  expect(() => readConfig(environment)).toThrow(/INVOICE_SERIES: must be one or two/);
});
