import type { Service } from '@flight-booking/platform';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BookingPaymentRepository } from '../payments/booking-payment.repository.js';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import { EXAMPLE_FARE_PAISE } from '../testing/example-flights.js';
import type { BookingView } from './booking.schemas.js';

/** Longer than any test takes: what a job does here it does because time was made to pass. */
const PATIENCE_MS = 600_000;
const DISCOUNTED_PAISE = EXAMPLE_FARE_PAISE - 262_500;

const payments = new BookingPaymentRepository();
let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service({ SAGA_PATIENCE_MS: String(PATIENCE_MS) });
});
afterAll(() => world.stop());
afterEach(() => {
  world.seats.afterSale = async () => {};
});

const newPayment = ({ booking_id: bookingId }: BookingView, amountPaise = EXAMPLE_FARE_PAISE) => ({
  bookingId,
  paymentId: world.newPaymentId(),
  amountPaise,
});

/** The jobs that wait in case that nobody does their work before. */
async function waiting({ pnr }: BookingView, paymentId: number): Promise<string[]> {
  const rows = await world.database.rows<{ key: string }>(
    'select key from graphile_worker._private_jobs where key = any($1) order by key',
    [[`deadline:${pnr}`, `decide-payment:${paymentId}`]],
  );
  return rows.map(({ key }) => key.replace(/:.*/, ''));
}

/** What a process leaves behind that dies right after it has written a payment down. */
const receiveAndDie = (payment: ReturnType<typeof newPayment>) =>
  payments.receive(world.database, payment, PATIENCE_MS);

describe('a captured payment whose process dies', () => {
  it.each(['before its seats are sold', 'after its seats were sold'])(
    '%s is decided by its job, and leaves none behind',
    async (when) => {
      const booking = await world.booked(service, 1);
      const payment = newPayment(booking);
      await receiveAndDie(payment);
      if (when.startsWith('after')) {
        await fetch(`${world.seats.url}/internal/reservations/${booking.booking_id}/sale`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ payment_id: payment.paymentId }),
        });
        expect(world.seats.statusOf(booking.booking_id)).toBe('SOLD');
      }
      expect(await waiting(booking, payment.paymentId)).toEqual(['deadline', 'decide-payment']);
      await world.timePasses();
      await eventually(async () => (await world.statusOf(booking.booking_id)) === 'CONFIRMED');
      expect(world.seats.statusOf(booking.booking_id)).toBe('SOLD');
      await eventually(async () => (await waiting(booking, payment.paymentId)).length === 0);
      await eventually(() => world.eventsOf(booking.booking_id).length > 0);
      expect(world.eventsOf(booking.booking_id)).toEqual(['booking.confirmed']);
    },
  );

  it('is decided when it is told again, and its job is taken back', async () => {
    const booking = await world.booked(service, 2);
    const payment = newPayment(booking);
    await receiveAndDie(payment);
    const { body } = await world.confirm(service, booking.booking_id, payment.paymentId);
    expect(body).toEqual({ accepted: true, booking_status: 'CONFIRMED' });
    expect(await waiting(booking, payment.paymentId)).toEqual([]);
  });
});

describe('a captured payment that is decided at once', () => {
  it('leaves no job behind when it is accepted, and has one until then', async () => {
    const booking = await world.booked(service, 3);
    const paymentId = world.newPaymentId();
    let during: string[] = [];
    world.seats.afterSale = async () => {
      during = await waiting(booking, paymentId);
    };
    await world.confirm(service, booking.booking_id, paymentId);
    expect(during).toEqual(['deadline', 'decide-payment']);
    expect(await waiting(booking, paymentId)).toEqual([]);
  });

  it('leaves no job behind when it goes back', async () => {
    const booking = await world.booked(service, 4);
    world.seats.reservations.delete(booking.booking_id);
    const paymentId = world.newPaymentId();
    const { body } = await world.confirm(service, booking.booking_id, paymentId);
    expect(body).toMatchObject({ accepted: false, reason: 'seats_lost' });
    expect(await waiting(booking, paymentId)).toEqual([]);
  });
});

describe('a payment that comes while its booking', () => {
  /** Changes a booking in a transaction that commits once the payment waits for it. */
  async function receivedDuring(change: string, booking: BookingView) {
    const payment = newPayment(booking, DISCOUNTED_PAISE);
    const { receiving } = await world.database.transaction(async (tx) => {
      await tx.execute(`update bookings set ${change} where booking_id = $1`, [booking.booking_id]);
      const receiving = payments.receive(world.database, payment, PATIENCE_MS);
      await eventually(async () => {
        // What a transaction sees of the others it would see for ever.
        await tx.execute('select pg_stat_clear_snapshot()');
        const blocked = await tx.rows(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return blocked.length > 0;
      });
      return { receiving };
    });
    return { received: await receiving, jobs: await waiting(booking, payment.paymentId) };
  }

  it('expires has to hold its discount code anew', async () => {
    const booking = await world.booked(service, 5, { discount_code: 'FLY50' });
    const expires = `status = 'EXPIRED', status_cause = 'unpaid'`;
    const { received, jobs } = await receivedDuring(expires, booking);
    expect(received).toEqual({ hasExpiredDiscount: true });
    expect(jobs).toContain('decide-payment');
  });

  it('is cancelled is not one that the booking waits for', async () => {
    const booking = await world.booked(service, 6, { discount_code: 'FLY50' });
    const ends = `status = 'CANCELLED', status_cause = 'operator', refund_paise = 0`;
    const { received, jobs } = await receivedDuring(ends, booking);
    expect(received).toBeUndefined();
    expect(jobs).not.toContain('decide-payment');
  });
});
