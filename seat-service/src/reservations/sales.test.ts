import { createLogger, Database, type Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROKEN_SEAT_CHAINS, RESERVATIONS_WITHOUT_SEATS } from '../testing/seat-chains.js';
import { SeatWorld } from '../testing/seat-world.js';
import { createTestFlight } from '../testing/test-flight.js';

const FIRST_PAYMENT = 9_001;
const SECOND_PAYMENT = 9_002;

describe('the sale of seats', () => {
  const world = new SeatWorld();
  let other: Service;
  let database: Database;
  let nextBooking = 1;

  beforeAll(async () => {
    await world.start();
    world.flights(...Array.from({ length: 12 }, (_, index) => createTestFlight(index + 1)));
    other = await world.underTest.startInstance();
    const options = { url: world.underTest.database.url, poolSize: 2, applicationName: 'test' };
    database = new Database(options, createLogger('test', 'silent'));
  });
  afterAll(async () => {
    await database.stop();
    await world.stop();
  });

  const lock = async (userId: number, flightId: number, seats: string[]) => {
    const { status, body } = await world.asUser(userId, 'POST', '/api/seats/lock', {
      flight_id: flightId,
      seats,
    });
    expect(status).toBe(201);
    return body;
  };
  const booked = async (userId: number, flightId: number, seats: string[]) => {
    const bookingId = nextBooking++;
    expect(
      (await world.reserve(bookingId, userId, [flightId], await lock(userId, flightId, seats))).status,
    ).toBe(200);
    return bookingId;
  };
  const unlock = (userId: number, { lock_id: id }: { lock_id: number }) =>
    world.asUser(userId, 'DELETE', `/api/seats/lock/${id}`);
  const release = (bookingId: number) => world.asService('DELETE', `/internal/reservations/${bookingId}`);
  const seatsOf = (bookingId: number) =>
    world.underTest.sql('select seat_number, status from seats where booking_id = $1', [bookingId]);
  const answersOf = async (bookingId: number) =>
    (
      await world.underTest.sql('select answer from sales where booking_id = $1 order by payment_id', [
        bookingId,
      ])
    ).map(({ answer }) => answer);
  /** An unpaid booking whose time is over, of a seat that nobody has taken yet. */
  const overdue = async (flightId: number) => {
    const bookingId = await booked(10, flightId, ['3A']);
    await world.letExpire(bookingId);
    await world.runExpiry(bookingId);
    await expect.poll(() => world.pendingJobs('expire-reservation', { booking_id: bookingId })).toBe(0);
    return bookingId;
  };
  const departs = (flightId: number, when: string) =>
    world.underTest.sql(
      `update flights set departure_at = date_trunc('minute', now()) + $2::interval where flight_id = $1`,
      [flightId, when],
    );
  /** Runs work while nobody can move the booking's reservation; what waits for it goes on in the order of its coming. */
  const whileHeld = (bookingId: number, work: () => Promise<void>) =>
    database.transaction(async (tx) => {
      await tx.execute('select from reservations where booking_id = $1 for update', [bookingId]);
      await work();
    });
  const waiting = async () =>
    (
      await world.underTest.sql(
        `select from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock' and query like '%reservations%'`,
      )
    ).length;

  it('is refused to a payment for ever, and another payment may still have the seats', async () => {
    const booking = await overdue(1);
    const lockOfAnother = await lock(11, 1, ['3A']);
    expect((await world.sell(booking, FIRST_PAYMENT)).body.type).toBe('seats-lost');
    await unlock(11, lockOfAnother);
    for (const instance of [world.underTest.service, other]) {
      expect((await world.sell(booking, FIRST_PAYMENT, instance)).body.type).toBe('seats-lost');
    }
    expect(await seatsOf(booking)).toEqual([]);
    expect((await world.sell(booking, SECOND_PAYMENT)).body.status).toBe('SOLD');
    expect((await world.sell(booking, FIRST_PAYMENT)).body.type).toBe('seats-lost');
    expect(await answersOf(booking)).toEqual(['SEATS_LOST', 'SOLD']);
  });

  it('is refused by a copy that could sell, once another copy has refused it', async () => {
    const booking = await overdue(2);
    const answers: Promise<{ body: { type?: string } }>[] = [];
    await whileHeld(booking, async () => {
      const lockOfAnother = await lock(11, 2, ['3A']);
      answers.push(world.sell(booking, FIRST_PAYMENT, other));
      await expect.poll(waiting).toBe(1);
      await unlock(11, lockOfAnother);
      answers.push(world.sell(booking, FIRST_PAYMENT));
      await expect.poll(waiting).toBe(2);
    });
    expect((await Promise.all(answers)).map(({ body }) => body.type)).toEqual(['seats-lost', 'seats-lost']);
    expect(await seatsOf(booking)).toEqual([]);
  });

  it('is answered alike by a copy that would refuse, once another copy has sold', async () => {
    const booking = await overdue(3);
    const answers: Promise<{ body: { status?: unknown } }>[] = [];
    await whileHeld(booking, async () => {
      answers.push(world.sell(booking, FIRST_PAYMENT));
      await expect.poll(waiting).toBe(1);
      await lock(11, 3, ['3A']);
      answers.push(world.sell(booking, FIRST_PAYMENT, other));
      await expect.poll(waiting).toBe(2);
    });
    expect((await Promise.all(answers)).map(({ body }) => body.status)).toEqual(['SOLD', 'SOLD']);
    expect(await answersOf(booking)).toEqual(['SOLD']);
  });

  it('has one answer, however many copies are asked at once', async () => {
    const booking = await booked(10, 4, ['3A', '3B']);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        world.sell(booking, 9_100 + (index % 3), index % 2 === 0 ? other : world.underTest.service),
      ),
    );
    expect(answers.every(({ body }) => body.status === 'SOLD')).toBe(true);
    expect(await answersOf(booking)).toEqual(['SOLD', 'SOLD', 'SOLD']);
  });

  it('that is asked for again after the seats were given back sells nothing, to no payment', async () => {
    const booking = await booked(10, 5, ['3A']);
    const sold = await world.sell(booking, FIRST_PAYMENT);
    await release(booking);
    expect((await world.sell(booking, FIRST_PAYMENT)).body).toEqual(sold.body);
    expect((await world.sell(booking, SECOND_PAYMENT)).body.type).toBe('seats-lost');
    expect(await seatsOf(booking)).toEqual([]);
  });

  it('that comes before any reservation is refused, and so is the reservation', async () => {
    const booking = nextBooking++;
    expect((await world.sell(booking, FIRST_PAYMENT)).body.type).toBe('seats-lost');
    expect((await world.reserve(booking, 10, [6], await lock(10, 6, ['3A']))).body.type).toBe('seats-lost');
    expect((await world.sell(booking, FIRST_PAYMENT)).body.type).toBe('seats-lost');
  });

  it('is refused for a flight that has departed, even if it is moved ahead later', async () => {
    const booking = await booked(10, 7, ['3A']);
    await departs(7, '-1 hour');
    expect((await world.sell(booking, FIRST_PAYMENT)).body).toMatchObject({
      status: 409,
      type: 'flight-departed',
      flight_id: 7,
    });
    await departs(7, '1 day');
    expect((await world.sell(booking, FIRST_PAYMENT)).body.type).toBe('flight-departed');
    expect((await world.sell(booking, SECOND_PAYMENT)).body.status).toBe('SOLD');
  });

  it('that comes in time needs nothing of Redis', async () => {
    const booking = await booked(10, 9, ['3A']);
    await world.withRedis(async (redis) => {
      await redis.del('seats:{9}:locks');
      await redis.set('seats:{9}:locks', 'not a hash');
    });
    expect((await world.sell(booking, FIRST_PAYMENT)).body.status).toBe('SOLD');
  });

  it('is not refused because Redis is away, and is answered when it is back', async () => {
    const booking = await overdue(8);
    await world.withRedis((redis) => redis.set('seats:{8}:locks', 'not a hash'));
    expect((await world.sell(booking, FIRST_PAYMENT)).body.type).toBe('locks-unavailable');
    expect(await answersOf(booking)).toEqual([]);
    await world.withRedis((redis) => redis.del('seats:{8}:locks'));
    expect((await world.sell(booking, FIRST_PAYMENT)).body.status).toBe('SOLD');
  });

  it.each(["update sales set answer = 'SOLD'", 'delete from sales', 'truncate sales'])(
    'cannot be answered anew by: %s',
    async (statement) => {
      await expect(world.underTest.sql(statement)).rejects.toMatchObject({ constraint: 'sales_append_only' });
    },
  );

  it('leaves no seat without a booking and no booking without its seats', async () => {
    expect(await world.underTest.sql(BROKEN_SEAT_CHAINS)).toEqual([]);
    expect(await world.underTest.sql(RESERVATIONS_WITHOUT_SEATS)).toEqual([]);
  });
});
