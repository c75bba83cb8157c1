import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeatWorld } from '../testing/seat-world.js';
import { createTestFlight } from '../testing/test-flight.js';

describe('locking under an idempotency key', () => {
  const world = new SeatWorld();

  beforeAll(async () => {
    await world.start();
    world.flights(...Array.from({ length: 20 }, (_, index) => createTestFlight(index + 1)));
  });
  afterAll(() => world.stop());

  const lock = (key: string, body: object, instance = world.underTest.service, userId = 10) =>
    world.asUser(userId, 'POST', '/api/seats/lock', body, instance, { 'idempotency-key': key });
  const lockedSeats = async (flightId: number) =>
    (await world.asUser(1, 'GET', `/api/seats/${flightId}`)).body.counts.locked;
  /** As if the process that answered had died instead, a while ago. */
  const forgetAnswer = (key: string) =>
    world.underTest.sql(
      `update idempotency_keys set status = null, headers = null, body = null, held_at = now() - interval '1 minute'
       where idempotency_key = $1`,
      [key],
    );

  it('answers the same lock again, and refuses another wish under the same key', async () => {
    const first = await lock('again', { flight_id: 1, num_seats: 2 });
    const second = await lock('again', { flight_id: 1, num_seats: 2 });
    expect(first.status).toBe(201);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await lock('again', { flight_id: 1, num_seats: 3 })).body.type).toBe('idempotency-key-reused');
    expect(await lockedSeats(1)).toBe(2);
  });

  it('locks once when the same request comes fifty times at once, through two instances', async () => {
    const replica = await world.underTest.startInstance();
    const instances = [world.underTest.service, replica];
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => lock('burst', { flight_id: 2, num_seats: 2 }, instances[i % 2])),
    );
    const granted = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    expect(granted.length).toBeGreaterThan(0);
    expect(new Set(granted.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(
      answers.every(({ status, body }) => status === 201 || body.type === 'idempotency-key-in-use'),
    ).toBe(true);
    expect(await lockedSeats(2)).toBe(2);
    await world.underTest.stopInstance(replica);
  });

  it.each([
    ['the best seats', { flight_id: 3, num_seats: 3 }],
    ['named seats', { flight_id: 4, seats: ['10A', '9C'] }],
    ['an itinerary', { flight_ids: [6, 5], num_seats: 2 }],
  ])('is granted the lock of %s that it was granted before the answer was lost', async (what, wish) => {
    const key = what.replaceAll(' ', '-');
    const { body: first } = await lock(key, wish);
    await forgetAnswer(key);
    const { status, body, headers } = await lock(key, wish);
    expect(status).toBe(201);
    expect(headers.get('idempotency-replayed')).toBeNull();
    const sorted = { ...first, ...(first.seats && { seats: expect.arrayContaining(first.seats) }) };
    expect(body).toEqual({ ...sorted, server_time: expect.any(String) });
    const flightId = first.flight_id ?? first.flights[0].flight_id;
    expect(await lockedSeats(flightId)).toBe((first.seats ?? first.flights[0].seats).length);
  });

  it('completes an itinerary that was locked on one of its flights only', async () => {
    const wish = { flight_ids: [7, 8], num_seats: 2 };
    const { body: first } = await lock('half', wish);
    await forgetAnswer('half');
    await world.withRedis(async (redis) => {
      await redis.del('seats:{8}:locks');
      await redis.del(`seat-lock:${first.lock_id}`);
    });
    const { status, body } = await lock('half', wish);
    expect(status).toBe(201);
    expect(body).toMatchObject({ lock_id: first.lock_id, flights: first.flights });
    expect([await lockedSeats(7), await lockedSeats(8)]).toEqual([2, 2]);
    const reserved = await world.reserve(1, 10, [7, 8], body);
    expect(reserved.status).toBe(200);
  });

  it('is granted the lock of an attempt that failed without knowing what it had locked', async () => {
    const wish = { flight_ids: [9, 11], num_seats: 2 };
    await world.asUser(12, 'POST', '/api/seats/lock', { flight_ids: [9, 11], num_seats: 1 });
    const pool = new pg.Pool({ connectionString: world.underTest.database.url });
    const blocker = await pool.connect();
    await world.withRedis((redis) => redis.del('seats:{11}:taken'));
    await blocker.query('begin; lock table seats in access exclusive mode');
    const failing = lock('failed', wish);
    const heldOn9 = () => world.withRedis((redis) => redis.hGetAll('seats:{9}:locks'));
    await expect.poll(async () => (await heldOn9())['1C']).toContain(':10:');
    const { '1C': held = '' } = await heldOn9();
    const [lockId] = held.split(':');
    await world.withRedis((redis) => redis.del('seats:{9}:locks'));
    await blocker.query('commit');
    blocker.release();
    await pool.end();
    expect((await failing).body).toMatchObject({ status: 503, type: 'locks-unavailable' });
    // What could not be given back is there still.
    await world.withRedis((redis) => redis.hSet('seats:{9}:locks', { '1B': held, '1C': held }));
    const { status, body } = await lock('failed', wish);
    expect(status).toBe(201);
    expect(body.lock_id).toBe(Number(lockId));
    expect(body.flights[0]).toEqual({ flight_id: 9, seats: ['1B', '1C'] });
    expect([await lockedSeats(9), await lockedSeats(11)]).toEqual([2, 3]);
  });

  it('locks anew under the same id when the lock of the lost answer has ended', async () => {
    const { body: first } = await lock('ended', { flight_id: 12, seats: ['3A'] });
    await forgetAnswer('ended');
    await world.underTest.redis.flush();
    const { status, body } = await lock('ended', { flight_id: 12, seats: ['3A'] });
    expect([status, body.lock_id]).toEqual([201, first.lock_id]);
  });

  it('refuses seats that another customer got meanwhile, and lets the key be tried again', async () => {
    const theirs = await lock('theirs', { flight_id: 13, seats: ['3A'] }, world.underTest.service, 11);
    expect((await lock('mine', { flight_id: 13, seats: ['3A'] })).body.type).toBe('seats-unavailable');
    await world.asUser(11, 'DELETE', `/api/seats/lock/${theirs.body.lock_id}`);
    expect((await lock('mine', { flight_id: 13, seats: ['3A'] })).status).toBe(201);
  });

  it('stuck work of the service is shown to admins under a path that is not a flight', async () => {
    const admin = { userId: 1, role: 'admin' } as const;
    const { status, body } = await world.underTest.request(admin, 'GET', '/api/seats/stuck-jobs');
    expect([status, body.stuck_jobs]).toEqual([200, []]);
    expect((await world.asUser(1, 'GET', '/api/seats/stuck-jobs')).status).toBe(403);
  });
});
