import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BookingView } from '../bookings/booking.schemas.js';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import { EXAMPLE_FARE_PAISE, exampleFlight } from '../testing/example-flights.js';
import type { CancellationQuoteView } from './cancellation-quote.schemas.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
});
afterAll(() => world.stop());

/** Half of base fare and fuel surcharge of one {@link exampleFlight}. */
const HALF_FARE_PAISE = 250_000;

const quote = (userId: number, id: number, by = service) =>
  world.request<CancellationQuoteView>(by, { userId }, 'GET', `/api/bookings/${id}/cancellation-quote`);

const cancel = (userId: number, id: number, body?: object, by = service) =>
  world.request<BookingView & { type?: string; quote?: CancellationQuoteView }>(
    by,
    { userId },
    'POST',
    `/api/bookings/${id}/cancel`,
    body,
  );

const paid = async (userId: number, wish: object = {}) => {
  const booking = await world.booked(service, userId, wish);
  await world.confirm(service, booking.booking_id, undefined, Math.round(booking.amount_due * 100));
  return booking.booking_id;
};

/** A paid booking that was made three days ago and leaves in thirty hours: half of the fare is kept. */
const paidAndNear = async (userId: number, wish: object = {}) => {
  const id = await paid(userId, wish);
  await world.database.execute(
    `update bookings set created_at = now() - interval '3 days', departs_at = now() + interval '30 hours'
     where booking_id = $1`,
    [id],
  );
  return id;
};

const rowOf = (id: number) =>
  world.database.row<{
    refund_paise: number;
    cancellation_quote_id: number | null;
    redemption: string | null;
  }>(
    `select refund_paise, cancellation_quote_id, redemption_status as redemption from bookings where booking_id = $1`,
    [id],
  );

const cancelledEvents = (id: number) =>
  world.eventsToldTo(world.ticket, id).filter(({ type }) => type === 'booking.cancelled');

describe('a quote for cancelling', () => {
  it('gives everything back of a new booking that leaves in a month', async () => {
    const id = await paid(1);
    const { status, body } = await quote(1, id);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      booking_id: id,
      rule: 'look_in',
      paid: { amount: EXAMPLE_FARE_PAISE / 100, currency: 'INR' },
      kept: { amount: 0 },
      refund: { amount: EXAMPLE_FARE_PAISE / 100 },
    });
    expect(body.lines.map(({ kind }) => kind)).toContain('gst');
    const minutes = (Date.parse(body.valid_until) - Date.parse(body.quoted_at)) / 60_000;
    expect(Math.round(minutes)).toBe(15);
  });

  it('tells what is kept, line by line, and stands no longer than the rules give the same', async () => {
    const id = await paidAndNear(2, { discount_code: 'FLY50' });
    await world.database.execute(
      `update bookings set departs_at = now() + interval '24 hours 5 minutes' where booking_id = $1`,
      [id],
    );
    const { body } = await quote(2, id);
    expect(body).toMatchObject({ rule: 'fee_before_departure', kept: { amount: HALF_FARE_PAISE / 200 } });
    expect(body.lines.find(({ kind }) => kind === 'discount')).toMatchObject({
      paid: -2_500,
      kept: -1_250,
      refund: -1_250,
    });
    expect(body.rule_in_words).toContain('50 % of the economy saver fare');
    const minutes = (Date.parse(body.valid_until) - Date.parse(body.quoted_at)) / 60_000;
    expect(Math.round(minutes)).toBe(5);
  });

  it('is written once however often and by how many at once it is asked for, while it says the same', async () => {
    const id = await paidAndNear(7);
    const asked = await Promise.all(Array.from({ length: 12 }, () => quote(7, id)));
    const needed = await cancel(7, id);
    const last = await quote(7, id);
    const ids = [...asked.map(({ body }) => body), needed.body.quote, last.body].map(
      (told) => told?.quote_id,
    );
    expect(new Set(ids).size).toBe(1);
    await world.database.execute(
      `update bookings set departs_at = now() + interval '12 hours' where booking_id = $1`,
      [id],
    );
    const dearer = await quote(7, id);
    expect(dearer.body.quote_id).not.toBe(last.body.quote_id);
    expect(dearer.body.kept.amount).toBe((1.5 * HALF_FARE_PAISE) / 100);
    const { count } = await world.database.row<{ count: number }>(
      'select count(*)::int as count from cancellation_quotes where booking_id = $1',
      [id],
    );
    expect(count).toBe(2);
  });

  it('of an unpaid booking is nothing', async () => {
    const { booking_id: id } = await world.booked(service, 3);
    expect((await quote(3, id)).body).toMatchObject({
      rule: 'nothing_paid',
      refund: { amount: 0 },
      lines: [],
    });
  });

  it('is refused for a stranger, an administrator, and for what cannot be cancelled', async () => {
    const id = await paid(4);
    expect((await quote(5, id)).status).toBe(404);
    const admin = { userId: 6, role: 'admin' } as const;
    const path = `/api/bookings/${id}/cancellation-quote`;
    expect((await world.request(service, admin, 'GET', path)).status).toBe(404);
    await world.database.execute('update bookings set departs_at = now() where booking_id = $1', [id]);
    expect(await quote(4, id)).toMatchObject({ status: 409, body: { type: 'flight-departed' } });
    const cancelled = await paid(4);
    await cancel(4, cancelled);
    expect(await quote(4, cancelled)).toMatchObject({ status: 409, body: { type: 'booking-cancelled' } });
    const { booking_id: late } = await world.booked(service, 4);
    await world.database.execute('update bookings set expires_at = now() where booking_id = $1', [late]);
    expect(await quote(4, late)).toMatchObject({ status: 410, body: { type: 'booking-expired' } });
  });
});

describe('cancelling by a quote', () => {
  it('is asked for where something is kept, and then gives back exactly that', async () => {
    const id = await paidAndNear(10, { discount_code: 'FLY50' });
    const refused = await cancel(10, id);
    expect(refused).toMatchObject({ status: 409, body: { type: 'quote-needed' } });
    const promised = refused.body.quote as CancellationQuoteView;
    expect(await world.statusOf(id)).toBe('CONFIRMED');
    const { status, body } = await cancel(10, id, { quote_id: promised.quote_id, reason: 'ill' });
    expect(status).toBe(200);
    expect(body.cancellation).toMatchObject({
      quote_id: promised.quote_id,
      refund: promised.refund,
      kept: promised.kept,
      reason: 'ill',
    });
    const refundPaise = Math.round(promised.refund.amount * 100);
    expect(await rowOf(id)).toMatchObject({
      refund_paise: refundPaise,
      cancellation_quote_id: promised.quote_id,
    });
    await eventually(() => world.refundsOf(id) === 1);
    expect(world.refundsAskedFor(id)).toMatchObject([
      { amount_paise: refundPaise, payment_id: body.payment_id },
    ]);
    await eventually(() => cancelledEvents(id).length === 1);
    const [event] = cancelledEvents(id);
    expect(event?.data).toMatchObject({
      amount_paise: refundPaise,
      kept_paise: Math.round(promised.kept.amount * 100),
    });
    const told = event?.data.refund_lines ?? [];
    expect(told.reduce((total, line) => total + line.amount_paise, 0)).toBe(refundPaise);
  });

  it('is stale when its time is over, and the refusal carries a new one', async () => {
    const hasty = await world.service({ CANCELLATION_QUOTE_TTL_MS: '1' });
    const id = await paidAndNear(11);
    const { body: old } = await quote(11, id, hasty);
    await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(old.valid_until) + 1);
    const stale = await cancel(11, id, { quote_id: old.quote_id });
    expect(stale).toMatchObject({ status: 409, body: { type: 'quote-stale' } });
    const renewed = stale.body.quote as CancellationQuoteView;
    expect(renewed.quote_id).not.toBe(old.quote_id);
    expect((await cancel(11, id, { quote_id: renewed.quote_id })).status).toBe(200);
  });

  it('is stale when the booking was paid meanwhile, so that no payment is lost', async () => {
    const { booking_id: id } = await world.booked(service, 12);
    const { body: unpaid } = await quote(12, id);
    await world.confirm(service, id);
    const stale = await cancel(12, id, { quote_id: unpaid.quote_id });
    expect(stale).toMatchObject({ status: 409, body: { type: 'quote-stale' } });
    expect(stale.body.quote).toMatchObject({ refund: { amount: EXAMPLE_FARE_PAISE / 100 } });
  });

  it('is stale when the airline cancelled a flight meanwhile, for everything comes back then', async () => {
    const id = await paidAndNear(13);
    const { body: dear } = await quote(13, id);
    // Recorded alone, so that the airline's own cancellation does not come first.
    const flight = 71;
    await world.database.execute(`insert into cancelled_flights (flight_id, reason) values ($1, 'fog')`, [
      flight,
    ]);
    await world.database.execute(
      `insert into booking_flights (booking_id, position, flight_id, detail) values ($1, 1, $2, $3)`,
      [id, flight, JSON.stringify(exampleFlight({ flight_id: flight }))],
    );
    const stale = await cancel(13, id, { quote_id: dear.quote_id });
    expect(stale.body.quote).toMatchObject({ rule: 'flight_cancelled', kept: { amount: 0 } });
    expect((await cancel(13, id)).body.cancellation).toMatchObject({
      refund: { amount: EXAMPLE_FARE_PAISE / 100 },
    });
  });

  it('is stale when the airline withdrew a flight and its event is still under way', async () => {
    world.flights.set(73, exampleFlight({ flight_id: 73 }));
    const [id, other] = [await paidAndNear(19, { flight_id: 73 }), await paidAndNear(19, { flight_id: 73 })];
    const { body: dear } = await quote(19, id);
    world.flights.set(73, exampleFlight({ flight_id: 73, status: 'CANCELLED' }));
    const stale = await cancel(19, id, { quote_id: dear.quote_id });
    expect(stale).toMatchObject({
      status: 409,
      body: { type: 'quote-stale', quote: { rule: 'flight_cancelled', kept: { amount: 0 } } },
    });
    const confirmed = await cancel(19, id, { quote_id: stale.body.quote?.quote_id });
    expect(confirmed).toMatchObject({
      status: 200,
      body: { cancellation: { refund: { amount: EXAMPLE_FARE_PAISE / 100 }, kept: { amount: 0 } } },
    });
    // As the event would have it, which comes later and finds nothing left to do.
    await eventually(async () => (await world.statusOf(other)) === 'CANCELLED');
    await world.cancelFlight(service, 73);
    for (const each of [id, other]) {
      await eventually(() => world.refundsOf(each) === 1);
      expect(world.refundsAskedFor(each)).toMatchObject([{ amount_paise: EXAMPLE_FARE_PAISE }]);
    }
  });

  it('takes no fee while nobody can say whether the flights take place', async () => {
    const id = await paidAndNear(30);
    const { body: dear } = await quote(30, id);
    world.flightSearch.failNext(3);
    expect((await cancel(30, id, { quote_id: dear.quote_id })).status).toBe(503);
    expect(await world.statusOf(id)).toBe('CONFIRMED');
    expect((await cancel(30, id, { quote_id: dear.quote_id })).body.cancellation).toMatchObject({
      kept: dear.kept,
    });
  });

  it('needs nobody else where nothing is kept', async () => {
    const id = await paid(31);
    const { body: free } = await quote(31, id);
    const before = world.flightSearch.requests.length;
    expect((await cancel(31, id, { quote_id: free.quote_id })).status).toBe(200);
    expect(world.flightSearch.requests.length).toBe(before);
  });

  it('is stale when it is for another booking, or for none', async () => {
    const [one, other] = [await paidAndNear(14), await paidAndNear(14)];
    const { body: ofOther } = await quote(14, other);
    for (const quoteId of [ofOther.quote_id, 999_999])
      expect(await cancel(14, one, { quote_id: quoteId })).toMatchObject({
        status: 409,
        body: { type: 'quote-stale', quote: { booking_id: one } },
      });
  });

  it('is kept although the figures were changed since', async () => {
    const dearer = await world.service({ CANCELLATION_FEES_ECONOMY: '0:100' });
    const id = await paidAndNear(15);
    const { body: promised } = await quote(15, id);
    expect((await quote(15, id, dearer)).body.kept).toEqual({ amount: 5_000, currency: 'INR' });
    const { body } = await cancel(15, id, { quote_id: promised.quote_id }, dearer);
    expect(body.cancellation).toMatchObject({ refund: promised.refund, kept: promised.kept });
  });

  it('from three tabs at once is one cancellation', async () => {
    const id = await paidAndNear(16, { discount_code: 'FLY50' });
    const quotes = await Promise.all([quote(16, id), quote(16, id), quote(16, id)]);
    const answers = await Promise.all(quotes.map(({ body }) => cancel(16, id, { quote_id: body.quote_id })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body.cancellation))).size).toBe(1);
    await eventually(() => cancelledEvents(id).length > 0);
    await eventually(() => world.refundsOf(id) > 0);
    await eventually(async () => (await rowOf(id)).redemption === 'RELEASED');
    expect([cancelledEvents(id).length, world.refundsOf(id)]).toEqual([1, 1]);
    expect((await world.historyOf(id)).filter((step) => step.startsWith('CANCELLED'))).toHaveLength(1);
  });

  it('is not changed by another payment that arrives later', async () => {
    const id = await paidAndNear(17);
    const { body: promised } = await quote(17, id);
    await cancel(17, id, { quote_id: promised.quote_id });
    const second = await world.confirm(service, id);
    expect(second.body).toEqual({ accepted: false, booking_status: 'CANCELLED', reason: 'cancelled' });
    expect(await rowOf(id)).toMatchObject({ refund_paise: EXAMPLE_FARE_PAISE - HALF_FARE_PAISE });
    await eventually(() => world.refundsOf(id) === 1);
    expect(world.refundsAskedFor(id)).toMatchObject([{ amount_paise: EXAMPLE_FARE_PAISE - HALF_FARE_PAISE }]);
  });

  it('races the airline: one of the two cancels, and the refund is what that one promised', async () => {
    world.flights.set(72, exampleFlight({ flight_id: 72 }));
    const ids = await Promise.all(Array.from({ length: 8 }, () => paidAndNear(18, { flight_id: 72 })));
    const quotes = await Promise.all(ids.map((id) => quote(18, id)));
    const [, ...answers] = await Promise.all([
      world.cancelFlight(service, 72),
      ...ids.map((id, index) => cancel(18, id, { quote_id: quotes[index]?.body.quote_id })),
    ]);
    for (const { status, body } of answers)
      if (status !== 200)
        expect(body).toMatchObject({ type: 'quote-stale', quote: { rule: 'flight_cancelled' } });
    for (const id of ids) {
      await eventually(() => world.refundsOf(id) > 0);
      await eventually(() => cancelledEvents(id).length > 0);
      const { refund_paise: refund, cancellation_quote_id: by } = await rowOf(id);
      expect(refund).toBe(by === null ? EXAMPLE_FARE_PAISE : EXAMPLE_FARE_PAISE - HALF_FARE_PAISE);
      expect(world.refundsAskedFor(id)).toMatchObject([{ amount_paise: refund }]);
      expect(cancelledEvents(id)).toMatchObject([{ data: { amount_paise: refund } }]);
      expect((await world.historyOf(id)).filter((step) => step.startsWith('CANCELLED'))).toHaveLength(1);
    }
  });
});

describe('the database', () => {
  it.each([
    'update cancellation_quotes set refund_paise = refund_paise',
    'delete from cancellation_quotes',
    'truncate cancellation_quote_lines',
    `insert into cancellation_quotes (booking_id, payment_id, rule, rule_in_words, paid_paise, kept_paise, refund_paise,
                                      valid_until)
     select booking_id, payment_id, 'look_in', '', 100, 0, 100, now() from bookings where payment_id > 0 limit 1`,
    `insert into cancellation_quote_lines (quote_id, position, flight_id, kind, description, paid_paise, kept_paise,
                                           refund_paise)
     select quote_id, 90, 1, 'gst', 'kept', 100, 100, 0 from cancellation_quotes limit 1`,
  ])('refuses %s', async (statement) => {
    await quote(20, await paid(20));
    await expect(world.database.execute(statement)).rejects.toMatchObject({ code: '23514' });
  });

  it.each([
    ['without a quote', `'customer'`, 'null', 'amount_due_paise', 'bookings_refund_as_quoted'],
    [
      'for another amount than the quote',
      `'customer'`,
      '$2',
      'amount_due_paise',
      'bookings_refund_as_quoted',
    ],
    ['in part by anybody else', `'operator'`, 'null', 'amount_due_paise - 1', 'bookings_refund_in_full'],
    [
      'by a quote of the customer by anybody else',
      `'operator'`,
      '$2',
      'amount_due_paise',
      'bookings_refund_in_full',
    ],
  ])('refuses to cancel %s', async (_how, cause, quoteId, refund, constraint) => {
    const id = await paidAndNear(21);
    const { body } = await quote(21, id);
    const move = world.database.execute(
      `update bookings set status = 'CANCELLED', status_cause = ${cause}, refund_paise = ${refund},
         cancellation_quote_id = ${quoteId} where booking_id = $1 and $2::bigint > 0`,
      [id, body.quote_id],
    );
    await expect(move).rejects.toMatchObject({ constraint });
  });

  it('refuses to change a refund that was promised, and a payment of another amount', async () => {
    const id = await paid(22);
    await cancel(22, id);
    const change = world.database.execute('update bookings set refund_paise = 0 where booking_id = $1', [id]);
    await expect(change).rejects.toMatchObject({ constraint: 'bookings_refund_stands' });
    const { booking_id: unpaid } = await world.booked(service, 22);
    const wrong = world.database.execute(
      `insert into booking_payments (payment_id, booking_id, amount_paise, verdict, decided_at)
       values (900001, $1, 1, 'accepted', now())`,
      [unpaid],
    );
    await expect(wrong).rejects.toMatchObject({ constraint: 'booking_payments_accepted_is_due' });
  });
});

describe('the figures of the rules', () => {
  it.each(['', '24:10', '0:101', '10:5,20:6,0:7', '20:10,0:5', '0:x', '24:10;0:20'])(
    'are refused when they are %j',
    async (fees) => {
      const start = world.service({ CANCELLATION_FEES_BUSINESS: fees === '' ? ' ' : fees });
      await expect(start).rejects.toThrow('CANCELLATION_FEES_BUSINESS: must be like 168:10');
    },
  );
});
