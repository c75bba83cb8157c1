import { timelinePart } from '@flight-booking/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROKEN_SEAT_CHAINS } from '../testing/seat-chains.js';
import { SeatWorld } from '../testing/seat-world.js';
import { createTestFlight } from '../testing/test-flight.js';

describe('the history of seats', () => {
  const world = new SeatWorld();
  let nextBooking = 1;

  beforeAll(async () => {
    await world.start();
    world.flights(...Array.from({ length: 10 }, (_, index) => createTestFlight(index + 1)));
  });
  afterAll(() => world.stop());

  const booked = async (userId: number, flightIds: number[], wish: object) => {
    const bookingId = nextBooking++;
    const place = flightIds.length === 1 ? { flight_id: flightIds[0] } : { flight_ids: flightIds };
    const { body: lock } = await world.asUser(userId, 'POST', '/api/seats/lock', { ...place, ...wish });
    const reserved = await world.reserve(bookingId, userId, flightIds, lock);
    expect(reserved.status).toBe(200);
    return { bookingId, lock };
  };
  const sell = (bookingId: number) => world.sell(bookingId);
  const release = (bookingId: number) => world.asService('DELETE', `/internal/reservations/${bookingId}`);
  const timeline = async (bookingId: number) => {
    const { status, body } = await world.asService('GET', `/internal/bookings/${bookingId}/timeline`);
    expect(status).toBe(200);
    return timelinePart.parse(body).entries;
  };
  const chainOf = async (flightId: number, seat: string) =>
    (
      await world.underTest.sql(
        'select event, booking_id from seat_history where flight_id = $1 and seat_number = $2 order by version',
        [flightId, seat],
      )
    ).map(({ event, booking_id: bookingId }) => [event, bookingId]);
  const brokenChains = async (flightId: number) =>
    (await world.underTest.sql(BROKEN_SEAT_CHAINS)).filter((broken) => broken.flight_id === flightId);

  it('tells of each seat who took it and who freed it, one after the other', async () => {
    const { bookingId: first } = await booked(10, [1], { seats: ['3A'] });
    await sell(first);
    await sell(first);
    await release(first);
    await release(first);
    const { bookingId: second } = await booked(11, [1], { seats: ['3A'] });
    expect(await chainOf(1, '3A')).toEqual([
      ['RESERVED', first],
      ['SOLD', first],
      ['RELEASED', first],
      ['RESERVED', second],
    ]);
    expect(await brokenChains(1)).toEqual([]);
  });

  it('says that a seat expired when another booking takes it over before anybody has freed it', async () => {
    const { bookingId: late } = await booked(10, [2], { seats: ['3A'] });
    await world.letExpire(late);
    const { bookingId: next } = await booked(11, [2], { seats: ['3A'] });
    await world.runExpiry(late);
    await expect.poll(() => world.pendingJobs('expire-reservation', { booking_id: late })).toBe(0);
    expect(await chainOf(2, '3A')).toEqual([
      ['RESERVED', late],
      ['EXPIRED', late],
      ['RESERVED', next],
    ]);
    expect(await brokenChains(2)).toEqual([]);
  });

  it('shows a seat that was taken from a booking which still had it', async () => {
    const { bookingId: robbed } = await booked(10, [3], { seats: ['3A'] });
    const { bookingId: robber } = await booked(11, [3], { seats: ['9C'] });
    const takeOver = "update seats set booking_id = $1 where flight_id = 3 and seat_number = '3A'";
    await world.underTest.sql(takeOver, [robber]);
    expect(await brokenChains(3)).toEqual([
      { flight_id: 3, seat_number: '3A', version: 2, event: 'RESERVED', booking_id: robber },
    ]);
    await release(robber);
    expect(await chainOf(3, '3A')).toEqual([
      ['RESERVED', robbed],
      ['RESERVED', robber],
      ['RELEASED', robber],
    ]);
    expect(await brokenChains(3)).toHaveLength(1);
  });

  it.each(['seat_history', 'reservation_history'])('%s cannot be changed afterwards', async (table) => {
    await booked(10, [4], { num_seats: 1 });
    for (const statement of [
      `update ${table} set version = 7`,
      `delete from ${table}`,
      `truncate ${table}`,
    ]) {
      await expect(world.underTest.sql(statement)).rejects.toMatchObject({
        constraint: `${table}_append_only`,
      });
    }
  });

  it('tells a booking from its lock to its end, with the times that were stored', async () => {
    const { bookingId, lock } = await booked(10, [5, 6], { num_seats: 2 });
    await sell(bookingId);
    await release(bookingId);
    const entries = await timeline(bookingId);
    expect(entries.map(({ event, cause }) => [event, cause])).toEqual([
      ['seats.locked', 'customer'],
      ['seats.reserved', 'booking-service'],
      ['seats.sold', 'booking-service: the booking is paid'],
      ['seats.released', 'booking-service: the booking ended'],
    ]);
    const [locked, reserved] = entries;
    expect(locked?.detail).toBe(
      `Lock ${lock.lock_id} of 1A, 1B of flight 5 and 1A, 1B of flight 6, until ${lock.expires_at}.`,
    );
    expect(reserved?.detail).toMatch(/^Reserved 1A, 1B of flight 5 and 1A, 1B of flight 6, until 20.*Z\.$/);
    const times = entries.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Date.parse(lock.expires_at) - (times[0] ?? 0)).toBeGreaterThan(590_000);
    expect(await timeline(bookingId)).toEqual(entries);
  });

  it('tells that time ran out, and that a late payment had the seats all the same', async () => {
    const { bookingId } = await booked(10, [7], { num_seats: 1 });
    await world.letExpire(bookingId);
    await world.runExpiry(bookingId);
    const events = async () => (await timeline(bookingId)).map(({ event }) => event);
    await expect.poll(events).toEqual(['seats.locked', 'seats.reserved', 'seats.expired']);
    await sell(bookingId);
    expect((await events()).at(-1)).toBe('seats.sold');
    expect(await brokenChains(7)).toEqual([]);
  });

  it('knows nothing of the lock that Redis has forgotten, and of a booking that never came', async () => {
    const bookingId = nextBooking++;
    const { body: lock } = await world.asUser(10, 'POST', '/api/seats/lock', { flight_id: 8, num_seats: 1 });
    await world.withRedis((redis) => redis.del(`seat-lock:${lock.lock_id}`));
    expect((await world.reserve(bookingId, 10, [8], lock)).status).toBe(200);
    expect((await timeline(bookingId)).map(({ event }) => event)).toEqual(['seats.reserved']);
    expect(await timeline(987_654_321)).toEqual([]);
    await release(987_654_321);
    expect(await timeline(987_654_321)).toMatchObject([
      { event: 'seats.released', detail: 'Freed no seats, for none were reserved yet.' },
    ]);
  });
});
