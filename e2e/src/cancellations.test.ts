import { beforeAll, describe, expect, inject, it } from 'vitest';
import { FARE, signInAsAdministrator, type Administrator } from './api/administrator.js';
import type { Exchange } from './api/api-client.js';
import { newCustomer, type Customer } from './api/customer.js';
import { book, bookAndPay, bookToTicket, inPaise, eventually } from './testing/journeys.js';

const gatewayUrl = inject('gatewayUrl');
const SEATS = 2;
const FARE_PAISE = inPaise(FARE.base_fare + FARE.fuel_surcharge);
const NEAR_HOURS = 100;
const FAR_HOURS = 200;

let administrator: Administrator;

beforeAll(async () => {
  administrator = await signInAsAdministrator(gatewayUrl, inject('admin'));
});

/** A customer with a paid booking on a flight of its own. */
async function paidBooking(hoursAhead: number, more: { readonly discount_code?: string } = {}) {
  const [customer, flight] = await Promise.all([
    newCustomer(gatewayUrl),
    administrator.addFlight(hoursAhead),
  ]);
  const { booking, payment } = await bookAndPay(customer, flight, SEATS, more);
  return { customer, flight, id: booking.booking_id, booking, payment };
}

const quoteFor = async (customer: Customer, id: number): Promise<Exchange['body']> =>
  (await customer.quoteCancellation(id)).body;
const sumOf = (lines: Exchange['body'][], member: string): number =>
  lines.reduce((sum, line) => sum + inPaise(line[member]), 0);

describe.concurrent('a quote', () => {
  it.each([
    ['within 48 hours of booking, 7 days ahead', FAR_HOURS, 0, 'look_in'],
    ['72 hours ahead', NEAR_HOURS, 25, 'fee_before_departure'],
    ['24 hours ahead', 48, 50, 'fee_before_departure'],
    ['2 hours ahead', 12, 75, 'fee_before_departure'],
    ['less than that', 1.5, 100, 'fee_before_departure'],
  ])(
    '%s keeps its share of the fare, and a confirmation keeps to the quote',
    async (_when, hours, percent, rule) => {
      const { customer, id, booking } = await paidBooking(hours);
      const quote = await quoteFor(customer, id);
      const kept = (FARE_PAISE * SEATS * percent) / 100;
      expect(quote.rule).toBe(rule);
      expect([inPaise(quote.paid.amount), inPaise(quote.kept.amount), inPaise(quote.refund.amount)]).toEqual([
        inPaise(booking.amount_due),
        kept,
        inPaise(booking.amount_due) - kept,
      ]);
      for (const part of ['paid', 'kept', 'refund'])
        expect([part, sumOf(quote.lines, part)]).toEqual([part, inPaise(quote[part].amount)]);
      const keptOf = new Set(
        quote.lines
          .filter((line: Exchange['body']) => line.kept !== 0)
          .map(({ kind }: Exchange['body']) => kind),
      );
      expect([...keptOf]).toEqual(percent === 0 ? [] : ['base_fare', 'fuel_surcharge']);
      const { body } = await customer.cancel(id, { quote_id: quote.quote_id });
      expect([body.status, body.cancellation.refund, body.cancellation.kept]).toEqual([
        'CANCELLED',
        quote.refund,
        quote.kept,
      ]);
      await eventually(
        async () => (await customer.payments(id))[0],
        (value) =>
          expect(value).toMatchObject({
            refunded_amount: quote.refund.amount,
            refunds: [{ status: 'SUCCEEDED', amount: quote.refund.amount }],
          }),
      );
    },
  );

  it('keeps a share of what was paid after the discount, whole paise line by line', async () => {
    const code = await administrator.addDiscount(333.33);
    const { customer, id } = await paidBooking(NEAR_HOURS, { discount_code: code });
    const quote = await quoteFor(customer, id);
    // The discount is spread over two fares, and the fee of each is rounded down.
    const kept = (FARE_PAISE * SEATS - inPaise(333.33)) / 4;
    expect(Math.abs(inPaise(quote.kept.amount) - kept)).toBeLessThan(SEATS);
    expect(sumOf(quote.lines, 'refund')).toBe(inPaise(quote.refund.amount));
  });

  it('is asked for before something is kept, and the refusal carries it', async () => {
    const { customer, id } = await paidBooking(NEAR_HOURS);
    const refused = await customer.cancel(id);
    expect([refused.status, refused.body.type]).toEqual([409, 'quote-needed']);
    expect((await customer.booking(id)).body.status).toBe('CONFIRMED');
    const { quote } = refused.body;
    const { body } = await customer.cancel(id, { quote_id: quote.quote_id });
    expect(body.cancellation).toMatchObject({ refund: quote.refund, quote_id: quote.quote_id });
  });

  it('is not needed when everything comes back, or nothing was paid', async () => {
    const { customer, id } = await paidBooking(FAR_HOURS);
    expect((await customer.cancel(id)).body.status).toBe('CANCELLED');
    const unpaid = await book(customer, await administrator.addFlight(NEAR_HOURS));
    expect((await customer.cancel(unpaid.booking_id)).body.cancellation.refund.amount).toBe(0);
  });

  it('that was made before the booking was paid is stale, and the refusal carries a new one', async () => {
    const [customer, flight] = await Promise.all([
      newCustomer(gatewayUrl),
      administrator.addFlight(NEAR_HOURS),
    ]);
    const { booking_id: id, amount_due: due } = await book(customer, flight);
    const early = await quoteFor(customer, id);
    expect(early.rule).toBe('nothing_paid');
    await customer.pay(id, due);
    const stale = await customer.cancel(id, { quote_id: early.quote_id });
    expect([stale.status, stale.body.type]).toEqual([409, 'quote-stale']);
    expect(stale.body.quote.rule).toBe('fee_before_departure');
    expect((await customer.cancel(id, { quote_id: stale.body.quote.quote_id })).status).toBe(200);
  });

  it('of another booking confirms nothing, and nobody else may ask for one or confirm it', async () => {
    const [mine, other] = await Promise.all([paidBooking(NEAR_HOURS), paidBooking(NEAR_HOURS)]);
    const quote = await quoteFor(mine.customer, mine.id);
    expect((await other.customer.quoteCancellation(mine.id)).status).toBe(404);
    expect((await other.customer.cancel(mine.id, { quote_id: quote.quote_id })).status).toBe(404);
    const crossed = await other.customer.cancel(other.id, { quote_id: quote.quote_id });
    expect([crossed.status, crossed.body.type]).toEqual([409, 'quote-stale']);
    expect((await mine.customer.booking(mine.id)).body.status).toBe('CONFIRMED');
    expect((await other.customer.booking(other.id)).body.status).toBe('CONFIRMED');
  });
});

describe.concurrent('a ticketed booking that is cancelled', () => {
  it('many times at once is cancelled once: seats, discount, coupons, invoice and message', async () => {
    const [customer, flight, code] = await Promise.all([
      newCustomer(gatewayUrl),
      administrator.addFlight(NEAR_HOURS),
      administrator.addDiscount(500, { total_limit: 1 }),
    ]);
    const { booking, ticket } = await bookToTicket(customer, flight, SEATS, { discount_code: code });
    const id = booking.booking_id;
    const quote = await quoteFor(customer, id);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => customer.cancel(id, { quote_id: quote.quote_id })),
    );
    expect(answers.map(({ status, body }) => [status, body.status])).toEqual(
      Array.from({ length: 10 }, () => [200, 'CANCELLED']),
    );

    const invoice = async (): Promise<Exchange['body']> =>
      (await customer.api.get(`/api/invoices/${ticket.invoice_id}`)).body;
    await eventually(
      async () => (await invoice()).credit_note,
      (value) =>
        expect(value).toMatchObject({
          total: quote.refund,
          total_kept: quote.kept,
        }),
    );
    const { body: voided } = await customer.api.get(`/api/tickets/${ticket.ticket_id}`);
    expect(new Set(voided.coupons.map(({ status }: Exchange['body']) => status))).toEqual(
      new Set(['REFUNDED']),
    );
    await eventually(
      () => customer.messages(id),
      (value) => expect(value).toEqual(['booking.cancelled', 'booking.ticketed', 'booking.confirmed']),
    );

    const happened = async (event: string): Promise<number> =>
      (await customer.timeline(id)).filter((entry) => entry.event === event).length;
    for (const event of [
      'seats.released',
      'discount.released',
      'refund.created',
      'refund.succeeded',
      'coupons.voided',
    ])
      await eventually(
        () => happened(event),
        (value) => expect(value).toBe(1),
      );

    const next = await newCustomer(gatewayUrl);
    const seats = booking.seats.map(({ seat_number: seat }) => seat);
    expect((await next.api.post('/api/seats/lock', { flight_id: flight, seats })).status).toBe(201);
    const resold = await next.book(flight, SEATS, { discount_code: code });
    expect(resold.status).toBe(201);
    expect((await next.pay(resold.body.booking_id, resold.body.amount_due)).status).toBe(201);
    // The code had one use; it came back once, and that is taken now.
    expect((await customer.api.post('/api/discounts/validate', { code })).body).toMatchObject({
      valid: false,
      reason: 'used_up',
    });
    expect((await customer.cancel(id, { quote_id: quote.quote_id })).body.status).toBe('CANCELLED');
    expect((await next.booking(resold.body.booking_id)).body.status).toBe('CONFIRMED');
    expect(await happened('seats.released')).toBe(1);
  });
});

describe('a flight that is cancelled while fifty customers are checking out', () => {
  const CUSTOMERS = 50;
  const REFUSALS = [
    'flight-cancelled',
    'flight-not-found',
    'booking-cancelled',
    'seats-not-locked',
    'seats-unavailable',
  ];

  it('leaves each of them with all of their money back or never charged, and tells each once', async () => {
    const flight = await administrator.addFlight(NEAR_HOURS);
    const customers = await Promise.all(Array.from({ length: CUSTOMERS }, () => newCustomer(gatewayUrl)));
    let paid = 0;
    const refusals: string[] = [];
    /** As far as the airline lets them. */
    const checkOut = async (customer: Customer): Promise<void> => {
      const refused = ({ status, body }: Exchange): boolean => {
        if (status >= 400) refusals.push(body.type);
        return status >= 400;
      };
      if (refused(await customer.lock(flight))) return;
      const booking = await customer.book(flight);
      if (refused(booking)) return;
      const { booking_id: id, amount_due: due } = booking.body;
      if (refused(await customer.pay(id, due))) return;
      paid += 1;
      refused(await customer.ticket(id));
    };
    const checkingOut = Promise.all(customers.map(checkOut));
    await eventually(
      () => Promise.resolve(paid),
      (value) => expect(value).toBeGreaterThan(CUSTOMERS / 5),
    );
    const cancelled = await administrator.api.post(`/api/flights/${flight}/cancel`, { reason: 'fog' });
    expect(cancelled.status).toBe(200);
    await checkingOut;
    expect(refusals.filter((type) => !REFUSALS.includes(type))).toEqual([]);

    const unsettled = async (customer: Customer): Promise<unknown[]> => {
      const { bookings } = (await customer.api.get('/api/bookings')).body;
      const { payments } = (await customer.api.get('/api/payments')).body;
      const { notifications } = (await customer.api.get('/api/notifications?limit=100')).body;
      const told = notifications.filter(({ event }: Exchange['body']) => event === 'booking.cancelled');
      return [
        ...bookings.filter(({ status }: Exchange['body']) => status !== 'CANCELLED'),
        ...payments.filter(
          ({ status, amount, refunded_amount: back }: Exchange['body']) =>
            !(status === 'REFUNDED' && back === amount) && status !== 'FAILED',
        ),
        ...(told.length === bookings.length ? [] : [{ bookings: bookings.length, told: told.length }]),
      ];
    };
    await eventually(
      async () => (await Promise.all(customers.map(unsettled))).flat(),
      (value) => expect(value).toEqual([]),
    );
    const { body: map } = await administrator.api.get(`/api/seats/${flight}`);
    expect([map.counts.reserved ?? 0, map.counts.sold ?? 0]).toEqual([0, 0]);
  });
});
