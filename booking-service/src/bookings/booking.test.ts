import { bookingDetail, bookingStatus } from '@flight-booking/contracts';
import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BookingWorld } from '../testing/booking-world.js';
import { MOVES, requireMove } from './booking.js';
import { bookingView } from './booking.schemas.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
});
afterAll(() => world.stop());

const get = (userId: number, path: string, role: 'customer' | 'admin' = 'customer') =>
  world.request(service, { userId, role }, 'GET', path);

describe('reading bookings', () => {
  it('shows a booking to its customer and to an administrator, and to nobody else', async () => {
    const booking = await world.booked(service, 1);
    const path = `/api/bookings/${booking.booking_id}`;
    expect(await get(1, path)).toEqual({ status: 200, body: booking });
    expect(await get(2, path, 'admin')).toEqual({ status: 200, body: booking });
    const stranger = await get(3, path);
    const unknown = await get(3, '/api/bookings/999999');
    expect(stranger.status).toBe(404);
    expect(stranger.body).toMatchObject({ booking_id: booking.booking_id });
    const asked = { booking_id: 0, request_id: '' };
    expect({ ...stranger.body, ...asked }).toEqual({ ...unknown.body, ...asked });
    expect(bookingView.parse(booking)).toEqual(booking);
  });

  it.each(['0', '-1', 'abc', '1.5', '99999999999999999999', '1%00', '1%27--'])(
    'refuses the id %s',
    async (id) => {
      expect((await get(1, `/api/bookings/${id}`)).status).toBe(400);
    },
  );

  it('gives the other services all they need, in the form that they agreed on', async () => {
    const booking = await world.booked(service, 4, { discount_code: 'FLY50', num_seats: 2 });
    const path = `/internal/bookings/${booking.booking_id}`;
    const { body } = await world.request(service, { service: 'ticket-service' }, 'GET', path);
    const detail = bookingDetail.parse(body);
    expect(detail).toMatchObject({ pnr: booking.pnr, status: 'PENDING', discount_code: 'FLY50' });
    expect(detail.flights[0]).toEqual(world.flights.get(1));
    expect(detail.price_lines.reduce((total, line) => total + line.amount_paise, 0)).toBe(
      detail.amount_due_paise,
    );
    expect((await get(4, path)).status).toBe(403);
    expect((await get(4, path, 'admin')).status).toBe(403);
  });

  it('lists the newest first, page by page, one customer apart from another', async () => {
    const made = [];
    for (let count = 0; count < 5; count += 1) made.push(await world.booked(service, 5));
    await world.booked(service, 6);
    const newestFirst = made.map((booking) => booking.booking_id).toReversed();
    const pages: number[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await get(5, `/api/bookings?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      pages.push((body['bookings'] as { booking_id: number }[]).map((booking) => booking.booking_id));
      cursor = body['next_cursor'] as string | null;
    }
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual(newestFirst);
  });

  it('lists by state', async () => {
    const { booking_id: paid } = await world.booked(service, 7);
    await world.booked(service, 7);
    await world.confirm(service, paid);
    const { body } = await get(7, '/api/bookings?status=CONFIRMED');
    expect((body['bookings'] as { booking_id: number }[]).map((booking) => booking.booking_id)).toEqual([
      paid,
    ]);
  });

  it.each([
    'status=CREATED',
    'status=nope',
    'limit=0',
    'limit=101',
    'limit=x',
    'cursor=%00',
    'cursor=!!',
    'user=1',
  ])('refuses the query %s', async (query) => {
    expect((await get(7, `/api/bookings?${query}`)).status).toBe(400);
  });

  it('finds a booking by record locator and surname, in any case, for its customer alone', async () => {
    const passengers = [{ name: 'Jürgen Müller' }, { name: 'Ana de la Cruz' }];
    const { pnr, booking_id: id } = await world.booked(service, 8, { num_seats: 2, passengers });
    const find = async (userId: number, locator: string, name: string) =>
      (await get(userId, `/api/bookings/pnr/${locator}?last_name=${encodeURIComponent(name)}`)).status;
    const { body } = await get(8, `/api/bookings/pnr/${pnr.toLowerCase()}?last_name=MULLER`);
    expect(body).toMatchObject({ booking_id: id });
    expect(await find(8, pnr, 'de la cruz')).toBe(200);
    expect(await find(8, pnr, 'Jürgen')).toBe(404);
    expect(await find(9, pnr, 'Müller')).toBe(404);
    expect(await find(8, 'ZZZZZZ', 'Müller')).toBe(404);
    expect(await find(8, 'AAAAAA', 'Müller')).toBe(400);
    expect((await get(8, `/api/bookings/pnr/${pnr}`)).status).toBe(400);
  });
});

describe('the life of a booking', () => {
  it('has the same moves in the code and in the database', async () => {
    const rows = await world.database.rows<{ from_status: string; to_status: string }>(
      'select * from booking_moves',
    );
    const stored = rows.map((row) => `${row.from_status}>${row.to_status}`).toSorted();
    const coded = Object.entries(MOVES).flatMap(([from, targets]) => targets.map((to) => `${from}>${to}`));
    expect(stored).toEqual(coded.toSorted());
  });

  it('refuses every other move, in the code and in the database', async () => {
    const { booking_id: bookingId } = await world.booked(service, 20);
    await world.request(service, { userId: 20 }, 'POST', `/api/bookings/${bookingId}/cancel`);
    for (const to of bookingStatus.options.filter((status) => status !== 'CANCELLED')) {
      expect(() => requireMove({ bookingId, status: 'CANCELLED' }, to)).toThrow('cannot become');
      const move = world.database.execute('update bookings set status = $2 where booking_id = $1', [
        bookingId,
        to,
      ]);
      await expect(move).rejects.toThrow('cannot become');
    }
  });

  it.each([
    'update booking_history set cause = cause',
    'delete from booking_history',
    'truncate booking_history',
    'update booking_price_lines set amount_paise = 1',
    'delete from booking_price_lines',
    'update bookings set amount_due_paise = amount_due_paise - 1',
    `insert into booking_price_lines (booking_id, position, flight_id, kind, description, quantity, amount_paise)
     select booking_id, 99, 1, 'base_fare', 'one more', 1, 100 from bookings limit 1`,
    `insert into bookings (user_id, pnr, status, status_cause, seat_count, contact_name, contact_email, departs_at,
                           expires_at, created_at)
     values (1, 'BBBBB2', 'CANCELLED', 'created', 1, 'a', 'b', now(), now(), now())`,
  ])('cannot be rewritten: %s', async (statement) => {
    await world.booked(service, 21);
    await expect(world.database.execute(statement)).rejects.toMatchObject({ code: '23514' });
  });

  it('is told by its history alone', async () => {
    const { differing } = await world.database.row<{ differing: number }>(
      `select count(*) as differing from bookings b
       where status <> (select to_status from booking_history h where h.booking_id = b.booking_id
                        order by history_id desc limit 1)`,
    );
    expect(differing).toBe(0);
  });
});

describe('the service', () => {
  it('describes its public routes and answers unknown ones with problems', async () => {
    expect(Object.keys(service.openapiPaths)).toEqual([
      '/api/bookings/create',
      '/api/bookings',
      '/api/bookings/pnr/{pnr}',
      '/api/bookings/{id}',
      '/api/bookings/{id}/cancellation-quote',
      '/api/bookings/{id}/cancel',
      '/api/bookings/{id}/timeline',
      '/api/bookings/stuck',
      '/api/bookings/{id}/retry',
      '/api/bookings/{id}/refund',
      '/api/bookings/stuck-jobs',
      '/api/bookings/stuck-jobs/{id}/retry',
    ]);
    expect((await get(1, '/api/nothing')).status).toBe(404);
    expect((await world.request(service, { userId: 1 }, 'DELETE', '/api/bookings/1')).status).toBe(405);
  });
});
