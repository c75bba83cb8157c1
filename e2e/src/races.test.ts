import { describe, expect, inject, it } from 'vitest';
import { dateInDays, newCustomer, type Customer } from './api/customer.js';

const gatewayUrl = inject('gatewayUrl');
const CUSTOMERS = 200;
const ROUNDS = 20;
const MOST_AT_ONCE = 9;

/** Flights of the smallest aircraft, so that filling one up to its last seat takes few locks. */
async function smallFlights(customer: Customer, wanted: number): Promise<number[]> {
  const found = new Set<number>();
  for (const [source, destination] of [
    ['HYD', 'VGA'],
    ['BLR', 'HBX'],
    ['DEL', 'DED'],
    ['CCU', 'IXS'],
    ['MAA', 'TRZ'],
    ['BLR', 'COK'],
  ] as const) {
    for (let day = 2; day < 18 && found.size < wanted * 2; day += 1) {
      const { body } = await customer.search(source, destination, dateInDays(day), '&max_stops=0&limit=100');
      for (const { legs } of body.itineraries ?? [])
        if (legs[0].available_seats === 78) found.add(legs[0].flight_id);
    }
  }
  return [...found].slice(0, wanted);
}

describe('two hundred customers at once', () => {
  it('for the last seat of a flight: one has it and the others are told so, twenty times over', async () => {
    const customers = await Promise.all(Array.from({ length: CUSTOMERS }, () => newCustomer(gatewayUrl)));
    const first = customers[0]!;
    const flights = await smallFlights(first, ROUNDS);
    expect(flights).toHaveLength(ROUNDS);
    for (const flightId of flights) {
      const { available } = (await first.api.get(`/api/seats/${flightId}`)).body.counts;
      for (let left = available - 1, i = 0; left > 0; left -= MOST_AT_ONCE, i += 1) {
        expect((await customers[i]!.lock(flightId, Math.min(left, MOST_AT_ONCE))).status).toBe(201);
      }
      const waiting = customers.slice(20);
      const late = [...waiting, ...waiting.slice(0, CUSTOMERS - waiting.length)];
      const answers = await Promise.all(late.map((customer) => customer.lock(flightId, 1)));
      const won = answers.filter(({ status }) => status === 201);
      const refused = answers.filter(
        ({ status, body }) => status === 409 && body.type === 'seats-unavailable',
      );
      expect([won.length, refused.length]).toEqual([1, CUSTOMERS - 1]);
    }
  }, 180_000);

  it('for one booking by the same customer: it is created once', async () => {
    const customer = await newCustomer(gatewayUrl);
    await customer.lock(1, 1);
    const answers = await Promise.all(Array.from({ length: 20 }, () => customer.book(1, 1)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
  });

  it('paying one booking in twenty tabs: it is charged once', async () => {
    const customer = await newCustomer(gatewayUrl);
    await customer.lock(1, 1);
    const { body: booking } = await customer.book(1, 1);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => customer.pay(booking.booking_id, booking.amount_due)),
    );
    const outcomes = answers.map(({ status, body }) => `${status} ${body.type ?? body.status}`).sort();
    expect(outcomes[0]).toBe('201 SUCCEEDED');
    // Whoever comes while the first is under way hears something else than whoever comes after it.
    expect(['409 already-paid', '409 payment-in-progress']).toEqual(
      expect.arrayContaining(outcomes.slice(1)),
    );
    const tickets = await Promise.all(Array.from({ length: 10 }, () => customer.ticket(booking.booking_id)));
    expect(new Set(tickets.map(({ body }) => body.ticket_id)).size).toBe(1);
  });
});
