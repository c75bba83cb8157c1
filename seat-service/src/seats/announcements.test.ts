import { createLogger, Database, type Queries } from '@flight-booking/platform';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlightRepository, type ChangedFlight } from '../flights/flight.repository.js';
import { SeatWorld } from '../testing/seat-world.js';
import { createTestFlight } from '../testing/test-flight.js';
import { AnnouncementRepository } from './announcement.repository.js';
import { ANNOUNCEMENT, QUIET_ANNOUNCEMENT } from './seat.jobs.js';

describe('announcements of seats', () => {
  const world = new SeatWorld();

  beforeAll(async () => {
    await world.start();
    world.flights(...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((id) => createTestFlight(id)));
  });
  afterAll(() => world.stop());

  it('what a stopped service still had to announce is announced by the next', async () => {
    const { body: lock } = await world.asUser(10, 'POST', '/api/seats/lock', { flight_id: 1, num_seats: 1 });
    world.flightSearch.on('POST', '/internal/events', () => ({ status: 503 }));
    expect((await world.reserve(1, 10, [1], lock)).status).toBe(200);
    await world.underTest.stopInstance(world.underTest.service);
    const heard: unknown[] = [];
    world.flightSearch.on('POST', '/internal/events', ({ body }) => {
      heard.push((body as { data: object }).data);
      return { status: 204 };
    });
    await world.underTest.startInstance();
    await expect.poll(() => heard).toContainEqual({ flight_id: 1, available: { economy: 179 }, version: 1 });
  });

  it('each flight of an itinerary is announced as its last change left it', async () => {
    const heard: unknown[] = [];
    world.flightSearch.on('POST', '/internal/events', ({ body }) => {
      heard.push((body as { data: object }).data);
      return { status: 204 };
    });
    const wish = { flight_ids: [2, 3], num_seats: 1 };
    for (const bookingId of [2, 3]) {
      const { body: lock } = await world.asUser(bookingId, 'POST', '/api/seats/lock', wish);
      expect((await world.reserve(bookingId, bookingId, [2, 3], lock)).status).toBe(200);
    }
    await expect
      .poll(() => heard)
      .toEqual(
        expect.arrayContaining(
          [2, 3].map((id) => ({ flight_id: id, available: { economy: 178 }, version: 2 })),
        ),
      );
  });

  describe('of a sale in time, after which as many seats are free', () => {
    const heard = (flightId: number) =>
      world.flightSearch.requests
        .filter(({ path }) => path === '/internal/events')
        .map(({ body }) => (body as { data: { flight_id: number; version: number } }).data)
        .filter((data) => data.flight_id === flightId)
        .map(({ version }) => version);
    const flights = new FlightRepository();
    const announcements = new AnnouncementRepository();
    const inTransaction = async (work: (tx: Queries) => Promise<void>): Promise<void> => {
      const options = { url: world.underTest.database.url, poolSize: 1, applicationName: 'tests' };
      const database = new Database(options, createLogger('tests', 'silent'));
      try {
        await database.transaction(work);
      } finally {
        await database.stop();
      }
    };
    const waitingForFlight = async () =>
      (
        await world.underTest.sql(
          `select from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%from flights%'`,
        )
      ).length;
    const pending = (flightId: number) => world.pendingJobs('announce-seats', { flight_id: flightId });
    /** A booking under the number of its flight, of which everybody has heard. */
    const reserved = async (flightId: number, lastsMs = 600_000) => {
      world.flightSearch.on('POST', '/internal/events', () => ({ status: 204 }));
      const { body: lock } = await world.asUser(10, 'POST', '/api/seats/lock', {
        flight_id: flightId,
        num_seats: 1,
      });
      const expiresAt = new Date(Date.now() + lastsMs);
      const reservation = await world.asService('PUT', `/internal/reservations/${flightId}`, {
        user_id: 10,
        flight_ids: [flightId],
        num_seats: 1,
        lock_id: lock.lock_id,
        expires_at: expiresAt.toISOString(),
      });
      expect(reservation.status).toBe(200);
      await expect.poll(() => pending(flightId)).toBe(0);
      return expiresAt;
    };

    it('there is none, once Redis has heard of it', async () => {
      await reserved(4);
      expect((await world.sell(4)).body.status).toBe('SOLD');
      expect(await pending(4)).toBe(0);
      expect(heard(4)).toEqual([1]);
    });

    it('there is one when Redis has not heard of it, which brings Redis up to date', async () => {
      await reserved(5);
      await world.withRedis(async (redis) => {
        await redis.del('seats:{5}:taken');
        await redis.set('seats:{5}:taken', 'not a hash');
      });
      expect((await world.sell(5)).body.status).toBe('SOLD');
      await world.withRedis((redis) => redis.del('seats:{5}:taken'));
      await expect.poll(() => pending(5)).toBe(0);
      expect(heard(5)).toEqual([1, 2]);
    });

    it('there is one when it cannot be taken back, and the sale stands', async () => {
      await reserved(7);
      await world.underTest.sql(`create function keep() returns trigger language plpgsql as
        'begin raise exception ''the database went away'' using errcode = ''57P01''; end'`);
      try {
        await world.underTest.sql(
          'create trigger keep before delete on graphile_worker._private_jobs execute function keep()',
        );
        expect((await world.sell(7)).body.status).toBe('SOLD');
      } finally {
        await world.underTest.sql('drop function keep cascade');
      }
      await expect.poll(() => heard(7)).toEqual([1, 2]);
    });

    it('there is one when the time is over before the sale is, for the seats may have been told to be free', async () => {
      const expiresAt = await reserved(6, 5_000);
      const pool = new pg.Pool({ connectionString: world.underTest.database.url });
      const blocker = await pool.connect();
      let sale: ReturnType<typeof world.sell>;
      try {
        await blocker.query('begin');
        await blocker.query('select from flights where flight_id = 6 for update');
        // Its announcement is due two seconds after this, so that it is still there when it would be taken back.
        await expect.poll(() => Date.now()).toBeGreaterThan(expiresAt.getTime() - 1_700);
        sale = world.sell(6);
        await expect.poll(waitingForFlight).toBe(1);
        expect(Date.now()).toBeLessThan(expiresAt.getTime());
        await expect.poll(() => Date.now()).toBeGreaterThan(expiresAt.getTime());
        await blocker.query('commit');
      } finally {
        blocker.release();
        await pool.end();
      }
      expect((await sale).body.status).toBe('SOLD');
      await expect.poll(() => heard(6)).toEqual([1, 2]);
    });

    it('there is one when that is taken back too late', async () => {
      await reserved(8);
      await inTransaction(async (tx) => {
        const [change] = await flights.lockForChange(tx, [8], QUIET_ANNOUNCEMENT);
        await announcements.takeBack(tx, change as ChangedFlight, new Date(Date.now() - 60_000));
      });
      await expect.poll(() => heard(8)).toEqual([1, 2]);
    });

    it('the announcement of another change stays', async () => {
      await reserved(9);
      await inTransaction(async (tx) => {
        await flights.lockForChange(tx, [9], ANNOUNCEMENT);
        const [change] = await flights.lockForChange(tx, [9], QUIET_ANNOUNCEMENT);
        await announcements.takeBack(tx, change as ChangedFlight, new Date(Date.now() + 60_000));
      });
      await expect.poll(() => pending(9)).toBe(0);
      await expect.poll(() => heard(9)).toEqual([1, 3]);
    });
  });
});
