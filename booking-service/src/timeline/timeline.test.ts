import type { StubService } from '@flight-booking/local-stack/testing';
import { rupeesToPaise, type TimelineEntry } from '@flight-booking/contracts';
import type { Service } from '@flight-booking/platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import { mergedTimeline } from './timeline.js';
import { timelineView, type NeighbourName, type TimelineView } from './timeline.schemas.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
  for (const name of NEIGHBOURS) tells(name, []);
});
afterAll(() => world.stop());
afterEach(() => stubOf('payment').resume());

const NEIGHBOURS: readonly NeighbourName[] = ['seat', 'discount', 'payment', 'ticket', 'notification'];

const stubOf = (name: NeighbourName): StubService =>
  ({
    seat: world.seats.stub,
    discount: world.discounts.stub,
    payment: world.payment,
    ticket: world.ticket,
    notification: world.notification,
  })[name];

/** Has a neighbour answer with these entries for every booking. */
const tells = (name: NeighbourName, entries: readonly TimelineEntry[]) =>
  stubOf(name).on('GET', '/internal/bookings/:id/timeline', () => ({ body: { entries } }));

const entry = (at: string, event: string): TimelineEntry => ({ at, event, detail: 'as told', cause: 'test' });

const get = (userId: number, bookingId: number | string, role: 'customer' | 'admin' = 'customer') =>
  world.request(service, { userId, role }, 'GET', `/api/bookings/${bookingId}/timeline`);

const timelineOf = async (userId: number, bookingId: number): Promise<TimelineView> =>
  timelineView.parse((await get(userId, bookingId)).body);

const told = ({ entries }: TimelineView) => entries.map(({ service: by, event }) => `${by} ${event}`);

const wasFollowedUp = (bookingId: number, followUp: string) => async () => {
  const rows = await world.database.rows(
    'select from booking_follow_ups where booking_id = $1 and follow_up = $2 and done_at is not null',
    [bookingId, followUp],
  );
  return rows.length === 1;
};

describe('the timeline of a booking', () => {
  it('tells price, payment, redemption and refund with their causes, in the order in which they happened', async () => {
    const wish = { discount_code: 'FLY50' };
    const { booking_id: id, pnr, amount_due: amountDue } = await world.booked(service, 1, wish);
    await world.confirm(service, id, 101, rupeesToPaise(amountDue));
    await eventually(wasFollowedUp(id, 'settle-redemption'));
    expect(told(await timelineOf(1, id))).toEqual([
      'booking booking.created',
      'booking booking.priced',
      'booking payment.reported',
      'booking payment.accepted',
      'booking booking.confirmed',
      'booking redemption.settled',
    ]);
    await world.request(service, { userId: 1 }, 'POST', `/api/bookings/${id}/cancel`, { reason: 'I am ill' });
    await eventually(wasFollowedUp(id, 'refund-booking'));
    await eventually(wasFollowedUp(id, 'release-seats'));
    await eventually(wasFollowedUp(id, 'settle-redemption'));
    const { entries, incomplete } = await timelineOf(1, id);
    expect(incomplete).toEqual([]);
    expect(entries.map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        'booking.cancelled',
        'refund.requested',
        'seats.given_back',
        'redemption.settled',
      ]),
    );
    expect(entries.find(({ event }) => event === 'booking.created')).toMatchObject({
      detail: `Booking ${pnr} of 1 seat on AI503 was begun.`,
      cause: 'customer',
    });
    expect(entries.find(({ event }) => event === 'booking.priced')?.detail).toMatch(
      /^₹[\d,.]+ are due until \S+Z: .*Base fare, economy saver ₹4,500\.00.*\. Seats 12A\.$/,
    );
    expect(entries.find(({ event }) => event === 'booking.cancelled')?.cause).toBe('customer: I am ill');
    expect(entries.find(({ event }) => event === 'redemption.settled')?.detail).toBe(
      'The use of code FLY50 is RELEASED.',
    );
  });

  it('says why a payment went back', async () => {
    const { booking_id: id } = await world.booked(service, 2);
    await world.confirm(service, id, 201);
    await world.confirm(service, id, 202);
    const { entries } = await timelineOf(2, id);
    expect(entries.find(({ event }) => event === 'payment.returned')).toMatchObject({
      detail: 'Payment 202 of ₹5,918.00 goes back.',
      cause: 'booking-service: The booking had already been paid.',
    });
  });

  it('tells what the customer was quoted, and what got stuck and was resolved', async () => {
    const { booking_id: id } = await world.booked(service, 7);
    await world.confirm(service, id);
    await world.request(service, { userId: 7 }, 'GET', `/api/bookings/${id}/cancellation-quote`);
    await world.database.execute(
      `insert into stuck_jobs (job, payload, max_attempts, attempts, reason)
       values ('release-seats', json_build_object('data', json_build_object('booking_id', $1::bigint),
                                                  'request_id', 'r', 'trace_id', 't'), 240, 240, 'seat refused: 409')`,
      [id],
    );
    const admin = { userId: 8, role: 'admin' } as const;
    await world.request(service, admin, 'POST', `/api/bookings/${id}/retry`, {});
    const { entries } = await timelineOf(7, id);
    expect(entries.slice(-3)).toMatchObject([
      {
        event: 'cancellation.quoted',
        detail: expect.stringMatching(/^Quote \d+: of ₹5,918\.00, ₹5,918\.00 would come back\. \S/) as string,
        cause: 'customer',
      },
      {
        event: 'work.stuck',
        detail: 'The work release-seats was given up after 240 attempts.',
        cause: 'booking-service: seat refused: 409',
      },
      { event: 'work.resolved', cause: 'operator: retried' },
    ]);
  });

  it('tells of the quote that was confirmed and of the last one, but not of all that were asked for', async () => {
    const { booking_id: id } = await world.booked(service, 9);
    await world.confirm(service, id);
    const path = `/api/bookings/${id}/cancellation-quote`;
    const quoted: unknown[] = [];
    for (const hours of [100, 60, 12]) {
      await world.database.execute(
        `update bookings set created_at = now() - interval '3 days', departs_at = now() + $2 * interval '1 hour'
         where booking_id = $1`,
        [id, hours],
      );
      quoted.push((await world.request(service, { userId: 9 }, 'GET', path)).body['quote_id']);
    }
    const told = async () =>
      (await timelineOf(9, id)).entries
        .filter(({ event }) => event === 'cancellation.quoted')
        .map(({ detail }) => Number(/^Quote (\d+)/.exec(detail ?? '')?.[1]));
    expect(await told()).toEqual(quoted.slice(-1));
    const body = { quote_id: quoted[1] };
    await world.request(service, { userId: 9 }, 'POST', `/api/bookings/${id}/cancel`, body);
    expect(await told()).toEqual(quoted.slice(1));
  });

  it('takes in what every other service tells', async () => {
    const { booking_id: id } = await world.booked(service, 3);
    tells('seat', [entry('2020-01-01T00:00:00.000Z', 'seats.locked')]);
    tells('payment', [entry('2099-01-01T00:00:00.000Z', 'refund.succeeded')]);
    tells('notification', [entry('2099-01-01T05:30:00.000+05:30', 'notification.sent')]);
    expect(told(await timelineOf(3, id))).toEqual([
      'seat seats.locked',
      'booking booking.created',
      'booking booking.priced',
      'payment refund.succeeded',
      'notification notification.sent',
    ]);
    for (const name of NEIGHBOURS) tells(name, []);
  });

  it('is answered without a service that is down, does not answer, or refuses, and says so', async () => {
    const { booking_id: id } = await world.booked(service, 4);
    const refuses = () => ({ status: 404, body: { type: 'x', title: 'x', status: 404, request_id: 'x' } });
    stubOf('ticket').on('GET', '/internal/bookings/:id/timeline', refuses);
    await stubOf('notification').stop();
    stubOf('payment').hang();
    const { entries, incomplete } = await timelineOf(4, id);
    expect(entries).toHaveLength(2);
    expect(incomplete).toEqual(['payment', 'ticket', 'notification']);
    await stubOf('notification').start();
    for (const name of NEIGHBOURS) tells(name, []);
  });

  it('is shown to its customer and to an administrator, and to nobody else', async () => {
    const { booking_id: id } = await world.booked(service, 5);
    expect((await get(5, id)).status).toBe(200);
    expect((await get(6, id, 'admin')).status).toBe(200);
    expect((await get(6, id)).status).toBe(404);
    expect((await get(5, 999_999)).status).toBe(404);
    expect((await get(5, 'abc')).status).toBe(400);
  });
});

describe('merging', () => {
  it('goes by instants, whatever their offset, and keeps the order of what happened at once', () => {
    const own = [entry('2026-01-01T00:00:00Z', 'own.a'), entry('2026-01-01T00:00:02Z', 'own.b')];
    const seat = [entry('2026-01-01T05:30:00+05:30', 'seat.a'), entry('2026-01-01T00:00:01Z', 'seat.b')];
    const parts = [
      { service: 'seat' as const, entries: seat },
      { service: 'payment' as const, entries: undefined },
    ];
    const { entries, incomplete } = mergedTimeline(own, parts);
    expect(entries.map(({ event }) => event)).toEqual(['own.a', 'seat.a', 'seat.b', 'own.b']);
    expect(incomplete).toEqual(['payment']);
  });
});
