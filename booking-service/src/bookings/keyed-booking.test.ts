import type { Service } from '@flight-booking/platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import type { BookingView } from './booking.schemas.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
});
afterAll(() => world.stop());
afterEach(() => {
  world.seats.locked = true;
});

const wish = { flight_id: 1, num_seats: 1 };

const create = (userId: number, key: string, body: object = wish, by = service) =>
  world.keyed<BookingView & { type?: string }>(by, { userId }, key, '/api/bookings/create', body);

/** The states of all bookings of a customer, offered or not. */
const statesOf = async (userId: number) => {
  const rows = await world.database.rows<{ status: string }>(
    'select status from bookings where user_id = $1 order by booking_id',
    [userId],
  );
  return rows.map(({ status }) => status);
};

/** As if the process that holds the keys of a customer had died a while ago. */
const holderIsGone = (userId: number) =>
  world.database.execute(
    `update idempotency_keys set held_at = held_at - interval '1 minute' where user_id = $1 and status is null`,
    [userId],
  );

/** As if the process had died after it had done everything and before it answered. */
const answerIsLost = (userId: number) =>
  world.database.execute(
    `update idempotency_keys set status = null, headers = null, body = null, held_at = held_at - interval '1 minute'
     where user_id = $1`,
    [userId],
  );

describe('creating a booking under a key', () => {
  it('books once however often it is asked, and answers the same', async () => {
    const first = await create(1, 'a');
    const again = await create(1, 'a');
    expect(first).toMatchObject({ status: 201, replayed: false });
    expect(again).toEqual({ ...first, replayed: true });
    expect(await statesOf(1)).toEqual(['PENDING']);
  });

  it('books once when it is asked many times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(2, 'a')));
    for (const { status, body } of answers)
      if (status !== 201)
        expect({ status, body }).toMatchObject({ status: 409, body: { type: 'idempotency-key-in-use' } });
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    expect(await statesOf(2)).toEqual(['PENDING']);
    expect((await create(2, 'a')).replayed).toBe(true);
  });

  it('is refused when the key came with another wish, and is free for another customer', async () => {
    await create(3, 'a');
    const other = await create(3, 'a', { ...wish, discount_code: 'FLY50' });
    expect(other).toMatchObject({ status: 422, body: { type: 'idempotency-key-reused' } });
    expect(await create(4, 'a')).toMatchObject({ status: 201, replayed: false });
  });

  it('books afresh after an attempt that was refused and taken back', async () => {
    world.seats.locked = false;
    expect(await create(5, 'a')).toMatchObject({ status: 409, body: { type: 'seats-not-locked' } });
    world.seats.locked = true;
    const keys = await world.database.rows('select resource_id from idempotency_keys where user_id = 5');
    expect(keys).toEqual([]);
    expect(await create(5, 'a')).toMatchObject({ status: 201, replayed: false });
    expect(await statesOf(5)).toEqual(['CANCELLED', 'PENDING']);
  });

  it('answers with the booking as it is now when the first answer was lost', async () => {
    const { body: booking } = await create(6, 'a');
    await world.confirm(service, booking.booking_id);
    await answerIsLost(6);
    const again = await create(6, 'a');
    expect(again).toMatchObject({
      status: 201,
      replayed: false,
      body: { booking_id: booking.booking_id, status: 'CONFIRMED' },
    });
    expect(await statesOf(6)).toEqual(['CONFIRMED']);
  });

  it('waits for a booking whose maker is gone, books afresh once that is taken back, and never twice', async () => {
    let wake: (() => void) | undefined;
    world.seats.beforeReserve = () => new Promise<void>((resolve) => (wake = resolve));
    const lost = create(7, 'a');
    await eventually(() => wake !== undefined);
    world.seats.beforeReserve = async () => {};
    await holderIsGone(7);
    expect(await create(7, 'a')).toMatchObject({ status: 409, body: { type: 'idempotency-key-in-use' } });
    await world.timePasses();
    await eventually(async () => (await statesOf(7))[0] === 'CANCELLED');
    const { status, body: booking } = await create(7, 'a');
    expect(status).toBe(201);
    // Whoever wakes up after all of this finds the seats given back, and leaves the key to its new holder.
    wake?.();
    expect((await lost).status).toBe(503);
    expect(await create(7, 'a')).toMatchObject({ replayed: true, body: { booking_id: booking.booking_id } });
    expect(await statesOf(7)).toEqual(['CANCELLED', 'PENDING']);
  });

  it('waits for an attempt that is still at it when its time to hold the key is over, and books once', async () => {
    let goOn: (() => void) | undefined;
    world.seats.beforeReserve = () => new Promise<void>((resolve) => (goOn = resolve));
    const slow = create(8, 'a');
    await eventually(() => goOn !== undefined);
    await holderIsGone(8);
    expect(await create(8, 'a')).toMatchObject({ status: 409, body: { type: 'idempotency-key-in-use' } });
    goOn?.();
    world.seats.beforeReserve = async () => {};
    const { status, body: booking } = await slow;
    expect(status).toBe(201);
    expect(await create(8, 'a')).toMatchObject({ status: 201, body: { booking_id: booking.booking_id } });
    expect(await statesOf(8)).toEqual(['PENDING']);
  });
});

describe('cancelling under a key', () => {
  const cancel = (userId: number, key: string, id: number) =>
    world.keyed(service, { userId }, key, `/api/bookings/${id}/cancel`, { reason: 'ill' });

  it('cancels once and answers the same, also when the first answer was lost', async () => {
    const { booking_id: id } = await world.booked(service, 20);
    await world.confirm(service, id);
    const first = await cancel(20, 'a', id);
    expect(first).toMatchObject({ status: 200, replayed: false });
    expect(await cancel(20, 'a', id)).toEqual({ ...first, replayed: true });
    await answerIsLost(20);
    expect(await cancel(20, 'a', id)).toEqual(first);
    await eventually(() => world.refundsOf(id) > 0);
    expect(world.refundsOf(id)).toBe(1);
  });

  it('does not keep a refusal that a quote answers', async () => {
    const { booking_id: id } = await world.booked(service, 21);
    await world.confirm(service, id);
    await world.database.execute(
      `update bookings set created_at = now() - interval '3 days', departs_at = now() + interval '1 hour'
       where booking_id = $1`,
      [id],
    );
    expect(await cancel(21, 'a', id)).toMatchObject({ status: 409, body: { type: 'quote-needed' } });
    expect(await cancel(21, 'a', id)).toMatchObject({ status: 409, body: { type: 'quote-needed' } });
    expect(await world.statusOf(id)).toBe('CONFIRMED');
  });
});

describe("an operator's refund under a key", () => {
  const operator = { userId: 1_000, role: 'admin' } as const;
  const refund = (id: number) =>
    world.keyed(service, operator, 'a', `/api/bookings/${id}/refund`, { reason: 'The lounge was closed.' });

  it('is one refund that the key names, also when the first answer was lost', async () => {
    const { booking_id: id } = await world.booked(service, 22);
    await world.confirm(service, id);
    const first = await refund(id);
    expect(first).toMatchObject({ status: 200, replayed: false });
    expect(await refund(id)).toEqual({ ...first, replayed: true });
    const keys = await world.database.rows(
      'select resource_id as id from idempotency_keys where user_id = $1',
      [operator.userId],
    );
    expect(keys).toEqual([{ id }]);
    await answerIsLost(operator.userId);
    expect(await refund(id)).toEqual(first);
    await eventually(() => world.refundsOf(id) > 0);
    expect(world.refundsOf(id)).toBe(1);
  });
});
