import { randomUUID } from 'node:crypto';
import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import { EXAMPLE_FARE_PAISE } from '../testing/example-flights.js';
import { stuckBookingPage, type StuckBookingView } from './operation.schemas.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
});
afterAll(() => world.stop());

const ADMIN = { userId: 1_000, role: 'admin' } as const;

const refund = (bookingId: number, body: unknown = { reason: 'The lounge was closed.' }) =>
  world.request(service, ADMIN, 'POST', `/api/bookings/${bookingId}/refund`, body);

const retry = (bookingId: number) =>
  world.request(service, ADMIN, 'POST', `/api/bookings/${bookingId}/retry`, {});

const paid = async (userId: number): Promise<number> => {
  const { booking_id: id } = await world.booked(service, userId);
  await world.confirm(service, id);
  return id;
};

/** A booking that its customer never saw, because its seats could not be had. */
const refused = async (userId: number): Promise<number> => {
  world.seats.locked = false;
  expect((await world.create(service, userId)).status).toBe(409);
  world.seats.locked = true;
  const { id } = await world.database.row<{ id: number }>('select max(booking_id) as id from bookings');
  return id;
};

/** A job as it lies there after its last attempt. */
const getsStuck = (job: string, data: object, reason = 'payment refused: 409 refund-differs: not so much') =>
  world.database.execute(
    `insert into stuck_jobs (job, payload, max_attempts, attempts, reason)
     values ($1, json_build_object('data', $2::json, 'request_id', $3::text, 'trace_id', 'x'), 240, 240, $4)`,
    [job, JSON.stringify(data), randomUUID(), reason],
  );

const openJobs = async (bookingId: number): Promise<string[]> => {
  const rows = await world.database.rows<{ job: string }>(
    `select job from stuck_jobs where resolved_at is null
       and coalesce(payload #>> '{data,booking_id}', payload #>> '{data,event,data,booking_id}') = $1::text
     order by stuck_id`,
    [bookingId],
  );
  return rows.map(({ job }) => job);
};

const view = async (userId: number, bookingId: number) =>
  (await world.request(service, { userId }, 'GET', `/api/bookings/${bookingId}`)).body;

const stuckBookings = async (): Promise<StuckBookingView[]> => {
  const { body } = await world.request(service, ADMIN, 'GET', '/api/bookings/stuck?limit=100');
  return stuckBookingPage.parse(body).bookings;
};

describe('a booking whose work is stuck', () => {
  it('says so with the reason, until it goes on', async () => {
    const id = await paid(1);
    expect(await view(1, id)).not.toHaveProperty('stuck');
    await getsStuck('settle-redemption', { booking_id: id });
    expect(await view(1, id)).toMatchObject({
      stuck: { since: expect.any(String), reason: 'payment refused: 409 refund-differs: not so much' },
    });
    expect((await retry(id)).body).toEqual({ booking_id: id, retried: ['settle-redemption'] });
    expect(await view(1, id)).not.toHaveProperty('stuck');
  });

  it('is stuck by an event about it that cannot be delivered, too', async () => {
    const id = await paid(2);
    const event = { data: { booking_id: id } };
    await getsStuck('deliver-event', { subscriber: 'ticket', event }, 'ticket refused: 400 unknown-event');
    expect(await view(2, id)).toMatchObject({ stuck: { reason: 'ticket refused: 400 unknown-event' } });
    expect(await stuckBookings()).toContainEqual(
      expect.objectContaining({
        booking_id: id,
        status: 'CONFIRMED',
        jobs: [expect.objectContaining({ job: 'deliver-event', attempts: 240 })],
      }),
    );
    await world.database.execute('update stuck_jobs set resolved_at = now(), resolution = $1', ['test']);
  });

  it('is listed page by page, once however much of it is stuck, and whether or not it was ever offered', async () => {
    const before = (await stuckBookings()).length;
    const ids = [];
    for (let count = 0; count < 2; count += 1) ids.push((await world.booked(service, 3)).booking_id);
    ids.push(await refused(3));
    for (const id of ids) {
      await getsStuck('release-seats', { booking_id: id });
      await getsStuck('settle-redemption', { booking_id: id });
    }
    const pages: number[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = `limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body } = await world.request(service, ADMIN, 'GET', `/api/bookings/stuck?${query}`);
      const page = stuckBookingPage.parse(body);
      pages.push(page.bookings.map((booking) => booking.booking_id));
      cursor = page.next_cursor;
    }
    expect(pages.flat()).toHaveLength(before + 3);
    expect(pages.flat()).toEqual(expect.arrayContaining(ids));
    await world.database.execute('update stuck_jobs set resolved_at = now(), resolution = $1', ['test']);
  });

  it('gets stuck by itself when a neighbour refuses, and goes on when an operator has it tried again', async () => {
    const id = await paid(4);
    world.seats.stub.on('DELETE', '/internal/reservations/:id', () => ({
      status: 409,
      body: { type: 'odd', title: 'Odd', status: 409, detail: 'I do not know it.', request_id: 'x' },
    }));
    await refund(id);
    await world.database.execute(
      `update graphile_worker._private_jobs set max_attempts = 1
       where task_id = (select id from graphile_worker._private_tasks where identifier = 'release-seats')`,
    );
    await eventually(async () => (await openJobs(id)).includes('release-seats'));
    expect(await view(4, id)).toMatchObject({
      stuck: { reason: 'seat refused: 409 odd: I do not know it.' },
    });
    world.seats.stub.reset();
    await world.seats.start();
    await retry(id);
    await eventually(() => world.seats.statusOf(id) === 'RELEASED');
    expect(await view(4, id)).not.toHaveProperty('stuck');
  });
});

describe('trying again', () => {
  it('puts each stuck job back once, however many operators ask', async () => {
    const id = await paid(5);
    await getsStuck('release-seats', { booking_id: id });
    const answers = await Promise.all([retry(id), retry(id), retry(id)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(answers.flatMap(({ body }) => body['retried'])).toEqual(['release-seats']);
    expect((await retry(id)).body).toEqual({ booking_id: id, retried: [] });
  });

  it('of an unknown booking is 404', async () => {
    expect((await retry(999_999)).status).toBe(404);
  });
});

describe("an operator's refund", () => {
  it('cancels a paid booking and gives everything back', async () => {
    const id = await paid(6);
    const { status, body } = await refund(id);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'CANCELLED',
      cancellation: {
        cancelled_by: 'operator',
        reason: 'The lounge was closed.',
        refund: { amount: EXAMPLE_FARE_PAISE / 100 },
      },
    });
    await eventually(() => world.refundsOf(id) === 1);
    await eventually(() => world.seats.statusOf(id) === 'RELEASED');
    await eventually(() => world.eventsOf(id).includes('booking.cancelled'));
    expect((await world.historyOf(id)).at(-1)).toBe('CANCELLED operator');
  });

  it('at once or again is one refund, one message and one release', async () => {
    const id = await paid(7);
    const answers = await Promise.all([refund(id), refund(id), refund(id)]);
    answers.push(await refund(id, { reason: 'Another reason' }));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    await eventually(() => world.eventsOf(id).includes('booking.cancelled'));
    await eventually(() => world.refundsOf(id) === 1);
    expect(world.eventsOf(id).filter((type) => type === 'booking.cancelled')).toHaveLength(1);
    expect((await world.historyOf(id)).filter((step) => step.startsWith('CANCELLED'))).toHaveLength(1);
  });

  it('settles what the cancellation does anew, and leaves what still has to happen', async () => {
    const id = await paid(8);
    await getsStuck('settle-redemption', { booking_id: id });
    await getsStuck('cancel-for-flight', { booking_id: id, reason: 'fog' });
    await getsStuck('deliver-event', { subscriber: 'notification', event: { data: { booking_id: id } } });
    const { body } = await refund(id);
    expect(await openJobs(id)).toEqual(['deliver-event']);
    expect(body).toHaveProperty('stuck');
    await world.database.execute('update stuck_jobs set resolved_at = now(), resolution = $1', ['test']);
  });

  it('is refused where nothing was paid, and where the customer has cancelled before', async () => {
    const { booking_id: unpaid } = await world.booked(service, 9);
    expect(await refund(unpaid)).toMatchObject({
      status: 409,
      body: { type: 'nothing-to-refund', booking_status: 'PENDING' },
    });
    expect(await world.statusOf(unpaid)).toBe('PENDING');
    await world.request(service, { userId: 9 }, 'POST', `/api/bookings/${unpaid}/cancel`, {});
    expect(await refund(unpaid)).toMatchObject({ status: 409, body: { booking_status: 'CANCELLED' } });
    expect((await refund(999_999)).status).toBe(404);
  });

  it('racing the customer ends in one cancellation, whoever is first', async () => {
    const id = await paid(10);
    const [, byOperator] = await Promise.all([
      world.request(service, { userId: 10 }, 'POST', `/api/bookings/${id}/cancel`, {}),
      refund(id),
    ]);
    expect([200, 409]).toContain(byOperator.status);
    await eventually(() => world.refundsOf(id) === 1);
    expect((await world.historyOf(id)).filter((step) => step.startsWith('CANCELLED'))).toHaveLength(1);
  });

  it.each([[{}], [{ reason: '' }], [{ reason: 'x'.repeat(201) }], [{ reason: 'x', amount: 1 }]])(
    'is refused with 400 for %j',
    async (body) => {
      expect((await refund(await paid(11), body)).status).toBe(400);
    },
  );
});

it('customers and services are kept out', async () => {
  const id = await paid(12);
  for (const who of [{ userId: 12 }, { service: 'payment-service' }]) {
    expect((await world.request(service, who, 'GET', '/api/bookings/stuck')).status).toBe(403);
    expect((await world.request(service, who, 'POST', `/api/bookings/${id}/retry`, {})).status).toBe(403);
    const body = { reason: 'x' };
    expect((await world.request(service, who, 'POST', `/api/bookings/${id}/refund`, body)).status).toBe(403);
  }
});
