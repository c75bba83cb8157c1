import type { Service } from '@flight-booking/platform';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeatWorld } from '../testing/seat-world.js';
import { createTestFlight } from '../testing/test-flight.js';

// All keys of a flight lie on one server, so a cluster has little to add to what many rounds on one server show.
const LAST_SEAT_ROUNDS = process.env['FLIGHT_BOOKING_TEST_REDIS_KIND'] === 'cluster' ? 3 : 20;
const CALLERS = 200;
const LOCKS_MS = 600_000;
const SHORT_LOCKS_MS = 700;
const PROVISIONAL_LOCK_MS = 5_000;

describe('seat locks', () => {
  const world = new SeatWorld();
  /** Its locks are short; everything else it shares with the first instance. */
  let hasty: Service;

  beforeAll(async () => {
    await world.start();
    hasty = await world.underTest.startInstance({ LOCK_TTL_MS: String(SHORT_LOCKS_MS) });
    const many = Array.from({ length: 40 }, (_, index) =>
      createTestFlight(100 + index, { aircraft_type: 'ATR72' }),
    );
    world.flights(
      ...Array.from({ length: 20 }, (_, index) => createTestFlight(index + 1)),
      createTestFlight(50, { aircraft_type: '787-8' }),
      createTestFlight(60, { departure_time: new Date(Date.now() - 60_000).toISOString() }),
      createTestFlight(61, { status: 'CANCELLED' }),
      ...many,
    );
  });
  afterAll(() => world.stop());

  const lock = (userId: number, body: object, instance = world.underTest.service) =>
    world.asUser(userId, 'POST', '/api/seats/lock', body, instance);
  const available = async (flightId: number) =>
    (await world.asUser(1, 'GET', `/api/seats/${flightId}`)).body.counts.available;

  it('locking takes the best block of adjacent seats and says until when', async () => {
    const { status, body } = await lock(10, { flight_id: 1, user_id: 10, num_seats: 2 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ flight_id: 1, user_id: 10, seats: ['1A', '1B'] });
    const ttl = Date.parse(body.expires_at) - Date.parse(body.server_time);
    expect(ttl).toBeGreaterThan(LOCKS_MS - 5_000);
    expect(ttl).toBeLessThanOrEqual(LOCKS_MS + 100);
  });

  it('the tightest block that fits is taken, so that longer ones stay whole', async () => {
    await lock(10, { flight_id: 2, seats: ['1A', '2D'] });
    const { body } = await lock(11, { flight_id: 2, num_seats: 2 });
    expect(body.seats).toEqual(['1B', '1C']);
    const three = await lock(12, { flight_id: 2, num_seats: 3 });
    expect(three.body.seats).toEqual(['1D', '1E', '1F']);
  });

  it('four seats lie in one row across the aisle, and nine in rows close together', async () => {
    const four = await lock(10, { flight_id: 3, num_seats: 4 });
    expect(four.body.seats).toEqual(['1A', '1B', '1C', '1D']);
    const nine = await lock(11, { flight_id: 3, num_seats: 9 });
    expect(new Set(nine.body.seats.map((seat: string) => Number.parseInt(seat, 10))).size).toBe(2);
    expect(nine.body.seats).toHaveLength(9);
  });

  it('locking a seat that another customer holds is refused and takes none of the seats', async () => {
    await lock(10, { flight_id: 4, seats: ['5A'] });
    const refused = await lock(11, { flight_id: 4, seats: ['5A', '5B'] });
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ type: 'seats-unavailable', seats: ['5A'] });
    expect(await available(4)).toBe(179);
  });

  it('a customer cannot lock again the seat that the same customer holds', async () => {
    await lock(10, { flight_id: 5, seats: ['5A'] });
    expect((await lock(10, { flight_id: 5, seats: ['5A'] })).body.type).toBe('seats-unavailable');
  });

  it('a customer may hold nine seats of a flight and no more', async () => {
    expect((await lock(10, { flight_id: 6, num_seats: 9 })).status).toBe(201);
    expect((await lock(10, { flight_id: 6, num_seats: 1 })).body).toMatchObject({
      type: 'lock-limit-reached',
      locked: 9,
    });
    expect((await lock(11, { flight_id: 6, num_seats: 1 })).status).toBe(201);
  });

  it('a lock that is given back frees its seats at once, and only its owner can give it back', async () => {
    const { body } = await lock(10, { flight_id: 7, num_seats: 3 });
    expect((await world.asUser(11, 'DELETE', `/api/seats/lock/${body.lock_id}`)).status).toBe(404);
    expect((await world.asUser(10, 'DELETE', `/api/seats/lock/${body.lock_id}`)).status).toBe(204);
    expect((await world.asUser(10, 'DELETE', `/api/seats/lock/${body.lock_id}`)).status).toBe(404);
    expect(await available(7)).toBe(180);
  });

  it('a lock expires, and its seats can be locked by another', async () => {
    await lock(10, { flight_id: 8, seats: ['9C'] }, hasty);
    expect((await lock(11, { flight_id: 8, seats: ['9C'] })).status).toBe(409);
    await expect.poll(async () => (await lock(11, { flight_id: 8, seats: ['9C'] })).status).toBe(201);
  });

  it('an itinerary is locked on all of its flights or on none', async () => {
    const both = await lock(10, { flight_ids: [10, 9], num_seats: 2 });
    expect(both.status).toBe(201);
    expect(both.body.flights).toEqual([
      { flight_id: 10, seats: ['1A', '1B'] },
      { flight_id: 9, seats: ['1A', '1B'] },
    ]);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => lock(100 + index, { flight_id: 12, num_seats: 9 })),
    );
    const refused = await lock(10, { flight_ids: [11, 12], num_seats: 2 });
    expect(refused.body.type).toBe('seats-unavailable');
    expect(await available(11)).toBe(180);
  });

  it('an itinerary whose locking stops between its flights keeps no seat, and takes none when it goes on', async () => {
    await lock(10, { flight_ids: [13, 14], num_seats: 1 });
    const pool = new pg.Pool({ connectionString: world.underTest.database.url });
    const blocker = await pool.connect();
    await world.withRedis((redis) => redis.del('seats:{14}:taken'));
    // Flight 14 has to be read from the database, which does not answer: as if the process had died there.
    await blocker.query('begin; lock table seats in access exclusive mode');
    const stuck = lock(20, { flight_ids: [13, 14], num_seats: 2 });
    const heldOn13 = () => world.withRedis((redis) => redis.hGetAll('seats:{13}:locks'));
    await expect.poll(async () => (await heldOn13())['1C']).toContain(':20:');
    const { '1C': held = '' } = await heldOn13();
    const [lockId, , end] = held.split(':');
    expect(Number(end)).toBeLessThanOrEqual(Date.now() + PROVISIONAL_LOCK_MS);
    const theirs = { flight_id: 13, seats: ['1B', '1C'] };
    expect((await lock(22, theirs)).body).toMatchObject({ type: 'seats-unavailable', seats: ['1B', '1C'] });
    const expired = `${lockId}:20:${Date.now() - 1}`;
    await world.withRedis((redis) => redis.hSet('seats:{13}:locks', { '1B': expired, '1C': expired }));
    expect((await lock(22, theirs)).status).toBe(201);
    await blocker.query('commit');
    expect((await stuck).body).toMatchObject({ status: 503, type: 'locks-unavailable' });
    expect(await available(14)).toBe(179);
    blocker.release();
    await pool.end();
  });

  it('the cabin that is asked for is the one that is locked', async () => {
    const { body } = await lock(10, { flight_id: 50, num_seats: 2, cabin: 'business' });
    expect(body.seats).toEqual(['1A', '1C']);
    const { body: map } = await world.asUser(10, 'GET', '/api/seats/50');
    expect(map.cabins.map(({ cabin, counts }: { cabin: string; counts: object }) => [cabin, counts])).toEqual(
      [
        ['business', { available: 16, locked: 2, reserved: 0, sold: 0 }],
        ['economy', { available: 238, locked: 0, reserved: 0, sold: 0 }],
      ],
    );
  });

  it('flights that nobody can fly on are refused', async () => {
    expect((await lock(10, { flight_id: 60, num_seats: 1 })).body.type).toBe('flight-departed');
    expect((await lock(10, { flight_id: 61, num_seats: 1 })).body.type).toBe('flight-cancelled');
    expect((await lock(10, { flight_id: 999, num_seats: 1 })).body).toMatchObject({
      type: 'flight-not-found',
      status: 404,
    });
    expect((await lock(10, { flight_id: 1, seats: ['99A'] })).body).toMatchObject({
      type: 'unknown-seats',
      seats: ['99A'],
    });
  });

  it('bad input is refused field by field and locks nothing', async () => {
    const bad: [object, string][] = [
      [{}, 'flight_id'],
      [{ flight_id: 20, num_seats: 0 }, 'num_seats'],
      [{ flight_id: 20, num_seats: 10 }, 'num_seats'],
      [{ flight_id: 20, num_seats: 1.5 }, 'num_seats'],
      [{ flight_id: 20, num_seats: '1' }, 'num_seats'],
      [{ flight_id: -1, num_seats: 1 }, 'flight_id'],
      [{ flight_id: 1e300, num_seats: 1 }, 'flight_id'],
      [{ flight_id: '1; drop table seats', num_seats: 1 }, 'flight_id'],
      [{ flight_id: 20, num_seats: 1, colour: 'red' }, 'colour'],
      [{ flight_id: 20, seats: ['1A', '1A'] }, 'seats'],
      [{ flight_id: 20, seats: ['1A\u0000'] }, 'seats[0]'],
      [{ flight_id: 20, flight_ids: [19], num_seats: 1 }, 'flight_id'],
      [JSON.parse('{"flight_id":20,"num_seats":1,"__proto__":{"admin":true}}') as object, '__proto__'],
    ];
    for (const [body, field] of bad) {
      const answer = await lock(10, body);
      expect([answer.status, answer.body.errors.map((error: { field: string }) => error.field)]).toEqual([
        400,
        expect.arrayContaining([field]),
      ]);
    }
    expect((await lock(10, { flight_id: 20, user_id: 11, num_seats: 1 })).body.type).toBe('user-mismatch');
    expect(await available(20)).toBe(180);
  });

  it('of two hundred customers who want the last seat of a flight, exactly one gets it', async () => {
    for (let round = 0; round < LAST_SEAT_ROUNDS; round += 1) {
      const flightId = 100 + round;
      await Promise.all(
        Array.from({ length: 9 }, (_, i) =>
          lock(1_000 + i, { flight_id: flightId, num_seats: i === 8 ? 5 : 9 }),
        ),
      );
      const answers = await Promise.all(
        Array.from({ length: CALLERS }, (_, i) => lock(2_000 + i, { flight_id: flightId, num_seats: 1 })),
      );
      const won = answers.filter(({ status }) => status === 201);
      const lost = answers.filter(({ status, body }) => status === 409 && body.type === 'seats-unavailable');
      expect([won.length, lost.length]).toEqual([1, CALLERS - 1]);
    }
  });
});
