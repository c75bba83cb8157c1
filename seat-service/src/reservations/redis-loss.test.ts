import { createDedicatedRedis, type Answer, type DedicatedRedis } from '@flight-booking/local-stack/testing';
import type { Service } from '@flight-booking/platform';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROKEN_SEAT_CHAINS, RESERVATIONS_WITHOUT_SEATS } from '../testing/seat-chains.js';
import { SeatWorld } from '../testing/seat-world.js';
import { createTestFlight } from '../testing/test-flight.js';

const CUSTOMERS = 50;
const SEATS_EACH = 2;
const SEATS_OF_ATR72 = 78;
const MOST_REQUESTS = 400;
/** Each instance has connections for twice as many. */
const RIVALS = 6;
const EXPECTED = [200, 201, 409, 503];

describe('two instances that lose Redis while fifty customers book', () => {
  const world = new SeatWorld();
  let redis: DedicatedRedis;
  let instances: Service[];
  const unexpected: Answer[] = [];
  let reserved = 0;

  beforeAll(async () => {
    redis = await createDedicatedRedis();
    await world.start({ REDIS_URL: redis.url });
    instances = [world.underTest.service, await world.underTest.startInstance({ REDIS_URL: redis.url })];
    const flight = (id: number) => createTestFlight(id, { aircraft_type: 'ATR72' });
    world.flights(...Array.from({ length: 12 }, (_, index) => flight(index + 1)));
  });
  afterAll(async () => {
    await world.stop();
    await redis.release();
  });

  /** Sends the same again, through the one instance and the other, until it is decided. */
  async function decided(send: (instance: Service) => Promise<Answer>): Promise<Answer> {
    for (let request = 0; request < MOST_REQUESTS; request += 1) {
      const answer = await send(instances[request % 2] as Service);
      if (!EXPECTED.includes(answer.status)) unexpected.push(answer);
      if (answer.status < 500 && answer.body.type !== 'idempotency-key-in-use') return answer;
    }
    throw new Error('The request was not decided.');
  }

  /** Books seats on a flight; locks anew when the lock is lost. @returns whether the booking is sold */
  async function book(bookingId: number, flightIds: number[]): Promise<boolean> {
    const userId = 1_000 + bookingId;
    const wish = { flight_ids: flightIds, num_seats: SEATS_EACH };
    for (let attempt = 0; ; attempt += 1) {
      const key = { 'idempotency-key': `booking-${bookingId}-${attempt}` };
      const lock = await decided((instance) =>
        world.asUser(userId, 'POST', '/api/seats/lock', wish, instance, key),
      );
      if (lock.status !== 201) return false;
      const reservation = await decided((instance) =>
        world.reserve(bookingId, userId, flightIds, lock.body, instance),
      );
      if (reservation.status !== 200) continue;
      reserved += 1;
      const sale = await decided((instance) => world.sell(bookingId, bookingId, instance));
      return sale.status === 200;
    }
  }

  /** How many connections wait for their turn to add a reservation. */
  const waitingForReservations = async () => {
    const waiting = await world.underTest.sql(
      `select 1 from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' and query like '%into reservations%'`,
    );
    return waiting.length;
  };
  const soldSeats = (bookingIds: number[]) =>
    world.underTest.sql<{ flight_id: number; seat_number: string; booking_id: number }>(
      "select flight_id, seat_number, booking_id from seats where status = 'SOLD' and booking_id = any($1)",
      [bookingIds],
    );

  it('no seat is sold twice and no sale is lost, whatever Redis forgets between lock and reservation', async () => {
    const flightIds = [1, 2];
    const ids = Array.from({ length: CUSTOMERS }, (_, index) => index + 1);
    const all = Promise.all(ids.map(async (id) => ({ id, isSold: await book(id, flightIds) })));
    for (const [after, lose] of [
      [2, () => redis.flush()],
      [6, () => redis.crash()],
      [12, () => redis.flush()],
      [18, () => redis.crash()],
      [24, () => redis.flush()],
    ] as const) {
      await expect.poll(() => reserved, { interval: 5 }).toBeGreaterThanOrEqual(after);
      await lose();
    }
    const outcomes = await all;
    const sold = outcomes.filter(({ isSold }) => isSold).map(({ id }) => id);
    expect(unexpected).toEqual([]);
    expect(await soldSeats(sold)).toHaveLength(sold.length * SEATS_EACH * flightIds.length);
    expect(await world.underTest.sql(BROKEN_SEAT_CHAINS)).toEqual([]);
    expect(await world.underTest.sql(RESERVATIONS_WITHOUT_SEATS)).toEqual([]);
    expect(sold.length * SEATS_EACH).toBeGreaterThan(SEATS_OF_ATR72 / 2);
    expect(sold.length * SEATS_EACH).toBeLessThanOrEqual(SEATS_OF_ATR72);
  }, 120_000);

  it('of customers who all had the lock of a seat before Redis forgot it, one gets the seat', async () => {
    const pool = new pg.Pool({ connectionString: world.underTest.database.url });
    const blocker = await pool.connect();
    await blocker.query('begin; lock table reservations in share row exclusive mode');
    const reservations: Promise<Answer>[] = [];
    for (let i = 0; i < RIVALS; i += 1) {
      const instance = instances[i % 2] as Service;
      const wish = { flight_id: 6, seats: ['3A'] };
      const lock = await world.asUser(i + 1, 'POST', '/api/seats/lock', wish, instance);
      expect(lock.status).toBe(201);
      reservations.push(world.reserve(200 + i, i + 1, [6], lock.body, instance));
      await expect.poll(() => waitingForReservations()).toBe(i + 1);
      await redis.flush();
    }
    await blocker.query('commit');
    blocker.release();
    await pool.end();
    const answers = (await Promise.all(reservations)).map(({ status, body }) => body.type ?? status);
    expect(answers.filter((answer) => answer === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'seats-unavailable')).toHaveLength(RIVALS - 1);
    expect(await world.underTest.sql(BROKEN_SEAT_CHAINS)).toEqual([]);
    expect(await world.underTest.sql(RESERVATIONS_WITHOUT_SEATS)).toEqual([]);
  });

  it('a lock that Redis forgot before the reservation is locked anew, and one that it kept is used', async () => {
    for (const [flightId, lose] of [
      [3, () => redis.flush()],
      [4, () => redis.crash()],
      [5, () => Promise.resolve()],
    ] as const) {
      const [bookingId, userId] = [100 + flightId, 10];
      const wish = { flight_id: flightId, seats: ['3A', '3C'] };
      const lockSeats = () =>
        decided((instance) => world.asUser(userId, 'POST', '/api/seats/lock', wish, instance));
      const { body: lock } = await lockSeats();
      await lose();
      const first = await decided((instance) => world.reserve(bookingId, userId, [flightId], lock, instance));
      if (first.status !== 200) {
        expect(first.body.type).toBe('seats-not-locked');
        const { body: again } = await lockSeats();
        const second = await decided((instance) =>
          world.reserve(bookingId, userId, [flightId], again, instance),
        );
        expect(second.status).toBe(200);
      }
    }
    expect(await world.underTest.sql(BROKEN_SEAT_CHAINS)).toEqual([]);
  });
});
