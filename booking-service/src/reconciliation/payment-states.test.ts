import { paymentStateChangesAnswer, paymentStatesAnswer } from '@flight-booking/contracts';
import type { Service } from '@flight-booking/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BookingWorld, eventually } from '../testing/booking-world.js';
import { EXAMPLE_FARE_PAISE } from '../testing/example-flights.js';

let world: BookingWorld;
let service: Service;

beforeAll(async () => {
  world = await new BookingWorld().start();
  service = await world.service();
});
afterAll(() => world.stop());

const ask = (paymentIds: unknown) =>
  world.request(service, { service: 'payment-service' }, 'POST', '/internal/bookings/payment-states', {
    payment_ids: paymentIds,
  });

const statesOf = async (...paymentIds: number[]) =>
  paymentStatesAnswer.parse((await ask(paymentIds)).body).payments;

describe('the states of payments', () => {
  it('tell of a payment that confirmed its booking, and that nothing of it goes back', async () => {
    const { booking_id: id } = await world.booked(service, 1);
    await world.confirm(service, id, 11);
    expect(await statesOf(11)).toEqual([
      {
        payment_id: 11,
        booking_id: id,
        booking_status: 'CONFIRMED',
        verdict: 'accepted',
        refund_due_paise: 0,
        unchanged_ms: expect.any(Number) as number,
      },
    ]);
  });

  it('say that a second payment of the same booking goes back whole, and the first does not', async () => {
    const { booking_id: id } = await world.booked(service, 2);
    await world.confirm(service, id, 21);
    await world.confirm(service, id, 22);
    expect(await statesOf(22, 21)).toMatchObject([
      { payment_id: 21, verdict: 'accepted', refund_due_paise: 0 },
      { payment_id: 22, verdict: 'already_paid', refund_due_paise: EXAMPLE_FARE_PAISE },
    ]);
  });

  it('name the refund of a booking that was cancelled after it was paid', async () => {
    const { booking_id: id } = await world.booked(service, 3);
    await world.confirm(service, id, 31);
    await world.request(service, { userId: 3 }, 'POST', `/api/bookings/${id}/cancel`, {});
    const { refund } = await world.database.row<{ refund: number }>(
      'select refund_paise as refund from bookings where booking_id = $1',
      [id],
    );
    expect(await statesOf(31)).toMatchObject([
      { booking_status: 'CANCELLED', verdict: 'accepted', refund_due_paise: refund },
    ]);
  });

  it('say that a payment of a cancelled booking goes back, once and not twice', async () => {
    const { booking_id: id } = await world.booked(service, 4);
    await world.request(service, { userId: 4 }, 'POST', `/api/bookings/${id}/cancel`, {});
    await world.confirm(service, id, 41);
    await world.confirm(service, id, 42);
    expect(await statesOf(41, 42)).toMatchObject([
      { booking_status: 'CANCELLED', verdict: 'cancelled', refund_due_paise: EXAMPLE_FARE_PAISE },
      { booking_status: 'CANCELLED', verdict: 'cancelled', refund_due_paise: EXAMPLE_FARE_PAISE },
    ]);
  });

  it('leave the verdict out while it is being reached, and unknown payments altogether', async () => {
    const { booking_id: id } = await world.booked(service, 5);
    await world.database.execute(
      'insert into booking_payments (payment_id, booking_id, amount_paise) values (51, $1, $2)',
      [id, EXAMPLE_FARE_PAISE],
    );
    expect(await statesOf(51, 999_999)).toEqual([
      {
        payment_id: 51,
        booking_id: id,
        booking_status: 'PENDING',
        refund_due_paise: 0,
        unchanged_ms: expect.any(Number) as number,
      },
    ]);
    await world.database.execute('update bookings set expires_at = now() where booking_id = $1', [id]);
    expect(await statesOf(51)).toMatchObject([{ booking_status: 'EXPIRED' }]);
  });

  it('are listed by their last change, and again when the booking of a quiet payment is cancelled', async () => {
    const changes = async (after?: string) => {
      const path = `/internal/payment-states${after === undefined ? '' : `?after=${after}`}`;
      const { body } = await world.request(service, { service: 'payment-service' }, 'GET', path);
      return paymentStateChangesAnswer.parse(body);
    };
    const { booking_id: id } = await world.booked(service, 6);
    await world.confirm(service, id, 61);
    let position = '0:0';
    await eventually(async () => {
      const page = await changes(position);
      position = page.position ?? position;
      return page.payments.some((one) => one.payment_id === 61 && one.verdict === 'accepted');
    });
    expect(await changes(position)).toEqual({ payments: [] });
    await world.request(service, { userId: 6 }, 'POST', `/api/bookings/${id}/cancel`, {});
    await eventually(async () => {
      const { payments } = await changes(position);
      return payments.some((one) => one.payment_id === 61 && one.booking_status === 'CANCELLED');
    });
  });

  it('are told to services alone, for 1 to 500 payments', async () => {
    expect((await ask([])).status).toBe(400);
    expect((await ask(Array.from({ length: 501 }, (_, index) => index + 1))).status).toBe(400);
    expect((await ask([0])).status).toBe(400);
    const path = '/internal/bookings/payment-states';
    const body = { payment_ids: [1] };
    expect((await world.request(service, { userId: 1, role: 'admin' }, 'POST', path, body)).status).toBe(403);
  });
});
