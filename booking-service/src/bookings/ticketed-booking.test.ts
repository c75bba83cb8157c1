import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BookingWorld, eventually } from '../testing/booking-world.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
});
afterAll(() => world.stop());

describe('a ticket', () => {
  const ticketed = (id: number, ticket: number) =>
    world.request(service, { service: 'ticket-service' }, 'POST', `/internal/bookings/${id}/ticketed`, {
      ticket_id: ticket,
    });

  it('makes a paid booking TICKETED, once', async () => {
    const { booking_id: id } = await world.booked(service, 30);
    expect((await ticketed(id, 7)).status).toBe(409);
    await world.confirm(service, id);
    const answers = await Promise.all([ticketed(id, 7), ticketed(id, 7)]);
    expect(answers).toEqual(
      Array(2).fill({ status: 200, body: { booking_id: id, booking_status: 'TICKETED' } }),
    );
    expect(await ticketed(id, 8)).toMatchObject({ status: 409, body: { type: 'ticket-refused' } });
    await eventually(() => world.eventsOf(id).length === 2);
    expect(world.eventsOf(id)).toEqual(expect.arrayContaining(['booking.confirmed', 'booking.ticketed']));
  });

  it('does not bring a cancelled booking back', async () => {
    const { booking_id: id } = await world.booked(service, 31);
    await world.confirm(service, id);
    await world.request(service, { userId: 31 }, 'POST', `/api/bookings/${id}/cancel`);
    expect(await ticketed(id, 9)).toMatchObject({ status: 200, body: { booking_status: 'CANCELLED' } });
  });

  it('is refused for a booking that does not exist', async () => {
    expect((await ticketed(999_999, 1)).status).toBe(404);
  });
});
