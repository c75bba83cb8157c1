import { randomUUID } from 'node:crypto';
import { flightDetails, flightRescheduled } from '@flight-booking/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeatWorld } from '../testing/seat-world.js';
import { createTestFlight } from '../testing/test-flight.js';

const DAY_MS = 86_400_000;

describe('the departure of a flight', () => {
  const world = new SeatWorld();
  const inDays = (days: number) => new Date(Math.floor(Date.now() / 60_000) * 60_000 + days * DAY_MS);
  const [first, second, third] = [inDays(20), inDays(21), inDays(22)] as const;

  beforeAll(async () => {
    await world.start();
    world.flights(...[1, 2, 3].map((id) => createTestFlight(id, { departure_time: first.toISOString() })));
  });
  afterAll(() => world.stop());

  /** Tells that a flight was moved, at so many ms after all this began. */
  const reschedule = (flightId: number, departure: Date, publishedMs: number) =>
    world.tell({
      id: randomUUID(),
      type: flightRescheduled.type,
      time: new Date(1_800_000_000_000 + publishedMs).toISOString(),
      data: flightRescheduled.data.parse({ flight_id: flightId, departure_time: departure.toISOString() }),
    });
  const look = (flightId: number) => world.asUser(1, 'GET', `/api/seats/${flightId}`);
  const departureOf = async (flightId: number) =>
    (await world.underTest.sql('select departure_at from flights where flight_id = $1', [flightId]))[0]
      ?.departure_at;

  it('is the one that was told last, not the one that was delivered last', async () => {
    await look(1);
    await reschedule(1, third, 2_000);
    await reschedule(1, second, 1_000);
    expect(await departureOf(1)).toEqual(third);
    await reschedule(1, second, 3_000);
    expect(await departureOf(1)).toEqual(second);
  });

  it('is the one that was told last although the flight was not known then', async () => {
    await reschedule(2, third, 2_000);
    await look(2);
    expect(await departureOf(2)).toEqual(third);
    await reschedule(2, second, 1_000);
    expect(await departureOf(2)).toEqual(third);
  });

  it('is the newest, in whatever order many deliveries come at once', async () => {
    await look(3);
    const times = Array.from({ length: 12 }, (_, index) => index * 1_000);
    await Promise.all(times.toReversed().map((ms) => reschedule(3, ms === 11_000 ? third : second, ms)));
    expect(await departureOf(3)).toEqual(third);
  });
});

describe('a flight that is being met', () => {
  const world = new SeatWorld();

  beforeAll(() => world.start());
  afterAll(() => world.stop());

  it('is closed when it is cancelled meanwhile, although that was told before its row was there', async () => {
    const answers = [createTestFlight(1), createTestFlight(1, { status: 'CANCELLED' })];
    world.flightSearch.on('GET', '/internal/flights', () => ({
      body: flightDetails.parse({ flights: [answers.shift()] }),
    }));
    const wish = { flight_id: 1, num_seats: 1 };
    for (const _attempt of [1, 2])
      expect((await world.asUser(10, 'POST', '/api/seats/lock', wish)).body.type).toBe('flight-cancelled');
  });

  it('is known once to many who meet it at once', async () => {
    world.flights(createTestFlight(2));
    const looks = Array.from({ length: 10 }, (_, user) =>
      world.asUser(user + 1, 'POST', '/api/seats/lock', { flight_id: 2, num_seats: 1 }),
    );
    expect((await Promise.all(looks)).map(({ status }) => status)).toEqual(looks.map(() => 201));
  });
});
