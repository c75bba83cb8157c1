import { expect, it } from 'vitest';
import { amountInWords } from './amount-in-words.js';

it.each([
  [0, 'Rupees Zero Only'],
  [100, 'Rupees One Only'],
  [1_950, 'Rupees Nineteen and Fifty Paise Only'],
  [633_100, 'Rupees Six Thousand Three Hundred Thirty-One Only'],
  [10_000_000, 'Rupees One Lakh Only'],
  [
    12_345_678_09,
    'Rupees One Crore Twenty-Three Lakh Forty-Five Thousand Six Hundred Seventy-Eight and Nine Paise Only',
  ],
  [100_000_000_000, 'Rupees One Hundred Crore Only'],
])('writes %i paise as "%s"', (paise, words) => {
  expect(amountInWords(paise)).toBe(words);
});
