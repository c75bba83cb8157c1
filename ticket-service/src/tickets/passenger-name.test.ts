import { expect, it } from 'vitest';
import { ticketName } from './passenger-name.js';

it.each([
  ['Asha Sharma', 'SHARMA/ASHA'],
  ['Ms. Asha Sharma', 'SHARMA/ASHA MS'],
  ['master Arjun Kumar Rao', 'RAO/ARJUN KUMAR MSTR'],
  ['Zoë Müller-Łukasz', 'LUKASZ/ZOE MULLER'],
  ["Mary O'Brien", 'OBRIEN/MARY'],
  ['Søren Weiß', 'WEISS/SOREN'],
  ['Madhuri', 'MADHURI'],
  ['Mr', 'MR'],
  ['Mr Bean', 'BEAN/MR'],
  ['आशा शर्मा', 'UNKNOWN'],
  ['आशा Sharma', 'SHARMA'],
  ['4711', 'UNKNOWN'],
])('writes %j on the ticket as %j', (typed, written) => {
  expect(ticketName(typed)).toBe(written);
});
