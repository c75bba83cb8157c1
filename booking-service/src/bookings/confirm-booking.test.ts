import type { Service } from '@flight-booking/platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import { EXAMPLE_FARE_PAISE } from '../testing/example-flights.js';
import { refusal } from '../testing/refusal.js';

let world: BookingWorld;
let service: Service;
/** Bookings made here expire at once. */
let hasty: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
  hasty = await world.service({ BOOKING_TTL_MS: '1' });
});
afterAll(() => world.stop());
afterEach(() => {
  world.seats.expiredSeatsAreTaken = false;
  world.seats.beforeSale = async () => {};
  world.seats.afterSale = async () => {};
  world.discounts.usesAreLeft = true;
  world.discounts.beforeLapse = async () => {};
  world.discounts.afterLapse = async () => {};
});

const expired = async (userId: number, wish: object = {}) => {
  const booking = await world.booked(hasty, userId, wish);
  await eventually(async () => (await world.statusOf(booking.booking_id)) === 'EXPIRED');
  return booking;
};

/** Lets the first flight of a booking have left an hour ago. */
const depart = (bookingId: number) =>
  world.database.execute(`update bookings set departs_at = now() - interval '1 hour' where booking_id = $1`, [
    bookingId,
  ]);

/** What became of the use of a booking's discount code, as the booking knows it. */
const redemptionOf = async (bookingId: number) => {
  const row = await world.database.row<{ redemption_status: string | null }>(
    'select redemption_status from bookings where booking_id = $1',
    [bookingId],
  );
  return row.redemption_status;
};

/** Whether nothing is left to be settled about a booking's discount. */
const isSettled = async (bookingId: number) => {
  const left = await world.database.rows(
    `select from graphile_worker._private_jobs jobs join graphile_worker._private_tasks tasks on tasks.id = task_id
     where identifier = 'settle-redemption' and payload -> 'data' ->> 'booking_id' = $1`,
    [String(bookingId)],
  );
  return left.length === 0;
};

const wasAskedTo = (step: 'confirmed' | 'lapsed', bookingId: number) =>
  world.discounts.stub.requests.some(({ path }) => path === `/internal/redemptions/${bookingId}/${step}`);

describe('a captured payment', () => {
  it('sells the seats, confirms the booking, makes the discount final and tells the customer once', async () => {
    const { booking_id: id, amount_due: due } = await world.booked(service, 1, { discount_code: 'FLY50' });
    const answer = await world.confirm(service, id, 501, Math.round(due * 100));
    expect(answer).toEqual({ status: 200, body: { accepted: true, booking_status: 'CONFIRMED' } });
    expect(world.seats.statusOf(id)).toBe('SOLD');
    await eventually(() => world.discounts.redemptions.get(id) === 'REDEEMED');
    await eventually(() => world.eventsOf(id).includes('booking.confirmed'));
    const { body } = await world.request(service, { userId: 1 }, 'GET', `/api/bookings/${id}`);
    expect(body).toMatchObject({ status: 'CONFIRMED', payment_id: 501 });
    expect(body).not.toHaveProperty('expires_at');
    expect(await world.historyOf(id)).toEqual(['CREATED created', 'PENDING offered', 'CONFIRMED paid']);
  });

  it('gets the same answer however often it is told, also by many at once', async () => {
    const { booking_id: id } = await world.booked(service, 2);
    const payment = world.newPaymentId();
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.confirm(service, id, payment)));
    expect(answers.every(({ body }) => body.accepted)).toBe(true);
    expect((await world.confirm(service, id, payment)).body.accepted).toBe(true);
    await eventually(() => world.eventsOf(id).length > 0);
    expect(world.eventsOf(id)).toEqual(['booking.confirmed']);
    expect((await world.historyOf(id)).filter((step) => step.startsWith('CONFIRMED'))).toHaveLength(1);
  });

  it('goes back when another one has paid, and of two at once exactly one is kept', async () => {
    const { booking_id: id } = await world.booked(service, 3);
    const payments = Array.from({ length: 5 }, () => world.newPaymentId());
    const answers = await Promise.all(payments.map((payment) => world.confirm(service, id, payment)));
    const refused = answers.map(({ body }) => body).filter((body) => !body.accepted);
    expect(refused).toEqual(
      Array(4).fill({ accepted: false, booking_status: 'CONFIRMED', reason: 'already_paid' }),
    );
    await eventually(() => world.eventsOf(id).length === 5);
    expect(world.eventsOf(id).filter((type) => type === 'booking.payment_returned')).toHaveLength(4);
  });

  it('is told of by an event of its own when it goes back, in words for its payer', async () => {
    const { booking_id: id } = await world.booked(service, 3);
    await world.confirm(service, id);
    await world.confirm(service, id);
    await world.confirm(service, id);
    const returned = () =>
      world.eventsToldTo(world.notification, id).filter(({ type }) => type === 'booking.payment_returned');
    await eventually(() => returned().length === 2);
    expect(new Set(returned().map((event) => event.id)).size).toBe(2);
    expect(returned().map(({ data }) => data.reason)).toEqual(
      Array(2).fill('The booking had already been paid.'),
    );
  });

  it('confirms an expired booking while its seats are still free', async () => {
    const { booking_id: id } = await expired(4, { discount_code: 'FLY50' });
    await eventually(() => world.discounts.redemptions.get(id) === 'LAPSED');
    const due = EXAMPLE_FARE_PAISE - 262_500;
    expect((await world.confirm(service, id, undefined, due)).body).toEqual({
      accepted: true,
      booking_status: 'CONFIRMED',
    });
    expect(world.seats.statusOf(id)).toBe('SOLD');
    await eventually(() => world.discounts.redemptions.get(id) === 'REDEEMED');
    await eventually(async () => (await redemptionOf(id)) === 'REDEEMED');
  });

  it('goes back when the booking has expired and its code has no use left, and no seat is sold', async () => {
    const { booking_id: id } = await expired(4, { discount_code: 'FLY50' });
    await eventually(async () => (await redemptionOf(id)) === 'LAPSED');
    world.discounts.usesAreLeft = false;
    const payment = world.newPaymentId();
    const due = EXAMPLE_FARE_PAISE - 262_500;
    const refused = { accepted: false, booking_status: 'EXPIRED', reason: 'expired' };
    expect((await world.confirm(service, id, payment, due)).body).toEqual(refused);
    world.discounts.usesAreLeft = true;
    expect((await world.confirm(service, id, payment, due)).body).toEqual(refused);
    expect(world.seats.statusOf(id)).not.toBe('SOLD');
    expect(await redemptionOf(id)).toBe('LAPSED');
    await eventually(() => world.eventsOf(id).includes('booking.payment_returned'));
  });

  it('gives the use of the code back when the booking has expired and only its seats are gone', async () => {
    const { booking_id: id } = await expired(4, { discount_code: 'FLY50' });
    await eventually(async () => (await redemptionOf(id)) === 'LAPSED');
    world.seats.expiredSeatsAreTaken = true;
    world.seats.beforeSale = async () => expect(world.discounts.redemptions.get(id)).toBe('HELD');
    const { body } = await world.confirm(service, id, undefined, EXAMPLE_FARE_PAISE - 262_500);
    expect(body).toMatchObject({ accepted: false, reason: 'expired' });
    await eventually(() => world.discounts.redemptions.get(id) === 'LAPSED');
    const owed = 'select from booking_follow_ups where booking_id = $1 and done_at is null';
    await eventually(async () => (await world.database.rows(owed, [id])).length === 0);
  });

  it('keeps the use that it has taken while it is being decided, whatever is settled meanwhile', async () => {
    const { booking_id: id } = await expired(4, { discount_code: 'FLY50' });
    await eventually(async () => (await redemptionOf(id)) === 'LAPSED');
    world.seats.afterSale = async () => {
      await world.database.execute(
        `select graphile_worker.add_job('settle-redemption', payload => json_build_object('data',
           json_build_object('booking_id', $1::bigint), 'request_id', 'test', 'trace_id', 'test'))`,
        [id],
      );
      await eventually(() => isSettled(id));
      world.discounts.usesAreLeft = false;
    };
    const { body } = await world.confirm(service, id, undefined, EXAMPLE_FARE_PAISE - 262_500);
    expect(body).toMatchObject({ accepted: true });
    await eventually(async () => (await redemptionOf(id)) === 'REDEEMED');
  });

  it.each([
    ['is heard', 'beforeLapse', 'HELD'],
    ['is answered', 'afterLapse', 'LAPSED'],
  ] as const)(
    'keeps its discount when what is told of the expiry %s after the payment',
    async (_what, moment, was) => {
      let letGo = () => {};
      const held = new Promise<void>((resolve) => (letGo = resolve));
      world.discounts[moment] = () => held;
      const { booking_id: id } = await expired(4, { discount_code: 'FLY50' });
      await eventually(() => wasAskedTo('lapsed', id) && world.discounts.redemptions.get(id) === was);
      await world.confirm(service, id, undefined, EXAMPLE_FARE_PAISE - 262_500);
      await eventually(async () => (await redemptionOf(id)) === 'REDEEMED');
      letGo();
      await eventually(() => isSettled(id));
      expect(world.discounts.redemptions.get(id)).toBe('REDEEMED');
      expect(await redemptionOf(id)).toBe('REDEEMED');
    },
  );

  it('goes back when the booking has expired and somebody else has the seats, and stays refused for ever', async () => {
    const { booking_id: id } = await expired(5);
    world.seats.expiredSeatsAreTaken = true;
    const payment = world.newPaymentId();
    const refusedAnswer = { accepted: false, booking_status: 'EXPIRED', reason: 'expired' };
    expect((await world.confirm(service, id, payment)).body).toEqual(refusedAnswer);
    world.seats.expiredSeatsAreTaken = false;
    expect((await world.confirm(service, id, payment)).body).toEqual(refusedAnswer);
    expect(await world.statusOf(id)).toBe('EXPIRED');
    await eventually(() => world.eventsOf(id).includes('booking.payment_returned'));
  });

  it('goes back when the seats are lost before the booking expired, which ends it', async () => {
    const { booking_id: id } = await world.booked(service, 6, { discount_code: 'FLY50' });
    world.seats.reservations.delete(id);
    const answer = await world.confirm(service, id, undefined, EXAMPLE_FARE_PAISE - 262_500);
    expect(answer.body).toEqual({ accepted: false, booking_status: 'EXPIRED', reason: 'seats_lost' });
    await eventually(() => world.discounts.redemptions.get(id) === 'LAPSED');
  });

  it('goes back when the booking was cancelled before', async () => {
    const { booking_id: id } = await world.booked(service, 7);
    await world.request(service, { userId: 7 }, 'POST', `/api/bookings/${id}/cancel`);
    const answer = await world.confirm(service, id);
    expect(answer.body).toEqual({ accepted: false, booking_status: 'CANCELLED', reason: 'cancelled' });
  });

  it('goes back when seat-service says that the flight is cancelled, and the booking ends', async () => {
    const { booking_id: id } = await world.booked(service, 8);
    const { stub } = world.seats;
    stub.on('PUT', '/internal/reservations/:id/sale', () =>
      refusal(409, 'flight-cancelled', { flight_id: 1 }),
    );
    const answer = await world.confirm(service, id);
    stub.reset();
    await world.seats.start();
    expect(answer.body).toEqual({ accepted: false, booking_status: 'CANCELLED', reason: 'cancelled' });
    await eventually(() => world.seats.statusOf(id) === 'RELEASED');
  });

  it.each([
    ['unpaid', () => world.booked(service, 12)],
    ['expired', () => expired(12)],
  ])(
    'goes back when the flight of the %s booking has left, whose seats are never sold',
    async (_what, make) => {
      const { booking_id: id } = await make();
      await depart(id);
      const answer = await world.confirm(service, id);
      expect(answer.body).toEqual({ accepted: false, booking_status: 'EXPIRED', reason: 'expired' });
      expect(world.seats.stub.requests.some(({ path }) => path === `/internal/reservations/${id}/sale`)).toBe(
        false,
      );
      await eventually(() => world.seats.reservations.get(id)?.givenBack === true);
      expect(await world.statusOf(id)).toBe('EXPIRED');
      await eventually(() => world.eventsOf(id).includes('booking.payment_returned'));
    },
  );

  it('goes back when seat-service says that the flight has left', async () => {
    const { booking_id: id } = await world.booked(service, 12);
    const { stub } = world.seats;
    stub.on('PUT', '/internal/reservations/:id/sale', () =>
      refusal(409, 'flight-departed', { flight_id: 1 }),
    );
    const answer = await world.confirm(service, id);
    stub.reset();
    await world.seats.start();
    expect(answer.body).toEqual({ accepted: false, booking_status: 'EXPIRED', reason: 'expired' });
  });

  it('is refused like the first time when its sale is asked for again, and another payment is not', async () => {
    const { booking_id: id } = await expired(13);
    world.seats.expiredSeatsAreTaken = true;
    const refused = world.newPaymentId();
    const paid = world.newPaymentId();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let sales = 0;
    world.seats.beforeSale = () => ((sales += 1) === 1 ? held : Promise.resolve());
    const slow = world.confirm(service, id, refused);
    await eventually(() => sales === 1);
    expect((await world.confirm(service, id, refused)).body).toMatchObject({ reason: 'expired' });
    world.seats.expiredSeatsAreTaken = false;
    letGo();
    expect((await slow).body).toMatchObject({ reason: 'expired' });
    expect(world.seats.statusOf(id)).toBe('RELEASED');
    expect((await world.confirm(service, id, paid)).body.accepted).toBe(true);
    expect(world.seats.statusOf(id)).toBe('SOLD');
  });

  it('is not decided by a refusal that nobody knows, and is decided when asked again', async () => {
    const { booking_id: id } = await world.booked(service, 8);
    const payment = world.newPaymentId();
    const { stub } = world.seats;
    stub.on('PUT', '/internal/reservations/:id/sale', () => refusal(404, 'route-not-found'));
    expect((await world.confirm(service, id, payment)).status).toBe(500);
    expect(await world.statusOf(id)).toBe('PENDING');
    stub.reset();
    await world.seats.start();
    expect((await world.confirm(service, id, payment)).body.accepted).toBe(true);
  });

  it('of a wrong amount is refused and changes nothing', async () => {
    const { booking_id: id } = await world.booked(service, 9);
    const payment = world.newPaymentId();
    const wrong = await world.confirm(service, id, payment, EXAMPLE_FARE_PAISE - 1);
    expect(wrong).toMatchObject({
      status: 422,
      body: { type: 'amount-mismatch', amount_due: EXAMPLE_FARE_PAISE / 100, currency: 'INR' },
    });
    expect(await world.statusOf(id)).toBe('PENDING');
    expect((await world.confirm(service, id, payment)).body.accepted).toBe(true);
  });

  it('that was accepted is refused when it is told again with another amount', async () => {
    const { booking_id: id } = await world.booked(service, 9);
    const payment = world.newPaymentId();
    await world.confirm(service, id, payment);
    expect(await world.confirm(service, id, payment, EXAMPLE_FARE_PAISE + 1)).toMatchObject({
      status: 422,
      body: { type: 'amount-mismatch' },
    });
    expect((await world.confirm(service, id, payment)).body.accepted).toBe(true);
  });

  it('of another booking or for no booking is refused', async () => {
    const payment = world.newPaymentId();
    await world.confirm(service, (await world.booked(service, 10)).booking_id, payment);
    const other = await world.booked(service, 10);
    expect((await world.confirm(service, other.booking_id, payment)).status).toBe(409);
    expect((await world.confirm(service, 999_999)).status).toBe(404);
  });

  it('is told by services alone', async () => {
    const { booking_id: id } = await world.booked(service, 11);
    const body = { payment_id: 1, amount_paise: EXAMPLE_FARE_PAISE };
    for (const role of ['customer', 'admin'] as const) {
      const path = `/internal/bookings/${id}/confirm`;
      expect((await world.request(service, { userId: 11, role }, 'POST', path, body)).status).toBe(403);
    }
  });
});

describe('while the seats of a payment are being sold', () => {
  it('a booking whose time runs out does not expire, for the payment decides', async () => {
    const brief = await world.service({ BOOKING_TTL_MS: '2000' });
    const { booking_id: id, pnr } = await world.booked(brief, 20);
    const deadlineIsMet = async () => {
      const jobs = await world.database.rows('select from graphile_worker.jobs where key = $1', [
        `deadline:${pnr}`,
      ]);
      return jobs.length === 0;
    };
    world.seats.afterSale = () => eventually(deadlineIsMet);
    const answer = await world.confirm(service, id);
    expect(answer.body).toEqual({ accepted: true, booking_status: 'CONFIRMED' });
    expect(await world.historyOf(id)).toEqual(['CREATED created', 'PENDING offered', 'CONFIRMED paid']);
    expect(world.seats.statusOf(id)).toBe('SOLD');
  });

  it.each(['beforeSale', 'afterSale'] as const)(
    'a cancellation (%s) wins, the payment goes back and the seats end free',
    async (moment) => {
      const { booking_id: id } = await world.booked(service, 21);
      let cancelled = 0;
      world.seats[moment] = async () => {
        const answer = await world.request(service, { userId: 21 }, 'POST', `/api/bookings/${id}/cancel`);
        cancelled = answer.status;
        await eventually(() => world.seats.statusOf(id) === 'RELEASED');
      };
      const { body } = await world.confirm(service, id);
      expect(cancelled).toBe(200);
      expect(body).toEqual({ accepted: false, booking_status: 'CANCELLED', reason: 'cancelled' });
      await eventually(() => world.seats.statusOf(id) === 'RELEASED');
      const shown = await world.request(service, { userId: 21 }, 'GET', `/api/bookings/${id}`);
      expect(shown.body).toMatchObject({ cancellation: { refund: { amount: shown.body.amount_due } } });
    },
  );

  it('a flight that is cancelled ends the booking, the payment goes back and the seats end free', async () => {
    world.flights.set(40, { ...world.flights.get(1)!, flight_id: 40 });
    const { booking_id: id } = await expired(22, { flight_id: 40 });
    world.seats.afterSale = async () => {
      await world.cancelFlight(service, 40);
    };
    const { body } = await world.confirm(service, id);
    expect(body).toEqual({ accepted: false, booking_status: 'EXPIRED', reason: 'cancelled' });
    await eventually(() => world.seats.statusOf(id) === 'RELEASED');
  });

  it('a flight that leaves meanwhile sends the payment back, and the seats end free', async () => {
    const { booking_id: id } = await world.booked(service, 24);
    world.seats.afterSale = async () => {
      await depart(id);
    };
    const { body } = await world.confirm(service, id);
    expect(body).toEqual({ accepted: false, booking_status: 'EXPIRED', reason: 'expired' });
    await eventually(() => world.seats.statusOf(id) === 'RELEASED');
  });

  it('cancellation and confirmation at once never leave a paid booking without seats or seats without one', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await world.booked(service, 23)).booking_id),
    );
    const outcomes = await Promise.all(
      ids.map(async (id) => {
        const [payment, cancellation] = await Promise.all([
          world.confirm(service, id),
          world.request(service, { userId: 23 }, 'POST', `/api/bookings/${id}/cancel`),
        ]);
        expect(cancellation.status).toBe(200);
        return { id, accepted: payment.body.accepted };
      }),
    );
    for (const { id, accepted } of outcomes) {
      expect(await world.statusOf(id)).toBe('CANCELLED');
      await eventually(() => world.seats.statusOf(id) === 'RELEASED');
      // A payment that was accepted is refunded by the cancellation; one that was not, by payment-service.
      if (accepted) await eventually(() => world.refundsOf(id) > 0);
      else expect(world.refundsOf(id)).toBe(0);
    }
  });
});
