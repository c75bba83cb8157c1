import type { Clock, Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose } from '../composition.js';
import { readConfig } from '../config.js';
import { BROKEN_SEAT_CHAINS } from '../testing/seat-chains.js';
import { SeatWorld } from '../testing/seat-world.js';
import { createTestFlight } from '../testing/test-flight.js';

const SKEW_MS = 5 * 60_000;
const LOCKS_MS = 600_000;

const clockBeside = (offsetMs: number): Clock => ({ now: () => new Date(Date.now() + offsetMs) });

describe('two instances whose clocks are ten minutes apart', () => {
  const world = new SeatWorld();
  let slow: Service;
  let fast: Service;

  beforeAll(async () => {
    await world.underTest.prepare();
    world.flightSearch.on('POST', '/internal/events', () => ({ status: 204 }));
    world.flights(
      createTestFlight(1),
      createTestFlight(2),
      createTestFlight(3, { departure_time: new Date(Date.now() + SKEW_MS / 2).toISOString() }),
      createTestFlight(4, { departure_time: new Date(Date.now() - SKEW_MS / 2).toISOString() }),
    );
    const start = (clock: Clock) =>
      world.underTest.startInstance({}, (environment) => compose(readConfig(environment), { clock }));
    slow = await start(clockBeside(-SKEW_MS));
    fast = await start(clockBeside(SKEW_MS));
  });
  afterAll(() => world.stop());

  const lock = (userId: number, body: object, instance: Service) =>
    world.asUser(userId, 'POST', '/api/seats/lock', body, instance);

  it('tell of a lock how long it still lives, and keep each other from its seats', async () => {
    for (const [seat, instance, other] of [
      ['3A', slow, fast],
      ['3B', fast, slow],
    ] as const) {
      const { body } = await lock(10, { flight_id: 1, seats: [seat] }, instance);
      const lives = Date.parse(body.expires_at) - Date.parse(body.server_time);
      expect(lives).toBeGreaterThan(LOCKS_MS - 5_000);
      expect(lives).toBeLessThanOrEqual(LOCKS_MS);
      expect(Math.abs(Date.parse(body.server_time) - Date.now())).toBeLessThan(SKEW_MS / 2);
      expect((await lock(11, { flight_id: 1, seats: [seat] }, other)).body.type).toBe('seats-unavailable');
    }
  });

  it('hold a reservation neither shorter nor longer, and free it once its time is over', async () => {
    const { body } = await lock(10, { flight_id: 2, seats: ['3A'] }, slow);
    expect((await world.reserve(1, 10, [2], body, fast)).status).toBe(200);
    for (const instance of [slow, fast]) {
      expect((await lock(11, { flight_id: 2, seats: ['3A'] }, instance)).body.type).toBe('seats-unavailable');
    }
    await world.runExpiry(1);
    await expect.poll(() => world.pendingJobs('expire-reservation', { booking_id: 1 })).toBe(0);
    const statusOf = async () =>
      (await world.underTest.sql('select status from reservations where booking_id = 1'))[0]?.status;
    expect(await statusOf()).toBe('RESERVED');
    await world.letExpire(1);
    const { body: next } = await lock(11, { flight_id: 2, seats: ['3A'] }, slow);
    expect((await world.reserve(2, 11, [2], next, fast)).status).toBe(200);
    const sale = (bookingId: number, instance: Service) => world.sell(bookingId, bookingId, instance);
    expect((await sale(1, slow)).body.type).toBe('seats-lost');
    expect((await sale(2, slow)).body.status).toBe('SOLD');
    expect(await world.underTest.sql(BROKEN_SEAT_CHAINS)).toEqual([]);
  });

  it('agree on what has departed', async () => {
    for (const instance of [slow, fast]) {
      expect((await lock(10, { flight_id: 3, num_seats: 1 }, instance)).status).toBe(201);
      expect((await lock(10, { flight_id: 4, num_seats: 1 }, instance)).body.type).toBe('flight-departed');
    }
  });
});
