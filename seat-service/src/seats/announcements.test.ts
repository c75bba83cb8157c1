import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeatWorld } from '../testing/seat-world.js';
import { createTestFlight } from '../testing/test-flight.js';

describe('announcements of seats', () => {
  const world = new SeatWorld();

  beforeAll(async () => {
    await world.start();
    world.flights(...[1, 2, 3].map((id) => createTestFlight(id)));
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
      .poll(() => heard, { timeout: 15_000 })
      .toEqual(
        expect.arrayContaining(
          [2, 3].map((id) => ({ flight_id: id, available: { economy: 178 }, version: 2 })),
        ),
      );
  });
});
