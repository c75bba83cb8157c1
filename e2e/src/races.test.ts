import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { ApiClient, withStatus, type Exchange } from './api/api-client.js';
import { dateInDays, newCustomer, type Customer } from './api/customer.js';

const gatewayUrl = inject('gatewayUrl');
const admin = inject('admin');
const CUSTOMERS = 200;
const ROUNDS = 20;
const MOST_AT_ONCE = 9;
const REDEMPTIONS = 500;
const CODE_LIMIT = 100;
const SEATS_A_FLIGHT = 150;
const LAST_ATTEMPT = 20;
const REFUSED = 422;
const SIGN_UPS_AT_ONCE = 20;

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

/** A code for 500 rupees off that a hundred bookings may use, and one customer as often as they like. */
async function newCode(): Promise<{ code: string; uses: () => Promise<number> }> {
  const api = new ApiClient(gatewayUrl);
  api.token = withStatus(await api.post('/api/auth/login', admin), 200).body.token;
  const code = `RACE${randomUUID().slice(0, 6)}`.toUpperCase();
  const limits = { total_limit: CODE_LIMIT, per_user_limit: REDEMPTIONS };
  withStatus(
    await api.post('/api/discounts', {
      code,
      description: 'Five hundred off',
      type: 'flat',
      amount: 500,
      ...limits,
    }),
    201,
  );
  const uses = async () =>
    (await api.get('/api/discounts?limit=100')).body.discounts.find(
      (one: { code: string }) => one.code === code,
    ).uses;
  return { code, uses };
}

/** Books under a key of its own until there is a final answer; a busy service may be asked again. */
async function bookSurely(customer: Customer, flightId: number, code: string): Promise<number> {
  const headers = { 'idempotency-key': randomUUID() };
  const body = { flight_id: flightId, user_id: customer.userId, num_seats: 1, discount_code: code };
  for (let attempt = 1; ; attempt += 1) {
    const { status, body: answer } = await customer.api.post('/api/bookings/create', body, { headers });
    const isFinal = status < 500 && answer.type !== 'idempotency-key-in-use';
    if (isFinal || attempt === LAST_ATTEMPT) return status;
  }
}

describe('two hundred customers at once', () => {
  let customers: Customer[];

  beforeAll(async () => {
    customers = [];
    // Hashing two hundred passwords at once would take the gateway's patience on a busy machine.
    while (customers.length < CUSTOMERS) {
      const next = Array.from({ length: SIGN_UPS_AT_ONCE }, () => newCustomer(gatewayUrl));
      customers.push(...(await Promise.all(next)));
    }
  }, 120_000);

  it('for a discount of which there are a hundred: five hundred bookings ask and a hundred have it', async () => {
    const { code, uses } = await newCode();
    const { body } = await customers[0]!.search('DEL', 'BOM', dateInDays(6), '&max_stops=0&limit=100');
    const flights: number[] = body.itineraries
      .filter(({ legs }: Exchange['body']) => legs[0]!.available_seats >= SEATS_A_FLIGHT)
      .map(({ legs }: Exchange['body']) => legs[0]!.flight_id);
    const wishes = Array.from({ length: REDEMPTIONS }, (_, i) => ({
      customer: customers[i % CUSTOMERS]!,
      flightId: flights[Math.floor(i / SEATS_A_FLIGHT)]!,
    }));
    for (const { customer, flightId } of wishes) withStatus(await customer.lock(flightId), 201);
    const statuses = await Promise.all(
      wishes.map(({ customer, flightId }) => bookSurely(customer, flightId, code)),
    );
    const booked = statuses.filter((status) => status === 201);
    const refused = statuses.filter((status) => status === REFUSED);
    expect([booked.length, refused.length]).toEqual([CODE_LIMIT, REDEMPTIONS - CODE_LIMIT]);
    expect(await uses()).toBe(CODE_LIMIT);
  }, 180_000);

  it('for the last seat of a flight: one has it and the others are told so, twenty times over', async () => {
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
