import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import { EXAMPLE_FARE_PAISE } from '../testing/example-flights.js';

let world: BookingWorld;

beforeAll(async () => {
  world = await new BookingWorld().start();
});
afterAll(() => world.stop());

const lastBookingId = async () => {
  const { id } = await world.database.row<{ id: number }>(
    'select coalesce(max(booking_id), 0) as id from bookings',
  );
  return id;
};

describe('a booking that nobody pays', () => {
  it('expires by itself, gives its discount back, and leaves its seats to seat-service', async () => {
    const service = await world.service({ BOOKING_TTL_MS: '200' });
    const { booking_id: id } = await world.booked(service, 1, { discount_code: 'FLY50' });
    await eventually(async () => (await world.statusOf(id)) === 'EXPIRED');
    await eventually(() => world.discounts.redemptions.get(id) === 'LAPSED');
    await eventually(() => world.eventsOf(id).includes('booking.expired'));
    expect(world.seats.statusOf(id)).toBe('RELEASED');
    expect(
      world.seats.stub.requests.some(({ method, path }) => method === 'DELETE' && path.endsWith(`/${id}`)),
    ).toBe(false);
    expect(await world.historyOf(id)).toEqual(['CREATED created', 'PENDING offered', 'EXPIRED unpaid']);
    await service.stop();
  });

  it('counts as expired as soon as its time is over, whether or not a job has been there', async () => {
    const service = await world.service();
    const { booking_id: id } = await world.booked(service, 2);
    await world.database.execute('update bookings set expires_at = now() where booking_id = $1', [id]);
    expect(await world.statusOf(id)).toBe('PENDING');
    const { body } = await world.request(service, { userId: 2 }, 'GET', `/api/bookings/${id}`);
    expect(body).toMatchObject({ status: 'EXPIRED' });
    const internal = await world.request(
      service,
      { service: 'ticket-service' },
      'GET',
      `/internal/bookings/${id}`,
    );
    expect(internal.body).toMatchObject({ status: 'EXPIRED' });
    const listed = await world.request(service, { userId: 2 }, 'GET', '/api/bookings?status=EXPIRED');
    expect(listed.body['bookings']).toHaveLength(1);
    const pending = await world.request(service, { userId: 2 }, 'GET', '/api/bookings?status=PENDING');
    expect(pending.body['bookings']).toHaveLength(0);
    await service.stop();
  });
});

describe('a service that dies', () => {
  /** Stops a copy in the middle of a request, whose answer nobody lives to see. */
  const dieDuring = async (
    request: Promise<unknown>,
    copy: Service,
    moment: () => boolean | Promise<boolean>,
  ) => {
    const settled = request.catch(() => undefined);
    await eventually(moment);
    await copy.stop();
    await settled;
  };

  it('before the seats are reserved: the booking is taken back by another copy', async () => {
    const first = await world.service();
    const before = await lastBookingId();
    world.seats.stub.hang();
    const wish = world.create(first, 10, { discount_code: 'FLY50' });
    await dieDuring(wish, first, async () => (await lastBookingId()) > before);
    world.seats.stub.resume();
    const id = await lastBookingId();
    const second = await world.service();
    await world.timePasses();
    await eventually(async () => (await world.statusOf(id)) === 'CANCELLED');
    await eventually(() => world.seats.statusOf(id) === 'RELEASED');
    await eventually(() => world.discounts.redemptions.get(id) === 'RELEASED');
    await second.stop();
  });

  it('after the seats were sold: another copy confirms the booking although nobody asks again', async () => {
    const first = await world.service();
    const { booking_id: id } = await world.booked(first, 11);
    let sold = false;
    let goOn = () => {};
    world.seats.afterSale = () => {
      sold = true;
      return new Promise((resolve) => (goOn = resolve));
    };
    await dieDuring(world.confirm(first, id, 601), first, () => sold);
    goOn();
    world.seats.afterSale = async () => {};
    expect(await world.statusOf(id)).toBe('PENDING');
    const second = await world.service();
    await world.timePasses();
    await eventually(async () => (await world.statusOf(id)) === 'CONFIRMED');
    expect((await world.confirm(second, id, 601)).body).toEqual({
      accepted: true,
      booking_status: 'CONFIRMED',
    });
    await second.stop();
  });

  it('with jobs to do: another copy does them', async () => {
    const first = await world.service();
    const { booking_id: id } = await world.booked(first, 12);
    await world.confirm(first, id);
    await Promise.all([world.payment.stop(), world.seats.stub.stop(), world.notification.stop()]);
    await world.request(first, { userId: 12 }, 'POST', `/api/bookings/${id}/cancel`);
    await first.stop();
    await Promise.all([world.payment.start(), world.seats.stub.start(), world.notification.start()]);
    expect(world.refundsOf(id)).toBe(0);
    const second = await world.service();
    await world.timePasses();
    await eventually(() => world.refundsOf(id) === 1);
    await eventually(() => world.seats.statusOf(id) === 'RELEASED');
    await eventually(() => world.eventsOf(id).includes('booking.cancelled'));
    await second.stop();
  });
});

describe('a neighbour that is away', () => {
  it('delays the decision on a payment until it is back', async () => {
    const service = await world.service();
    const { booking_id: id } = await world.booked(service, 13);
    world.seats.stub.failNext(3);
    expect((await world.confirm(service, id, 602, EXAMPLE_FARE_PAISE)).status).toBe(503);
    expect(await world.statusOf(id)).toBe('PENDING');
    await world.timePasses();
    await eventually(async () => (await world.statusOf(id)) === 'CONFIRMED');
    await service.stop();
  });
});
