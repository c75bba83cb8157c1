import { randomUUID } from 'node:crypto';
import { patiently } from '@flight-booking/local-stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack, ServiceName } from '@flight-booking/local-stack';
import { withStatus, type Exchange, type RequestOptions } from './api/api-client.js';
import { newCustomer, type Customer } from './api/customer.js';
import { createTestStack } from './testing/global-setup.js';
import { eventually, type JourneyBooking } from './testing/journeys.js';

const SHORT_BOOKING_TTL_MS = 4_000;
const FLIGHT = 1;
const OUTAGE = [503, 504];
const OUTAGE_LOOK_AGAIN_MS = 200;

/** How far a customer has come. */
interface Journey {
  readonly customer: Customer;
  booking?: JourneyBooking;
  ticketId?: number;
}

/**
 * Sends a request again under the same key for as long as a part of the platform is away. Who calls a service that has
 * been away stops asking it for a second, also when it is back meanwhile.
 */
function untilAnswered(send: (options: RequestOptions) => Promise<Exchange>): Promise<Exchange> {
  const options = { headers: { 'idempotency-key': randomUUID() } };
  return patiently(async () => {
    const exchange = await send(options);
    expect(OUTAGE, JSON.stringify(exchange.body)).not.toContain(exchange.status);
    return exchange;
  }, OUTAGE_LOOK_AGAIN_MS);
}

/** What a customer does one after the other; each step goes on from what those before it have left. */
const STEPS: readonly ((journey: Journey) => Promise<void>)[] = [
  async ({ customer }) =>
    void withStatus(await untilAnswered((options) => customer.lock(FLIGHT, 1, options)), 201),
  async (journey) => {
    const wishes = { discount_code: 'FLY50' };
    const answer = await untilAnswered((options) => journey.customer.book(FLIGHT, 1, wishes, options));
    journey.booking = withStatus(answer, 201).body;
  },
  async ({ customer, booking }) => {
    const { booking_id: bookingId, amount_due: amount } = booking!;
    const { body } = await untilAnswered((options) => customer.pay(bookingId, amount, {}, options));
    expect(body).toMatchObject({ status: 'SUCCEEDED' });
    await eventually(
      () => customer.booking(bookingId),
      (answer) => expect(answer.body.status).toBe('CONFIRMED'),
    );
  },
  async (journey) => {
    const bookingId = journey.booking!.booking_id;
    const answer = await untilAnswered((options) => journey.customer.ticket(bookingId, options));
    journey.ticketId = withStatus(answer, 201).body.ticket_id;
  },
  async ({ customer, ticketId }) =>
    void withStatus(await untilAnswered(() => customer.api.get(`/api/tickets/${ticketId}.pdf`)), 200),
];

async function takeSteps(journey: Journey, from: number, to = STEPS.length): Promise<void> {
  for (const step of STEPS.slice(from, to)) await step(journey);
}

/** A customer who has taken so many steps. */
async function journeyAfter(gatewayUrl: string, steps: number): Promise<Journey> {
  const journey: Journey = { customer: await newCustomer(gatewayUrl) };
  await takeSteps(journey, 0, steps);
  return journey;
}

async function expectEverythingDone({ customer, booking }: Journey): Promise<void> {
  await eventually(
    () => customer.api.get(`/api/bookings/${booking!.booking_id}`),
    ({ body }) => expect(body.status).toBe('TICKETED'),
  );
  await eventually(
    () => customer.api.get('/api/notifications'),
    ({ body }) =>
      expect(body.notifications.map(({ status }: { status: string }) => status)).toEqual(['SENT', 'SENT']),
  );
}

describe('a stack in which things go wrong', () => {
  let stack: LocalStack;
  let gatewayUrl: string;

  beforeAll(async () => {
    stack = createTestStack();
    await stack.start();
    await stack.waitUntilHealthy();
    gatewayUrl = stack.urls['api-gateway'];
  });
  afterAll(() => stack.stop());

  const seatOf = async (customer: Customer, seat: string): Promise<string> => {
    const { body } = await customer.api.get(`/api/seats/${FLIGHT}`);
    const seats = body.cabins.flatMap(({ rows }: { rows: { seats: { seat: string; status: string }[] }[] }) =>
      rows.flatMap((row) => row.seats),
    );
    return seats.find((candidate: { seat: string }) => candidate.seat === seat).status;
  };

  it('a booking that nobody pays expires, frees its seats, and cannot be paid any more', async () => {
    await stack.stopService('booking-service');
    await stack.startService('booking-service', { BOOKING_TTL_MS: String(SHORT_BOOKING_TTL_MS) });
    const customer = await newCustomer(gatewayUrl);
    const { body: lock } = await customer.lock(FLIGHT, 2);
    const { body: booking } = await customer.book(FLIGHT, 2);
    expect(await seatOf(customer, lock.seats[0])).toBe('reserved');
    await expect
      .poll(async () => (await customer.api.get(`/api/bookings/${booking.booking_id}`)).body.status)
      .toBe('EXPIRED');
    const late = await customer.pay(booking.booking_id, booking.amount_due);
    expect([late.status, late.body.type]).toEqual([410, 'booking-expired']);
    await expect.poll(() => seatOf(customer, lock.seats[0])).toBe('available');
    const other = await newCustomer(gatewayUrl);
    expect((await other.api.post('/api/seats/lock', { flight_id: FLIGHT, seats: lock.seats })).status).toBe(
      201,
    );
    await stack.restart('booking-service');
  });

  const journeyServices: ServiceName[] = [
    'api-gateway',
    'auth-service',
    'flight-search-service',
    'seat-service',
    'discount-service',
    'booking-service',
    'payment-service',
    'ticket-service',
    'notification-service',
  ];

  it.each(journeyServices)('%s may be killed between any two steps, and nothing is lost', async (service) => {
    // One customer before each step, so that one crash is between every two of them.
    const journeys = await Promise.all(STEPS.map((_step, taken) => journeyAfter(gatewayUrl, taken)));
    await stack.kill(service);
    await stack.startService(service);
    await Promise.all(journeys.map((journey, taken) => takeSteps(journey, taken)));
    await Promise.all(journeys.map(expectEverythingDone));
  });

  it('a payment whose booking-service is away is captured once and confirmed when it is back', async () => {
    const customer = await newCustomer(gatewayUrl);
    await customer.lock(FLIGHT, 1);
    const { body: booking } = await customer.book(FLIGHT, 1);
    const [paid] = await Promise.all([
      customer.pay(booking.booking_id, booking.amount_due, { payment_method: 'tok_slow' }),
      stack.kill('booking-service'),
    ]);
    await stack.waitUntilHealthy();
    if (OUTAGE.includes(paid.status)) {
      const again = await customer.pay(booking.booking_id, booking.amount_due);
      expect([201, 202, 409]).toContain(again.status);
    }
    await expect
      .poll(async () => (await customer.api.get(`/api/bookings/${booking.booking_id}`)).body.status)
      .toBe('CONFIRMED');
    const { body } = await customer.api.get(`/api/payments?booking_id=${booking.booking_id}`);
    const captured = body.payments.filter(({ status: state }: { status: string }) => state === 'SUCCEEDED');
    expect(captured).toHaveLength(1);
  });

  it('a service that is down is 503 as problem details while the others go on', async () => {
    const customer = await newCustomer(gatewayUrl);
    await stack.stopService('ticket-service');
    const answer = await customer.ticket(1);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
    expect(answer.body).toMatchObject({ status: 503, request_id: expect.any(String) });
    expect((await customer.api.get('/api/airports?q=del')).status).toBe(200);
    await stack.startService('ticket-service');
    expect((await customer.ticket(1)).status).toBe(404);
  });
});
