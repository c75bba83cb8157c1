import { flightCancelled } from '@flight-booking/contracts';
import { patiently } from '@flight-booking/local-stack/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeatWorld } from '../testing/seat-world.js';
import { createTestFlight } from '../testing/test-flight.js';

/** A flight with two cabins. */
const WITH_BUSINESS = 31;

describe('reservations', () => {
  const world = new SeatWorld();
  let nextBooking = 1;

  beforeAll(async () => {
    await world.start();
    world.flights(
      ...Array.from({ length: 30 }, (_, index) => createTestFlight(index + 1)),
      createTestFlight(WITH_BUSINESS, { aircraft_type: '787-8' }),
    );
  });
  afterAll(() => world.stop());

  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
  const lock = (userId: number, body: object) => world.asUser(userId, 'POST', '/api/seats/lock', body);
  const reserve = (
    bookingId: number,
    userId: number,
    flightIds: number[],
    seats: number,
    more: object = {},
  ) =>
    world.asService('PUT', `/internal/reservations/${bookingId}`, {
      user_id: userId,
      flight_ids: flightIds,
      num_seats: seats,
      expires_at: inMinutes(10),
      ...more,
    });
  const sell = (bookingId: number, paymentId?: number) => world.sell(bookingId, paymentId);
  const release = (bookingId: number) => world.asService('DELETE', `/internal/reservations/${bookingId}`);
  const counts = async (flightId: number) =>
    (await world.asUser(1, 'GET', `/api/seats/${flightId}`)).body.counts;
  const heard = (flightId: number) =>
    world.flightSearch.requests
      .filter(({ path }) => path === '/internal/events')
      .map(({ body }) => (body as { data: { flight_id: number; available: object; version: number } }).data)
      .filter((data) => data.flight_id === flightId);
  const cancelFlight = (flightId: number, eventId: string) =>
    world.tell({
      id: eventId,
      type: flightCancelled.type,
      data: flightCancelled.data.parse({ flight_id: flightId, reason: 'weather' }),
    });

  it('a lock in a cabin whose fare was not agreed is refused and stays, and serves a booking that agrees', async () => {
    const flight = WITH_BUSINESS;
    const booking = nextBooking++;
    await lock(10, { flight_id: flight, num_seats: 2, cabin: 'business' });
    const agreed = (...cabins: string[]) => ({ cabins: [{ flight_id: flight, cabins }] });
    const refused = await reserve(booking, 10, [flight], 2, agreed('economy'));
    expect([refused.status, refused.body.type]).toEqual([409, 'seats-not-locked']);
    expect(await counts(flight)).toMatchObject({ locked: 2, reserved: 0 });
    const reserved = await reserve(nextBooking++, 10, [flight], 2, agreed('economy', 'business'));
    expect(reserved.body).toMatchObject({
      status: 'RESERVED',
      seats: [{ cabin: 'business' }, { cabin: 'business' }],
    });
  });

  it('a lock becomes a reservation, then a sale, and its seats are free again when the booking is cancelled', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_id: 1, num_seats: 2 });
    const reserved = await reserve(booking, 10, [1], 2);
    expect(reserved.body).toMatchObject({
      status: 'RESERVED',
      seats: [{ seat_number: '1A', cabin: 'economy' }, { seat_number: '1B' }],
    });
    expect(await counts(1)).toMatchObject({ locked: 0, reserved: 2 });
    expect((await sell(booking)).body.status).toBe('SOLD');
    expect(await counts(1)).toMatchObject({ reserved: 0, sold: 2, available: 178 });
    expect((await lock(11, { flight_id: 1, seats: ['1A'] })).status).toBe(409);
    expect((await release(booking)).body.status).toBe('RELEASED');
    expect(await counts(1)).toMatchObject({ sold: 0, available: 180 });
    expect((await lock(11, { flight_id: 1, seats: ['1A'] })).status).toBe(201);
  });

  it('without a live lock of that customer for that many seats nothing is reserved', async () => {
    await lock(10, { flight_id: 2, num_seats: 2 });
    expect((await reserve(nextBooking++, 11, [2], 2)).body).toMatchObject({
      type: 'seats-not-locked',
      missing_step: 'lock',
    });
    expect((await reserve(nextBooking++, 10, [2], 3)).body.type).toBe('seats-not-locked');
    expect((await reserve(nextBooking++, 10, [2], 2, { lock_id: 77 })).body.type).toBe('seats-not-locked');
    expect((await reserve(nextBooking++, 10, [2], 2)).status).toBe(200);
  });

  it('every step answers the same when it is repeated', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_ids: [3, 4], num_seats: 1 });
    const first = await reserve(booking, 10, [3, 4], 1);
    expect((await reserve(booking, 10, [3, 4], 1)).body).toEqual(first.body);
    const sold = await sell(booking);
    expect((await sell(booking)).body).toEqual(sold.body);
    expect((await reserve(booking, 10, [3, 4], 1)).body.status).toBe('SOLD');
    await release(booking);
    expect((await release(booking)).body.status).toBe('RELEASED');
    expect((await reserve(booking, 10, [3, 4], 1)).body.type).toBe('seats-lost');
    expect((await sell(booking)).body).toEqual(sold.body);
    expect((await sell(booking, 1_000 + booking)).body.type).toBe('seats-lost');
  });

  it('a request that comes again is answered alike while Redis is away, and a new one is put off', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_id: 20, num_seats: 1 });
    const first = await reserve(booking, 10, [20], 1);
    await world.withRedis(async (redis) => {
      await redis.del('seats:{20}:locks');
      await redis.set('seats:{20}:locks', 'not a hash');
    });
    expect((await reserve(booking, 10, [20], 1)).body).toEqual(first.body);
    expect((await reserve(nextBooking++, 10, [20], 1)).body.type).toBe('locks-unavailable');
  });

  it('a request that comes again is answered alike although its customer has locked other seats since', async () => {
    const booking = nextBooking++;
    const economy = { cabins: [{ flight_id: WITH_BUSINESS, cabins: ['economy'] }] };
    await lock(12, { flight_id: WITH_BUSINESS, num_seats: 1, cabin: 'economy' });
    const first = await reserve(booking, 12, [WITH_BUSINESS], 1, economy);
    expect(first.body.status).toBe('RESERVED');
    await lock(12, { flight_id: WITH_BUSINESS, num_seats: 1, cabin: 'business' });
    expect((await reserve(booking, 12, [WITH_BUSINESS], 1, economy)).body).toEqual(first.body);
  });

  it('fifty parallel attempts of one booking reserve its seats once', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_id: 5, num_seats: 3 });
    const answers = await Promise.all(Array.from({ length: 50 }, () => reserve(booking, 10, [5], 3)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await counts(5)).toMatchObject({ reserved: 3, locked: 0 });
  });

  it('one lock serves one booking only, however many try at once', async () => {
    await lock(10, { flight_id: 6, num_seats: 1 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => reserve(nextBooking++, 10, [6], 1)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await counts(6)).toMatchObject({ reserved: 1 });
  });

  it('a release that overtakes its reservation wins', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_id: 7, num_seats: 1 });
    expect((await release(booking)).body).toMatchObject({ status: 'RELEASED', seats: [] });
    expect((await reserve(booking, 10, [7], 1)).body.type).toBe('seats-lost');
    expect(await counts(7)).toMatchObject({ reserved: 0 });
  });

  it('a reservation that has expired blocks nobody, and the booking that lost its seats cannot have them sold', async () => {
    const late = nextBooking++;
    await lock(10, { flight_id: 8, seats: ['3A'] });
    await reserve(late, 10, [8], 1);
    await world.letExpire(late);
    expect((await lock(11, { flight_id: 8, seats: ['3A'] })).status).toBe(201);
    expect((await sell(late)).body.type).toBe('seats-lost');
    const winner = nextBooking++;
    expect((await reserve(winner, 11, [8], 1)).status).toBe(200);
    expect((await sell(winner)).body.status).toBe('SOLD');
    expect((await sell(late)).body.type).toBe('seats-lost');
  });

  it('seats that nobody paid in time are freed, flight-search hears of it, and a late payment may have them again', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_id: 9, seats: ['3A', '3B'] });
    await reserve(booking, 10, [9], 2);
    expect(await counts(9)).toMatchObject({ reserved: 2 });
    await world.letExpire(booking);
    await world.runExpiry(booking);
    await patiently(() => expect(heard(9).at(-1)).toMatchObject({ available: { economy: 180 }, version: 2 }));
    expect(await counts(9)).toMatchObject({ available: 180 });
    expect((await sell(booking)).body.status).toBe('SOLD');
    expect(await counts(9)).toMatchObject({ sold: 2 });
  });

  it('a reservation frees its seats by itself at the time that the booking gave it', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_id: 16, num_seats: 1 });
    await reserve(booking, 10, [16], 1, { expires_at: new Date(Date.now() + 200).toISOString() });
    await patiently(async () =>
      expect(await world.pendingJobs('expire-reservation', { booking_id: booking })).toBe(0),
    );
    expect(await counts(16)).toMatchObject({ available: 180 });
  });

  it('seats that are sold in time do not expire', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_id: 15, num_seats: 2 });
    await reserve(booking, 10, [15], 2);
    expect((await sell(booking)).body.status).toBe('SOLD');
    await world.runExpiry(booking);
    await patiently(async () =>
      expect(await world.pendingJobs('expire-reservation', { booking_id: booking })).toBe(0),
    );
    expect(await counts(15)).toMatchObject({ sold: 2 });
  });

  it('Redis that forgets everything loses locks and no seat', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_id: 10, seats: ['3A'] });
    await reserve(booking, 10, [10], 1);
    await lock(11, { flight_id: 10, seats: ['3B'] });
    await world.underTest.redis.flush();
    expect((await lock(12, { flight_id: 10, seats: ['3A'] })).body).toMatchObject({
      type: 'seats-unavailable',
      seats: ['3A'],
    });
    expect((await reserve(nextBooking++, 11, [10], 1)).body.type).toBe('seats-not-locked');
    expect((await sell(booking)).body.status).toBe('SOLD');
  });

  it('a seat that Redis wrongly holds free is refused by the database, and Redis learns of it', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_id: 11, seats: ['3A'] });
    await reserve(booking, 10, [11], 1);
    // The announcement may make Redis read the seats anew, and so mend what is falsified before it.
    await patiently(async () => expect(await world.pendingJobs('announce-seats', { flight_id: 11 })).toBe(0));
    await lock(12, { flight_id: 11, seats: ['9A'] });
    await world.withRedis((redis) => redis.hDel('seats:{11}:taken', '3A'));
    expect((await lock(11, { flight_id: 11, seats: ['3A'] })).status).toBe(201);
    expect((await reserve(nextBooking++, 11, [11], 1)).body).toMatchObject({
      type: 'seats-unavailable',
      seats: ['3A'],
    });
    await world.withRedis((redis) => redis.hDel('seats:{11}:locks', '3A'));
    expect((await lock(12, { flight_id: 11, seats: ['3A'] })).body).toMatchObject({
      type: 'seats-unavailable',
    });
  });

  it('seats that another booking took over stay taken in Redis when the first booking expires afterwards', async () => {
    const late = nextBooking++;
    await lock(10, { flight_id: 17, seats: ['3A', '3B'] });
    await reserve(late, 10, [17], 2);
    await world.letExpire(late);
    await lock(11, { flight_id: 17, seats: ['3A'] });
    const winner = nextBooking++;
    expect((await reserve(winner, 11, [17], 1)).status).toBe(200);
    expect((await sell(winner)).body.status).toBe('SOLD');
    await world.runExpiry(late);
    await patiently(async () =>
      expect(await world.pendingJobs('expire-reservation', { booking_id: late })).toBe(0),
    );
    expect((await lock(12, { flight_id: 17, seats: ['3A'] })).body.type).toBe('seats-unavailable');
    expect((await lock(12, { flight_id: 17, seats: ['3B'] })).status).toBe(201);
  });

  it('a cancelled flight takes no lock, no reservation and no sale any more, and hears of it once or twice alike', async () => {
    const booking = nextBooking++;
    await lock(10, { flight_id: 12, num_seats: 1 });
    await reserve(booking, 10, [12], 1);
    await lock(11, { flight_id: 12, num_seats: 1 });
    expect((await cancelFlight(12, 'event-12')).status).toBe(204);
    expect((await cancelFlight(12, 'event-12')).status).toBe(204);
    expect((await lock(12, { flight_id: 12, num_seats: 1 })).body.type).toBe('flight-cancelled');
    expect((await reserve(nextBooking++, 11, [12], 1)).body.type).toBe('flight-cancelled');
    expect((await sell(booking)).body).toMatchObject({
      status: 409,
      type: 'flight-cancelled',
      flight_id: 12,
    });
    expect(await counts(12)).toMatchObject({ reserved: 1, sold: 0 });
    expect((await release(booking)).body.status).toBe('RELEASED');
  });

  it('a customer may have nine seats of a flight reserved without paying, whatever number of bookings they are in', async () => {
    const first = nextBooking++;
    await lock(10, { flight_id: 18, num_seats: 9 });
    expect((await reserve(first, 10, [18], 9)).status).toBe(200);
    await lock(10, { flight_id: 18, seats: ['20A'] });
    expect((await reserve(nextBooking++, 10, [18], 1)).body).toMatchObject({
      status: 409,
      type: 'reservation-limit-reached',
      flight_id: 18,
      reserved: 9,
      limit: 9,
    });
    expect(await counts(18)).toMatchObject({ reserved: 9, locked: 1 });
    await lock(11, { flight_id: 18, num_seats: 9 });
    expect((await reserve(nextBooking++, 11, [18], 9)).status).toBe(200);
    expect((await sell(first)).body.status).toBe('SOLD');
    const second = nextBooking++;
    expect((await reserve(second, 10, [18], 1)).status).toBe(200);
    await world.letExpire(second);
    await lock(10, { flight_id: 18, num_seats: 9 });
    expect((await reserve(nextBooking++, 10, [18], 9)).status).toBe(200);
  });

  it('many bookings of one customer at once do not get more than nine seats', async () => {
    const locks = [];
    for (const seats of [
      ['3A', '3B', '3C'],
      ['4A', '4B', '4C'],
      ['5A', '5B', '5C'],
    ])
      locks.push(await lock(10, { flight_id: 19, seats }));
    const all = await Promise.all(locks.map(({ body }) => world.reserve(nextBooking++, 10, [19], body)));
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200]);
    const more = [];
    for (const seats of [['6A'], ['7A'], ['8A'], ['9A']])
      more.push((await lock(10, { flight_id: 19, seats })).body);
    const first = all[0]?.body.booking_id;
    await release(first);
    const answers = await Promise.all(more.map((body) => world.reserve(nextBooking++, 10, [19], body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(await counts(19)).toMatchObject({ reserved: 9 });
  });

  it('flight-search hears of every change, with the count as it is and a growing version', async () => {
    await lock(10, { flight_id: 13, num_seats: 4 });
    await reserve(nextBooking++, 10, [13], 4);
    await patiently(() =>
      expect(heard(13)).toContainEqual({ flight_id: 13, available: { economy: 176 }, version: 1 }),
    );
  });

  it('a replica refuses what another has locked', async () => {
    await lock(10, { flight_id: 14, seats: ['1A'] });
    const replica = await world.underTest.startInstance();
    const wish = { flight_id: 14, seats: ['1A'] };
    const refused = await world.asUser(11, 'POST', '/api/seats/lock', wish, replica);
    expect(refused.body).toMatchObject({ type: 'seats-unavailable', seats: ['1A'] });
  });

  it('internal routes are closed to customers', async () => {
    expect((await world.asUser(1, 'PUT', '/internal/reservations/1/sale')).status).toBe(403);
  });
});
