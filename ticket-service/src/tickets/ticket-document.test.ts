import { describe, expect, it } from 'vitest';
import {
  delhiToMumbai,
  exampleLines,
  mumbaiToDubai,
  EXAMPLE_FARE_PAISE,
} from '../testing/example-booking.js';
import { exampleTicket } from '../testing/example-ticket.js';
import { readPdf } from '../testing/read-pdf.js';
import { renderTicket } from './ticket-document.js';

describe('the ticket document', () => {
  it('prints locator, names, ticket numbers, seats, local times with their zones, and the total', async () => {
    const ticket = exampleTicket({
      flights: [delhiToMumbai, mumbaiToDubai],
      passengers: [{ name: 'Ms Asha Sharma' }, { name: 'Zoë Łukasz' }],
    });
    const { text, pages } = await readPdf(await renderTicket(ticket));
    expect(pages).toBe(3);
    for (const expected of [
      'K7M2QX',
      'Ms Asha Sharma',
      'SHARMA/ASHA MS',
      'Zoë Łukasz',
      'LUKASZ/ZOE',
      '098-2400000001',
      '098-2400000002',
      'AI 865',
      '6E 1451',
      '12B',
      'DEL 07:10',
      'Fri, 15 Jan 2027 (IST)',
      'DXB 01:30',
      'Sat, 16 Jan 2027 (GST)',
      'Total paid ₹23,672.00',
      'SPECIMEN – NOT VALID FOR TRAVEL',
    ]) {
      expect(text).toContain(expected);
    }
  });

  it('has room for nine passengers on three flights with the longest names', async () => {
    const flights = [delhiToMumbai, mumbaiToDubai, { ...delhiToMumbai, flight_id: 9 }];
    const passengers = Array.from({ length: 9 }, (_, index) => ({
      name: `${'Wilhelmina '.repeat(8)}No${index}`.slice(0, 100),
    }));
    const { text, pages } = await readPdf(await renderTicket(exampleTicket({ flights, passengers })));
    expect(pages).toBe(2 + 9);
    expect(text).toContain('Page 11 of 11');
    expect(text).toContain('098-2400000009');
  });

  it('names the discount that was given', async () => {
    const ticket = exampleTicket({
      discount_code: 'FLY50',
      price_lines: [
        ...exampleLines(7),
        { flight_id: 7, kind: 'discount', description: 'Discount', quantity: 1, amount_paise: -50_000 },
      ],
      amount_due_paise: EXAMPLE_FARE_PAISE - 50_000,
    });
    const { text } = await readPdf(await renderTicket(ticket));
    expect(text).toContain('Discount (FLY50) -₹500.00');
    expect(text).toContain('Total paid ₹5,418.00');
  });

  it('is the same whenever it is printed', async () => {
    const [first, second] = await Promise.all([renderTicket(exampleTicket()), renderTicket(exampleTicket())]);
    expect((await readPdf(first)).text).toBe((await readPdf(second)).text);
  });
});
