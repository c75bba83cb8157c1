import { randomUUID } from 'node:crypto';
import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import { EXAMPLE_FARE_PAISE, exampleFlight, exampleSecondLeg } from '../testing/example-flights.js';
import { refusal } from '../testing/refusal.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
});
afterAll(() => world.stop());

const cancel = (userId: number, id: number, body?: object) =>
  world.request(service, { userId }, 'POST', `/api/bookings/${id}/cancel`, body);

const flightOfItsOwn = (flightId: number) =>
  world.flights.set(flightId, exampleFlight({ flight_id: flightId }));

describe('cancelling', () => {
  it('an unpaid booking gives seats and discount back and refunds nothing', async () => {
    const { booking_id: id } = await world.booked(service, 1, { discount_code: 'FLY50' });
    const { status, body } = await cancel(1, id, { reason: 'changed my mind' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'CANCELLED',
      cancellation: {
        cancelled_by: 'customer',
        reason: 'changed my mind',
        refund: { amount: 0, currency: 'INR' },
      },
    });
    await eventually(() => world.seats.statusOf(id) === 'RELEASED');
    await eventually(() => world.discounts.redemptions.get(id) === 'RELEASED');
    await eventually(() => world.eventsOf(id).includes('booking.cancelled'));
    expect(world.refundsOf(id)).toBe(0);
  });

  it('a paid booking refunds everything through payment-service', async () => {
    const { booking_id: id } = await world.booked(service, 2);
    await world.confirm(service, id);
    const { body } = await cancel(2, id);
    expect(body).toMatchObject({
      status: 'CANCELLED',
      cancellation: { refund: { amount: EXAMPLE_FARE_PAISE / 100 } },
    });
    await eventually(() => world.refundsOf(id) === 1);
    await eventually(() => world.seats.statusOf(id) === 'RELEASED');
    expect(world.refundReasonsOf(id)).toEqual(['You cancelled the booking.']);
  });

  it('tells ticket-service too, whose coupons end with the booking', async () => {
    const { booking_id: id } = await world.booked(service, 2);
    await world.confirm(service, id);
    await cancel(2, id);
    await eventually(() => world.eventsToldTo(world.ticket, id).length === 1);
    const [event] = world.eventsToldTo(world.ticket, id);
    expect(event).toMatchObject({
      type: 'booking.cancelled',
      data: { reason: 'You cancelled the booking.' },
    });
  });

  it('goes on until payment-service has heard of the refund', async () => {
    const { booking_id: id } = await world.booked(service, 3);
    await world.confirm(service, id);
    world.payment.failNext(4);
    await cancel(3, id);
    await eventually(() => world.refundsOf(id) === 5);
  });

  it('waits visibly for an operator when payment-service has given back another amount', async () => {
    const { booking_id: id } = await world.booked(service, 3);
    await world.confirm(service, id);
    world.payment.on('POST', '/internal/refunds', () => refusal(409, 'refund-differs'));
    await cancel(3, id);
    await eventually(() => world.refundsOf(id) === 1);
    const tryLast = () =>
      world.database.execute(
        `update graphile_worker._private_jobs set attempts = max_attempts - 1, run_at = now()
         where payload -> 'data' ->> 'booking_id' = $1 and last_error is not null`,
        [String(id)],
      );
    // The queue notes that an attempt failed a moment after it did.
    await eventually(async () => (await tryLast()) === 1);
    const stuck = () =>
      world.database.maybeRow<{ job: string; reason: string }>(
        `select job, reason from stuck_jobs where payload -> 'data' ->> 'booking_id' = $1`,
        [String(id)],
      );
    await eventually(async () => (await stuck()) !== undefined);
    expect(await stuck()).toEqual({
      job: 'refund-booking',
      reason: expect.stringMatching(/payment refused: 409 refund-differs/),
    });
    world.payment.on('POST', '/internal/refunds', () => ({ body: {} }));
  });

  it('twice or by two callers at once is the same as once', async () => {
    const { booking_id: id } = await world.booked(service, 4);
    await world.confirm(service, id);
    const answers = await Promise.all([cancel(4, id, { reason: 'a' }), cancel(4, id, { reason: 'a' })]);
    expect(answers[1]).toEqual(answers[0]);
    expect(await cancel(4, id)).toEqual(answers[0]);
    await eventually(() => world.eventsOf(id).includes('booking.cancelled'));
    await eventually(() => world.refundsOf(id) === 1);
    expect((await world.historyOf(id)).filter((step) => step.startsWith('CANCELLED'))).toHaveLength(1);
  });

  it('is refused for an expired booking and for one whose paid flight has departed', async () => {
    const hasty = await world.service({ BOOKING_TTL_MS: '1' });
    const { booking_id: late } = await world.booked(hasty, 5);
    expect(await cancel(5, late)).toMatchObject({ status: 410, body: { type: 'booking-expired' } });
    const { booking_id: departed } = await world.booked(service, 5);
    await world.confirm(service, departed);
    await world.database.execute('update bookings set departs_at = now() where booking_id = $1', [departed]);
    expect(await cancel(5, departed)).toMatchObject({
      status: 409,
      body: { type: 'flight-departed', flight_id: 1 },
    });
  });

  it("a stranger's or unknown booking is 404, for an administrator too", async () => {
    const { booking_id: id } = await world.booked(service, 6);
    expect((await cancel(7, id)).status).toBe(404);
    expect((await cancel(6, 999_999)).status).toBe(404);
    const admin = { userId: 8, role: 'admin' } as const;
    expect((await world.request(service, admin, 'POST', `/api/bookings/${id}/cancel`)).status).toBe(404);
    expect(await world.statusOf(id)).toBe('PENDING');
  });

  it.each([[{ reason: '' }], [{ reason: 'x'.repeat(201) }], [{ because: 'x' }], [{ reason: 1 }]])(
    'is refused with 400 for %j',
    async (body) => {
      const { booking_id: id } = await world.booked(service, 9);
      expect((await cancel(9, id, body)).status).toBe(400);
    },
  );
});

/** Whether a statement of that form waits for a row that another transaction holds. */
const isWaiting = async (statement: string) => {
  const waiting = await world.database.rows(
    `select from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock' and query like $1`,
    [statement],
  );
  return waiting.length > 0;
};

describe('a flight that the airline cancels', () => {
  it('cancels every live booking on it, refunds the paid ones and leaves the others alone', async () => {
    world.flights.set(60, exampleSecondLeg({ flight_id: 60 }));
    flightOfItsOwn(61);
    const unpaid = await world.booked(service, 10, { flight_id: 60 });
    const paid = await world.booked(service, 11, { flight_id: 60 });
    const connecting = await world.booked(service, 12, { flight_id: undefined, flight_ids: [61, 60] });
    const elsewhere = await world.booked(service, 13, { flight_id: 61 });
    await world.confirm(service, paid.booking_id);
    await world.confirm(service, connecting.booking_id, undefined, 2 * EXAMPLE_FARE_PAISE);
    expect(await world.cancelFlight(service, 60)).toBe(204);
    for (const { booking_id: id } of [unpaid, paid, connecting]) {
      await eventually(async () => (await world.statusOf(id)) === 'CANCELLED');
      await eventually(() => world.seats.statusOf(id) === 'RELEASED');
    }
    await eventually(() => world.refundsOf(paid.booking_id) === 1);
    await eventually(() => world.refundsOf(connecting.booking_id) === 1);
    expect(await world.statusOf(elsewhere.booking_id)).toBe('PENDING');
    const { body } = await world.request(service, { userId: 11 }, 'GET', `/api/bookings/${paid.booking_id}`);
    expect(body['cancellation']).toMatchObject({ cancelled_by: 'airline', reason: 'fog' });
  });

  it('cancels each booking once however often the event comes', async () => {
    flightOfItsOwn(62);
    const { booking_id: id } = await world.booked(service, 14, { flight_id: 62 });
    await world.confirm(service, id);
    const event = randomUUID();
    await Promise.all([1, 2, 3].map(() => world.cancelFlight(service, 62, event)));
    await world.cancelFlight(service, 62);
    await eventually(() => world.eventsOf(id).includes('booking.cancelled'));
    await eventually(() => world.refundsOf(id) > 0);
    expect(world.eventsOf(id).filter((type) => type === 'booking.cancelled')).toHaveLength(1);
    expect(world.refundsOf(id)).toBe(1);
    expect((await world.historyOf(id)).filter((step) => step.startsWith('CANCELLED'))).toHaveLength(1);
  });

  it('is caught by a booking that was begun before and is offered afterwards', async () => {
    flightOfItsOwn(63);
    const { stub } = world.seats;
    stub.on('PUT', '/internal/reservations/:id', async ({ params }) => {
      await world.cancelFlight(service, 63);
      const seats = [{ flight_id: 63, seat_number: '1A', cabin: 'economy' }];
      return { body: { booking_id: Number(params['id']), status: 'RESERVED', seats } };
    });
    const { status, body } = await world.create(service, 15, { flight_id: 63 });
    stub.reset();
    await world.seats.start();
    expect(status).toBe(409);
    // That the flight is cancelled was written before its bookings are looked for, so it is always the reason.
    expect(body).toMatchObject({ type: 'flight-cancelled', flight_id: 63 });
  });

  it('is caught by a booking whose offer had looked before and is written afterwards', async () => {
    flightOfItsOwn(65);
    const { stub } = world.seats;
    let offered = Promise.resolve();
    stub.on('PUT', '/internal/reservations/:id', async ({ params }) => {
      const id = Number(params['id']);
      let rowIsHeld = () => {};
      const held = new Promise<void>((resolve) => (rowIsHeld = resolve));
      offered = world.database.transaction(async (tx) => {
        await tx.execute('select from bookings where booking_id = $1 for update', [id]);
        rowIsHeld();
        await eventually(() => isWaiting('%update bookings set status%'));
        await world.cancelFlight(service, 65);
        await eventually(() => isWaiting('%select booking_id from bookings%for update'));
      });
      await held;
      const seats = [{ flight_id: 65, seat_number: '1A', cabin: 'economy' }];
      return { body: { booking_id: id, status: 'RESERVED', seats } };
    });
    const { booking_id: id } = await world.booked(service, 16, { flight_id: 65 });
    await offered;
    stub.reset();
    await world.seats.start();
    await eventually(async () => (await world.statusOf(id)) === 'CANCELLED');
    expect(await world.historyOf(id)).toEqual([
      'CREATED created',
      'PENDING offered',
      'CANCELLED flight_cancelled',
    ]);
  });

  it('gives all 50 customers that are checking out their money back, once, whatever they were just doing', async () => {
    flightOfItsOwn(66);
    let cancelling: Promise<unknown> | undefined;
    const checkout = async (index: number) => {
      const userId = 200 + index;
      const made = await world.create(service, userId, { flight_id: 66, discount_code: 'FLY50' });
      // Some are still being made, some being paid and some being cancelled when the airline comes.
      if (index === 15) cancelling = world.cancelFlight(service, 66);
      if (made.status !== 201) {
        expect(made.body).toMatchObject({ type: 'flight-cancelled' });
        return undefined;
      }
      const { booking_id: id, amount_due: due } = made.body;
      const [payment] = await Promise.all([
        world.confirm(service, id, undefined, Math.round(due * 100)),
        index % 5 === 0 && cancel(userId, id),
      ]);
      return { id, duePaise: Math.round(due * 100), accepted: payment.body.accepted };
    };
    // However quick the airline is, a few have paid by then.
    const early = await Promise.all([0, 1, 2, 3, 4].map(checkout));
    const others = Array.from({ length: 45 }, (_, index) => checkout(early.length + index));
    const checkouts = [...early, ...(await Promise.all(others))];
    expect(await cancelling).toBe(204);
    const made = checkouts.filter((booking) => booking !== undefined);
    expect(made.some(({ accepted }) => accepted)).toBe(true);
    for (const { id, duePaise, accepted } of made) {
      await eventually(async () => (await world.statusOf(id)) === 'CANCELLED');
      await eventually(() => world.seats.statusOf(id) === 'RELEASED');
      await eventually(() => world.discounts.redemptions.get(id) === 'RELEASED');
      await eventually(() => world.eventsToldTo(world.ticket, id).length === 1);
      await eventually(() => world.eventsOf(id).includes('booking.cancelled'));
      if (accepted) await eventually(() => world.refundsOf(id) === 1);
      const all = { amount_paise: duePaise };
      expect(world.refundsAskedFor(id)).toMatchObject(accepted ? [all] : []);
      expect(world.eventsOf(id).filter((type) => type === 'booking.cancelled')).toHaveLength(1);
      const [{ data } = { data: undefined }] = world.eventsToldTo(world.ticket, id);
      const told = data?.refund_lines.reduce((total, line) => total + line.amount_paise, 0);
      expect([told, data?.amount_paise]).toEqual(accepted ? [duePaise, duePaise] : [0, 0]);
      expect((await world.historyOf(id)).filter((step) => step.startsWith('CANCELLED'))).toHaveLength(1);
    }
  });

  it('leaves no live booking behind while many are being made', async () => {
    flightOfItsOwn(64);
    const wishes = Array.from({ length: 30 }, (_, index) =>
      world.create(service, 100 + index, { flight_id: 64 }),
    );
    await Promise.all(wishes.slice(0, 10));
    await world.cancelFlight(service, 64);
    await Promise.all(wishes);
    await eventually(async () => {
      const { live } = await world.database.row<{ live: number }>(
        `select count(*) as live from bookings join booking_flights using (booking_id)
         where flight_id = 64 and status <> 'CANCELLED'`,
      );
      return live === 0;
    });
  });
});
