import { describe, expect, it } from 'vitest';
import { exampleBooking } from '../testing/example-booking.js';
import { printableContact } from './printable-contact.js';

describe('who booked', () => {
  it.each(['Asha Sharma', 'Renée Núñez'])('is printed as %s', (name) => {
    const contact = { name, email: 'a@example.com' };
    expect(printableContact({ ...exampleBooking(), contact })).toEqual(contact);
  });

  it('is the first passenger when the letters of the name cannot be printed', () => {
    const booking = { ...exampleBooking(), contact: { name: 'محمد العربي', email: 'm@example.com' } };
    expect(printableContact(booking)).toEqual({ name: booking.passengers[0]?.name, email: 'm@example.com' });
  });
});
