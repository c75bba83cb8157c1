import { expect, it } from 'vitest';
import { formatTicketNumber, ticketCheckDigit } from './ticket-number.js';

it('is read as accounting code, then form and serial', () => {
  expect(formatTicketNumber('0982401234567')).toBe('098-2401234567');
});

it('has a check digit of form and serial alone, so the airline does not matter', () => {
  expect(ticketCheckDigit('3122401234567')).toBe(4);
  expect(ticketCheckDigit('0982401234567')).toBe(4);
  expect(ticketCheckDigit('0982400000001')).toBe(0);
});
